# SPDX-License-Identifier: Apache-2.0
"""Import and export: files of pyarrow go into tables that the reference reads as if it had written the rows itself; files of Joust are read by pyarrow."""

import datetime
import decimal
import json
import pathlib

import lance
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import make_parquet as files
from cases import Case
from loop import JoustLoop

PARQUET = {
    "plain": {"compression": "none", "use_dictionary": False},
    "snappy": {"compression": "snappy"},
    "pages 2 zstd": {"compression": "zstd", "data_page_version": "2.0"},
    "pages 2 lz4 small": {"compression": "lz4", "data_page_version": "2.0", "use_dictionary": False, "data_page_size": 500},
    "gzip small": {"compression": "gzip", "data_page_size": 2000, "dictionary_pagesize_limit": 300},
    "row groups with checksums": {"compression": "snappy", "row_group_size": 137, "write_page_checksum": True},
    "delta and split": {"compression": "none", "use_dictionary": False, "encodings": True},
    "decimals as integers": {"store_decimal_as_integer": True},
}


def writable(context, table, name):
    """The columns that the reference writes and reads, and the rows as it returns them."""
    path = context.path(name + " reference")

    def returned(rows):
        try:
            back = lance.write_dataset(rows, path, mode="overwrite").to_table()
        except BaseException:  # its panics are no exceptions
            return None
        return back if back.num_rows == rows.num_rows else None
    kept = [column for column in table.column_names if returned(table.select([column])) is not None]
    table = table.select(kept)
    return table, returned(table)


def draw(context, name, rows, kinds=None):
    # The reference reads its fixed-size lists of structs alone, but not beside other columns
    kinds = [kind for kind in kinds or files.FLAT + files.NANOSECONDS + files.NESTED + files.MAPS
             if not (pa.types.is_fixed_size_list(kind) and pa.types.is_struct(kind.value_type))]
    files.reseed(context.random(name).randrange(2**60))
    return files.table(kinds, nulls=context.random(name).choice([0, 0.1, 0.6]), rows=rows)


def parquet_in(context, loop, option, rows):
    name = f"parquet in, {option}, {rows} rows"

    def run(checks):
        table, expected = writable(context, draw(context, name, rows), name)
        options = dict(PARQUET[option])
        if options.pop("encodings", False):
            options["column_encoding"] = {column: encoding for column, encoding in files.delta_and_split(table.schema).items()}
        source = loop.file(".parquet")
        pq.write_table(table, source, **options)
        path = context.path(name)
        answer = loop.json("import", source, path, "--keep-lists")
        checks.equal(rows, answer["rows"], "rows")
        checks.tables(expected, lance.dataset(path).to_table(), "imported")
        lance.dataset(path).validate()
        loop.run("import", source, path, "--mode", "append", "--keep-lists")
        checks.tables(pa.concat_tables([expected, expected]).combine_chunks(), lance.dataset(path).to_table(), "appended")
    return Case(f"interchange/{name}", run)


def out(context, loop, rows):
    """A table of the reference as a file of each kind that keeps types, against the same file as pyarrow writes it."""
    name = f"parquet and arrow out, {rows} rows"

    def run(checks):
        # pyarrow does not write null structs with fields that take no nulls, as the reference returns them
        kinds = [kind for kind in files.FLAT + files.NANOSECONDS + files.NESTED + files.MAPS if "not null" not in str(kind)]
        _, expected = writable(context, draw(context, name, rows, kinds), name)
        path = context.path(name)
        lance.write_dataset(expected, path, max_rows_per_file=1000)
        own = loop.file(".parquet")
        pq.write_table(expected, own)
        target = loop.file(".parquet")
        loop.run("export", path, "-o", target)
        checks.tables(pq.read_table(own), pq.read_table(target), "parquet")
        for row_group in range(pq.ParquetFile(target).num_row_groups):
            pq.ParquetFile(target, page_checksum_verification=True).read_row_group(row_group)
        for ending, opened in ((".arrow", pa.ipc.open_file), (".arrows", pa.ipc.open_stream)):
            target = loop.file(ending)
            loop.run("export", path, "-o", target)
            checks.tables(expected, opened(pa.memory_map(str(target))).read_all(), ending)
            copy = context.path(name + ending)
            loop.run("import", target, copy, "--keep-lists")
            checks.tables(expected, lance.dataset(copy).to_table(), f"imported {ending}")
    return Case(f"interchange/{name}", run)


def dictionaries(context, loop):
    name = "dictionary columns by parquet"

    def run(checks):
        rng = context.numpy(name)
        words = pa.array([None if word == 0 else f"word {word}" for word in rng.integers(0, 20, 5000)])
        table = pa.table({"a": words.dictionary_encode(), "b": words})
        path = context.path(name)
        source = loop.file(".parquet")
        pq.write_table(table, source, row_group_size=700)
        loop.run("import", source, path)
        checks.tables(table, lance.dataset(path).to_table(), "imported")
        target = loop.file(".parquet")
        loop.run("export", path, "-o", target)
        checks.tables(table, pq.read_table(target), "exported")
    return Case(f"interchange/{name}", run)


def simple(rng, rows):
    """Rows whose types text tells."""
    missing = lambda: rng.random(rows) < 0.2  # noqa: E731
    return pa.table({
        "i": pa.array(rng.integers(-2**62, 2**62, rows), mask=missing()),
        "d": pa.array(rng.normal(size=rows), mask=missing()),
        "b": pa.array(rng.random(rows) < 0.5, mask=missing()),
        "s": pa.array([str(rng.choice(["", "a,b", 'say "x"', "two\nlines", "héllo", "007"])) for _ in range(rows)], mask=missing()),
        "day": pa.array([datetime.date(1970, 1, 1) + datetime.timedelta(int(days)) for days in rng.integers(-9000, 20000, rows)], mask=missing()),
        "at": pa.array(rng.integers(-10**9, 10**9, rows), mask=missing()).cast(pa.timestamp("s")),
    })


def csv(context, loop):
    name = "csv both ways"

    def run(checks):
        table = simple(context.numpy(name), 3000)
        source = loop.file(".csv")
        pa.csv.write_csv(table, source)
        path = context.path(name)
        loop.run("import", source, path)
        checks.tables(table, lance.dataset(path).to_table(), "imported")
        target = loop.file(".csv")
        loop.run("export", path, "-o", target)
        again = pa.csv.read_csv(target, parse_options=pa.csv.ParseOptions(newlines_in_values=True), convert_options=pa.csv.ConvertOptions(
            column_types=table.schema, strings_can_be_null=True, quoted_strings_can_be_null=False))
        checks.tables(table, again, "exported")
    return Case(f"interchange/{name}", run)


def json_lines(context, loop):
    name = "json lines both ways"

    def run(checks):
        rng = context.numpy(name)
        rows = []
        for number in range(2500):
            row = {
                "id": number, "ratio": float(rng.normal()), "ok": bool(rng.random() < 0.5), "name": str(rng.choice(["", "a", 'q"', "é\n"])),
                "tags": [str(tag) for tag in rng.integers(0, 9, rng.integers(0, 4))], "place": {"x": int(rng.integers(9)), "names": [{"n": "a"}, {"n": None}]},
                "my_vector": [float(np.float32(value)) for value in rng.normal(size=8)],
            }
            rows.append({key: value for key, value in row.items() if key == "id" or rng.random() < 0.9})
        rows[0] = row | {"id": 0}  # the order of the columns
        source = loop.file(".jsonl")
        source.write_text("\n".join(map(json.dumps, rows)) + "\n")
        schema = pa.schema([
            ("id", pa.int64()), ("ratio", pa.float64()), ("ok", pa.bool_()), ("name", pa.string()), ("tags", pa.list_(pa.string())),
            ("place", pa.struct([("x", pa.int64()), ("names", pa.list_(pa.struct([("n", pa.string())])))])), ("my_vector", pa.list_(pa.float32(), 8)),
        ])
        expected = pa.Table.from_pylist(rows, schema=schema)
        path = context.path(name)
        loop.run("import", source, path)
        checks.tables(expected, lance.dataset(path).to_table(), "imported")
        target = loop.file(".jsonl")
        loop.run("export", path, "-o", target)
        again = pa.Table.from_pylist([json.loads(line) for line in target.read_text().splitlines()], schema=schema)
        checks.tables(expected, again, "exported")
        rows[2000]["my_vector"] = [1.0]
        source.write_text("\n".join(map(json.dumps, rows)) + "\n")
        failed = loop.finish("import", source, path + "-wrong")
        checks.equal(1, failed.returncode, "a vector of another length")
        checks.true(b"line 2001: column 'my_vector'" in failed.stderr, f"a vector of another length: {failed.stderr[:300]!r}")
    return Case(f"interchange/{name}", run)


def text_of_a_table(context, loop):
    """What was exported as text is appended as the types of the table."""
    name = "text as the types of a table"

    def run(checks):
        kinds = [kind for kind in files.FLAT + files.NESTED + files.MAPS if not pa.types.is_null(kind)]
        _, expected = writable(context, draw(context, name, 200, kinds), name)
        for ending in (".jsonl", ".csv"):
            path = context.path(name + ending)
            lance.write_dataset(expected, path)
            target = loop.file(ending)
            loop.run("export", path, "-o", target)
            loop.run("import", target, path, "--mode", "append", "--keep-lists")
            checks.tables(pa.concat_tables([expected, expected]).combine_chunks(), lance.dataset(path).to_table(), ending)
    return Case(f"interchange/{name}", run)


def standard_input(context, loop):
    name = "standard input"

    def run(checks):
        table = simple(context.numpy(name), 500)
        stream = pa.BufferOutputStream()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table, max_chunksize=90)
        parquet, text = loop.file(".parquet"), loop.file(".csv")
        pq.write_table(table, parquet)
        pa.csv.write_csv(table, text)
        inputs = {"arrow": stream.getvalue().to_pybytes(), "parquet": pathlib.Path(parquet).read_bytes(), "csv": pathlib.Path(text).read_bytes()}
        for kind, data in inputs.items():
            path = context.path(f"{name} {kind}")
            done = context.joust.finish("import", "-", path, "--format", kind, stdin=data)
            checks.equal(0, done.returncode, f"{kind}: {done.stderr[:300]!r}")
            checks.equal(b"", done.stderr, f"{kind}: standard error where it is no terminal")
            checks.tables(table, lance.dataset(path).to_table(), kind)
    return Case(f"interchange/{name}", run)


def vectors(context, loop):
    """Lists become vectors from every source, and what is broken is refused."""
    name = "lists become vectors"

    def run(checks):
        rng = context.numpy(name)
        values = rng.normal(size=(4000, 12)).astype("float32")
        lists = pa.array(values.tolist(), pa.list_(pa.float32()), mask=rng.random(4000) < 0.05)
        expected = pa.table({"Embedding_of_text": lists.cast(pa.list_(pa.float32(), 12)), "other": lists})
        table = pa.table({"Embedding_of_text": lists, "other": lists})
        parquet, arrow = loop.file(".parquet"), loop.file(".arrow")
        pq.write_table(table, parquet, row_group_size=900)
        with pa.ipc.new_file(str(arrow), table.schema) as writer:
            writer.write_table(table, max_chunksize=333)
        for source in (parquet, arrow):
            path = context.path(name + source.suffix)
            loop.run("import", source, path)
            checks.tables(expected, lance.dataset(path).to_table(), source.suffix)
            loop.run("import", source, path, "--mode", "append")
            checks.equal(8000, lance.dataset(path).count_rows(), f"{source.suffix} appended")
            kept = context.path(name + " kept" + source.suffix)
            loop.run("import", source, kept, "--keep-lists")
            checks.tables(table, lance.dataset(kept).to_table(), f"{source.suffix} kept")
        half = loop.file(".parquet")
        half.write_bytes(parquet.read_bytes()[:5000])
        failed = loop.finish("import", half, context.path(name + " half"))
        checks.equal(1, failed.returncode, "half a file")
    return Case(f"interchange/{name}", run)


def decimals(context, loop):
    name = "decimals of other writers"

    def run(checks):
        table = pa.table({"d": pa.array([decimal.Decimal("-1.25"), None, decimal.Decimal("99999.99")], pa.decimal128(7, 2))})
        for options in ({}, {"store_decimal_as_integer": True}, {"store_schema": False}):
            source = loop.file(".parquet")
            pq.write_table(table, source, **options)
            path = context.path(f"{name} {len(options)} {next(iter(options), '')}")
            loop.run("import", source, path)
            checks.tables(table, lance.dataset(path).to_table(), str(options))
    return Case(f"interchange/{name}", run)


def cases(context):
    folder = context.folder / "interchange"
    folder.mkdir(exist_ok=True)
    loop = JoustLoop(folder)
    context.closing.append(loop.stop)
    for option in PARQUET:
        yield parquet_in(context, loop, option, 400)
        if context.full:
            yield parquet_in(context, loop, option, 30_000)
    yield parquet_in(context, loop, "snappy", 9000)
    yield parquet_in(context, loop, "plain", 0)
    yield parquet_in(context, loop, "pages 2 zstd", 1)
    yield out(context, loop, 0)
    yield out(context, loop, 2500)
    yield dictionaries(context, loop)
    yield csv(context, loop)
    yield json_lines(context, loop)
    yield text_of_a_table(context, loop)
    yield standard_input(context, loop)
    yield vectors(context, loop)
    yield decimals(context, loop)
