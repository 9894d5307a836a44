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


def cases(context):
    if os.environ.get("JOUST_COMMAND"):
        return  # a stand-in for the command line commits nothing physical
    for kind in ("plain", "stable"):
        yield accepted_case(context, kind)
        yield pairs_case(context, kind)
