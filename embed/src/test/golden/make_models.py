# SPDX-License-Identifier: Apache-2.0
"""Makes small folders of models in the layouts that exports come in, and what ONNX Runtime makes of some texts and pictures.

    pip install onnx==1.23.2 onnxruntime==1.31.1 tokenizers==0.23.3 pillow==13.0.0 numpy==2.4.6
    python make_models.py                     all of them
    python make_models.py cross_encoder       the one that a function of that name makes

models/NAME/golden.json holds, per text, the vector that the reference stack gives for it alone: ids by `tokenizers`, the graph by
ONNX Runtime, pooling and length by NumPy; and per picture the same, resized by Pillow. The weights are random numbers.
"""
import json
import pathlib
import shutil
import struct
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from PIL import Image
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/joust/embed"
OUT = RESOURCES / "models"
PICTURES = [RESOURCES / "golden/pictures" / name for name in ("rgb-99x101.png", "rgb-143x311.png", "rgb-257x129.png", "rgb-64x64.png")]
WORDS = "a the red green blue star circle tree house on and of in un ##star ##s ##ing query : document picture".split()
onnxruntime.set_default_logger_severity(3)
TEXTS = ["", "a", "a red star", "The RED star, on a tree!", "unstars", "the green house and the blue circle in the tree of stars on a red picture", "na\u00efve \u4e2d\u6587 \U0001f600", "blue " * 40]
WIDTH = 16


def rng(name):
    return np.random.default_rng(sum(map(ord, name)))


def save(path, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8, producer_name="make_models.py")
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def text_nodes(vocabulary, seed, mask=True, types=True, half=False, prefix=""):
    """States of tokens that each know the mean of the others: `hidden`, [batch, tokens, width]."""
    r = rng(seed)
    float_kind, dtype = (TensorProto.FLOAT16, np.float16) if half else (TensorProto.FLOAT, np.float32)
    p = prefix
    constants = {p + "words": r.normal(0, 1, (vocabulary, WIDTH)).astype(dtype), p + "types": r.normal(0, 1, (2, WIDTH)).astype(dtype),
                 p + "mix": r.normal(0, .4, (WIDTH, WIDTH)).astype(dtype), p + "one": np.array([1], np.int64), p + "two": np.array([2], np.int64)}
    nodes = [helper.make_node("Gather", [p + "words", "input_ids"], [p + "token"], axis=0)]
    inputs = [value("input_ids", TensorProto.INT64, "batch", "tokens")]
    state = p + "token"
    if types:
        inputs.append(value("token_type_ids", TensorProto.INT64, "batch", "tokens"))
        nodes += [helper.make_node("Gather", [p + "types", "token_type_ids"], [p + "type"], axis=0), helper.make_node("Add", [state, p + "type"], [p + "typed"])]
        state = p + "typed"
    if mask:
        inputs.append(value("attention_mask", TensorProto.INT64, "batch", "tokens"))
        nodes += [helper.make_node("Cast", ["attention_mask"], [p + "flat_mask"], to=float_kind), helper.make_node("Unsqueeze", [p + "flat_mask", p + "two"], [p + "mask"]),
                  helper.make_node("Mul", [state, p + "mask"], [p + "masked"]), helper.make_node("ReduceSum", [p + "masked", p + "one"], [p + "sum"], keepdims=1),
                  helper.make_node("ReduceSum", [p + "mask", p + "one"], [p + "count"], keepdims=1), helper.make_node("Div", [p + "sum", p + "count"], [p + "mean"])]
    else:
        nodes.append(helper.make_node("ReduceMean", [state], [p + "mean"], axes=[1], keepdims=1))
    nodes += [helper.make_node("Add", [state, p + "mean"], [p + "both"]), helper.make_node("MatMul", [p + "both", p + "mix"], [p + "mixed"]), helper.make_node("Tanh", [p + "mixed"], [p + "hidden"])]
    return nodes, inputs, constants, float_kind


def picture_nodes(edge, seed, half=False):
    """The means of 4 x 4 fields, mixed: `pooled`, [batch, width]."""
    r = rng(seed)
    float_kind, dtype = (TensorProto.FLOAT16, np.float16) if half else (TensorProto.FLOAT, np.float32)
    nodes = [helper.make_node("AveragePool", ["pixel_values"], ["fields"], kernel_shape=[edge // 4, edge // 4], strides=[edge // 4, edge // 4]),
             helper.make_node("Flatten", ["fields"], ["flat"]), helper.make_node("MatMul", ["flat", "picture_mix"], ["pooled"])]
    return nodes, [value("pixel_values", float_kind, "batch", 3, edge, edge)], {"picture_mix": r.normal(0, 1, (48, WIDTH)).astype(dtype)}, float_kind


def wordpiece(folder, **changes):
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + WORDS
    t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]"))
    t.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    t.enable_truncation(changes.get("truncation", 6))
    t.enable_padding(length=changes.get("padding", 32), direction=changes.get("direction", "right"))
    (folder / "tokenizer.json").write_text(t.to_str())
    t.no_truncation()
    t.no_padding()
    return t, len(vocabulary)


def fresh(name, **files):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, content in files.items():
        path = folder / (file.replace("__", "/") + ".json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n")
    return folder


def unit(vector):
    return vector / np.linalg.norm(vector)


def run(path, output, **inputs):
    session = onnxruntime.InferenceSession(str(path))
    known = {i.name: i.type for i in session.get_inputs()}
    feeds = {k: v.astype(np.float16) if known[k] == "tensor(float16)" else v for k, v in inputs.items() if k in known}
    return session.run([output], feeds)[0].astype(np.float32)


def text_inputs(ids):
    row = np.array([ids], np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}


def golden(folder, texts, pictures=()):
    (folder / "golden.json").write_text(json.dumps({"texts": texts, "pictures": list(pictures)}) + "\n")
    print(folder.name, len(texts), len(pictures), sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))


def entry(variant, text, ids, vector):
    return {"variant": variant, "text": text, "ids": [int(i) for i in ids], "vector": [round(float(v), 7) for v in vector]}


def pooling(mode):
    modes = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]
    return {"word_embedding_dimension": WIDTH, **{"pooling_mode_" + m: m == mode for m in modes}}


def modules(*names):
    package = "sentence_transformers.models."
    return [{"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{n}", "type": package + n} for i, n in enumerate(names)]


def sentence_mean():
    """The usual layout, in three variants; its own limit counts, not that of tokenizer.json."""
    folder = fresh("sentence-mean", config={"model_type": "bert", "hidden_size": WIDTH, "max_position_embeddings": 40}, modules=modules("Transformer", "Pooling", "Normalize"),
                   **{"1_Pooling__config": pooling("mean_tokens"), "sentence_bert_config": {"max_seq_length": 12, "do_lower_case": False},
                      "config_sentence_transformers": {"prompts": {"query": "query : ", "document": ""}, "default_prompt_name": None},
                      "tokenizer_config": {"model_max_length": 1000000000000000019884624838656, "pad_token": "[PAD]"}})
    tokenizer, size = wordpiece(folder)
    for variant, half in (("model", False), ("model_fp16", True)):
        nodes, inputs, constants, kind = text_nodes(size, "mean", half=half)
        save(folder / f"onnx/{variant}.onnx", nodes + [helper.make_node("Identity", ["hidden"], ["last_hidden_state"])], inputs, [value("last_hidden_state", kind, "batch", "tokens", WIDTH)], constants)
    quantize_dynamic(folder / "onnx/model.onnx", folder / "onnx/model_quantized.onnx", weight_type=QuantType.QInt8)
    tokenizer.enable_truncation(12)
    texts = []
    for variant in ("model", "model_fp16", "model_quantized"):
        for text in TEXTS:
            ids = tokenizer.encode(text).ids
            states = run(folder / f"onnx/{variant}.onnx", "last_hidden_state", **text_inputs(ids))
            texts.append(entry(variant.replace("model", "").strip("_") or "fp32", text, ids, unit(states[0].mean(0))))
    golden(folder, texts)


def sentence_odd():
    """The graph beside the rest, no name that is known, no token types, the first token's vector at its own length, filled up on the left."""
    folder = fresh("sentence-odd", config={"model_type": "roberta", "hidden_size": WIDTH, "max_position_embeddings": 12}, modules=modules("Transformer", "Pooling"), **{"1_Pooling__config": {"word_embedding_dimension": WIDTH, "pooling_mode": "cls"}})
    tokenizer, size = wordpiece(folder, truncation=64, direction="left")
    nodes, inputs, constants, kind = text_nodes(size, "odd", types=False)
    nodes += [helper.make_node("Identity", ["hidden"], ["output_0"]), helper.make_node("ReduceMax", ["hidden"], ["882"], axes=[1], keepdims=0)]
    save(folder / "model.onnx", nodes, inputs, [value("output_0", kind, "batch", "tokens", WIDTH), value("882", kind, "batch", WIDTH)], constants)
    tokenizer.enable_truncation(10)
    golden(folder, [entry("", text, ids, run(folder / "model.onnx", "output_0", **text_inputs(ids))[0][0]) for text in TEXTS for ids in [tokenizer.encode(text).ids]])


def sentence_pooled():
    """The graph does all, also what only it can do; there is a quantised variant alone."""
    folder = fresh("sentence-pooled", config={"model_type": "distilbert", "dim": WIDTH}, modules=modules("Transformer", "Pooling", "Dense", "Normalize"), **{"1_Pooling__config": pooling("mean_tokens")})
    tokenizer, size = wordpiece(folder, truncation=64)
    nodes, inputs, constants, kind = text_nodes(size, "pooled", types=False)
    constants["dense"] = rng("dense").normal(0, 1, (WIDTH, 8)).astype(np.float32)
    nodes += [helper.make_node("Identity", ["hidden"], ["token_embeddings"]), helper.make_node("Mul", ["hidden", "mask"], ["seen"]), helper.make_node("ReduceSum", ["seen", "one"], ["seen_sum"], keepdims=0),
              helper.make_node("MatMul", ["seen_sum", "dense"], ["sentence_embedding"])]
    save(folder / "onnx/model.onnx", nodes, inputs, [value("token_embeddings", kind, "batch", "tokens", WIDTH), value("sentence_embedding", kind, "batch", 8)], constants)
    quantize_dynamic(folder / "onnx/model.onnx", folder / "onnx/model_qint8_avx512.onnx", weight_type=QuantType.QInt8)
    (folder / "onnx/model.onnx").unlink()
    golden(folder, [entry("", text, ids, unit(run(folder / "onnx/model_qint8_avx512.onnx", "sentence_embedding", **text_inputs(ids))[0])) for text in TEXTS for ids in [tokenizer.encode(text).ids[:64]]])


def safetensors(path, **tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        header[name.replace("__", ".")] = {"dtype": {"float32": "F32", "float16": "F16"}[values.dtype.name], "shape": values.shape, "data_offsets": [len(data), len(data) + values.nbytes]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def sentence_steps():
    """As sentence-transformers 6 writes it: two poolings side by side, none of a prompt's tokens in them, and two matrices behind."""
    def dense(outputs, inputs, function):
        return {"in_features": inputs, "out_features": outputs, "bias": function == "activation.Tanh", "activation_function": "torch.nn.modules." + function, "module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    base = "sentence_transformers.base.modules."
    types = [base + "transformer.Transformer", "sentence_transformers.sentence_transformer.modules.pooling.Pooling", base + "dense.Dense", base + "dense.Dense", base + "normalize.Normalize"]
    folder = fresh("sentence-steps", config={"model_type": "bert", "hidden_size": WIDTH, "max_position_embeddings": 40},
                   modules=[{"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{t.split('.')[-1]}", "type": t} for i, t in enumerate(types)],
                   **{"1_Pooling__config": {"embedding_dimension": WIDTH, "pooling_mode": ["cls", "weightedmean"], "include_prompt": False},
                      "2_Dense__config": dense(12, 2 * WIDTH, "activation.Tanh"), "3_Dense__config": dense(6, 12, "linear.Identity"),
                      "config_sentence_transformers": {"prompts": {"query": "query : red ", "document": ""}, "default_prompt_name": None}, "tokenizer_config": {"model_max_length": 24, "pad_token": "[PAD]"}})
    tokenizer, size = wordpiece(folder, truncation=64)
    nodes, inputs, constants, kind = text_nodes(size, "steps")
    save(folder / "onnx/model.onnx", nodes + [helper.make_node("Identity", ["hidden"], ["last_hidden_state"])], inputs, [value("last_hidden_state", kind, "batch", "tokens", WIDTH)], constants)
    r = rng("matrices")
    first, bias, second = r.normal(0, .4, (12, 2 * WIDTH)).astype(np.float32), r.normal(0, 1, 12).astype(np.float32), r.normal(0, 1, (6, 12)).astype(np.float16)
    safetensors(folder / "2_Dense/model.safetensors", linear__bias=bias, linear__weight=first)
    safetensors(folder / "3_Dense/model.safetensors", linear__weight=second)
    tokenizer.enable_truncation(24)
    texts = []
    for variant, prompt in (("", ""), ("query", "query : red ")):
        skipped = len(tokenizer.encode(prompt).ids) - 1 if prompt else 0
        for text in TEXTS:
            ids = tokenizer.encode(prompt + text).ids
            states = run(folder / "onnx/model.onnx", "last_hidden_state", **text_inputs(ids))[0].astype(np.float64)
            weights = np.arange(1, len(ids) + 1)[skipped:, None]
            pooled = np.concatenate([states[skipped], (states[skipped:] * weights).sum(0) / weights.sum()])
            texts.append(entry(variant, text, ids, unit(second.astype(np.float64) @ np.tanh(first @ pooled + bias))))
    golden(folder, texts)


def pixels(path, edge, square):
    image = Image.open(path).convert("RGB")
    width, height = image.size
    if square:
        image = image.resize((edge, edge), Image.BICUBIC)
    else:
        size = (edge, int(edge * height / width)) if width <= height else (int(edge * width / height), edge)
        image = image.resize(size, Image.BICUBIC)
        left, top = (image.width - edge) // 2, (image.height - edge) // 2
        image = image.crop((left, top, left + edge, top + edge))
    values = (np.asarray(image).astype(np.float32) / 255 - .5) / .5
    return values.transpose(2, 0, 1)[None]


def preprocessor(edge, square):
    size = {"height": edge, "width": edge}
    common = {"do_resize": True, "resample": 3, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [.5] * 3, "image_std": [.5] * 3}
    return {**common, "size": size} if square else {**common, "size": {"shortest_edge": edge}, "do_center_crop": True, "crop_size": size}


def clip_one_file():
    """Both towers in one graph, in two variants and with its weights in another file, of pictures of 336 pixels; the pooling before the projection is there too."""
    edge = 336
    folder = fresh("clip-one-file", config={"model_type": "clip", "projection_dim": WIDTH, "text_config": {"max_position_embeddings": 16}}, preprocessor_config=preprocessor(edge, False))
    tokenizer, size = wordpiece(folder, truncation=64, padding=None)
    for variant, half in (("model", False), ("model_fp16", True)):
        nodes, inputs, constants, kind = text_nodes(size, "both", types=False, half=half)
        more, picture_inputs, picture_constants, _ = picture_nodes(edge, "both", half)
        nodes += more + [helper.make_node("ReduceMax", ["hidden"], ["text_pooler"], axes=[1], keepdims=0), helper.make_node("ReduceMean", ["masked"], ["text_embeds"], axes=[1], keepdims=0),
                         helper.make_node("Identity", ["pooled"], ["image_embeds"]), helper.make_node("Transpose", ["image_embeds"], ["turned"]),
                         helper.make_node("MatMul", ["text_embeds", "turned"], ["logits_per_text"]), helper.make_node("Transpose", ["logits_per_text"], ["logits_per_image"])]
        save(folder / f"onnx/{variant}.onnx", nodes, inputs + picture_inputs,
             [value("logits_per_image", kind, "pictures", "texts"), value("logits_per_text", kind, "texts", "pictures"), value("text_embeds", kind, "batch", WIDTH), value("image_embeds", kind, "batch", WIDTH)],
             {**constants, **picture_constants})
    onnx.save_model(onnx.load(folder / "onnx/model.onnx"), folder / "onnx/model_apart.onnx", save_as_external_data=True, location="model_apart.onnx_data", size_threshold=100)
    tokenizer.enable_truncation(16)
    texts, pictures = [], []
    for variant in ("model", "model_fp16", "model_apart"):
        name = variant.replace("model", "").strip("_") or "fp32"
        path = folder / f"onnx/{variant}.onnx"
        nothing = np.zeros((1, 3, edge, edge), np.float32)
        for text in TEXTS:
            ids = tokenizer.encode(text).ids
            texts.append(entry(name, text, ids, unit(run(path, "text_embeds", pixel_values=nothing, **text_inputs(ids))[0])))
        for picture in PICTURES:
            vector = unit(run(path, "image_embeds", pixel_values=pixels(picture, edge, False), **text_inputs([2, 3]))[0])
            pictures.append({"variant": name, "file": "pictures/" + picture.name, "vector": [round(float(v), 7) for v in vector]})
    golden(folder, texts, pictures)


def siglip():
    """Squares whatever the proportions, texts filled up to 16 and without a mask, the last states beside the pooling."""
    edge = 48
    folder = fresh("siglip", config={"model_type": "siglip", "text_config": {"max_position_embeddings": 16}}, preprocessor_config=preprocessor(edge, True), tokenizer_config={"model_max_length": 64, "pad_token": "</s>"})
    vocabulary = [("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -3.0)] + [("\u2581" + w.strip("#:"), -4.0 - i / 10) for i, w in enumerate(WORDS) if w != ":"] + [(c, -6.0) for c in "abcdeghinorstu"]
    t = Tokenizer(models.Unigram(vocabulary, 1, False))
    t.add_special_tokens(["</s>", "<unk>"])
    t.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace(",", ""), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A $B", special_tokens=[("</s>", 0)])
    (folder / "tokenizer.json").write_text(t.to_str())
    nodes, inputs, constants, kind = text_nodes(len(vocabulary), "siglip", mask=False, types=False)
    nodes += [helper.make_node("Identity", ["hidden"], ["last_hidden_state"]), helper.make_node("ReduceMax", ["hidden"], ["pooler_output"], axes=[1], keepdims=0)]
    save(folder / "onnx/text_model.onnx", nodes, inputs, [value("last_hidden_state", kind, "batch", "tokens", WIDTH), value("pooler_output", kind, "batch", WIDTH)], constants)
    nodes, inputs, constants, kind = picture_nodes(edge, "siglip")
    nodes += [helper.make_node("Identity", ["fields"], ["last_hidden_state"]), helper.make_node("Identity", ["pooled"], ["pooler_output"])]
    save(folder / "onnx/vision_model.onnx", nodes, inputs, [value("last_hidden_state", kind, "batch", 3, 4, 4), value("pooler_output", kind, "batch", WIDTH)], constants)
    t.enable_truncation(16)
    texts = []
    for text in TEXTS:
        ids = t.encode(text).ids
        padded = ids + [0] * (16 - len(ids))
        texts.append(entry("", text, ids, unit(run(folder / "onnx/text_model.onnx", "pooler_output", input_ids=np.array([padded], np.int64))[0])))
    pictures = [{"variant": "", "file": "pictures/" + p.name, "vector": [round(float(v), 7) for v in unit(run(folder / "onnx/vision_model.onnx", "pooler_output", pixel_values=pixels(p, edge, True))[0])]} for p in PICTURES]
    golden(folder, texts, pictures)


def cross_encoder():
    """Two texts to one number, its sigmoid being the score; `two` has two numbers, of which the second is for a match; `three` is none of that kind."""
    folder = fresh("cross-encoder", config={"model_type": "bert", "architectures": ["BertForSequenceClassification"], "hidden_size": WIDTH, "max_position_embeddings": 40},
                   tokenizer_config={"model_max_length": 24, "pad_token": "[PAD]"})
    tokenizer, size = wordpiece(folder)
    for variant, outputs in (("model", 1), ("model_two", 2), ("model_three", 3)):
        nodes, inputs, constants, kind = text_nodes(size, "cross")
        constants |= {"head": rng("head").normal(0, 2, (WIDTH, outputs)).astype(np.float32), "zero": np.array(0, np.int64)}
        nodes += [helper.make_node("Gather", ["hidden", "zero"], ["first"], axis=1), helper.make_node("MatMul", ["first", "head"], ["logits"])]
        save(folder / f"onnx/{variant}.onnx", nodes, inputs, [value("logits", kind, "batch", outputs)], constants)
    tokenizer.enable_truncation(24)
    pairs = []
    for variant in ("model", "model_two"):
        for first in TEXTS:
            for second in TEXTS:
                encoding = tokenizer.encode(first, second)
                ids, types = np.array([encoding.ids], np.int64), np.array([encoding.type_ids], np.int64)
                logits = run(folder / f"onnx/{variant}.onnx", "logits", input_ids=ids, attention_mask=np.ones_like(ids), token_type_ids=types)[0].astype(np.float64)
                odds = np.exp(logits[0] - logits[1] if len(logits) == 2 else -logits[0])
                pairs.append({"variant": variant.replace("model", "").strip("_") or "fp32", "first": first, "second": second, "ids": encoding.ids, "types": encoding.type_ids,
                              "logit": round(float(logits[-1]), 7), "score": round(float(1 / (1 + odds)), 7)})
    (folder / "golden.json").write_text(json.dumps({"pairs": pairs}) + "\n")
    print(folder.name, len(pairs), sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))


for make in [sentence_mean, sentence_odd, sentence_pooled, sentence_steps, clip_one_file, siglip, cross_encoder]:
    if make.__name__ in (sys.argv[1:] or [make.__name__]):
        make()
