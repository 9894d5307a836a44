# SPDX-License-Identifier: Apache-2.0
"""Random nested columns: structs, lists, large lists, maps, lists of vectors, at some depth, each layer with its own
share of nulls and its own lengths. Everything follows from the generator given."""

import numpy as np
import pyarrow as pa

NULL_SHARES = [0, 0, 0.1, 0.5, 0.97, 1]
ITEMS_AT_MOST = 2500
WIDE_AT_MOST = 300
NAMED = {"long": pa.string(), "few": pa.string(), "constant": pa.int64()}


def leaf_kinds():
    return [pa.int32(), pa.int64(), pa.int8(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(), pa.float64(), pa.list_(pa.float32(), 4),
            pa.list_(pa.float32(), 66), pa.list_(pa.bool_(), 8), pa.binary(16), pa.binary(260), pa.date32(), pa.null(), "long", "constant", "few", "holes"]


def random_kind(generator, depth, maps):
    """A leaf's type or name, or a tuple: ("struct", kinds), ("list", kind), ("large_list", kind), ("map", key, value)."""
    if depth == 0 or generator.random() < 0.2:
        kinds = leaf_kinds()
        return kinds[int(generator.integers(len(kinds)))]
    containers = ["struct", "struct", "list", "list", "large_list"] + (["map"] if maps else [])
    kind = containers[int(generator.integers(len(containers)))]
    if kind == "struct":
        return kind, [random_kind(generator, depth - 1, maps) for _ in range(int(generator.integers(1, 4)))]
    if kind == "map":
        return kind, [pa.string(), pa.int32()][int(generator.integers(2))], random_kind(generator, depth - 1, maps)
    return kind, random_kind(generator, depth - 1, maps)


def lengths(generator, count):
    """Of lists: short ones, mostly empty ones, all alike, or a few that are longer than a chunk."""
    pattern = int(generator.integers(4))
    if pattern == 0:
        found = generator.integers(0, 5, count)
    elif pattern == 1:
        found = np.where(generator.random(count) < 0.9, 0, generator.integers(0, 4, count))
    elif pattern == 2:
        found = np.full(count, 2)
    else:
        found = np.where(generator.random(count) < 0.01, generator.integers(0, 1500, count), generator.integers(0, 3, count))
    return found if found.sum() <= ITEMS_AT_MOST else np.minimum(found, max(1, ITEMS_AT_MOST // count))


def random_array(generator, kind, count, nullable=True):
    share = NULL_SHARES[int(generator.integers(len(NULL_SHARES)))] if nullable else 0
    nulls = generator.random(count) < share
    mask = pa.array(nulls) if nulls.any() else None
    if isinstance(kind, tuple):
        if kind[0] == "struct":
            children = [random_array(generator, child, count) for child in kind[1]]
            return pa.StructArray.from_arrays(children, fields=[pa.field(f"f{i}", child.type) for i, child in enumerate(children)], mask=mask)
        found = np.where(nulls, 0, lengths(generator, count))
        offsets = np.concatenate([[0], np.cumsum(found)])
        total = int(offsets[-1])
        offset_type = pa.int64() if kind[0] == "large_list" else pa.int32()
        offsets = pa.array(offsets, offset_type, mask=np.concatenate([nulls, [False]]) if nulls.any() else None)
        if kind[0] == "map":
            return pa.MapArray.from_arrays(offsets, random_array(generator, kind[1], total, False), random_array(generator, kind[2], total))
        return (pa.LargeListArray if kind[0] == "large_list" else pa.ListArray).from_arrays(offsets, random_array(generator, kind[1], total))
    if count > WIDE_AT_MOST and kind in (pa.list_(pa.float32(), 66), pa.binary(260), "long"):
        kind = pa.int32()
    if kind == "holes":
        items = pa.array(generator.integers(0, 9, 3 * count), pa.int16(), mask=generator.random(3 * count) < 0.3)
        return pa.FixedSizeListArray.from_arrays(items, 3, mask=mask)
    if isinstance(kind, pa.FixedSizeListType):
        items = generator.random(kind.list_size * count)
        items = pa.array(items < 0.5) if pa.types.is_boolean(kind.value_type) else pa.array(items.astype(np.float32))
        return pa.FixedSizeListArray.from_arrays(items, kind.list_size, mask=mask)
    if isinstance(kind, pa.DataType) and pa.types.is_null(kind):
        return pa.nulls(count)
    return pa.array(leaf_values(generator, kind, count), NAMED.get(kind, kind) if isinstance(kind, str) else kind, mask=nulls)


def leaf_values(generator, kind, count):
    if kind == "long":
        return objects(["x" * int(n) for n in generator.integers(0, 500, count)])
    if kind == "constant":
        return np.full(count, 7)
    if kind == "few":
        return objects([["a", "bb", "ccc", ""][n] for n in generator.integers(0, 4, count)])
    if pa.types.is_boolean(kind):
        return generator.random(count) < 0.5
    if pa.types.is_floating(kind):
        return generator.random(count)
    if pa.types.is_fixed_size_binary(kind):
        return objects([generator.bytes(kind.byte_width) for _ in range(count)])
    if kind in (pa.string(), pa.large_string()):
        return objects([f"{n:012d}"[: n % 13] for n in generator.integers(0, 10 ** 6, count)])
    if kind == pa.binary():
        return objects([generator.bytes(int(n)) for n in generator.integers(0, 12, count)])
    return generator.integers(0, 100, count).astype(kind.to_pandas_dtype() if not pa.types.is_date(kind) else np.int32)


def objects(values):
    found = np.empty(len(values), object)
    found[:] = values
    return found


def random_table(generator, column_count, depth, rows, maps):
    arrays = []
    while len(arrays) < column_count:
        kind = random_kind(generator, depth, maps)
        if isinstance(kind, tuple):
            arrays.append(random_array(generator, kind, rows))
    return pa.table({f"c{i}": array for i, array in enumerate(arrays)})
