#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the reference makes of vectors: vector-codes/<case>.bin.

For each case the reference builds an index over few vectors, and everything in it that numbers depend on goes into one
file: the vectors, the centroids, the codebook or bounds or signs of the rotation, and the codes and factors as they lie
in the index. A query and the distances that the reference reports for it without refining come with them.

A file is a list of arrays, each: u8 length of the name, the name, u8 type ('f' float32, 'd' float64, 'b' bytes,
'l' int64), u32 count, the values, little endian.

usage: make_vector_codes.py [CASE...]      all cases without arguments
"""

import json
import pathlib
import struct
import sys
import tempfile

import lance
import numpy as np
import pyarrow as pa
from lance.file import LanceFileReader

ROOT = pathlib.Path(__file__).parent / "vector-codes"
SEED = 20261122


def cases():
    for bits in (4, 8):
        for metric in ("l2", "cosine", "dot"):
            yield f"pq{bits}-{metric}", "IVF_PQ", metric, 16, 520, dict(num_sub_vectors=4, num_bits=bits)
    for metric in ("l2", "cosine", "dot"):
        yield f"sq-{metric}", "IVF_SQ", metric, 16, 80, {}
    for bits in range(1, 10):
        metric = ("l2", "cosine", "dot")[bits % 3]
        yield f"rq{bits}-{metric}", "IVF_RQ", metric, 24 if bits % 2 else 64, 75, dict(num_bits=bits)
    yield "rq5-dot-128", "IVF_RQ", "dot", 128, 75, dict(num_bits=5)
    yield "rq5-l2-96", "IVF_RQ", "l2", 96, 75, dict(num_bits=5)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def message(data):
    """The fields of a protobuf message: number to list of values."""
    fields, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 1:
            value, at = data[at : at + 8], at + 8
        else:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def numbers(packed):
    values, at = [], 0
    while at < len(packed):
        value, at = varint(packed, at)
        values.append(value)
    return values


def tensor(data):
    return np.frombuffer(message(data)[3][0], dtype="<f4")


def rows_of(reader):
    return reader.read_all().to_table()


def make(kind, metric, dimension, rows, options):
    random = np.random.default_rng(SEED)
    centers = random.normal(size=(12, dimension))
    vectors = (centers[random.integers(0, 12, rows)] + 0.5 * random.normal(size=(rows, dimension))).astype("<f4")
    query = (centers[3] + 0.5 * random.normal(size=dimension)).astype("<f4")
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), dimension)
    arrays = {"vectors": vectors, "query": query}
    with tempfile.TemporaryDirectory() as folder:
        table = lance.write_dataset(pa.table({"v": column}), folder + "/t.lance")
        table.create_index("v", kind, metric=metric, num_partitions=2, **options)
        [index] = pathlib.Path(folder, "t.lance", "_indices").iterdir()
        structure = LanceFileReader(str(index / "index.idx"))
        storage = LanceFileReader(str(index / "auxiliary.idx"))
        arrays["centroids"] = tensor(message(bytes(structure.read_global_buffer(1)))[4][0])
        ivf = message(bytes(storage.read_global_buffer(1)))
        arrays["lengths"] = np.array(numbers(ivf[3][0]), dtype="<i8")
        held = rows_of(storage)
        arrays["row ids"] = held["_rowid"].to_numpy().astype("<i8")
        [described] = json.loads(storage.metadata().schema.metadata[b"storage_metadata"])
        described = json.loads(described)
        if "bounds" in described:
            arrays["bounds"] = np.array([described["bounds"]["start"], described["bounds"]["end"]], dtype="<f8")
        if "codebook_position" in described:
            arrays["codebook"] = tensor(bytes(storage.read_global_buffer(described["codebook_position"])))
        if "fast_rotation_signs" in described:
            arrays["rotation signs"] = np.array(described["fast_rotation_signs"], dtype="u1")
        for name in held.schema.names[1:]:
            column = held[name].combine_chunks()
            if pa.types.is_fixed_size_list(column.type):
                arrays[name] = column.flatten().to_numpy()
            else:
                arrays[name] = column.to_numpy().astype("<f4")
        nearest = {"column": "v", "q": query, "k": rows, "nprobes": 2}
        found = table.to_table(columns=["_distance"], nearest=nearest, with_row_id=True)
        arrays["found ids"] = found["_rowid"].to_numpy().astype("<i8")
        arrays["found distances"] = found["_distance"].to_numpy().astype("<f4")
    return arrays


def main(wanted):
    ROOT.mkdir(exist_ok=True)
    types = {"<f4": b"f", "<f8": b"d", "|u1": b"b", "<i8": b"l"}
    for name, kind, metric, dimension, rows, options in cases():
        if wanted and name not in wanted:
            continue
        with open(ROOT / f"{name}.bin", "wb") as out:
            for array, values in make(kind, metric, dimension, rows, options).items():
                values = np.ascontiguousarray(values)
                out.write(struct.pack("<B", len(array)) + array.encode() + types[values.dtype.str])
                out.write(struct.pack("<I", values.size) + values.tobytes())
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
