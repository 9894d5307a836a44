#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes cases.tsv: JSON texts, the JSONB that the reference stores of each, and the text that it reads back.

A line holds the three as hexadecimal digits (text in UTF-8), or the text alone where it is JSON (RFC 8259) that the reference refuses. The reference
takes more than JSON (`'a'`, `[1,]`, `NaN`); such texts are not here, nor halves of surrogate pairs, which it stores as their escapes.

usage: make_json.py
"""

import glob
import json
import pathlib
import random
import tempfile

import lance
import pyarrow as pa
from lance.file import LanceFileReader

SEED = 20261121
NUMBERS = """0 -0 -0.0 0.0 1 -1 127 128 255 256 -127 -128 -129 -255 -256 32767 32768 65535 65536 -32768 -32769 2147483647 2147483648 4294967295 4294967296
-2147483648 -2147483649 9007199254740993 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 -9223372036854775808
-9223372036854775809 99999999999999999999999999 99999999999999999999999999999999999999 79228162514264337593543950336 170141183460469231731687303715884105728
12345678901234567890123456789012345678901234567890 1e400 -1e400 1e308 1.7976931348623157e308 1.7976931348623159e308 5e-324 2.4e-324 1e-400 -1e-400 2.5 1.0
1e0 1E5 1e5 1.5e3 100e-2 0e10 -0e0 -0.00 1e+2 -1e-2 -1.5 1.10 0.10 100 10.0e1 123456789.123456789 0.1 0.5 0.05 0.30000000000000004 1e22 1e23 9.99e15 1e15 1e16
1.23e-5 1e-5 9.9e-6 1.5e-10 3.0000000000000000000000000001 12345678901234567890.5 1234567890123456789.25 9007199254740993.0 18446744073709551615.0
0.123456789012345678901234567890 4.35 2.2250738585072014e-308 2.2250738585072011e-308""".split()
STRINGS = ["", "a", "é", "日本語", "😀", "\n\t\r\b\f\\\"/", "\u0000", "\u001f", "\u007f", "\u0080", "\u2028", "\ufffd", "\uffff", " ", "x" * 300, "é" * 2000]
TEXTS = ["null", "true", "false", " null\n", '"\\u00e9"', '"\\ud83d\\ude00"', '"\\/"', '"\\u0041"', '"\\u0000\\u001F"', "[]", "{}", "[[]]", "[{}]", '{"a":{}}',
         '{"a":[]}', "[null]", '[1,"a",null,true,false,1.5,[],{}]', '{"b":1,"a":2}', '{"":1}', '{"aa":1,"b":2,"a":3,"B":4,"é":5,"z":6,"日":7,"😀":8,"\ufffd":9}',
         '{"k":{"z":1,"y":[1,{"q":null}]}}', ' { "a" : [ 1 , 2 ] } ', "\n[1,\t2]\r\n", '{"a b":1,"a\\nb":2,"a\\"b":3}', '{"\\u0061":1,"b":2}', '{"10":1,"9":2,"1":3}',
         "[" * 60 + "]" * 60, '{"ab":1,"a":{"ab":1}}', '{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"\\u0061":1,"a":2}', '[{"é":1,"\\u00e9":4}]']


def value(rng, depth):
    kind = rng.randrange(9 if depth > 0 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.randrange(-2 ** rng.randrange(1, 64), 2 ** rng.randrange(1, 64))
    if kind == 2:
        return rng.random() * 10 ** rng.randrange(-30, 30)
    if kind == 3:
        return rng.choice(["x", "naïve", "日本", "😀 end", 'q"q\\', "tab\t", ""]) * rng.randrange(1, 5)
    if kind == 4:
        return round(rng.uniform(-1000, 1000), rng.randrange(0, 4))
    if kind == 5:
        return rng.randrange(-5, 300)
    if kind in (6, 7):
        return {rng.choice("abcdefgéz日") * rng.randrange(1, 4): value(rng, depth - 1) for _ in range(rng.randrange(0, 6))}
    return [value(rng, depth - 1) for _ in range(rng.randrange(0, 6))]


def stored(text, folder):
    """JSONB and text, or neither where the text is refused."""
    try:
        column = pa.ExtensionArray.from_storage(pa.json_(pa.utf8()), pa.array([text], pa.utf8()))
        dataset = lance.write_dataset(pa.table({"json": column}), str(folder), data_storage_version="2.2", mode="overwrite")
    except OSError:
        return ()
    file = dataset.get_fragments()[0].data_files()[0].path
    raw = LanceFileReader(glob.glob(f"{folder}/data/{file}")[0]).read_all().to_table().column(0).combine_chunks()
    read = dataset.to_table().column(0).combine_chunks()
    return (raw.storage if isinstance(raw, pa.ExtensionArray) else raw)[0].as_py(), (read.storage if isinstance(read, pa.ExtensionArray) else read)[0].as_py().encode()


def main():
    rng = random.Random(SEED)
    texts = [*NUMBERS, *[json.dumps(s, ensure_ascii=k % 2 == 0) for k, s in enumerate(STRINGS)], *TEXTS]
    texts += [json.dumps(value(rng, 4), ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 2])) for _ in range(300)]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for text in texts:
            lines.append("\t".join(part.hex() for part in (text.encode(), *stored(text, pathlib.Path(folder) / "json.lance"))))
    (pathlib.Path(__file__).parent / "cases.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
