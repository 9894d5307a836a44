# SPDX-License-Identifier: Apache-2.0
"""Tables that the reference writes for cells of the plan; what it refuses is found out column by column."""

import itertools
import shutil
import threading

import lance
import numpy as np
import pyarrow as pa

PAGES_CACHE_BYTES = 1 << 18
_numbers = itertools.count()


class Values:
    """The columns of cells, each made once for all versions and metadata. Not thread-safe."""

    def __init__(self):
        self._made = {}

    def of(self, cell):
        key = cell.kind.name, cell.nulls, cell.how, cell.rows, cell.seed
        if key not in self._made:
            self._made[key] = cell.kind.values(cell.rows, cell.nulls, cell.how, np.random.default_rng(cell.seed))
        return self._made[key]


class Refusals:
    """What the reference refused to write: asked for alone the next time. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._keys = set()

    def add(self, cell):
        with self._lock:
            self._keys.add(cell.key)

    def __contains__(self, cell):
        with self._lock:
            return cell.key in self._keys


class Table:
    """A written table: its path, and which cell each column is."""

    def __init__(self, path, cells):
        self.path = path
        self.cells = dict(cells)

    def drop(self):
        shutil.rmtree(self.path, ignore_errors=True)


def first_line(error):
    text = f"{type(error).__name__}: {error}".strip().splitlines()
    return text[0][:240] if text else type(error).__name__


def write_tables(folder, cells, values, refusals, refused):
    """The table of the cells, or several where the reference refuses some columns; those are told to `refused`."""
    named = [(f"{cell.kind.name}_{k}", cell) for k, cell in enumerate(cells)]
    suspects = [pair for pair in named if pair[1] in refusals]
    calm = [pair for pair in named if pair[1] not in refusals]
    for group in [calm, *[[pair] for pair in suspects]]:
        if group:
            yield from _write(folder, group, values, refusals, refused)


def _write(folder, named, values, refusals, refused):
    path = str(folder / f"m{next(_numbers)}.lance")
    try:
        outcome = "refused by the reference"
        write_layout(path, named, values)
        outcome = "not read by the reference"
        lance.dataset(path)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # its panics are no Exceptions
        shutil.rmtree(path, ignore_errors=True)
        if len(named) == 1:
            refusals.add(named[0][1])
            refused(named[0][1], outcome, first_line(error))
            return
    else:
        yield Table(path, named)
        return
    half = len(named) // 2
    for part in (named[:half], named[half:]):
        yield from _write(folder, part, values, refusals, refused)


def table_of(named, values):
    fields, arrays = [], []
    for name, cell in named:
        field = cell.kind.make_field(name, cell.nulls, cell.nullable, cell.encoding_metadata())
        array = values.of(cell)
        fields.append(field)
        arrays.append(array if array.type.equals(field.type, check_metadata=True) else retyped(array, field.type))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def retyped(array, data_type):
    """The array with a type that differs in names and metadata alone."""
    return pa.Array.from_buffers(data_type, len(array), *_parts(array, data_type)) if pa.types.is_nested(data_type) else array.cast(data_type)


def _parts(array, data_type):
    if pa.types.is_map(data_type):
        children = [_entries(array, data_type)]
    elif pa.types.is_struct(data_type):
        children = [retyped(array.field(k), data_type.field(k).type) for k in range(data_type.num_fields)]
    else:
        children = [retyped(array.values, data_type.value_type)]
    own = 1 if pa.types.is_struct(data_type) or pa.types.is_fixed_size_list(data_type) else 2
    return array.buffers()[:own], -1, array.offset, children


def _entries(array, data_type):
    keys, items = retyped(array.keys, data_type.key_type), retyped(array.items, data_type.item_type)
    fields = [data_type.key_field, data_type.item_field]
    return pa.StructArray.from_arrays([keys, items], fields=fields)


def unsliced(table, rows):
    """The table in batches that are no slices of something larger: the reference fails on some of those."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)
    return pa.ipc.open_stream(sink.getvalue(), options=pa.ipc.IpcReadOptions(ensure_alignment=pa.ipc.Alignment.At64Byte))


def write_layout(path, named, values):
    cell = named[0][1]
    rows, layout = cell.rows, cell.layout
    storage = "legacy" if cell.version == "0.1" else cell.version
    options = {"data_storage_version": storage}
    rng = np.random.default_rng(cell.seed)
    if cell.version == "0.1":
        options["max_rows_per_group"] = int(rng.choice([16, 100, 1024, 5000])) if rows < 50_000 else 5000
    table = table_of(named, values)
    if layout == "page":
        lance.write_dataset(table, path, **options)
    elif layout == "pages":
        batches = unsliced(table, max(1, rows // 9))
        lance.write_dataset(batches, path, data_cache_bytes=PAGES_CACHE_BYTES, **options)
    elif layout == "fragments":
        lance.write_dataset(table, path, max_rows_per_file=max(1, rows // 3), **options)
    elif layout == "deleted":
        table = table.append_column("_number", pa.array(np.arange(rows), pa.int32()))
        dataset = lance.write_dataset(table, path, max_rows_per_file=max(1, rows // 2), **options)
        dataset.delete("_number % 7 = 3 or (_number > 30 and _number < 90)")
    elif layout == "evolved":
        _write_evolved(path, table, rows, options)
    else:
        raise ValueError(layout)


def _write_evolved(path, table, rows, options):
    """Two fragments of two data files each; one column dropped, one added without values, one renamed there and back."""
    first = max(1, table.num_columns // 2)
    start = table.select(list(range(first))).append_column("_number", pa.array(np.arange(rows), pa.int32())).append_column("_gone", pa.array(["x"] * rows))
    dataset = lance.write_dataset(start, path, max_rows_per_file=max(1, rows // 2 + 1), **options)
    if table.num_columns > first:
        later = table.select(list(range(first, table.num_columns)))
        dataset.add_columns(pa.RecordBatchReader.from_batches(later.schema, later.to_batches()))
    dataset = lance.dataset(path)
    dataset.drop_columns(["_gone"])
    if options["data_storage_version"] != "legacy":
        dataset.add_columns(pa.field("_empty", pa.int16()))
    name = table.column_names[0]
    dataset.alter_columns({"path": name, "name": name + "_"})
    dataset.alter_columns({"path": name + "_", "name": name})
