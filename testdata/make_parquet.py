#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden Parquet files with pyarrow: parquet/<case>.parquet, and parquet/<case>.arrow with the rows that a reader must find.

The data is the same at every run (seed below).

usage: make_parquet.py
"""

import decimal
import itertools
import pathlib
import random
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).parent / "parquet"
SEED = 20261121
ROWS = 60

rng = np.random.default_rng(SEED)
rnd = random.Random(SEED)


def reseed(seed):
    """Other data from here on; for the differential suite."""
    global rng, rnd
    rng = np.random.default_rng(seed)
    rnd = random.Random(seed)


_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
_WIDEST = {"s": 2**33, "ms": 2**43, "us": 2**53, "ns": 2**62}


def whole_numbers(kind, count):
    signed = pa.types.is_signed_integer(kind)
    low, high = (-(1 << (kind.bit_width - 1)), (1 << (kind.bit_width - 1)) - 1) if signed else (0, (1 << kind.bit_width) - 1)
    return [rnd.choice([low, high, 0, 1, 5, rnd.randint(low, high)]) for _ in range(count)]


def flat(kind, count):
    """Values of a type that has no children, as Python's or as whole numbers to be cast."""
    types = pa.types
    if types.is_null(kind):
        return [None] * count
    if types.is_boolean(kind):
        return [bool(bit) for bit in rng.integers(0, 2, count)]
    if types.is_integer(kind):
        return whole_numbers(kind, count)
    if types.is_floating(kind):
        return [float("-inf") if number > 2 else -0.0 if number < -2 else float(np.float16(number)) for number in rng.normal(size=count)]
    if types.is_decimal(kind):
        context = decimal.Context(prec=90)
        return [decimal.Decimal(rnd.randint(1 - 10**kind.precision, 10**kind.precision - 1)).scaleb(-kind.scale, context) for _ in range(count)]
    if types.is_string(kind) or types.is_large_string(kind):
        return [rnd.choice(["", "a", "héllo", "x" * rnd.randint(0, 40), f"common {rnd.randint(0, 5)}"]) for _ in range(count)]
    if types.is_fixed_size_binary(kind):
        return [rnd.randbytes(kind.byte_width) for _ in range(count)]
    if types.is_binary(kind) or types.is_large_binary(kind):
        return [rnd.randbytes(rnd.randint(0, 30)) for _ in range(count)]
    if types.is_date32(kind):
        return [rnd.randint(-100_000, 100_000) for _ in range(count)]
    if types.is_date64(kind):
        return [rnd.randint(-10_000, 10_000) * 86_400_000 for _ in range(count)]
    if types.is_time(kind):
        return [rnd.randrange(_PER_DAY[kind.unit]) for _ in range(count)]
    most = _WIDEST[kind.unit] if types.is_timestamp(kind) else 2**60
    return [rnd.randint(-most, most) for _ in range(count)]


def offsets(missing, lengths):
    counts = [0 if absent else rnd.choice(lengths) for absent in missing]
    starts = [0, *itertools.accumulate(counts)]
    return [None if absent else start for absent, start in zip([*missing, False], starts)], starts[-1]


def column(kind, count, nulls):
    missing = [rnd.random() < nulls for _ in range(count)]
    types = pa.types
    mask = pa.array(missing, pa.bool_()) if nulls else None
    if types.is_struct(kind):
        children = [column(field.type, count, nulls if field.nullable else 0) for field in kind]
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=mask)
    if types.is_map(kind):
        starts, total = offsets(missing, [0, 1, 2, 5])
        return pa.MapArray.from_arrays(pa.array(starts, pa.int32()), column(kind.key_type, total, 0), column(kind.item_type, total, nulls)).cast(kind)
    if types.is_list(kind) or types.is_large_list(kind):
        starts, total = offsets(missing, [0, 1, 2, 7])
        items = column(kind.value_type, total, nulls if kind.value_field.nullable else 0)
        large = types.is_large_list(kind)
        return (pa.LargeListArray if large else pa.ListArray).from_arrays(pa.array(starts, pa.int64() if large else pa.int32()), items, type=kind)
    if types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(column(kind.value_type, count * kind.list_size, nulls), type=kind, mask=mask)
    values = [None if absent else value for absent, value in zip(missing, flat(kind, count))]
    if types.is_temporal(kind):
        return pa.array(values, pa.int32() if kind.bit_width == 32 else pa.int64()).cast(kind, safe=False)
    return pa.array(values, kind)


S = pa.struct
FLAT = [
    pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
    pa.float16(), pa.float32(), pa.float64(), pa.decimal128(5, 2), pa.decimal128(38, 10), pa.decimal256(76, 0),
    pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.binary(7),
    pa.date32(), pa.date64(), pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns"),
    pa.timestamp("s"), pa.timestamp("ms", "UTC"), pa.timestamp("us", "Europe/Berlin"), pa.timestamp("us"),
    pa.duration("s"), pa.duration("ns"), pa.null(),
]
NANOSECONDS = [pa.timestamp("ns"), pa.timestamp("ns", "UTC")]
NESTED = [
    pa.list_(pa.int32()), pa.large_list(pa.string()), pa.list_(pa.list_(pa.float32())), pa.list_(S([("a", pa.int32()), ("b", pa.list_(pa.string()))])),
    pa.list_(pa.float32(), 4), pa.list_(pa.list_(pa.int8(), 2), 3), pa.list_(S([("x", pa.int32()), ("y", pa.float64())]), 2),
    S([("a", pa.int32()), ("b", pa.string())]), S([pa.field("r", pa.int32(), nullable=False), pa.field("o", pa.string())]),
    S([("s", S([("t", S([("u", pa.int64())]))])), ("l", pa.list_(pa.int64()))]),
    pa.list_(pa.field("item", pa.int32(), nullable=False)), pa.list_(pa.decimal128(10, 3)), pa.list_(pa.bool_()),
]
MAPS = [pa.map_(pa.string(), pa.int32()), pa.map_(pa.int32(), pa.list_(pa.string())), pa.list_(pa.map_(pa.string(), pa.float64()))]


def table(kinds, nulls=0.3, rows=ROWS):
    fields, columns = [], []
    for number, kind in enumerate(kinds):
        fields.append(pa.field(f"c{number:02}", kind, metadata={"note": "kept"} if number % 7 == 0 else None))
        columns.append(column(kind, rows, nulls))
    for kind in (pa.int32(), pa.string(), pa.list_(pa.float32(), 3)):
        fields.append(pa.field(f"r{len(fields):02}", kind, nullable=False))
        columns.append(column(kind, rows, 0))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata={"of": "the table"}))


def delta_and_split(schema):
    """An encoding for each column that takes another than PLAIN."""
    encodings = {}
    for field in schema:
        kind = field.type
        if pa.types.is_integer(kind) or pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
            encodings[field.name] = "DELTA_BINARY_PACKED"
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.binary(7):
            encodings[field.name] = "DELTA_BYTE_ARRAY"
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            encodings[field.name] = "DELTA_LENGTH_BYTE_ARRAY"
        elif pa.types.is_floating(kind):
            encodings[field.name] = "BYTE_STREAM_SPLIT"
        elif pa.types.is_boolean(kind):
            encodings[field.name] = "RLE"
    return encodings


def case(name, rows, expected=None, **options):
    path = ROOT / f"{name}.parquet"
    pq.write_table(rows, path, **options)
    rows = expected(path) if expected else rows
    with pa.ipc.new_file(str(ROOT / f"{name}.arrow"), rows.schema) as writer:
        writer.write_batch(rows.combine_chunks().to_batches()[0])


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir()
    every = FLAT + NANOSECONDS + NESTED + MAPS
    case("plain", table(every), compression="none", use_dictionary=False)
    case("snappy-dictionaries", table(every), compression="snappy")
    case("no-nulls", table(every, nulls=0), compression="snappy")
    case("mostly-nulls", table(every, nulls=0.95), compression="zstd")
    case("pages-2-zstd", table(every), compression="zstd", data_page_version="2.0")
    case("pages-2-lz4-small", table(every), compression="lz4", data_page_version="2.0", use_dictionary=False, data_page_size=200)
    case("gzip-small-pages", table(every), compression="gzip", data_page_size=200, dictionary_pagesize_limit=100)
    case("row-groups-with-checksums", table(every), compression="snappy", row_group_size=17, write_page_checksum=True)
    case("old-types", table(FLAT + NESTED + MAPS), compression="snappy", version="1.0")
    case("decimals-as-integers", table([pa.decimal128(5, 2), pa.decimal128(18, 4), pa.decimal128(9, 0)]), store_decimal_as_integer=True)
    rows = table(FLAT)
    case("delta-and-split", rows, compression="none", use_dictionary=False, column_encoding=delta_and_split(rows.schema))
    case("no-arrow-schema", table(FLAT + NESTED), expected=pq.read_table, store_schema=False)
    case("int96", table(NANOSECONDS), expected=pq.read_table, use_deprecated_int96_timestamps=True, store_schema=False)


if __name__ == "__main__":
    main()
