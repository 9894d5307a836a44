# SPDX-License-Identifier: Apache-2.0
"""What the reference stack makes of texts with the all-MiniLM-L6-v2 that `.ci/install-minilm --full` lays out.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6      (the version that Joust runs: quantised kernels changed since)
    python make_minilm.py

minilm.json.gz     per text the vectors of both graphs: mean of the last states over at most 128 tokens, length 1
minilm.ids.gz      the ids of the 5,000 lines, as make_tokenizers.py keeps them
"""
import gzip
import json
import pathlib
import struct
import zlib

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "resources/dev/joust/embed/golden"
MODEL = HERE.parents[3] / ".build/minilm"
TEXTS = ["", "a red bicycle", "A RED BICYCLE!", "rain in the afternoon", "It rained all afternoon, and then it stopped.", "How do I reset my password?", "I forgot my login; what now?",
         "The mitochondria is the powerhouse of the cell.", "na\u00efve caf\u00e9 \u00fcber", "\u4e2d\u6587\u5b57\u7b26", "\u0420\u0443\u0441\u0441\u043a\u0438\u0439 \u0442\u0435\u043a\u0441\u0442", "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467", "1234567890 3.14159",
         "supercalifragilisticexpialidocious", "x" * 150, "the quick brown fox jumps over the lazy dog " * 20, "[MASK] [SEP] text", "line\nbreak\ttab", "SELECT * FROM images WHERE id = 'a';", "a photo of a golf ball"]


def vector(session, ids):
    row = np.array([ids], np.int64)
    states = session.run([session.get_outputs()[0].name], {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)})[0][0]
    mean = states.mean(0)
    return [round(float(v), 7) for v in mean / np.linalg.norm(mean)]


tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
lines = [json.loads(line) for line in gzip.decompress((GOLDEN / "tokenizers/lines.txt.gz").read_bytes()).decode().split("\n")]
sums = b"".join(struct.pack(">I", zlib.crc32(" ".join(map(str, tokenizer.encode(line).ids)).encode())) for line in lines)
(GOLDEN / "minilm.ids.gz").write_bytes(gzip.compress(sums, 9, mtime=0))
tokenizer.no_padding()
sessions = {name: onnxruntime.InferenceSession(str(MODEL / f"onnx/{file}.onnx")) for name, file in (("fp32", "model"), ("quantized", "model_quantized"))}
texts = [{"text": text, **{name: vector(session, tokenizer.encode(text).ids) for name, session in sessions.items()}} for text in TEXTS]
(GOLDEN / "minilm.json.gz").write_bytes(gzip.compress(json.dumps(texts).encode(), 9, mtime=0))
print(len(texts), "texts,", len(lines), "lines")
