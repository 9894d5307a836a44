# SPDX-License-Identifier: Apache-2.0
"""Every operation of the format, committed by Joust as the format has it (`CommitLoop` of lance-format's tests), and every pair of operations at once.

Python has to accept what comes of it, read the transaction, and judge a pair as Joust does, whichever of the two was committed first.
"""

import base64
import os
import pathlib
import shutil
import subprocess

import lance
import pyarrow as pa

from cases import Case
from joust import REPOSITORY
from loop import FLAGS, _jdk

ROWS = 10
BASE_IDS = [*range(30), 1000, 1001, 1002]  # three fragments and an append, version 2

# What Joust commits on top of version 2: the words of a request, and the ids, names or scores that differ from before.
OPERATIONS = {
    "append": {"ids": BASE_IDS + [1000, 1001, 1002]},
    "delete 0 3": {"ids": [i for i in BASE_IDS if i != 3]},
    "delete_fragment 1": {"ids": [i for i in BASE_IDS if not 10 <= i < 20]},
    "update 1 3": {"name": {13: "updated"}, "score": {13: -1.0}},
    "update 1 3 777": {"ids": BASE_IDS + [777], "name": {13: "updated", 777: "inserted"}, "score": {13: -1.0, 777: -2.0}},
    "overwrite": {"ids": [5000, 5001, 5002, 5003]},
    "overwrite_config k v": {"ids": [5000, 5001, 5002, 5003]},
    "update_columns 1": {"score": {10 + i: -200.0 + i for i in range(ROWS)}},
    "create_index x 1 0 1": {},
    "rewrite 0 1": {},
    "merge null": {"extra": {i: None for i in BASE_IDS}},
    "merge file": {"extra": {i: 7.0 + i % ROWS for i in BASE_IDS}},
    "merge anew": {"score": {i: 7.0 + i % ROWS for i in BASE_IDS}},
    "restore 1": {"ids": list(range(30))},
    "reserve 3": {},
    "project drop": {"columns": ["id", "score"]},
    "project rename": {"columns": ["id", "label", "score"]},
    "project required": {},
    "config k v": {},
    "table_metadata k v": {},
    "schema_metadata k v": {},
    "field_metadata 0 k v": {},
    "replace 2": {"score": {20 + i: -100.0 + i for i in range(ROWS)}},
    "bases 0 b /elsewhere": {},
}
# Python shows these as operations without a name, and can't commit them.
NAMELESS = {"reserve", "bases"}

# Both sides of the matrix; several of a kind where it matters which fragments, columns or keys they touch.
PAIRED = ["append", "delete 1 3", "delete 0 3", "delete_fragment 1", "update 1 3", "update 1 4", "update_columns 1", "overwrite", "create_index x 2 0 1",
          "create_index y 0 0", "rewrite 0 1", "rewrite 2", "merge null", "merge anew", "restore 1", "reserve 3", "project drop", "project rename",
          "project required", "config k v", "schema_metadata k v", "field_metadata 2 k v", "replace 1", "bases 1 b /elsewhere"]
# Python knows no longer which rows a transaction deletes once it is read back: what Joust puts on top of the other row by row, Python refuses.
BY_ROW = {("delete 1 3", "update 1 4"), ("update 1 3", "update 1 4"), ("update 1 4", "delete 1 3"), ("update 1 4", "update 1 3")}
SAMPLE = 60


class Commits:
    """Joust in a process of its own, commit after commit."""

    def __init__(self, log):
        built = REPOSITORY / "lance-format" / "target" / "test-classes"
        if not (built / "dev" / "joust" / "format" / "commit" / "CommitLoop.class").exists():
            raise RuntimeError(f"no CommitLoop in {built}: build the project, tests included")
        path = f"{built}:{REPOSITORY / 'cli' / 'target' / 'joust-cli.jar'}"
        self.errors = open(log, "wb")
        self.process = subprocess.Popen(
            [pathlib.Path(_jdk()) / "bin" / "java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *FLAGS, "-cp", path, "dev.joust.format.commit.CommitLoop"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def run(self, *words):
        """Exit, standard output, standard error."""
        self.process.stdin.write(("\t".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()
        code, out, err = self.process.stdout.readline().rstrip(b"\n").split(b"\t")
        return int(code), base64.b64decode(out).decode(), base64.b64decode(err).decode()

    def must(self, *words):
        code, out, err = self.run(*words)
        if code != 0:
            raise AssertionError(f"{words}: exit {code}: {out} {err[:600]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
        self.errors.close()


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    return str(path)


def rows_after(expected):
    """The columns that a table has to hold, sorted by id."""
    ids = sorted(expected.get("ids", BASE_IDS))
    columns = {"id": ids, "name": [f"name {i}" for i in ids], "score": [i / 2 for i in ids]}
    for column, values in expected.items():
        if column not in ("ids", "columns"):
            before = columns.get(column, [None] * len(ids))
            columns[column] = [values.get(i, old) for i, old in zip(ids, before)]
    if "columns" in expected:
        columns["label"] = columns["name"]
        columns = {name: columns[name] for name in expected["columns"]}
    return columns


def accepted_case(context, kind):
    """Python accepts each operation, reads its transaction and goes on."""
    name = f"every operation, {kind}"

    def run(checks):
        folder = pathlib.Path(context.path(name))
        folder.mkdir()
        with Commits(folder / "log") as joust:
            for operation, expected in OPERATIONS.items():
                path = fresh(folder / operation.replace(" ", "_").replace("/", "-"))
                joust.must("create", path, kind, 3)
                joust.must("commit", path, 1, "append")
                joust.must("commit", path, 2, *operation.split(" "))
                check(checks, path, operation, expected, kind)
    return Case(f"commits/{name}", run)


def check(checks, path, operation, expected, kind):
    dataset = lance.dataset(path)
    dataset.validate()
    checks.equal(3, dataset.version, f"{operation}: version")
    transaction = dataset.read_transaction(3)
    checks.equal(2, transaction.read_version, f"{operation}: version read")
    kinds = {"delete_fragment": "Delete", "update_columns": "Update", "overwrite_config": "Overwrite", "create_index": "CreateIndex", "config": "UpdateConfig",
             "table_metadata": "UpdateConfig", "schema_metadata": "UpdateConfig", "field_metadata": "UpdateConfig", "replace": "DataReplacement"}
    verb = operation.split(" ")[0]
    wanted = "BaseOperation" if verb in NAMELESS else kinds.get(verb, verb.capitalize())
    checks.equal(wanted, type(transaction.operation).__name__, f"{operation}: operation")
    files = [file for file in pathlib.Path(path, "_transactions").iterdir() if transaction.uuid in file.name]
    checks.equal(1, len(files), f"{operation}: transaction files")
    manifest = next(file for file in pathlib.Path(path, "_versions").iterdir() if file.name == f"{2**64 - 1 - 3:020d}.manifest")
    checks.true(files and files[0].read_bytes() in manifest.read_bytes(), f"{operation}: the transaction in the manifest is not that of the file")
    table = dataset.to_table().sort_by("id")
    checks.equal(rows_after(expected), table.to_pydict(), f"{operation}: rows")
    if kind == "stable":
        check_lineage(checks, dataset, operation, expected)
    if "columns" not in expected and not verb.startswith("overwrite") and verb != "project":
        lance.write_dataset(table.slice(0, 2), path, mode="append")
        lance.dataset(path).delete("id = 5")
        lance.dataset(path).optimize.compact_files()
        after = lance.dataset(path)
        after.validate()
        checks.equal(sorted(set(expected.get("ids", BASE_IDS)) - {5}), sorted(set(after.to_table()["id"].to_pylist())), f"{operation}: rows after Python went on")


def check_lineage(checks, dataset, operation, expected):
    columns = ["id", "_rowid", "_row_created_at_version", "_row_last_updated_at_version"]
    rows = dataset.to_table(columns=columns).to_pylist()
    checks.equal(len(rows), len({row["_rowid"] for row in rows}), f"{operation}: distinct row ids")
    if "ids" in expected and operation != "update 1 3 777":
        return
    changed = set(expected.get("name", {}))
    if operation == "update_columns 1":
        changed = {11, 12}  # those that the operation names
    elif operation in ("merge file", "merge anew"):
        changed = set(BASE_IDS)
    elif operation == "replace 2":
        changed = set(range(20, 30))
    for row in rows:
        created = 1 if row["id"] < 30 else 3 if row["id"] == 777 else 2
        checks.equal(created, row["_row_created_at_version"], f"{operation}: version that row {row['id']} was made in")
        checks.equal(3 if row["id"] in changed else created, row["_row_last_updated_at_version"], f"{operation}: version that row {row['id']} was changed in")
        if row["id"] < 30:
            checks.equal(row["id"], row["_rowid"], f"{operation}: id of row {row['id']}")


def verdict_of(error):
    text = str(error)
    if "etryable" in text:
        return "retryable"
    return "incompatible" if "ncompatible" in text or "conflict" in text.lower() else text[:200]


def pairs_case(context, kind):
    """Ours on top of theirs: the verdict of Python, which goes on top of what Joust committed, and of Joust, the other way around."""
    name = f"every pair of operations, {kind}"

    def run(checks):
        folder = pathlib.Path(context.path(name))
        folder.mkdir()
        with Commits(folder / "log") as joust:
            base = fresh(folder / "base")
            joust.must("create", base, kind, 3)
            joust.must("commit", base, 1, "append")
            made = {}
            for operation in PAIRED:
                made[operation] = folder / operation.replace(" ", "_").replace("/", "-")
                shutil.copytree(base, made[operation])
                joust.must("commit", made[operation], 2, *operation.split(" "))
            pairs = [(ours, theirs) for ours in PAIRED for theirs in PAIRED]
            if not context.full:
                pairs = context.random(name).sample(pairs, SAMPLE)
            for ours, theirs in pairs:
                by_python = "-" if ours.split(" ")[0] in NAMELESS else python_on_joust(checks, folder, made, ours, theirs)
                by_joust = joust_on_python(checks, joust, folder, base, made, ours, theirs)
                if (ours, theirs) in BY_ROW:
                    checks.equal(("retryable", "fine"), (by_python, by_joust), f"{ours} on top of {theirs}, by row")
                elif by_python != "-":
                    checks.equal(by_python, by_joust, f"{ours} on top of {theirs}, Joust's verdict instead of Python's")
    return Case(f"commits/{name}", run)


def bring(source, target):
    for part in ("data", "_deletions"):
        if (pathlib.Path(source) / part).is_dir():
            shutil.copytree(pathlib.Path(source) / part, pathlib.Path(target) / part, dirs_exist_ok=True)


def python_on_joust(checks, folder, made, ours, theirs):
    path = fresh(folder / "python_last")
    shutil.copytree(made[theirs], path)
    bring(made[ours], path)
    transaction = lance.dataset(made[ours]).read_transaction(3)
    try:
        dataset = lance.LanceDataset.commit(path, transaction, max_retries=3)
    except Exception as error:
        return verdict_of(error)
    dataset.validate()
    checks.equal(4, dataset.version, f"{ours} by Python on top of {theirs}: version")
    return "fine"


def joust_on_python(checks, joust, folder, base, made, ours, theirs):
    path = fresh(folder / "joust_last")
    if theirs.split(" ")[0] in NAMELESS:
        shutil.copytree(made[theirs], path)
    else:
        shutil.copytree(base, path)
        bring(made[theirs], path)
        lance.LanceDataset.commit(path, lance.dataset(made[theirs]).read_transaction(3), max_retries=3)
    code, out, err = joust.run("commit", path, 2, *ours.split(" "))
    if code != 0:
        return out if code == 3 else err[:300]
    dataset = lance.dataset(path)
    dataset.validate()
    dataset.to_table()
    checks.equal(4, dataset.version, f"{ours} by Joust on top of {theirs}: version")
    checks.true(dataset.read_transaction(4) is not None, f"{ours} by Joust on top of {theirs}: no transaction")
    return "fine"


def rows_case(context):
    """Changes of rows of one fragment made from one version, by both sides: they go together, and rows keep id and lineage."""
    name = "rows of one fragment"

    def run(checks):
        folder = pathlib.Path(context.path(name))
        folder.mkdir()
        with Commits(folder / "log") as joust:
            def table(number):
                path = fresh(folder / str(number))
                joust.must("create", path, "stable", 3)
                joust.must("commit", path, 1, "append")
                return path

            def same(path, expected):
                dataset = lance.dataset(path)
                dataset.validate()
                columns = ["id", "name", "_rowid", "_row_created_at_version", "_row_last_updated_at_version"]
                found = dataset.to_table(columns=columns, filter=f"id in ({', '.join(str(row[0]) for row in expected)})").sort_by("id")
                checks.equal(expected, [tuple(row.values()) for row in found.to_pylist()], f"rows of {path}")

            path = table(1)
            lance.dataset(path).update({"name": "'python'"}, where="id = 13")
            joust.must("commit", path, 2, "update", 1, 4)
            checks.equal((3, "retryable"), joust.run("commit", path, 2, "update", 1, 3)[:2], "the same row")
            same(path, [(13, "python", 13, 1, 3), (14, "updated", 14, 1, 4)])
            path = table(2)
            old = lance.dataset(path)
            joust.must("commit", path, 2, "update", 1, 4, 777)
            old.update({"name": "'python'"}, where="id = 13")
            same(path, [(13, "python", 13, 1, 4), (14, "updated", 14, 1, 3), (777, "inserted", 33, 3, 3)])
            path = table(3)
            lance.dataset(path).delete("id >= 10 and id < 20 and id != 14")
            joust.must("commit", path, 2, "update", 1, 4)
            same(path, [(14, "updated", 14, 1, 4)])
            checks.equal([0, 2, 3, 4], sorted(fragment.fragment_id for fragment in lance.dataset(path).get_fragments()), "a fragment without rows")
            path = table(4)
            joust.must("commit", path, 2, "update", 1, 4)
            lance.dataset(path).optimize.compact_files()
            dataset = lance.dataset(path)
            joust.must("commit", path, dataset.version, "update", dataset.get_fragments()[0].fragment_id, 2)
            same(path, [(14, "updated", 14, 1, 3)])
            clone = fresh(folder / "clone")
            joust.must("commit", path, 2, "clone", clone)
            lance.dataset(clone).update({"name": "'python'"}, where="id = 13")
            joust.must("commit", clone, 3, "update", 1, 4)
            same(clone, [(13, "python", 13, 1, 3), (14, "updated", 14, 1, 4)])
    return Case(f"commits/{name}", run)


def keys_case(context):
    """Two upserts of one new key, made from one version: the second of them learns of it."""
    name = "keys that both insert"

    def upsert(path_or_dataset, key):
        dataset = lance.dataset(path_or_dataset) if isinstance(path_or_dataset, str) else path_or_dataset
        rows = pa.table({"id": pa.array([key], pa.int64()), "name": ["python"], "score": [9.0]}, schema=dataset.schema)
        return dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(rows)

    def run(checks):
        folder = pathlib.Path(context.path(name))
        folder.mkdir()
        with Commits(folder / "log") as joust:
            def table(number):
                path = fresh(folder / str(number))
                joust.must("create", path, "keyed", 3)
                return path

            path = table(1)
            old = lance.dataset(path)
            joust.must("commit", path, 1, "merge_rows", 1, 3, 777)
            checks.equal(1, upsert(old, 777)["num_updated_rows"], "Python updates what Joust inserted")
            checks.equal(1, upsert(old, 4242)["num_inserted_rows"], "Python inserts another key")
            checks.equal(1, lance.dataset(path).count_rows("id = 777"), "rows of the key")
            path = table(2)
            upsert(path, 888)
            checks.equal((3, "retryable"), joust.run("commit", path, 1, "merge_rows", 1, 3, 888)[:2], "the key that Python inserted")
            joust.must("commit", path, 1, "merge_rows", 1, 3, 889)
            path = table(3)
            dataset = lance.dataset(path)
            lance.write_dataset(dataset.to_table().slice(0, 1), path, mode="append")
            checks.equal((3, "retryable"), joust.run("commit", path, 1, "merge_rows", 1, 3, 889)[:2], "an append of who knows which keys")
    return Case(f"commits/{name}", run)


INDICES = [("id", "BTREE"), ("name", "BITMAP"), ("score", "ZONEMAP"), ("score", "BTREE"), ("score", "BITMAP"), ("name", "INVERTED"), ("name", "NGRAM"),
           ("score", "BLOOMFILTER"), ("id", "BITMAP"), ("id", "ZONEMAP")]
SOME_INDICES = 4
FILTERS = ["id = 13", "id in (3, 13, 23, 777)", "id < 15", "name = 'name 13'", "name = 'updated'", "contains(name, 'name 1')", "score = 6.5", "score < 0",
           "score >= 5.0", "score = 7.0"]


def indexed_case(context, kind, column, index, deferred=False):
    """What Python answers through its index after each operation of Joust is what it answers without."""
    name = f"{index} on {column}{' after deferred compaction' if deferred else ''}, {kind}"

    def run(checks):
        folder = pathlib.Path(context.path(name))
        folder.mkdir()
        with Commits(folder / "log") as joust:
            base = fresh(folder / "base")
            joust.must("create", base, kind, 3)
            joust.must("commit", base, 1, "append")
            lance.dataset(base).create_scalar_index(column, index)
            if deferred:
                lance.dataset(base).optimize.compact_files(defer_index_remap=True)
            first = lance.dataset(base)
            fragment = first.get_fragments()[0].fragment_id
            of_three = ["delete 1 3", "delete_fragment 1", "update 1 3", "update 1 3 777", "update_columns 1", "rewrite 0 1", "replace 1"]
            of_one = [f"delete {fragment} 3", f"update {fragment} 3", f"rewrite {fragment}"]
            for operation in ["append", "merge null", "merge anew", "restore 1", "restore 3", "project rename", *(of_one if deferred else of_three)]:
                path = fresh(folder / "changed")
                shutil.copytree(base, path)
                joust.must("commit", path, first.version, *operation.split(" "))
                lance.dataset(path).validate()
                for phase in ("", " and optimized"):
                    for text in FILTERS:
                        if operation == "project rename":
                            text = text.replace("name =", "label =").replace("(name,", "(label,")
                        answers = [sorted(lance.dataset(path).to_table(filter=text, columns=["id"], use_scalar_index=use)["id"].to_pylist()) for use in (False, True)]
                        checks.equal(answers[0], answers[1], f"{operation}{phase}: {text}")
                    lance.dataset(path).optimize.optimize_indices()
    return Case(f"commits/{name}", run)


def cases(context):
    if os.environ.get("JOUST_COMMAND"):
        return  # a stand-in for the command line commits nothing physical
    for kind in ("plain", "stable"):
        yield accepted_case(context, kind)
        yield pairs_case(context, kind)
        for column, index in INDICES if context.full else INDICES[:SOME_INDICES]:
            yield indexed_case(context, kind, column, index)
    yield indexed_case(context, "plain", "score", "BTREE", deferred=True)
    yield indexed_case(context, "plain", "name", "BITMAP", deferred=True)
    yield rows_case(context)
    yield keys_case(context)
