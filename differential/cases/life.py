# SPDX-License-Identifier: Apache-2.0
"""The whole life of a table, twice: the same random operations done by Joust on one table and by the reference on its twin, which stay equal.

After each step rows, ids, lineage, schema, config, references and counts are the same from both sides; now and then the two swap tables. At the end
every version of both histories reads as it was when it was made. What fails is made short: the operations that it takes, as a list that
`differential/relive.py` does again.
"""

import json
import os
import random
import re
import shutil
import time

import lance
import numpy as np
import pyarrow as pa

from cases import Case
from compare import differences, schema_differences
from loop import JoustLoop
from operations import Draw, JoustSide, PythonSide, Refused, Unavailable

LINEAGE = ["_row_created_at_version", "_row_last_updated_at_version"]
UNORDERED = {"merge"}  # the reference's join gives rows in no fixed order
MAY_COMMIT_NOTHING = {"compact", "optimize", "config", "delete", "update", "merge"}  # when there is nothing to change
COMMITS_NOTHING = {"tag", "untag", "branch", "unbranch", "branch_append", "branch_delete", "cleanup"}
SHRINK_SECONDS = 60
STEPS, STEPS_IN_FULL = 120, 400


class Differs(Exception):
    """The two sides are not equal any more."""


def field_ids(fields):
    return [(field.id(), field.name(), field_ids(field.children())) for field in fields]


def ordered_by_id(table):
    return table.sort_by([("id", "ascending")]) if table.num_rows else table


def says_what_was_done(dataset, version):
    """Whether the reference finds the transaction of a version and understands it."""
    try:
        return dataset.read_transaction(version) is not None
    except TypeError as error:  # it has read the transaction, but makes no Python object of indices that a compaction moved
        return "RewrittenIndex" in str(error)


class Life:
    """One life on two tables. Which of them is Joust's changes as it goes on."""

    def __init__(self, joust, folder, created, seed):
        self.joust = joust
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.paths = [str(folder / "one.lance"), str(folder / "two.lance")]
        self.created = created
        self.seed = seed
        self.mine = 0  # the table that Joust works on
        self.versions = {}  # of a step: its version of each table
        self.step_of = [{}, {}]  # of each table: the step that made a version
        self.pairs = []  # versions of both tables that are of one step, those cleaned up among them
        self.kept = {}  # of a step: its rows
        self.ordered = self.same_ids = True
        self.has_indices = False
        self.done = []
        self.checks = 0
        self.unavailable = {}
        self.refused = {}

    def equal(self, expected, actual, what):
        self.checks += 1
        if expected != actual:
            raise Differs(f"{what}: {actual!r} instead of {expected!r}"[:700])

    def same(self, expected, actual, what):
        self.checks += 1
        lines = differences(expected, actual)
        if lines:
            raise Differs(f"{what}: " + "; ".join(lines)[:900])

    # one step

    def do(self, key, op, look=True):
        """One operation on both tables, and all comparisons.

        :param look: False for the operation alone
        :raises Differs: when they are not equal afterwards
        """
        if op.get("swap"):
            self.mine = 1 - self.mine
        if (op["op"] == "restore" and op["step"] not in self.versions) or (op["op"] == "add_rows" and not self.ordered):
            return False
        sides = [None, None]
        sides[self.mine] = JoustSide(self.joust, self.paths[self.mine], self.created)
        sides[1 - self.mine] = PythonSide(self.paths[1 - self.mine], self.created)
        before = [0, 0] if op["op"] == "create" else [lance.dataset(path).version for path in self.paths]
        answers = [None, None]
        for index in (self.mine, 1 - self.mine):
            own = op | {"version": self.versions[op["step"]][index]} if op["op"] == "restore" else op
            try:
                answers[index] = sides[index].apply(own)
            except Unavailable as reason:
                self.unavailable[op["op"]] = str(reason)[:200]
                return False
            except Refused as refusal:
                answers[index] = refusal
        what = f"step {key} {op['op']}"
        joust, python = answers[self.mine], answers[1 - self.mine]
        if isinstance(joust, Refused) != isinstance(python, Refused):
            raise Differs(f"{what}: Joust: {joust}, the reference: {python}"[:1500])
        if isinstance(joust, Refused):
            if op["op"] == "create":
                raise Differs(f"{what}: {joust}")
            self.refused[op["op"]] = self.refused.get(op["op"], 0) + 1
            self.equal(before, [lance.dataset(path).version for path in self.paths], f"{what}: versions after a refusal ({python})")
            return True
        self.equal(python, joust, f"{what}: answer")
        if look:
            self.compare(key, op, what, before)
        else:
            self.note_versions(key, before)
        self.done.append(key)
        return True

    def note_versions(self, key, before):
        tables = [lance.dataset(path) for path in self.paths]
        for index, table in enumerate(tables):
            for version in range(before[index] + 1, table.version + 1):
                self.step_of[index][version] = key
        self.versions[key] = tuple(table.version for table in tables)
        self.pairs.append(self.versions[key])
        return tables

    def compare(self, key, op, what, before):
        tables = self.note_versions(key, before)
        for index, table in enumerate(tables):
            whose = "Joust's" if index == self.mine else "the reference's"
            try:
                table.validate()
            except Exception as error:
                raise Differs(f"{what}: validate() of {whose} table: {error}") from error
            if op["op"] not in COMMITS_NOTHING | MAY_COMMIT_NOTHING and table.version <= before[index]:
                raise Differs(f"{what}: no new version of {whose} table")
            if op["op"] in COMMITS_NOTHING:
                self.equal(before[index], table.version, f"{what}: version of {whose} table")
        expected, actual = tables[1 - self.mine], tables[self.mine]
        self.equal(field_ids(expected.lance_schema.fields()), field_ids(actual.lance_schema.fields()), f"{what}: field ids")
        for name, of in (("config", lambda table: table.config()), ("table metadata", lambda table: table.metadata), ("rows counted", lambda table: table.count_rows()),
                         ("storage version", lambda table: table.data_storage_version), ("index names", lambda table: sorted(index.name for index in table.describe_indices()))):
            self.equal(of(expected), of(actual), f"{what}: {name}")
        for name, of in (("tags", lambda table: {tag: entry["version"] for tag, entry in table.tags.list().items()}),
                         ("branches", lambda table: {branch: entry["parent_version"] for branch, entry in table.branches.list().items()})):
            self.same_references([of(table) for table in tables], f"{what}: {name}")
        self.has_indices = bool(expected.describe_indices())
        rows = [self.read(table, self.step_of[index]) for index, table in enumerate(tables)]
        self.compare_rows(op, rows[1 - self.mine], rows[self.mine], what)
        self.read_by_joust(actual, self.paths[self.mine], rows[self.mine], what)
        if len(self.done) % 4 == 3:
            self.read_by_joust(expected, self.paths[1 - self.mine], rows[1 - self.mine], f"{what}: the reference's table")
        if op["op"].startswith("branch"):
            self.compare_branch(op["name"], what)
        for table in tables:
            self.ask_indices(table, what)
        self.kept[key] = rows
        if op["op"] == "cleanup":
            left = [{entry["version"] for entry in table.versions()} for table in tables]
            gone = [{step for step, versions in self.versions.items() if versions[index] not in left[index]} for index in (0, 1)]
            self.equal(gone[1 - self.mine], gone[self.mine], f"{what}: steps whose version is gone")
            for step in gone[0]:
                del self.versions[step]
                self.kept.pop(step, None)

    def same_references(self, found, what):
        """Names of versions name the same on both tables. A step that changes nothing may have made a version on one of them only."""
        self.equal(sorted(found[1 - self.mine]), sorted(found[self.mine]), what)
        pairs = set(self.pairs)
        self.equal([], [name for name in found[0] if (found[0][name], found[1][name]) not in pairs], f"{what} that are of different versions")

    def read(self, table, step_of):
        """Rows with their ids and, for stable ones, the steps in which they came and last changed."""
        if not self.created["stable"]:
            return table.to_table()
        rows = table.scanner(columns=[*table.schema.names, *LINEAGE], with_row_id=True).to_table()
        for name in LINEAGE:
            where = rows.column_names.index(name)
            rows = rows.set_column(where, name, pa.array([step_of.get(version.as_py(), -1) for version in rows[name]], pa.int64()))
        return rows

    def compare_rows(self, op, expected, actual, what):
        lines = schema_differences(expected.schema, actual.schema)
        if lines:
            raise Differs(f"{what}: " + "; ".join(lines))
        ids = [name for name in ("_rowid",) if name in expected.column_names]
        if op["op"] in UNORDERED:
            self.same(ordered_by_id(expected).drop_columns(ids), ordered_by_id(actual).drop_columns(ids), what)
            self.ordered = self.ordered and expected["id"].equals(actual["id"])
            self.same_ids = self.ordered
            if ids:
                self.equal(sorted(expected["_rowid"].to_pylist()), sorted(actual["_rowid"].to_pylist()), f"{what}: row ids")
        else:
            if op["op"] in ("overwrite", "truncate"):
                self.ordered = self.same_ids = True
            if op["op"] == "restore" and op["step"] in self.kept:
                old = self.kept[op["step"]]
                self.ordered = self.same_ids = old[0]["id"].equals(old[1]["id"])
            if op["op"] == "compact" and self.has_indices:
                # an index that Joust does not move covers fewer fragments from then on, and only fragments that the same indices cover are merged
                self.ordered = self.ordered and expected["id"].equals(actual["id"])
            if self.ordered:
                self.same(expected, actual, what)
            else:
                dropped = [] if self.same_ids else ids
                self.same(ordered_by_id(expected).drop_columns(dropped), ordered_by_id(actual).drop_columns(dropped), what)
        if ids:
            for rows in (expected, actual):
                self.equal(rows.num_rows, len(set(rows["_rowid"].to_pylist())), f"{what}: distinct row ids")
        self.check_kept_ids(op, actual, what)

    def check_kept_ids(self, op, rows, what):
        """Stable row ids stay with their rows, whoever writes."""
        if "_rowid" not in rows.column_names or not self.done or self.done[-1] not in self.kept or op["op"] in ("restore", "overwrite"):
            return
        before = self.kept[self.done[-1]][self.mine]
        there = dict(zip(before["id"].to_pylist(), before["_rowid"].to_pylist()))
        moved = [key for key, row_id in zip(rows["id"].to_pylist(), rows["_rowid"].to_pylist()) if there.get(key, row_id) != row_id]
        self.equal([], moved[:5], f"{what}: ids of rows whose row id changed")

    def read_by_joust(self, dataset, path, rows, what):
        names = dataset.schema.names
        options = ["--row-id"] if self.created["stable"] else []
        read = self.joust.scan(path, *options)
        expected = rows.select([*names, *(["_rowid"] if options else [])])
        self.same(expected, read, f"{what}: scan by Joust")
        self.equal(rows.num_rows, self.joust.count(path), f"{what}: count by Joust")
        if rows.num_rows and len(self.done) % 3 == 0:
            rng = np.random.default_rng([self.seed, len(self.done)])
            at = [int(row) for row in rng.integers(0, rows.num_rows, 5)]
            # the reference forgets the schema's metadata where rows are not asked for in their order
            self.same(dataset.take(at).replace_schema_metadata(dataset.schema.metadata), self.joust.take(path, at), f"{what}: take by Joust of {at}")

    def compare_branch(self, name, what):
        branches = [lance.dataset(path).checkout_version((name, None)) for path in self.paths]
        for branch in branches:
            branch.validate()
        rows = [branch.to_table() for branch in branches]
        self.same(ordered_by_id(rows[1 - self.mine]), ordered_by_id(rows[self.mine]), f"{what}: branch {name}")
        for index in (0, 1):
            read = self.joust.scan(JoustSide(self.joust, self.paths[index], self.created).branch({"name": name}))
            self.same(rows[index], read, f"{what}: branch {name} read by Joust")

    def ask_indices(self, table, what):
        """The reference finds the same rows through its indices as without."""
        for index in table.describe_indices():
            column = index.field_names[0]
            if column not in table.schema.names:
                continue
            field = table.schema.field(column)
            for value in {0: "5", 1: "17"}.values():
                condition = f"{column} = {value}" if pa.types.is_integer(field.type) else f"{column} = 'joust'"
                with_it, without = (sorted(table.scanner(columns=["id"], filter=condition, use_scalar_index=used).to_table()["id"].to_pylist()) for used in (True, False))
                self.equal(without, with_it, f"{what}: rows of {condition} through index {index.name}")

    # the end

    def look_back(self, sample=None):
        """Every version of both tables reads as it was, from both sides, and says what was done."""
        for index, path in enumerate(self.paths):
            table = lance.dataset(path)
            kept = {versions[index]: step for step, versions in self.versions.items()}
            numbers = [entry["version"] for entry in table.versions()]
            self.equal([], sorted(set(kept) - set(numbers)), f"versions of table {index} that are missing")
            said = [entry["version"] for entry in json.loads(self.joust.run("versions", path, "--json"))]
            self.equal(sorted(numbers), sorted(said), f"versions of table {index} by Joust")
            for version in sorted(numbers):
                what = f"table {index} version {version}, looking back"
                old = lance.dataset(path, version=version)
                old.validate()
                if not says_what_was_done(old, version):
                    raise Differs(f"{what}: no transaction")
                self.checks += 2
                if version not in kept:
                    continue  # between the versions of a step
                step = kept[version]
                rows = self.kept[step][index]
                self.same(rows, self.read(old, self.step_of[index]), what)
                plain = rows.select(old.schema.names)
                if sample is None or sample.random() < 0.5:
                    read = self.joust.scan(path, "--at", version)
                    self.same(plain, read, f"{what} by Joust")
            self.read_transaction_files(path)

    def read_transaction_files(self, path):
        """A transaction file holds, byte for byte, the transaction inside its manifest, which the reference has read."""
        folder = os.path.join(path, "_transactions")
        files = {}
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), "rb") as file:
                files[name] = file.read()
        folder = os.path.join(path, "_versions")
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".manifest"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            for each, content in files.items():
                if each.encode() in data:  # the manifest names it
                    self.checks += 1
                    if content not in data:
                        raise Differs(f"{path}: {each} holds something else than the manifest {name}, which names it")


def signature(message):
    """What is the same of a failure when it happens in another table, at another step."""
    return re.sub(r"'[^']*'|/\S+|[\d.]+", "", message)[:60]


def shrunk(replay, ops, message, seconds):
    """A shorter list of operations that fails in the same way: halves, then quarters, ..., are left out as long as it does."""
    deadline = time.monotonic() + seconds
    wanted = signature(message)
    size = max(1, (len(ops) - 2) // 2)
    while time.monotonic() < deadline:
        start, smaller = 1, False
        while start < len(ops) - 1 and time.monotonic() < deadline:
            fewer = ops[:start] + ops[min(start + size, len(ops) - 1):]
            result = replay(fewer)
            if result is not None and signature(result[1]) == wanted:
                ops, smaller = fewer[:result[0] + 1], True
            else:
                start += size
        if size == 1 and not smaller:
            break
        size = max(1, size // 2)
    return ops


class Lives:
    """Runs lives, with one loop of Joust for all that a thread does."""

    def __init__(self, context):
        self.context = context
        self.joust = JoustLoop(context.folder / "scratch-life", "scalar")
        self.joust.is_stand_in = "fake_joust" in os.environ.get("JOUST_COMMAND", "")
        context.closing.append(self.joust.stop)

    def replay(self, folder, created, seed, ops, look=True):
        """Does these operations again; the index of the one that fails and what it says, or None.

        :param look: whether to compare after each of them, and to look back; else only after the last
        """
        life = Life(self.joust, folder, created, seed)
        for number, (key, op) in enumerate(ops):
            try:
                life.do(key, op, look or number == len(ops) - 1)
            except Differs as difference:
                return number, str(difference)
            except Exception as error:
                return number, f"step {key} {op['op']}: {type(error).__name__}: {error}"
        try:
            if look:
                life.look_back()
        except Exception as error:
            return len(ops) - 1, str(error) if isinstance(error, Differs) else f"step {ops[-1][0]} {ops[-1][1]['op']}: {type(error).__name__}: {error}"
        return None


def life_case(lives, context, name, created, steps, kinds=""):
    def run(checks):
        seed = random.Random(f"{context.seed}/life/{name}").randrange(1 << 31)
        folder = context.folder / ("life " + name).replace("/", "_").replace(" ", "_")
        rng = np.random.default_rng(seed)
        draw = Draw(rng, kinds)
        life = Life(lives.joust, folder, created, seed)
        ops, failure = [], None
        try:
            op = draw.start()
            for key in range(steps):
                ops.append((key, op))
                life.do(key, op)
                present = lance.dataset(life.paths[life.mine]).to_table()
                draw.leave_out(set(life.unavailable) - {"merge"})  # of which only some kinds may be missing
                op = draw.next(present, list(life.versions)) | ({"swap": True} if rng.random() < 0.07 else {})
            life.look_back(random.Random(seed))
        except Differs as difference:
            failure = str(difference)
        except Exception as error:
            failure = f"step {ops[-1][0]} {ops[-1][1]['op']}: {type(error).__name__}: {error}"
        checks.count += life.checks
        if life.unavailable:
            context.notes.append(f"life/{name}: not available yet: {', '.join(sorted(life.unavailable))}")
        if len(life.done) < steps // 3:
            checks.lines.append(f"only {len(life.done)} of {steps} steps were done: refused {life.refused}, not available {sorted(life.unavailable)}")
        if failure:
            again = folder.with_name(folder.name + " again")
            at_the_end = "looking back" in failure
            short = shrunk(lambda fewer: lives.replay(again, created, seed, fewer, at_the_end), ops, failure, SHRINK_SECONDS)
            result = lives.replay(again, created, seed, short)
            described = json.dumps({"created": created, "seed": seed, "ops": short})
            kept = context.keep_file(f"life-{name}.json".replace(" ", "-").replace("/", "-"), described)
            checks.lines.append(f"seed {context.seed}: {failure}\n{len(short)} of {len(ops)} operations do it ({result[1] if result else 'not the second time'}), in {kept}:\n{described[:3000]}")
            shutil.rmtree(again, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return Case(f"life/{name}", run)


def cases(context):
    lives = Lives(context)
    steps = STEPS_IN_FULL if context.full else STEPS
    for number in range(8 if context.full else 1):
        for stable in (False, True):
            for version in ("2.0", "2.1", "2.2"):
                if version != "2.2" and stable and not context.full:
                    continue
                name = f"{version}{' with stable row ids' if stable else ''} {number}"
                # null structs are none in 2.0
                yield life_case(lives, context, name, {"stable": stable, "version": version}, steps, "iluhfsSbtdmyvx" if version == "2.0" else "iluhfsSbtdmyvxp")
