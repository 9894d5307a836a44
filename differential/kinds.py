# SPDX-License-Identifier: Apache-2.0
"""Kinds of columns: every type the format stores, with its null patterns and distributions, by seed.

A kind is a type with all that makes it a column: its field, how its values are made, which patterns of nulls it has.
"""

import dataclasses
import typing

import lance
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import columns as c

# what is null: nothing; a third of the rows; rows, and something in every layer below; all leaves; all rows
FLAT_NULLS = ["none", "some", "all"]
VECTOR_NULLS = ["none", "some", "layers", "inner", "all"]
NESTED_NULLS = ["none", "empties", "some", "layers", "inner", "all"]

EXTENSION = "ARROW:extension:name"
PREFIX = "lance-encoding:"


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    type: pa.DataType
    nulls: tuple
    hows: tuple
    values: typing.Callable  # (n, nulls, how, rng) -> array
    metadata: tuple = ()  # of the field, as pairs
    field: typing.Callable = None  # (name, nullable, metadata) -> field, where type and metadata do not say all
    most_bytes: int = 64  # per row, about
    alone: bool = False  # the reference cannot read it beside others
    nullable: bool = True  # may be declared without nulls
    random: bool = False  # drawn by the seed
    blob: bool = False  # holds blobs

    def make_field(self, name, nulls, nullable, metadata):
        metadata = dict(self.metadata) | metadata
        if self.field:
            return self.field(name, nullable, metadata)
        return annotated(pa.field(name, self.type, nullable=nullable), metadata, dict(self.metadata))


def annotated(field, metadata, own):
    """The field and all fields below it with the metadata; `own` is for the root alone."""
    below = {key: value for key, value in metadata.items() if key not in own}
    return field.with_type(_annotated_type(field.type, below)).with_metadata((field.metadata or {}) | metadata or None)


def _annotated_type(data_type, metadata):
    if not metadata or isinstance(data_type, pa.BaseExtensionType):
        return data_type
    if pa.types.is_struct(data_type):
        return pa.struct([_annotated_child(field, metadata) for field in data_type])
    if pa.types.is_large_list(data_type):
        return pa.large_list(_annotated_child(data_type.value_field, metadata))
    if pa.types.is_list(data_type):
        return pa.list_(_annotated_child(data_type.value_field, metadata))
    if pa.types.is_map(data_type):
        return pa.map_(_annotated_child(data_type.key_field, metadata), _annotated_child(data_type.item_field, metadata))
    if pa.types.is_fixed_size_list(data_type) and pa.types.is_struct(data_type.value_type):
        return pa.list_(_annotated_child(data_type.value_field, metadata), data_type.list_size)
    return data_type


def _annotated_child(field, metadata):
    return field.with_type(_annotated_type(field.type, metadata)).with_metadata((field.metadata or {}) | metadata)


# ---------------------------------------------------------------- values

def mask(n, rng, share=0.3):
    """Which of n are null: some, and a run of 70."""
    result = rng.random(n) < share
    if n > 300:
        at = int(rng.integers(0, n - 100))
        result[at:at + 70] = True
        result[at + 70:at + 100] = False
    if n:
        result[int(rng.integers(0, n))] = True
    return result


def masked(array, nulls):
    """The array of a flat type with nulls; what lies below them stays."""
    if array.type in (pa.string_view(), pa.binary_view()):
        plain = pa.string() if array.type == pa.string_view() else pa.binary()
        return masked(array.cast(plain), nulls).cast(array.type)
    return pc.if_else(pa.array(~nulls), array, pa.scalar(None, array.type))


def leaf(data_type, n, how, rng):
    """Values of a leaf type, without nulls."""
    if pa.types.is_null(data_type):
        return pa.nulls(n)
    if pa.types.is_decimal(data_type):
        return decimals(data_type, n, how, rng)
    if data_type == pa.string_view() or data_type == pa.binary_view():
        plain = pa.string() if data_type == pa.string_view() else pa.binary()
        return leaf(plain, n, how, rng).cast(data_type)
    if data_type in (pa.string(), pa.large_string()) and how == "short" and n > 2000:
        pool = c.texts(data_type, 2000, how, rng)
        return pool.take(pa.array(rng.integers(0, 2000, n)))
    if data_type in (pa.binary(), pa.large_binary()) and how in ("short", "long") and n > 2000:
        pool = c.binaries(data_type, 2000, how, rng)
        return pool.take(pa.array(rng.integers(0, 2000, n)))
    return c.column(data_type, n, how, "none", rng)


def decimals(data_type, n, how, rng):
    width = data_type.bit_width // 8
    digits = data_type.precision if how == "wide" else min(4, data_type.precision)
    limit = 10 ** digits
    pool = [int.from_bytes(rng.bytes(width), "little") % limit for _ in range(6 if how == "few" else 1 if how == "same" else min(n, 3000))]
    pool = [-value if k % 3 == 1 and how != "small" else value for k, value in enumerate(pool)] or [0]
    raw = np.frombuffer(b"".join(value.to_bytes(width, "little", signed=True) for value in pool), dtype=f"V{width}")
    return pa.Array.from_buffers(data_type, n, [None, pa.py_buffer(raw[rng.integers(0, len(pool), n)].tobytes())])


def leaf_hows(data_type):
    if pa.types.is_null(data_type):
        return ["same"]
    if data_type == pa.string_view():
        return ["short", "medium", "long"]
    if data_type == pa.binary_view():
        return ["short", "long"]
    if pa.types.is_dictionary(data_type):
        return ["short"]
    return c.distributions(data_type)


def lengths(n, how, empties, rng):
    """Lengths of n lists: short, or one or two very long among short ones, or all of one length."""
    least = 0 if empties else 1
    if how == "even":
        return np.full(n, 2)
    result = rng.integers(least, 5, n)
    if how == "skewed" and n:
        result[rng.integers(0, n, 2)] = rng.integers(1500, 5000, 2)
        if empties:  # runs without any item
            at = int(rng.integers(0, n))
            result[at:at + 600] = 0
    if how == "sparse":
        result[rng.random(n) < 0.95] = least
    return result


class Nested:
    """Values of any type, with nulls where a pattern says. One draw."""

    def __init__(self, nulls, how, rng):
        self.nulls = nulls
        self.how = how
        self.rng = rng

    def _mask(self, n, depth, nullable, is_leaf=False):
        if not nullable:
            return None
        if self.nulls == "all" and depth == 0:
            return np.ones(n, bool)
        if self.nulls == "layers" or self.nulls == "some" and depth == 0:
            return mask(n, self.rng)
        if self.nulls == "inner" and is_leaf and depth > 0:
            return np.ones(n, bool)
        return None

    def array(self, data_type, n, depth=0, nullable=True):
        if depth == 0 and self.nulls == "all" and not pa.types.is_struct(data_type):
            return pa.nulls(n, data_type)
        rng = self.rng
        if isinstance(data_type, pa.BaseExtensionType):
            return pa.ExtensionArray.from_storage(data_type, self.array(data_type.storage_type, n, depth, nullable))
        if pa.types.is_list(data_type) or pa.types.is_large_list(data_type):
            own = self._mask(n, depth, nullable)
            offsets = self._offsets(n, depth, np.int64 if pa.types.is_large_list(data_type) else np.int32)
            items = self.array(data_type.value_type, int(offsets[-1]), depth + 1, data_type.value_field.nullable)
            make = pa.LargeListArray if pa.types.is_large_list(data_type) else pa.ListArray
            return make.from_arrays(pa.array(offsets), items, type=data_type, mask=None if own is None else pa.array(own))
        if pa.types.is_map(data_type):
            own = self._mask(n, depth, nullable)
            offsets = self._offsets(n, depth, np.int32)
            keys = self.array(data_type.key_type, int(offsets[-1]), depth + 1, False)
            items = self.array(data_type.item_type, int(offsets[-1]), depth + 1, data_type.item_field.nullable)
            if own is None:
                return pa.MapArray.from_arrays(pa.array(offsets), keys, items, type=data_type)
            return pa.MapArray.from_arrays(pa.array(offsets), keys, items, type=data_type, mask=pa.array(own))
        if pa.types.is_struct(data_type):
            own = self._mask(n, depth, nullable)
            children = [self.array(field.type, n, depth + 1, field.nullable) for field in data_type]
            if not children:
                return pa.array([{}] * n, data_type)
            return pa.StructArray.from_arrays(children, fields=list(data_type), mask=None if own is None else pa.array(own))
        if pa.types.is_fixed_size_list(data_type):
            own = self._mask(n, depth, nullable)
            items = self.array(data_type.value_type, n * data_type.list_size, depth + 1, data_type.value_field.nullable)
            return pa.FixedSizeListArray.from_arrays(items, type=data_type, mask=None if own is None else pa.array(own))
        own = self._mask(n, depth, nullable, True)
        if pa.types.is_dictionary(data_type):
            return dictionary(data_type, n, own, rng)
        if pa.types.is_null(data_type):
            return pa.nulls(n)
        hows = [how for how in leaf_hows(data_type) if how not in ("huge", "inner nulls", "inner all null")]
        if depth > 0 and n > 20_000:
            hows = [how for how in hows if how != "long"]
        values = leaf(data_type, n, hows[int(rng.integers(len(hows)))], rng)
        return values if own is None else masked(values, own)

    def _offsets(self, n, depth, dtype):
        how = self.how if depth == 0 or self.how == "even" else "short"
        sizes = lengths(n, how, self.nulls != "none", self.rng)
        if depth > 0 and n > 400_000:
            sizes = np.minimum(sizes, 1)
        return np.concatenate([[0], np.cumsum(sizes)]).astype(dtype)


def dictionary(data_type, n, own, rng):
    size = int(rng.choice([1, 3, 12, 100]))
    values = leaf(data_type.value_type, size, leaf_hows(data_type.value_type)[0], rng)
    indices = pa.array(rng.integers(0, size, n), data_type.index_type, mask=own)
    return pa.DictionaryArray.from_arrays(indices, values)


# ---------------------------------------------------------------- kinds

def _flat(data_type, name=None, metadata=(), hows=None):
    wide = data_type in c.TEXT + c.BYTES or data_type in (pa.string_view(), pa.binary_view())

    def values(n, nulls, how, rng):
        if nulls == "all":
            return pa.nulls(n, data_type)
        array = leaf(data_type, n, how, rng)
        return array if nulls == "none" else masked(array, mask(n, rng))
    only_null = pa.types.is_null(data_type)
    return Kind(name or c.type_name(data_type), data_type, ("all",) if only_null else tuple(FLAT_NULLS), tuple(hows or leaf_hows(data_type)), values,
                metadata=metadata, most_bytes=300 if wide else 16 if only_null else data_type.bit_width // 8 + 1, nullable=not only_null)


def _vector(data_type, name=None):
    leaf_type = data_type
    size = 1
    while pa.types.is_fixed_size_list(leaf_type):
        size *= leaf_type.list_size
        leaf_type = leaf_type.value_type
    width = 2 if isinstance(leaf_type, pa.BaseExtensionType) else max(1, leaf_type.bit_width // 8)

    def values(n, nulls, how, rng):
        return Nested(nulls, how, rng).array(data_type, n)
    return Kind(name or c.type_name(data_type), data_type, tuple(VECTOR_NULLS), ("drawn",), values, most_bytes=size * width)


def _nested(data_type, name=None, nulls=NESTED_NULLS, **options):
    def values(n, pattern, how, rng):
        return Nested(pattern, how, rng).array(data_type, n)
    has_lists = any(text in str(data_type) for text in ("list<", "map<"))
    return Kind(name or c.type_name(data_type).replace("__", "_"), data_type, tuple(nulls), ("short", "skewed", "sparse", "even") if has_lists else ("short",),
                values, most_bytes=options.pop("most_bytes", 60), **options)


def _extension_kinds():
    yield _flat(pa.int32(), "named_extension", ((EXTENSION, "joust.test"), ("ARROW:extension:metadata", "{\"a\": 1}")))
    yield _flat(pa.binary(16), "uuid", ((EXTENSION, "arrow.uuid"), ("ARROW:extension:metadata", "")))
    yield _flat(pa.binary(2), "bfloat16", ((EXTENSION, "lance.bfloat16"), ("ARROW:extension:metadata", "")))

    def json_values(n, nulls, how, rng):
        texts = ['{"a": 1}', "null", "[1, 2, \"x\"]", '{"b": {"c": [true, null, 1.5]}}', "17", '""']
        picks = rng.integers(0, len(texts), n)
        own = mask(n, rng) if nulls == "some" else np.full(n, nulls == "all")
        return pa.ExtensionArray.from_storage(pa.json_(pa.utf8()), pa.array([None if null else texts[k] for k, null in zip(picks, own)], pa.utf8()))
    yield Kind("json", pa.json_(pa.utf8()), tuple(FLAT_NULLS), ("short",), json_values)
    yield _tensor()


def _tensor():
    data_type = pa.fixed_shape_tensor(pa.float32(), (2, 3))

    def values(n, nulls, how, rng):
        return Nested(nulls, how, rng).array(data_type, n)
    return Kind("tensor", data_type, ("none", "some", "all"), ("drawn",), values, most_bytes=24)


def _field(name, data_type, nullable=True):
    return pa.field(name, data_type, nullable=nullable)


POINT = pa.struct([("x", pa.int32()), ("label", pa.string())])


def _packed(name, *types):
    data_type = pa.struct([_field(f"f{k}", t, False) for k, t in enumerate(types)])

    def values(n, nulls, how, rng):
        children = [Nested("none", how, rng).array(field.type, n, 1, False) for field in data_type]
        own = mask(n, rng) if nulls == "some" else np.full(n, nulls == "all")
        return pa.StructArray.from_arrays(children, fields=list(data_type), mask=None if nulls == "none" else pa.array(own))
    return Kind(f"packed_{name}", data_type, tuple(FLAT_NULLS), ("short",), values, metadata=((PREFIX + "packed", "true"),))


def _blob_values(n, nulls, how, rng):
    sizes = {"small": [0, 1, 5, 200], "wide": [0, 3, 5_000, 70_000], "same": [9]}[how]
    pool = [rng.bytes(int(size)) for size in sizes * 3]
    own = mask(n, rng) if nulls == "some" else np.full(n, nulls == "all")
    return [None if null else pool[k] for k, null in zip(rng.integers(0, len(pool), n), own)]


def _blob_kinds():
    def version_1(n, nulls, how, rng):
        return pa.array(_blob_values(n, nulls, how, rng), pa.large_binary())

    def version_2(n, nulls, how, rng):
        return lance.blob_array(_blob_values(n, nulls, how, rng))
    yield Kind("blob_v1", pa.large_binary(), tuple(FLAT_NULLS), ("small", "wide", "same"), version_1, metadata=((PREFIX + "blob", "true"),), most_bytes=20_000, blob=True)
    yield Kind("blob_v2", lance.blob_field("b").type, tuple(FLAT_NULLS), ("small", "wide", "same"), version_2, most_bytes=20_000, blob=True,
               field=lambda name, nullable, metadata: lance.blob_field(name, nullable=nullable).with_metadata(metadata or None))
    inner = pa.struct([pa.field("b", pa.large_binary(), metadata={PREFIX + "blob": "true"}), pa.field("x", pa.int32())])

    def in_struct(n, nulls, how, rng):
        blobs = version_1(n, "some" if nulls == "layers" else "none", how, rng)
        own = pa.array(mask(n, rng)) if nulls in ("some", "layers") else None
        return pa.StructArray.from_arrays([blobs, leaf(pa.int32(), n, "small", rng)], fields=list(inner), mask=own)
    yield Kind("struct_of_blob_v1", inner, ("none", "some", "layers"), ("small",), in_struct, most_bytes=100, blob=True)


def every():
    """All kinds but the random ones."""
    flat = [*c.INTEGERS, *c.FLOATS, pa.bool_(), *c.TEXT, *c.BYTES, pa.string_view(), pa.binary_view(), *c.FIXED_BYTES, *c.TEMPORAL, *c.DECIMALS,
            pa.decimal128(9, 9), pa.decimal256(5, 2), pa.decimal256(50, -3), pa.decimal256(76, 0), pa.null()]
    yield from map(_flat, flat)
    yield from _extension_kinds()
    vectors = [pa.list_(pa.bool_(), 5), pa.list_(pa.bool_(), 8), pa.list_(pa.bool_(), 64), pa.list_(pa.decimal128(12, 3), 2), pa.list_(pa.binary(3), 4),
               pa.list_(pa.date32(), 3), pa.list_(pa.timestamp("us", "UTC"), 2), pa.list_(pa.duration("s"), 2), pa.list_(pa.float16(), 128), pa.list_(pa.uint8(), 16),
               pa.list_(pa.float32(), 1), pa.list_(pa.list_(pa.float32(), 3), 2), pa.list_(pa.list_(pa.int8(), 2), 3), pa.list_(pa.list_(pa.float64(), 40), 2),
               pa.list_(pa.decimal256(40, 1), 2)]
    yield from map(_vector, [*c.VECTORS, *vectors])
    for index in c.INTEGERS:
        yield _nested(pa.dictionary(index, pa.string()), f"dictionary_{index}_string", FLAT_NULLS)
    for value in [pa.large_string(), pa.binary(), pa.large_binary(), pa.int64(), pa.uint8(), pa.float64(), pa.float32(), pa.bool_(), pa.binary(3), pa.date32(),
                  pa.decimal128(5, 2), pa.timestamp("us")]:
        yield _nested(pa.dictionary(pa.int32(), value), f"dictionary_int32_{c.type_name(value)}", FLAT_NULLS)
    listed = [pa.int8(), pa.int32(), pa.uint64(), pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(), pa.large_binary(),
              pa.binary(16), pa.binary(300), pa.decimal128(20, 4), pa.decimal256(60, 4), pa.date32(), pa.timestamp("ns", "Europe/Zurich"), pa.time32("ms"),
              pa.duration("us"), pa.null(), pa.dictionary(pa.int16(), pa.string())]
    for item in listed:
        yield _nested(pa.list_(item), "list_dictionary" if pa.types.is_dictionary(item) else f"list_{c.type_name(item)}")
    for item in [pa.int16(), pa.string(), pa.bool_(), POINT]:
        yield _nested(pa.large_list(item), "large_list_point" if item is POINT else None)
    yield _nested(pa.list_(_field("item", pa.int64(), False)), "list_int64_not_null")
    yield _nested(pa.list_(_field("element", pa.string())), "list_string_renamed")
    for data_type, name in [
        (pa.list_(pa.list_(pa.int8())), "list_list_int8"),
        (pa.list_(pa.large_list(pa.string())), "list_large_list_string"),
        (pa.list_(pa.list_(pa.list_(pa.int32()))), "list_list_list_int32"),
        (pa.list_(pa.list_(pa.float32(), 4)), "list_vector_4"),
        (pa.list_(pa.list_(pa.float32(), 128)), "list_vector_128"),
        (pa.list_(pa.list_(pa.bool_(), 8)), "list_vector_bool"),
        (pa.list_(pa.list_(pa.list_(pa.int16(), 2), 2)), "list_vector_of_vector"),
        (pa.list_(POINT), "list_struct"),
        (pa.list_(pa.struct([("a", pa.list_(pa.int32())), ("b", pa.bool_())])), "list_struct_list"),
        (pa.list_(pa.struct([("f", pa.list_(pa.list_(pa.int8())))])), "list_struct_list_list"),
        (pa.list_(pa.struct([("p", POINT), ("v", pa.list_(pa.float32(), 2))])), "list_struct_struct_vector"),
        (POINT, "struct"),
        (pa.struct([("a", pa.struct([("b", pa.struct([("c", pa.int64()), ("d", pa.string())])), ("e", pa.bool_())])), ("f", pa.float32())]), "struct_struct_struct"),
        (pa.struct([_field("x", pa.int32(), False), _field("y", pa.string(), False)]), "struct_not_null_children"),
        (pa.struct([("v", pa.list_(pa.float32(), 16)), ("w", pa.list_(pa.float64(), 64))]), "struct_vectors"),
        (pa.struct([("l", pa.list_(pa.int32())), ("m", pa.list_(pa.string())), ("n", pa.int8())]), "struct_lists"),
        (pa.struct([("l", pa.list_(POINT))]), "struct_list_struct"),
        (pa.struct([("d", pa.dictionary(pa.int8(), pa.string())), ("n", pa.null()), ("z", pa.decimal128(7, 2))]), "struct_dictionary_null_decimal"),
        (pa.map_(pa.string(), pa.int32()), "map_string_int32"),
        (pa.map_(pa.int32(), pa.list_(pa.string())), "map_int32_list"),
        (pa.map_(pa.string(), POINT), "map_string_struct"),
        (pa.map_(pa.string(), pa.map_(pa.int8(), pa.bool_())), "map_map"),
        (pa.map_(pa.binary(4), _field("value", pa.float64(), False)), "map_not_null_values"),
        (pa.list_(pa.map_(pa.string(), pa.int64())), "list_map"),
        (pa.struct([("m", pa.map_(pa.string(), pa.float32()))]), "struct_map"),
    ]:
        yield _nested(data_type, name)
    # alone: beside it, the reference mixes up the columns of a range of rows
    yield _nested(pa.struct([]), "struct_empty", ["none"], alone=True)
    yield _nested(pa.list_(POINT, 2), "vector_struct", alone=True)
    yield _nested(pa.list_(pa.struct([_field("a", pa.int8(), False), _field("v", pa.list_(pa.float32(), 3))]), 3), "vector_struct_vector", alone=True)
    yield _nested(pa.list_(pa.struct([("l", pa.list_(pa.int8()))]), 2), "vector_struct_list", alone=True)
    yield _nested(pa.list_(pa.list_(POINT, 2)), "list_vector_struct", alone=True)
    yield _nested(pa.list_(pa.struct([("v", pa.list_(pa.struct([("l", pa.list_(pa.string())), ("p", POINT)]), 3))]), 2), "vector_vector_struct_list", alone=True)
    yield _nested(pa.list_(pa.list_(pa.struct([("l", pa.list_(pa.int16()))]), 2)), "list_vector_struct_list", alone=True)
    yield _packed("fixed", pa.int32(), pa.float64())
    yield _packed("odd", pa.int8(), pa.binary(3), pa.uint16(), pa.decimal128(5, 2))
    yield _packed("vector", pa.int8(), pa.list_(pa.float32(), 3))
    yield _packed("bool", pa.int8(), pa.bool_())
    yield _packed("string", pa.int32(), pa.string())
    yield _packed("variable", pa.large_string(), pa.binary(), pa.float32(), pa.list_(pa.int16(), 2))
    yield _packed("dates", pa.date32(), pa.timestamp("us", "UTC"), pa.time64("ns"))
    yield _packed("struct", pa.int32(), pa.struct([_field("a", pa.int8(), False)]))
    yield _packed("struct_string", pa.int32(), pa.struct([pa.field("a", pa.int8()), pa.field("t", pa.string())]), pa.struct([pa.field("b", pa.binary())]))
    yield _packed("struct_struct", pa.int16(), pa.struct([pa.field("v", pa.list_(pa.int16(), 3)), pa.field("q", pa.struct([pa.field("z", pa.large_string())]))]))
    yield _packed("list", pa.int8(), pa.list_(pa.int8()), pa.dictionary(pa.int8(), pa.string()), pa.list_(POINT, 2))
    yield from _blob_kinds()


LEAVES = [pa.int8(), pa.int32(), pa.int64(), pa.uint16(), pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(), pa.binary(5),
          pa.date32(), pa.timestamp("us"), pa.decimal128(10, 2), pa.list_(pa.float32(), 3), pa.list_(pa.uint8(), 8)]


def _random_type(rng, depth, maps):
    kind = int(rng.integers(0, 8 if maps else 7)) if depth > 0 else 0
    if kind in (0, 1):
        return LEAVES[int(rng.integers(len(LEAVES)))]
    if kind in (2, 3, 6):
        return pa.list_(pa.field("item", _random_type(rng, depth - 1, maps), nullable=bool(rng.random() < 0.85)))
    if kind == 4:
        return pa.large_list(_random_type(rng, depth - 1, maps))
    if kind == 7:
        return pa.map_(pa.string() if rng.random() < 0.5 else pa.int32(), _random_type(rng, depth - 1, maps))
    return pa.struct([pa.field(f"c{k}", _random_type(rng, depth - 1, maps), nullable=bool(rng.random() < 0.85)) for k in range(int(rng.integers(1, 4)))])


def random_kinds(rng, count):
    """Kinds of random nested types, three to five layers deep."""
    made = 0
    while made < count:
        data_type = _random_type(rng, int(rng.integers(2, 5)), maps=bool(rng.random() < 0.3))
        if not pa.types.is_nested(data_type) or pa.types.is_fixed_size_list(data_type):
            continue
        yield dataclasses.replace(_nested(data_type, f"random_{made}"), random=True)
        made += 1
