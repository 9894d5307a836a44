# SPDX-License-Identifier: Apache-2.0
"""What Python Lance writes then and there, read by Joust: every flat type, every null pattern, every kind of table."""

import pathlib

import lance
import numpy as np
import pyarrow as pa

import columns as c
import make_golden as golden
from cases import Case
from joust import JoustFailed

VERSIONS = ["2.1", "2.2"]
# a value of `huge` has 40 KB: few rows
MOST_ROWS = {"huge": 30, "long": 2000}


def drawn_table(context, name, rows, column_count=None):
    """Every type x distribution x null pattern, or a draw of so many of them."""
    rng = context.numpy(name)
    fields, arrays = [], []
    every = [(t, how, nulls) for t in c.FLAT for how in c.distributions(t) for nulls in c.NULLS
             if rows <= MOST_ROWS.get(how, 1 << 30) and (nulls != "all" or how == c.distributions(t)[0])]
    if column_count is not None and column_count < len(every):
        every = [every[i] for i in sorted(rng.choice(len(every), column_count, replace=False))]
    for data_type, how, nulls in every:
        nullable = nulls != "none" or bool(rng.integers(2))
        fields.append(pa.field(f"{c.type_name(data_type)}_{how.replace(' ', '_')}_{nulls}", data_type, nullable=nullable))
        arrays.append(c.column(data_type, rows, how, nulls, rng))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def some_rows(rng, count, most=60):
    """Row numbers in any order, some of them twice."""
    if count == 0:
        return []
    rows = rng.integers(0, count, min(most, 2 * count)).tolist()
    return [*rows, rows[0], count - 1, 0]


def compare_reading(context, checks, path, rng, name):
    """Scan, projection, take, limit and offset, row ids and count of one table."""
    joust = context.joust
    dataset = lance.dataset(path)
    expected = dataset.scanner(with_row_id=True, with_row_address=True).to_table()
    checks.tables(expected, joust.scan(path, "--row-id", "--row-addr"), f"{name}: scan")
    plain = dataset.to_table()
    checks.equal(dataset.count_rows(), joust.count(path), f"{name}: count")
    rows = some_rows(rng, plain.num_rows)
    if rows:
        checks.tables(plain.take(rows), joust.take(path, rows), f"{name}: take")
    simple = [column for column in plain.column_names if all(letter.isalnum() or letter == "_" for letter in column)]
    if simple and plain.num_rows > 1:
        chosen = [simple[i] for i in rng.permutation(len(simple))[:7]]
        offset = int(rng.integers(0, plain.num_rows))
        limit = int(rng.integers(1, plain.num_rows + 5))
        batch = int(rng.choice([1, 10, 1000, 100_000]))
        actual = joust.scan(path, "-c", ",".join(chosen), "--offset", offset, "--limit", limit, "--batch-size", max(batch, plain.num_rows // 200))
        checks.tables(plain.select(chosen).slice(offset, limit), actual, f"{name}: {chosen} offset {offset} limit {limit}")


def flat_case(context, storage, rows, column_count=None, batches=None, pages=None):
    name = f"flat {storage} rows {rows}" + (f" columns {column_count}" if column_count else "") + (f" pages of {pages}" if pages else "")

    def run(checks):
        table = drawn_table(context, name, rows, column_count)
        path = context.path(name)
        data = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=batches)) if batches else table
        lance.write_dataset(data, path, data_storage_version=storage, data_cache_bytes=pages)
        compare_reading(context, checks, path, context.numpy(name + " rows"), name)
    return Case(f"reading/{name}", run)


def table_case(context, golden_name):
    """A case of the golden tables, written anew with today's names and times: the table's whole history is read."""
    function, properties = golden.CASES[golden_name]

    def run(checks):
        path = context.path("table-" + golden_name)
        if "read_at" in properties:  # several tables that name each other by absolute paths: made, and read, in a folder of their own
            golden.BASES = context.folder / "golden"
            path = str(golden.BASES / golden_name / pathlib.Path(properties["read_at"]).name)
        function(path)
        compare_reading(context, checks, path, context.numpy(golden_name), golden_name)
        for version in sorted(entry["version"] for entry in lance.dataset(path).versions())[:-1]:  # a clone's first is not 1
            dataset = lance.dataset(path, version=version)
            expected = dataset.scanner(with_row_id=True, with_row_address=True).to_table()
            checks.tables(expected, context.joust.scan(path, "--at", version, "--row-id", "--row-addr"), f"version {version}")
        for tag in lance.dataset(path).tags.list():
            checks.tables(lance.dataset(path, version=tag).to_table(), context.joust.scan(path, "--at", tag), f"tag {tag}")
        versions = [entry["version"] for entry in context.joust.json("versions", path)]
        checks.equal(sorted(entry["version"] for entry in lance.dataset(path).versions()), sorted(versions), "versions")
    return Case(f"reading/table {golden_name}", run)


def refused_case(context, golden_name):
    """Not read yet: refused by name, with one clear line; once it is read, it must be right."""
    function, properties = golden.CASES[golden_name]

    def run(checks):
        path = context.path("refused-" + golden_name)
        function(path)
        try:
            actual = context.joust.scan(path)
        except JoustFailed as failure:
            checks.equal(1, failure.code, "exit")
            checks.true(properties.get("names", "") in failure.errors, f"the refusal does not name {properties.get('names')}: {failure.errors}")
            checks.true(len(failure.errors.strip().splitlines()) <= 3, f"more than three lines: {failure.errors}")
            return
        checks.true(properties.get("readable", True), "a table that must not be read was read")
        checks.tables(lance.dataset(path).to_table(), actual, "scan")
    return Case(f"reading/refused or right {golden_name}", run)


FILTERS = [
    "id = 17", "id <> 17", "id < 10", "id <= 10", "id > 990", "id >= 990 and id != 995", "17 = id", "10 > id",
    "id in (1, 5, 9, 2000)", "id not in (1, 2, 3)",
    "name is null", "name is not null and score is null", "not (name is null or score > 50)", "name = 'person 4'",
    "name like 'person 1%'", "name like '%9_'", "name not like '%1%'", "name in ('person 1', 'person 2')",
    "score > 50.5", "score <= 0", "score = 0.125", "score > 10 and (id < 100 or id > 900)", "score is null or id = 3",
    "true", "false", "flag", "not flag", "flag is null", "flag = true and id < 50",
    "small > 100", "small = -3", "large > 9223372036854775800", "word = 'O''Hara'", "`odd name` > 5", "id < 10 or id > 20 and flag",
]
# of the reference's dialect, and not asked for yet: right, or refused with exit 1
LATER_FILTERS = [
    "id between 5 and 9", "id not between 5 and 995", "flag is true", "flag is not false", "id % 7 = 3", "id + 1 > 995", "length(name) > 9",
    "day > date '2020-01-01'", "moment >= timestamp '2020-06-01 00:00:00'", "cast(id as string) = '7'", "lower(name) = 'person 5'", "name ilike 'PERSON 1_'",
]


def filtered_table(context):
    rng = context.numpy("filters")
    n = 1000
    table = golden.people(0, n)
    extra = {
        "flag": c.with_nulls(c.booleans(n, "wide", rng), "some", rng),
        "small": pa.array(rng.integers(-128, 128, n), pa.int8()),
        "large": pa.array(rng.choice(np.array([2 ** 63, 2 ** 64 - 1, 9223372036854775801, 5], np.uint64), n)),
        "word": pa.array(["O'Hara" if i % 9 == 0 else None if i % 4 == 0 else "x%y_z" for i in range(n)]),
        "odd name": pa.array(rng.integers(0, 10, n), pa.int32()),
        "day": c.with_nulls(c.temporals(pa.date32(), n, "small", rng), "some", rng),
        "moment": c.temporals(pa.timestamp("us"), n, "small", rng),
    }
    for name, column in extra.items():
        table = table.append_column(name, column)
    return table


def filter_case(context, filters, number, later=False):
    name = f"filters {'of later ' if later else ''}{number}"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(filtered_table(context), path, max_rows_per_file=300)
        lance.dataset(path).delete("id % 11 = 3")
        dataset = lance.dataset(path)
        for text in filters:
            expected = dataset.scanner(filter=text, with_row_id=True).to_table()
            try:
                actual = context.joust.scan(path, "-w", text, "--row-id")
            except JoustFailed as failure:
                if not later:
                    raise
                checks.equal(1, failure.code, f"exit for {text!r}")
                checks.true(0 < len(failure.errors.strip().splitlines()) <= 3, f"refusal of {text!r}: {failure.errors}")
                continue
            checks.tables(expected, actual, f"filter {text!r}")
        if later:
            return
        text = filters[0]
        checks.equal(dataset.count_rows(text), context.joust.count(path, "-w", text), f"count {text!r}")
        limited = dataset.to_table(columns=["name"], filter=text, limit=3, offset=1)
        checks.tables(limited, context.joust.scan(path, "-c", "name", "-w", text, "--limit", 3, "--offset", 1), f"limit {text!r}")
    return Case(f"reading/{name}", run)


# The reference can't read what its own commit leaves there: it fails, or its process aborts. The golden table has what was written.
UNREADABLE = {"column-updated-0.1"}


def cases(context):
    yield flat_case(context, "2.2", 1025)
    yield flat_case(context, "2.1", 6_000, 40, batches=500, pages=1 << 19)
    if context.full:  # the matrix has more of them, by column
        for storage in VERSIONS:
            for rows in [0, 1, 7, 1024, 5000, 20_000]:
                yield flat_case(context, storage, rows)
            yield flat_case(context, storage, 6_000, 60, batches=500, pages=1 << 19)
            yield flat_case(context, storage, 200_000, 60)
    for name, (_, properties) in golden.CASES.items():
        if name in UNREADABLE:
            continue
        reading = properties.get("reading", "now")
        flat = name.endswith(("-2.1", "-2.2"))
        if reading == "now" and not flat:
            yield table_case(context, name)
        elif reading != "now":
            yield refused_case(context, name)
    for start in range(0, len(FILTERS), 10):
        yield filter_case(context, FILTERS[start:start + 10], start)
    yield filter_case(context, LATER_FILTERS, 0, later=True)
