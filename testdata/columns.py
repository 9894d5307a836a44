# SPDX-License-Identifier: Apache-2.0
"""Arrow columns of every flat type, by seed: values of several distributions, null patterns.

Used by the script that makes the golden tables and by the differential suite.
"""

import decimal
import string

import numpy as np
import pyarrow as pa
import pyarrow.compute

WORDS = ["red", "blue", "green", "star", "circle", "golf ball", "Zürich", "naïve", "東京", "🙂", "", "a"]

INTEGERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
FLOATS = [pa.float16(), pa.float32(), pa.float64()]
TEMPORAL = [
    pa.date32(), pa.date64(), pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns"),
    pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns"),
    pa.timestamp("us", "UTC"), pa.timestamp("ns", "Europe/Zurich"), pa.timestamp("s", "+08:00"),
    pa.duration("s"), pa.duration("ms"), pa.duration("us"), pa.duration("ns"),
]
TEXT = [pa.string(), pa.large_string()]
BYTES = [pa.binary(), pa.large_binary()]
FIXED_BYTES = [pa.binary(1), pa.binary(3), pa.binary(16), pa.binary(40), pa.binary(300)]
DECIMALS = [pa.decimal128(5, 2), pa.decimal128(38, 0), pa.decimal128(20, -3)]
VECTORS = [
    pa.list_(pa.float32(), 4), pa.list_(pa.float32(), 64), pa.list_(pa.float32(), 96), pa.list_(pa.float16(), 8),
    pa.list_(pa.float64(), 3), pa.list_(pa.int8(), 16), pa.list_(pa.uint8(), 300), pa.list_(pa.int32(), 2),
    pa.list_(pa.int64(), 1), pa.list_(pa.uint16(), 5),
]
FLAT = INTEGERS + FLOATS + [pa.bool_()] + TEXT + BYTES + FIXED_BYTES + TEMPORAL + DECIMALS + VECTORS

NULLS = ["none", "some", "all"]


def type_name(data_type):
    """A short name that is fit for a column's name."""
    text = str(data_type)
    for old, new in [("fixed_size_list<item: ", "fsl_"), ("fixed_size_binary", "fsb"), (">[", "_x"), (", tz=", "_"), ("+08:00", "p8"),
                     ("Europe/Zurich", "zurich"), ("-", "m")]:
        text = text.replace(old, new)
    return "".join(c if c.isalnum() or c == "_" else "_" for c in text).strip("_")


def with_nulls(array, nulls, rng):
    """The array with some (a third, and a run of 70) or all of its rows null; what lies below a null stays."""
    if nulls == "none" or len(array) == 0 and nulls == "some":
        return array
    n = len(array)
    if nulls == "all":
        return pa.nulls(n, array.type)
    mask = rng.random(n) < 1 / 3
    if n > 200:
        at = int(rng.integers(0, n - 100))
        mask[at:at + 70] = True
        mask[at + 70:at + 100] = False
    if n > 1 and not mask.any():
        mask[0] = True
    if n > 1 and mask.all():
        mask[-1] = False
    return pa.compute.if_else(pa.array(~mask), array, pa.scalar(None, array.type)) if not pa.types.is_fixed_size_list(array.type) else \
        pa.FixedSizeListArray.from_arrays(array.values, type=array.type, mask=pa.array(mask))


def _from_bits(raw, data_type):
    """An array over the given little-endian bytes."""
    return pa.Array.from_buffers(data_type, len(raw) // (data_type.bit_width // 8), [None, pa.py_buffer(raw)])


def integers(data_type, n, how, rng):
    info = np.iinfo(data_type.to_pandas_dtype())
    dtype = data_type.to_pandas_dtype()
    if how == "wide":
        values = rng.integers(info.min, info.max, n, dtype=dtype, endpoint=True)
        values[:2] = [info.min, info.max][:min(2, n)]
    elif how == "small":
        values = rng.integers(0, min(100, info.max), n).astype(dtype)
    elif how == "mixed":  # blocks of 1024 with bit widths of their own, some with negatives
        values = rng.integers(0, 100, n).astype(dtype)
        values[1024:1500] = rng.integers(0, 3, len(values[1024:1500])).astype(dtype)
        if info.min < 0:
            values[2048:2060] = -1
    elif how == "runs":
        values = np.repeat(rng.integers(0, min(1000, info.max), n // 40 + 1), 40)[:n].astype(dtype)
        values[n // 2:n // 2 + 600] = 7  # longer than one run length byte holds
    elif how == "few":
        values = rng.choice(rng.integers(info.min, info.max, 12, dtype=dtype), n).astype(dtype)
    elif how == "sequence":
        values = np.arange(n).astype(dtype)
    elif how == "same":
        values = np.full(n, info.max - 3, dtype=dtype)
    elif how == "zero":
        values = np.zeros(n, dtype=dtype)
    else:
        raise ValueError(how)
    return pa.array(values, data_type)


def floats(data_type, n, how, rng):
    dtype = data_type.to_pandas_dtype()
    if how == "unit":
        values = rng.random(n)
    elif how == "same":
        values = np.full(n, -0.5)
    elif how == "runs":
        values = np.repeat(rng.normal(size=n // 50 + 1), 50)[:n]
    elif how == "few":
        values = rng.choice([0.0, -0.0, 1.5, 2.25, -7.0, 1e4], n)
    else:
        values = rng.normal(size=n) * 1000
        special = [0.0, -0.0, np.nan, np.inf, -np.inf, float(np.finfo(dtype).tiny), float(np.finfo(dtype).max), float(np.finfo(dtype).smallest_subnormal)]
        if n > 100:
            values[10:10 + len(special)] = special
    return pa.array(values.astype(dtype), data_type)


def _letters(rng, count):
    return "".join(rng.choice(list(string.ascii_lowercase + "  "), count))


def texts(data_type, n, how, rng):
    if how == "short":
        values = [WORDS[int(i) % len(WORDS)] + (str(k) if i % 3 else "") for k, i in enumerate(rng.integers(0, 1000, n))]
    elif how == "few":
        values = list(rng.choice(WORDS, n))
    elif how == "medium":  # some 40 bytes each: FSST once a page holds 32 KiB
        stems = [_letters(rng, 14) for _ in range(40)]
        values = [f"{stems[int(i)]} {stems[int(j)]} {k:07d}é" for k, (i, j) in enumerate(rng.integers(0, 40, (n, 2)))]
    elif how == "long":  # more than 256 bytes: full-zip
        stems = [_letters(rng, 150) for _ in range(6)]
        values = [f"{k} " + stems[int(i)] + stems[int(j)] for k, (i, j) in enumerate(rng.integers(0, 6, (n, 2)))]
    elif how == "huge":  # some beyond 32 KiB: compressed value by value
        values = [("x" * int(size)) + str(k) for k, size in enumerate(rng.choice([0, 3, 50, 33000, 40000], n))]
    elif how == "same":
        values = ["same again"] * n
    elif how == "empty":
        values = [""] * n
    else:
        raise ValueError(how)
    return pa.array(values, data_type)


def binaries(data_type, n, how, rng):
    if how == "short":
        values = [rng.bytes(int(size)) for size in rng.integers(0, 24, n)]
    elif how == "few":
        pool = [rng.bytes(300) for _ in range(5)]
        values = [pool[int(i)] for i in rng.integers(0, 5, n)]
    elif how == "long":
        values = [rng.bytes(20) * 15 for _ in range(n)]
    elif how == "huge":
        values = [bytes([k % 7]) * int(size) for k, size in enumerate(rng.choice([0, 3, 50, 33000, 40000], n))]
    elif how == "same":
        values = [b"\x00\xff\x00"] * n
    else:
        raise ValueError(how)
    return pa.array(values, data_type)


def fixed_binaries(data_type, n, how, rng):
    width = data_type.byte_width
    if how == "few":
        pool = [rng.bytes(width) for _ in range(5)]
        values = [pool[int(i)] for i in rng.integers(0, 5, n)]
    elif how == "same":
        values = [b"\x5a" * width] * n
    else:
        values = [rng.bytes(width) if width <= 40 else bytes([k % 251]) * width for k in range(n)]
    return pa.array(values, data_type)


def booleans(n, how, rng):
    values = {"wide": rng.random(n) < 0.5, "same": np.ones(n, bool), "runs": np.arange(n) // 97 % 2 == 0}[how]
    return pa.array(values)


def decimals(data_type, n, how, rng):
    digits = min(data_type.precision, 18 if how != "wide" else 38)
    raw = [int.from_bytes(rng.bytes(16), "little") % (10 ** digits) for _ in range(n)]
    if how == "few":
        raw = [raw[i % 6] for i in range(n)]
    if how == "same":
        raw = [raw[0]] * n if n else raw
    context = decimal.Context(prec=76)
    return pa.array([decimal.Decimal(-value if k % 3 == 0 and how != "same" else value).scaleb(-data_type.scale, context) for k, value in enumerate(raw)],
                    data_type)


_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def temporals(data_type, n, how, rng):
    if pa.types.is_time(data_type):
        raw = rng.integers(0, _DAY[data_type.unit], n) if how != "same" else np.full(n, 3661)
    elif pa.types.is_date64(data_type):
        raw = (rng.integers(-20_000, 30_000, n) if how != "same" else np.full(n, 11)) * 86_400_000
    elif pa.types.is_date(data_type):
        raw = rng.integers(0, 30_000, n) if how != "wide" else rng.integers(-100_000, 100_000, n)
    else:
        span = _DAY[data_type.unit] * 365 * 60
        raw = rng.integers(-span if how == "wide" else 0, span, n)
    if how == "same":
        raw = np.full(n, raw[0] if n else 0)
    width = np.int32 if data_type.bit_width == 32 else np.int64
    return _from_bits(raw.astype(width).tobytes(), data_type)


def vectors(data_type, n, how, rng):
    items = n * data_type.list_size
    item = data_type.value_type
    if pa.types.is_floating(item):
        # few mantissa bits, so that golden files compress well in a repository
        values = pa.array((rng.integers(-64, 64, items) / 32).astype(item.to_pandas_dtype()), item)
    elif pa.types.is_boolean(item):
        values = booleans(items, "wide", rng)
    else:
        values = integers(item, items, "small" if how == "small" else "wide", rng)
    if how == "inner nulls":
        values = with_nulls(values, "some", rng)
    if how == "inner all null":
        values = pa.nulls(items, item)
    if how == "same":
        values = pa.array([values[0].as_py() if items else None] * items, item)
    return pa.FixedSizeListArray.from_arrays(values, type=data_type)


def distributions(data_type):
    """The distributions that `column` knows for a type, the usual one first."""
    if pa.types.is_integer(data_type):
        return ["wide", "small", "mixed", "runs", "few", "sequence", "same", "zero"]
    if pa.types.is_floating(data_type):
        return ["wide", "unit", "runs", "few", "same"]
    if pa.types.is_boolean(data_type):
        return ["wide", "runs", "same"]
    if data_type in TEXT:
        return ["short", "few", "medium", "long", "huge", "same", "empty"]
    if data_type in BYTES:
        return ["short", "few", "long", "huge", "same"]
    if pa.types.is_fixed_size_binary(data_type):
        return ["wide", "few", "same"]
    if pa.types.is_decimal(data_type):
        return ["wide", "small", "few", "same"]
    if pa.types.is_fixed_size_list(data_type):
        return ["wide", "inner nulls", "inner all null", "same"]
    return ["wide", "small", "same"]


def column(data_type, n, how, nulls, rng):
    """One column of n rows."""
    if pa.types.is_integer(data_type):
        array = integers(data_type, n, how, rng)
    elif pa.types.is_floating(data_type):
        array = floats(data_type, n, how, rng)
    elif pa.types.is_boolean(data_type):
        array = booleans(n, how, rng)
    elif data_type in TEXT:
        array = texts(data_type, n, how, rng)
    elif data_type in BYTES:
        array = binaries(data_type, n, how, rng)
    elif pa.types.is_fixed_size_binary(data_type):
        array = fixed_binaries(data_type, n, how, rng)
    elif pa.types.is_decimal(data_type):
        array = decimals(data_type, n, how, rng)
    elif pa.types.is_fixed_size_list(data_type):
        array = vectors(data_type, n, how, rng)
    else:
        array = temporals(data_type, n, how, rng)
    array.validate(full=False)
    return with_nulls(array, nulls, rng)


def table(types, n, rng, hows=None, nulls=NULLS):
    """Every type in every asked distribution and null pattern, a column each.

    A column without nulls is declared non-nullable in its first distribution and nullable in the others.
    """
    fields, arrays = [], []
    for data_type in types:
        for index, how in enumerate(hows or distributions(data_type)):
            if how not in distributions(data_type):
                continue
            for null in nulls:
                if null == "all" and index > 0:
                    continue
                fields.append(pa.field(f"{type_name(data_type)}_{how.replace(' ', '_')}_{null}", data_type, nullable=null != "none" or index > 0))
                arrays.append(column(data_type, n, how, null, rng))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
