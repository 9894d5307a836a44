# SPDX-License-Identifier: Apache-2.0
"""Whether two Arrow tables hold the same: schema for schema, bit for bit (NaN equals the same NaN, 0.0 differs from -0.0).

What lies below a null does not count, nor how rows are cut into chunks.
"""

import pyarrow as pa
import pyarrow.compute as pc

_BITS = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


def schema_differences(expected, actual):
    """Lines that say how the schemas differ."""
    lines = []
    if expected.names != actual.names:
        return [f"columns {actual.names} instead of {expected.names}"]
    for want, got in zip(expected, actual):
        if not want.type.equals(got.type):
            lines.append(f"column {want.name}: type {got.type} instead of {want.type}")
        if want.nullable != got.nullable:
            lines.append(f"column {want.name}: nullable={got.nullable} instead of {want.nullable}")
        if (want.metadata or {}) != (got.metadata or {}):
            lines.append(f"column {want.name}: metadata {got.metadata} instead of {want.metadata}")
        if not lines and not want.equals(got, check_metadata=True):
            lines.append(f"column {want.name}: {got} instead of {want}")
    if (expected.metadata or {}) != (actual.metadata or {}):
        lines.append(f"schema metadata {actual.metadata} instead of {expected.metadata}")
    return lines


def same_values(left, right):
    """Whether two arrays of one type and length hold the same values."""
    if len(left) != len(right) or left.null_count != right.null_count:
        return False
    if left.null_count and not left.is_null().equals(right.is_null()):
        return False
    kind = left.type
    if pa.types.is_floating(kind):
        bits = _BITS[kind.bit_width]
        return left.view(bits).equals(right.view(bits))
    if pa.types.is_dictionary(kind):
        return same_values(left.dictionary_decode(), right.dictionary_decode())
    if isinstance(left, pa.ExtensionArray):
        return same_values(left.storage, right.storage)
    if pa.types.is_fixed_size_list(kind):
        return same_values(left.flatten(), right.flatten())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pc.list_value_length(left).equals(pc.list_value_length(right)) and same_values(left.flatten(), right.flatten())
    if pa.types.is_map(kind):
        as_list = pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)]))
        return same_values(left.cast(as_list), right.cast(as_list))
    if pa.types.is_struct(kind):
        return all(same_values(a, b) for a, b in zip(left.flatten(), right.flatten()))
    return left.equals(right)


def same_column(want, want_column, got, got_column, schema=True):
    """Lines that say how a column differs from what is wanted. A dictionary column may come as its values."""
    as_values = holds_dictionary(want_column.type) and not holds_dictionary(got_column.type)
    try:
        want_array, got_array = _flat(want_column), _flat(got_column)
        want_array = decoded(want_array) if as_values else want_array
    except pa.ArrowInvalid:  # chunks with dictionaries that hold nulls are not put together: compare what they stand for
        want_array, got_array = (_flat(_decoded_chunks(column)) for column in (want_column, got_column))
    if as_values:
        want = want.with_type(decoded_type(want.type))
    lines = schema_differences(pa.schema([want.with_name("x")]), pa.schema([got.with_name("x")])) if schema else []
    if len(want_array) != len(got_array):
        lines.append(f"{len(got_array)} rows instead of {len(want_array)}")
    if lines:
        return lines
    try:
        got_array.validate(full=True)
    except pa.ArrowInvalid as error:
        return [f"not valid Arrow: {error}"]
    if not same_values(want_array, got_array):
        row = _first_difference(want_array, got_array)
        return [f"{want_array.type}, row {row}: {_short(_value(got_array, row))} instead of {_short(_value(want_array, row))}"]
    return []


def _decoded_chunks(column):
    return pa.chunked_array([decoded(chunk) for chunk in column.chunks], decoded_type(column.type))


def holds_dictionary(data_type):
    if pa.types.is_dictionary(data_type):
        return True
    return any(holds_dictionary(data_type.field(k).type) for k in range(data_type.num_fields)) if pa.types.is_nested(data_type) else False


def decoded_type(data_type):
    """The type with dictionaries replaced by their values."""
    if pa.types.is_dictionary(data_type):
        return data_type.value_type
    if not holds_dictionary(data_type):
        return data_type
    fields = [data_type.field(k).with_type(decoded_type(data_type.field(k).type)) for k in range(data_type.num_fields)]
    if pa.types.is_struct(data_type):
        return pa.struct(fields)
    if pa.types.is_large_list(data_type):
        return pa.large_list(fields[0])
    if pa.types.is_list(data_type):
        return pa.list_(fields[0])
    raise TypeError(f"dictionaries below {data_type}")


def decoded(array):
    """The array with dictionaries replaced by their values."""
    if pa.types.is_dictionary(array.type):
        return array.dictionary_decode()
    if not holds_dictionary(array.type):
        return array
    if pa.types.is_struct(array.type):
        children = [decoded(array.field(k)) for k in range(array.type.num_fields)]
        return pa.StructArray.from_arrays(children, fields=list(decoded_type(array.type)), mask=array.is_null())
    return pa.Array.from_buffers(decoded_type(array.type), len(array), array.buffers()[:2], -1, array.offset, [decoded(array.values)])


def _value(array, row):
    try:
        return array[row].as_py()
    except (ValueError, OverflowError, ImportError, pa.ArrowException):
        return array.slice(row, 1)


def _flat(column):
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    return array


def _first_difference(left, right):
    low, high = 0, len(left)  # the first row that differs lies in [low, high)
    while high - low > 1:
        middle = (low + high) // 2
        if same_values(left.slice(low, middle - low), right.slice(low, middle - low)):
            low = middle
        else:
            high = middle
    return low


def _short(value):
    text = repr(value)
    return text if len(text) < 160 else text[:160] + "…"


def differences(expected, actual, most=8):
    """Lines that say how the tables differ; none when they are the same."""
    lines = schema_differences(expected.schema, actual.schema)
    if expected.num_rows != actual.num_rows:
        lines.append(f"{actual.num_rows} rows instead of {expected.num_rows}")
    if lines:
        return lines[:most]
    for name, want, got in zip(expected.column_names, expected.columns, actual.columns):
        want, got = _flat(want), _flat(got)
        try:
            got.validate(full=True)
        except pa.ArrowInvalid as error:
            lines.append(f"column {name}: not valid Arrow: {error}")
            continue
        if not same_values(want, got):
            row = _first_difference(want, got)
            lines.append(f"column {name} ({want.type}), row {row}: {_short(got[row].as_py())} instead of {_short(want[row].as_py())}")
    return lines[:most] + ([f"and {len(lines) - most} more"] if len(lines) > most else [])
