# SPDX-License-Identifier: Apache-2.0
"""What Joust writes, read by Python Lance, which then goes on with the table; and Joust reads that again."""

import lance
import numpy as np
import pyarrow as pa

import columns as c
import make_golden as golden
from cases import Case
from cases.reading import drawn_table, some_rows
from joust import JoustFailed


def as_reference_returns(context, table, name, **writing):
    """The rows as the reference gives them back when it wrote them itself."""
    twin = context.path(name + " twin")
    return lance.write_dataset(table, twin, **writing).to_table()


def check_in_python(checks, path, expected, rng, what):
    """Every way to read the table in Python gives the expected rows."""
    dataset = lance.dataset(path)
    dataset.validate()
    checks.tables(expected, dataset.to_table(), f"{what}: to_table")
    checks.equal(expected.num_rows, dataset.count_rows(), f"{what}: count_rows")
    n = expected.num_rows
    if n == 0:
        return
    rows = sorted(set(some_rows(rng, n)))
    checks.tables(expected.take(rows), dataset.take(rows), f"{what}: take")
    offset, limit = int(rng.integers(0, n)), int(rng.integers(1, n + 2))
    checks.tables(expected.slice(offset, limit), dataset.to_table(offset=offset, limit=limit), f"{what}: rows {offset} and {limit} more")
    name = expected.column_names[int(rng.integers(expected.num_columns))]
    checks.tables(expected.select([name]), dataset.to_table(columns=[name], batch_size=77), f"{what}: column {name}")
    for version in [entry["version"] for entry in dataset.versions()]:
        checks.true(dataset.read_transaction(version) is not None, f"{what}: version {version} has no transaction")


def flat_case(context, rows, column_count=None, chunk_rows=None, max_rows_per_file=None, stable=False):
    name = f"flat rows {rows}" + (f" columns {column_count}" if column_count else "") + (f" chunks of {chunk_rows}" if chunk_rows else "") + (
        f" files of {max_rows_per_file}" if max_rows_per_file else "") + (" stable row ids" if stable else "")

    def run(checks):
        rng = context.numpy("writing " + name)
        table = drawn_table(context, "writing " + name, rows, column_count)
        path = context.path("writing " + name)
        options = [*(["--max-rows-per-file", max_rows_per_file] if max_rows_per_file else []), *(["--stable-row-ids"] if stable else [])]
        answer = context.joust.import_table(table, path, *options, chunk_rows=chunk_rows)
        checks.equal((rows, 1), (answer["rows"], answer["version"]), "answer of import")
        expected = as_reference_returns(context, table, "writing " + name)
        check_in_python(checks, path, expected, rng, "imported")
        dataset = lance.dataset(path)
        checks.equal("2.2", dataset.data_storage_version, "storage version")
        if max_rows_per_file and rows:
            checks.equal(-(-rows // max_rows_per_file), len(dataset.get_fragments()), "fragments")
        checks.tables(expected, context.joust.scan(path), "scan by Joust")
    return Case(f"writing/{name}", run)


def life_case(context, stable, seed):
    """Both sides take turns on one table; a model in Python says what it must hold."""
    name = f"taking turns{' with stable row ids' if stable else ''} {seed}"

    def run(checks):
        rng = context.numpy(name)
        joust = context.joust
        path = context.path(name)
        joust.import_table(golden.people(0, 300), path, "--max-rows-per-file", 120, *(["--stable-row-ids"] if stable else []))
        model = lance.dataset(path).to_table()
        checks.tables(golden.people(0, 300), model, "imported")
        next_id = 300
        steps = ["python append", "joust append", "python delete", "joust delete", "python compact", "python update", "joust append", "python add column",
                 "joust append", "joust delete", "python append", "python drop column", "joust append", "python compact", "joust delete"]
        if seed:
            steps = [steps[i] for i in rng.permutation(len(steps))]
        for number, step in enumerate(steps):
            what = f"step {number} ({step})"
            dataset = lance.dataset(path)
            before = dataset.to_table()
            if step.endswith("append"):
                count = int(rng.integers(1, 40))
                batch = golden.people(next_id, count, step + str(number))
                if "score" not in dataset.schema.names:
                    batch = batch.drop_columns(["score"])
                next_id += count
                if step.startswith("joust"):
                    answer = joust.import_table(batch, path, "--mode", "append")
                    checks.equal((count, dataset.version + 1), (answer["rows"], answer["version"]), f"{what}: answer")
                else:
                    lance.write_dataset(batch, path, mode="append")
                filled = batch
                for field in before.schema:
                    if field.name not in batch.column_names:
                        filled = filled.append_column(field, pa.nulls(count, field.type))
                expected = pa.concat_tables([before, filled.select(before.column_names).cast(before.schema)])
            elif step.endswith("delete"):
                remainder = int(rng.integers(0, 11))
                text = f"id % 11 = {remainder} and id < {next_id - 20}"
                if step.startswith("joust"):
                    # without arithmetic, which is not part of every dialect yet
                    listed = [i for i in before["id"].to_pylist() if i % 11 == remainder and i < next_id - 20]
                    text = f"id in ({', '.join(map(str, listed))})" if listed else "id < 0"
                    answer = joust.json("delete", path, "-w", text)
                    checks.equal((len(listed), dataset.version + 1), (answer["rows_deleted"], answer["version"]), f"{what}: answer")
                else:
                    dataset.delete(text)
                keep = [i % 11 != remainder or i >= next_id - 20 for i in before["id"].to_pylist()]
                expected = before.filter(pa.array(keep, pa.bool_()))
            else:
                if step == "python compact":
                    dataset.optimize.compact_files(target_rows_per_fragment=200)
                elif step == "python update":
                    dataset.update({"name": "'updated'"}, where="id % 13 = 5")
                elif step == "python add column":
                    dataset.add_columns({"letters": "length(name)"})
                elif step == "python drop column":
                    dataset.drop_columns(["score"])
                expected = lance.dataset(path).to_table()
            after = lance.dataset(path)
            after.validate()
            checks.tables(expected, after.to_table(), f"{what}: in Python")
            ids = after.scanner(with_row_id=True, with_row_address=True).to_table()
            checks.tables(ids, joust.scan(path, "--row-id", "--row-addr"), f"{what}: in Joust")
        final = lance.dataset(path)
        checks.equal(list(range(1, final.version + 1)), sorted(entry["version"] for entry in final.versions()), "versions")
    return Case(f"writing/{name}", run)


def append_rules_case(context):
    """Appends that the reference accepts or refuses, by Joust."""
    name = "rules of appending"

    def run(checks):
        joust = context.joust
        base = pa.table({"id": pa.array([1, 2], pa.int64()), "word": ["a", None]},
                        schema=pa.schema([pa.field("id", pa.int64(), nullable=False), ("word", pa.string())]))
        path = context.path(name)
        lance.write_dataset(base, path)
        accepted = {
            "other order": pa.table({"word": ["x"], "id": pa.array([3], pa.int64())}),
            "missing nullable column": pa.table({"id": pa.array([4], pa.int64())}),
            "declared nullable without nulls": pa.table({"id": pa.array([5], pa.int64()), "word": ["y"]}),
            "no rows": base.slice(0, 0),
        }
        refused = {
            "extra column": base.append_column("extra", pa.array([1, 2])),
            "other type": pa.table({"id": pa.array([6, 7], pa.int32()), "word": ["a", "b"]}),
            "null in a column without nulls": pa.table({"id": pa.array([8, None], pa.int64()), "word": ["a", "b"]}),
            "missing column without nulls": pa.table({"word": ["z"]}),
        }
        for what, table in accepted.items():
            twin = context.path(name + what)
            lance.write_dataset(lance.dataset(path).to_table(), twin)
            lance.write_dataset(table, twin, mode="append")
            joust.import_table(table, path, "--mode", "append")
            lance.dataset(path).validate()
            checks.tables(lance.dataset(twin).to_table(), lance.dataset(path).to_table(), what)
        for what, table in refused.items():
            before = lance.dataset(path)
            try:
                joust.import_table(table, path, "--mode", "append")
                checks.true(False, f"{what}: accepted")
            except JoustFailed as failure:
                checks.equal(1, failure.code, f"{what}: exit")
                checks.true(len(failure.errors.strip().splitlines()) <= 3, f"{what}: {failure.errors}")
            checks.equal(before.version, lance.dataset(path).version, f"{what}: version")
        try:
            joust.import_table(base, path)
            checks.true(False, "created over an existing table")
        except JoustFailed as failure:
            checks.equal(1, failure.code, "create over an existing table: exit")
    return Case(f"writing/{name}", run)


def overwrite_case(context):
    name = "overwriting"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(golden.people(0, 60), path)
        lance.dataset(path).delete("id = 3")
        table = drawn_table(context, name, 50, 12)
        answer = context.joust.import_table(table, path, "--mode", "overwrite")
        checks.equal(3, answer["version"], "version")
        expected = as_reference_returns(context, table, name)
        check_in_python(checks, path, expected, context.numpy(name), "overwritten")
        checks.tables(golden.people(0, 60), lance.dataset(path, version=1).to_table(), "version 1")
        lance.write_dataset(table, path, mode="append")
        checks.tables(lance.dataset(path).to_table(), context.joust.scan(path), "after an append by Python")
    return Case(f"writing/{name}", run)


def names_case(context):
    """Field metadata, schema metadata, odd names and extension types survive."""
    name = "metadata and names"

    def run(checks):
        source = context.path(name + " source")
        golden.CASES["metadata-and-names"][0](source)
        table = lance.dataset(source).to_table()
        path = context.path(name)
        context.joust.import_table(table, path)
        check_in_python(checks, path, as_reference_returns(context, table, name), context.numpy(name), "imported")
        dataset = lance.dataset(source)
        context.joust.import_table(table, source, "--mode", "append")
        lance.dataset(source).validate()
        checks.equal(dataset.config(), lance.dataset(source).config(), "config after an append by Joust")
        checks.tables(pa.concat_tables([table, table]), lance.dataset(source).to_table(), "appended")
    return Case(f"writing/{name}", run)


def delete_case(context, golden_name, filters):
    """The same deletes by Joust on one copy and by Python on another."""
    name = f"deletes on {golden_name}"

    def run(checks):
        ours, theirs = context.path(name + " ours"), context.path(name + " theirs")
        for path in (ours, theirs):
            golden.CASES[golden_name][0](path)
        for text in filters:
            before = lance.dataset(theirs).count_rows()
            lance.dataset(theirs).delete(text)
            answer = context.joust.json("delete", ours, "-w", text)
            expected = lance.dataset(theirs)
            actual = lance.dataset(ours)
            actual.validate()
            checks.equal((before - expected.count_rows(), expected.version), (answer["rows_deleted"], answer["version"]), f"answer of {text!r}")
            checks.tables(expected.scanner(with_row_id=True).to_table(), actual.scanner(with_row_id=True).to_table(), f"rows after {text!r}")
            checks.equal([f.fragment_id for f in expected.get_fragments()], [f.fragment_id for f in actual.get_fragments()], f"fragments after {text!r}")
            checks.equal([f.num_deletions for f in expected.get_fragments()], [f.num_deletions for f in actual.get_fragments()], f"deletions after {text!r}")
        checks.equal([i.name for i in expected.describe_indices()], [i.name for i in actual.describe_indices()], "indices after the deletes")
        lance.write_dataset(expected.to_table().slice(0, 4), ours, mode="append")
        checks.tables(lance.dataset(ours).to_table(), context.joust.scan(ours), "after an append by Python")
    return Case(f"writing/{name}", run)


def index_kept_case(context):
    """An append by Joust keeps the indices that the reference made, which still answer rightly."""
    name = "indices survive"

    def run(checks):
        path = context.path(name)
        golden.CASES["indexed"][0](path)
        context.joust.import_table(golden.people(500, 20), path, "--mode", "append")
        dataset = lance.dataset(path)
        checks.equal(["id_idx"], [index.name for index in dataset.describe_indices()], "indices")
        for text in ("id = 7", "id = 205", "id = 510"):
            checks.equal(1, dataset.to_table(filter=text).num_rows, text)
        dataset.optimize.optimize_indices()
        checks.equal(1, lance.dataset(path).to_table(filter="id = 510").num_rows, "after optimize_indices")
        checks.tables(lance.dataset(path).to_table(), context.joust.scan(path), "scan by Joust")
    return Case(f"writing/{name}", run)


def null_structs_case(context):
    """Filters on fields of structs, where the struct is null."""
    name = "fields of null structs"

    def run(checks):
        kind = pa.struct([("a", pa.int32()), ("q", pa.struct([("z", pa.string())])), pa.field("r", pa.int32(), nullable=False)])
        rows = [None if k % 4 == 1 else {"a": k % 3, "q": None if k % 5 == 0 else {"z": str(k % 2)}, "r": k} for k in range(200)]
        table = pa.table({"id": range(200), "p": pa.array(rows, kind)})
        for version in ("2.1", "2.2"):
            ours, theirs = context.path(f"{name} {version}"), context.path(f"{name} {version} twin")
            context.joust.import_table(table, ours, "--storage-version", version)
            lance.write_dataset(table, theirs, data_storage_version=version)
            for text in ("p.a is null", "p.a = 0", "p.a <> 1", "p is null", "p.q is null", "p.q.z is null", "p.q.z = ''", "p.q.z = '1'", "p.r = 0", "p.r is null"):
                checks.tables(lance.dataset(theirs).to_table(filter=text), lance.dataset(ours).to_table(filter=text), f"{version}, {text}")
    return Case(f"writing/{name}", run)


def sources_case(context):
    """The other forms of input: an IPC stream, standard input, a Lance table."""
    name = "sources"

    def run(checks):
        joust = context.joust
        table = drawn_table(context, name, 333, 30)
        expected = as_reference_returns(context, table, name)
        stream = joust.write_source(table, ".arrows", chunk_rows=50)
        paths = {"stream": [stream], "standard input": ["-"], "Lance table": [context.path(name + " twin")]}
        for what, source in paths.items():
            path = context.path(f"{name} {what}")
            joust.run("import", *source, path, stdin=stream.read_bytes() if what == "standard input" else None)
            checks.tables(expected, lance.dataset(path).to_table(), what)
    return Case(f"writing/{name}", run)


def cases(context):
    for rows in [0, 1, 7, 1024, 1025, 5000] if context.full else [0, 1025]:
        yield flat_case(context, rows)
    yield flat_case(context, 20_000, None if context.full else 30, chunk_rows=999, max_rows_per_file=7000)
    yield flat_case(context, 2500, 25, chunk_rows=1, max_rows_per_file=1000, stable=True)
    if context.full:
        yield flat_case(context, 200_000, 60, chunk_rows=10_000)
    for stable in (False, True):
        for seed in range(6 if context.full else 1):
            yield life_case(context, stable, seed)
    yield append_rules_case(context)
    yield overwrite_case(context)
    yield names_case(context)
    yield delete_case(context, "fragments", ["id = 5", "id < 130", "id in (131, 200, 999)", "score is null", "name like '%7'", "id = 5", "id >= 0"])
    yield delete_case(context, "stable-row-ids", ["id < 40", "name = 'moved'"])
    yield delete_case(context, "indexed", ["id < 40", "id > 170"])
    yield delete_case(context, "deletions-bitmap", ["id < 5200", "even"])
    yield delete_case(context, "columns-added-dropped-renamed", ["id > 30 and id < 70", "empty = 7"])
    yield index_kept_case(context)
    yield null_structs_case(context)
    yield sources_case(context)
