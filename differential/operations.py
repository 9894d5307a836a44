# SPDX-License-Identifier: Apache-2.0
"""Operations on a table as plain data, drawn at random, done by the reference or by Joust.

An operation is a dictionary that JSON can hold: `op` names it, the rest says exactly what to do, so that a list of them can be done again, or a part
of it. What one of them needs and does not find (a column, a tag) both sides refuse.
"""

import datetime
import decimal
import json
import os

import lance
import numpy as np
import pyarrow as pa

from joust import JoustFailed

KINDS = {
    "i": pa.int32(), "l": pa.int64(), "u": pa.uint8(), "f": pa.float64(), "h": pa.float32(), "s": pa.string(), "S": pa.large_string(), "b": pa.bool_(),
    "t": pa.timestamp("us"), "d": pa.date32(), "m": pa.decimal128(12, 2), "y": pa.binary(), "v": pa.list_(pa.float32(), 4), "x": pa.list_(pa.int32()),
    "p": pa.struct([("a", pa.int32()), ("b", pa.string())]),
}
WORDS = ["", "a", "Ab", "lance", "joust", "ünïcode", "x" * 40, "zebra", "NULL", "it's"]
CASTS = {"i": ["int64"], "f": ["float32"], "h": ["float64"], "s": ["large_string"], "u": ["int32"], "l": ["int32"]}
ARROW_OF_CAST = {"int64": pa.int64(), "int32": pa.int32(), "float32": pa.float32(), "float64": pa.float64(), "large_string": pa.large_string()}


class Refused(Exception):
    """A side did not do an operation, and said so."""


class Unavailable(Exception):
    """Joust does not have the operation yet."""


def value(kind, rng):
    number = int(rng.integers(-50, 50))
    word = WORDS[int(rng.integers(len(WORDS)))]
    return {
        "i": lambda: number, "l": lambda: number * 10**9, "u": lambda: number + 50, "f": lambda: number / 8, "h": lambda: number / 4, "s": lambda: word,
        "S": lambda: word + "!", "b": lambda: number % 2 == 0, "t": lambda: datetime.datetime(2024, 1, 1) + datetime.timedelta(hours=number, microseconds=1),
        "d": lambda: datetime.date(2024, 1, 1) + datetime.timedelta(days=number), "m": lambda: decimal.Decimal(number) / 4, "y": lambda: word.encode(),
        "v": lambda: [number / 2] * 4, "x": lambda: list(range(number % 4)), "p": lambda: {"a": number, "b": word},
    }[kind]()


def kind_of(name):
    """Names say what a column holds: `i0`, `s1`. A cast column keeps its name, so that values of its old type still go in by a cast."""
    return name[0]


def rows_of(schema, columns, ids, seed):
    """Rows with these ids, the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    arrays = []
    for name in columns:
        field = schema.field(name)
        if name == "id":
            arrays.append(pa.array(ids, pa.int64()))
            continue
        share = 0.2 if field.nullable else 0
        values = [None if rng.random() < share else value(kind_of(name), rng) for _ in ids]
        arrays.append(pa.array(values, KINDS[kind_of(name)]).cast(field.type))
    return pa.table(arrays, schema=pa.schema([schema.field(name) for name in columns]))


def schema_of(names):
    """The schema of a new table with these columns."""
    return pa.schema([pa.field("id", pa.int64(), nullable=False), *[pa.field(name, KINDS[kind_of(name)]) for name in names]])


class Draw:
    """Draws the next operation of a life from what its table is now."""

    WEIGHTS = {
        "append": 14, "delete": 10, "update": 9, "merge": 12, "add_sql": 4, "add_null": 2, "add_rows": 2, "rename": 2, "cast": 2, "drop": 3, "nullable": 1, "compact": 5,
        "restore": 2, "overwrite": 1, "truncate": 0.4, "config": 2, "table_metadata": 1, "schema_metadata": 1, "field_metadata": 1, "tag": 2, "untag": 1,
        "branch": 1.5, "branch_append": 2, "branch_delete": 1.5, "unbranch": 0.4, "cleanup": 0.5, "index": 1, "optimize": 1.5, "empty_append": 0.6,
    }

    def __init__(self, rng, kinds):
        self.rng = rng
        self.kinds = kinds
        self.leave_out(())
        self.next_id = 0

    def leave_out(self, operations):
        """Draws none of these from now on."""
        self.names = [name for name in self.WEIGHTS if name not in operations]
        weights = np.array([self.WEIGHTS[name] for name in self.names])
        self.shares = weights / weights.sum()

    def start(self):
        return {"op": "create", "columns": ["i0", "s0", "f0", "v0", *self.some([kind + "0" for kind in self.kinds if kind not in "isfv"], 4)], "ids": self.fresh(60), "seed": self.seed(),
                "rows_per_file": int(self.rng.integers(15, 60))}

    def seed(self):
        return int(self.rng.integers(1 << 31))

    def fresh(self, count):
        ids = list(range(self.next_id, self.next_id + count))
        self.next_id += count
        return ids

    def one(self, things):
        return things[int(self.rng.integers(len(things)))]

    def some(self, things, most):
        count = int(self.rng.integers(0, min(most, len(things)) + 1))
        return [things[i] for i in sorted(self.rng.choice(len(things), count, replace=False))] if count else []

    def next(self, table, history):
        """The next operation.

        :param table: its rows as they are, whatever their order
        :param history: keys of the steps that a restore may go back to
        """
        while True:
            name = str(self.rng.choice(self.names, p=self.shares))
            if name == "append" and table.num_rows > 1500:
                name = "delete"
            drawn = getattr(self, "_" + name)(table, history)
            if drawn is not None:
                return {"op": name} | drawn

    def named(self, table, kinds, nullable=None):
        return [field.name for field in table.schema if field.name != "id" and kind_of(field.name) in kinds and field.name in table.column_names
                and (nullable is None or field.nullable == nullable)]

    def predicate(self, table, broad=False):
        ids = table["id"].to_pylist() or [0]
        low, high = min(ids), max(ids)
        at = int(self.rng.integers(low, high + 1))
        choices = [
            f"id % 11 = {int(self.rng.integers(11))}", f"id between {at} and {at + 25}", f"id in ({', '.join(str(self.one(ids)) for _ in range(4))})",
            f"id >= {at} and id < {at + 40} and id % 3 != 0", f"id = {self.one(ids)}",
        ]
        if broad:
            choices += ["true", f"id > {low + (high - low) // 2}"]
        else:
            choices += [f"id > {high - 10}", "id < -1000000"]
        for name in self.named(table, "iluf"):
            choices += [f"{name} > {self.number(45, 200)}" if kind_of(name) != "l" else f"{name} > 45000000000", f"{name} + 1 < -{self.number(42, 49)}", f"{name} is null and id % 4 = 1"]
        for name in self.named(table, "sS"):
            choices += [f"{name} like 'x%' and id % 5 < 2", f"{name} = 'it''s' and id % 2 = 0", f"lower({name}) = 'ab'", f"starts_with({name}, 'zeb')", f"length({name}) > 20 or id = {at}",
                        f"{name} is null and id % 3 = 2", f"not ({name} <> 'joust') and id % 2 = 1"]
        for name in self.named(table, "b"):
            choices += [f"{name} and id % 6 = 0", f"not {name} and id % 7 = 1", f"{name} is null and id % 4 = 1"]
        for name in self.named(table, "d"):
            choices += [f"{name} > date '2024-02-12'"]
        for name in self.named(table, "t"):
            choices += [f"{name} < timestamp '2023-12-30 12:00:00'"]
        for name in self.named(table, "p"):
            choices += [f"{name}.a > 44", f"{name}.b = 'joust' and id % 2 = 0"]
        for name in self.named(table, "m"):
            choices += [f"{name} > 11.5"]
        return self.one(choices)

    def number(self, low, high):
        return int(self.rng.integers(low, high))

    def expression(self, table, name):
        kind = kind_of(name)
        choices = {
            "i": [f"{name} + 1", "7", "id % 100", f"cast({name} * 2 as int)", f"-{name}"], "l": [f"{name} - 3", "id * 2", "9000000000"], "u": ["12", f"{name}"],
            "f": [f"{name} * 2", f"abs({name})", "0.125", f"{name} / 4", f"round({name})"], "h": [f"{name} + 0.5", "1.5"],
            "s": [f"upper({name})", "'set'", f"concat({name}, '-', 'x')", f"coalesce({name}, 'none')", f"{name} || '?'"], "S": ["'large'", f"lower({name})"],
            "b": [f"not {name}", "true", "id % 2 = 0", f"{name} is null"], "t": ["timestamp '2020-02-29 23:59:59.999999'"], "d": ["date '2020-02-29'"], "m": ["1.25"], "y": [],
            "v": [], "x": [], "p": [],
        }[kind]
        if table.schema.field(name).nullable and kind not in "vxpy":
            choices = [*choices, "null"]
        return self.one(choices) if choices else None

    def _append(self, table, history):
        left_out = self.some(self.named(table, KINDS, True), 2) if self.rng.random() < 0.4 else []
        columns = [name for name in table.column_names if name not in left_out]
        if self.rng.random() < 0.2:
            self.rng.shuffle(columns)
        return {"columns": [str(name) for name in columns], "ids": self.fresh(int(self.rng.integers(1, 40))), "seed": self.seed(), "rows_per_file": self.one([1 << 20, 1 << 20, 12])}

    def _empty_append(self, table, history):
        return {"columns": table.column_names, "ids": [], "seed": 0}

    def _overwrite(self, table, history):
        columns = [kind + str(self.number(0, 2)) for kind in self.some(list(self.kinds), 8)]
        return {"columns": columns, "ids": self.fresh(int(self.rng.integers(1, 120))), "seed": self.seed(), "rows_per_file": self.number(20, 80)}

    def _truncate(self, table, history):
        return {}

    def _delete(self, table, history):
        return {"where": self.predicate(table, broad=table.num_rows > 900)}

    def _update(self, table, history):
        columns = [name for name in self.some(self.named(table, KINDS), 3) if self.expression(table, name)]
        if not columns:
            return None
        sets = {name: self.expression(table, name) for name in columns}
        return {"where": self.predicate(table) if self.rng.random() < 0.9 else None, "set": {name: text for name, text in sets.items() if text}}

    def _merge(self, table, history):
        ids = table["id"].to_pylist()
        there = [int(i) for i in self.rng.choice(ids, min(len(ids), self.number(0, 25)), replace=False)] if ids else []
        mine = there + self.fresh(self.number(0, 12))
        self.rng.shuffle(mine)
        if not mine:
            return None
        matched = self.one(["update", "update", "update", "ignore", "delete", "fail"])
        not_matched = self.one(["insert", "insert", "insert", "ignore"])
        by_source = self.one(["keep"] * 5 + ["delete if"]) if table.num_rows < 3000 else "keep"
        drawn = {"columns": table.column_names, "ids": mine, "seed": self.seed(), "matched": matched, "not_matched": not_matched, "by_source": "keep"}
        if matched == "ignore" and not_matched == "ignore" and by_source == "keep":
            return None
        if matched == "update" and self.rng.random() < 0.3:
            numbers = self.named(table, "if")
            drawn["matched_if"] = self.one([f"source.{name} > target.{name}" for name in numbers] + ["target.id % 2 = 0", "source.id > 30"])
        if by_source == "delete if" and (matched, not_matched) != ("delete", "ignore"):  # at which the reference fails with an internal error
            drawn |= {"by_source": "delete", "by_source_if": f"id % 13 = {self.number(0, 13)}"}
        left_out = self.some(self.named(table, KINDS, True), 3)
        if self.rng.random() < 0.25 and left_out and matched == "update" and not_matched == "ignore":
            drawn["columns"] = [name for name in table.column_names if name not in left_out]
        return drawn

    def _new_name(self, table, kinds):
        names = [kind + str(k) for kind in kinds for k in range(3)]
        return self.one([name for name in names if name not in table.column_names] or names)

    def _add_sql(self, table, history):
        if len(table.column_names) > 14:
            return None
        kind = self.one("lsbf")
        numbers = self.named(table, "f")
        strings = self.named(table, "s")
        text = {"l": ["id * 2", "id % 10", "id + 1"], "s": ["cast(id as string)", "'new'", *[f"upper({name})" for name in strings]], "b": ["id % 2 = 0", *[f"{name} is null" for name in strings]],
                "f": ["1.5", "cast(id as double) / 2", *[f"{name} + 1" for name in numbers]]}[kind]
        return {"name": self._new_name(table, kind), "expression": self.one(text)}

    def _add_null(self, table, history):
        return {"name": self._new_name(table, [kind for kind in "istpvx" if kind in self.kinds])} if len(table.column_names) <= 14 else None

    def _add_rows(self, table, history):
        if len(table.column_names) > 14 or not table.num_rows:
            return None
        return {"name": self._new_name(table, [kind for kind in "isftvxp" if kind in self.kinds]), "rows": table.num_rows, "seed": self.seed()}

    def _rename(self, table, history):
        names = self.named(table, KINDS)
        old = self.one(names) if names else None
        return {"old": old, "new": self._new_name(table, kind_of(old))} if old else None

    def _cast(self, table, history):
        names = [name for name in self.named(table, "".join(CASTS)) if table.schema.field(name).type == KINDS[kind_of(name)]]
        name = self.one(names) if names else None
        return {"name": name, "type": self.one(CASTS[kind_of(name)])} if name else None

    def _nullable(self, table, history):
        names = self.named(table, KINDS)
        name = self.one(names) if names else None
        if not name:
            return None
        nullable = not table.schema.field(name).nullable
        return {"name": name, "nullable": nullable} if nullable or table[name].null_count == 0 or self.rng.random() < 0.3 else None

    def _drop(self, table, history):
        names = self.named(table, KINDS)
        return {"names": list({self.one(names) for _ in range(self.number(1, 3))})} if len(names) > 4 else None

    def _compact(self, table, history):
        return {"target_rows": self.one([40, 100, 100, 1000])}

    def _restore(self, table, history):
        return {"step": self.one(history[-60:])} if history else None

    def _config(self, table, history):
        return {"values": {f"key{self.number(0, 3)}": self.one(["a", "b", None])}}

    def _table_metadata(self, table, history):
        return {"values": {f"key{self.number(0, 3)}": self.one(["a", "b", None])}, "replace": bool(self.rng.random() < 0.2)}

    _schema_metadata = _table_metadata

    def _field_metadata(self, table, history):
        return {"name": self.one(table.column_names), "values": {f"key{self.number(0, 3)}": self.one(["a", "b", None])}, "replace": bool(self.rng.random() < 0.2)}

    def _tag(self, table, history):
        return {"name": f"tag{self.number(0, 4)}"}

    _untag = _tag

    def _branch(self, table, history):
        return {"name": f"branch{self.number(0, 3)}"}

    _unbranch = _branch

    def _branch_append(self, table, history):
        return {"name": f"branch{self.number(0, 3)}", "ids": self.fresh(self.number(1, 20)), "seed": self.seed()}

    def _branch_delete(self, table, history):
        return {"name": f"branch{self.number(0, 3)}", "where": f"id % 7 = {self.number(0, 7)}"}

    def _cleanup(self, table, history):
        return {}

    def _index(self, table, history):
        name = self.one(["id", *self.named(table, "is")])
        return {"column": name, "type": self.one(["BTREE", "BTREE", "BITMAP", "ZONEMAP"])}

    def _optimize(self, table, history):
        return {}


class PythonSide:
    """The reference on a table."""

    def __init__(self, path, created):
        self.path = path
        self.created = created  # options of the table

    def open(self, version=None, branch=None):
        return lance.dataset(self.path, version=version) if branch is None else lance.dataset(self.path).checkout_version((branch, None))

    def apply(self, op):
        """What the reference says that it did, as far as Joust says it too.

        :raises Refused: when it does not do it
        """
        try:
            return getattr(self, "_" + op["op"])(op) or {}
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, NotImplementedError, pa.ArrowException, AttributeError) as error:
            raise Refused(str(error)) from error
        except BaseException as error:  # its panics
            if type(error).__name__ != "PanicException":
                raise
            raise Refused(f"panic: {error}") from error

    def _create(self, op):
        schema = schema_of(op["columns"])
        lance.write_dataset(rows_of(schema, schema.names, op["ids"], op["seed"]), self.path, max_rows_per_file=op["rows_per_file"],
                            enable_stable_row_ids=self.created["stable"], data_storage_version=self.created["version"])

    def rows(self, op, branch=None):
        return rows_of(self.open(branch=branch).schema, op["columns"], op["ids"], op["seed"])

    def _append(self, op):
        rows = self.rows(op)
        lance.write_dataset(rows, self.path, mode="append", max_rows_per_file=op.get("rows_per_file", 1 << 20))
        return {"rows": rows.num_rows}

    _empty_append = _append

    def _overwrite(self, op):
        schema = schema_of(op["columns"])
        lance.write_dataset(rows_of(schema, schema.names, op["ids"], op["seed"]), self.path, mode="overwrite", max_rows_per_file=op["rows_per_file"])

    def _truncate(self, op):
        self.open().truncate_table()

    def _delete(self, op):
        return {"rows_deleted": self.open().delete(op["where"])["num_deleted_rows"]}

    def _update(self, op):
        return {"rows_updated": self.open().update(op["set"], op["where"])["num_rows_updated"]}

    def _merge(self, op):
        builder = self.open().merge_insert("id")
        if op["matched"] == "update":
            builder = builder.when_matched_update_all(op.get("matched_if"))
        elif op["matched"] == "delete":
            builder = builder.when_matched_delete()
        elif op["matched"] == "fail":
            builder = builder.when_matched_fail()
        if op["not_matched"] == "insert":
            builder = builder.when_not_matched_insert_all()
        if op["by_source"] == "delete":
            builder = builder.when_not_matched_by_source_delete(op.get("by_source_if"))
        answer = builder.execute(self.rows(op))
        return {"inserted": answer["num_inserted_rows"], "updated": answer["num_updated_rows"], "deleted": answer["num_deleted_rows"]}

    def _add_sql(self, op):
        self.open().add_columns({op["name"]: op["expression"]})

    def _add_null(self, op):
        self.open().add_columns(pa.field(op["name"], KINDS[kind_of(op["name"])]))

    def _add_rows(self, op):
        rows = rows_of(schema_of([op["name"]]), [op["name"]], range(op["rows"]), op["seed"])
        self.open().add_columns(rows.to_reader())

    def _rename(self, op):
        self.open().alter_columns({"path": op["old"], "name": op["new"]})

    def _cast(self, op):
        self.open().alter_columns({"path": op["name"], "data_type": ARROW_OF_CAST[op["type"]]})

    def _nullable(self, op):
        self.open().alter_columns({"path": op["name"], "nullable": op["nullable"]})

    def _drop(self, op):
        self.open().drop_columns(op["names"])

    def _compact(self, op):
        self.open().optimize.compact_files(target_rows_per_fragment=op["target_rows"], num_threads=1)

    def _restore(self, op):
        self.open(op["version"]).restore()

    def _config(self, op):
        self.open().update_config(op["values"])

    def _table_metadata(self, op):
        self.open().update_metadata(op["values"], replace=op["replace"])

    def _schema_metadata(self, op):
        self.open().update_schema_metadata(op["values"], replace=op["replace"])

    def _field_metadata(self, op):
        self.open().update_field_metadata({op["name"]: op["values"]}, replace=op["replace"])

    def _tag(self, op):
        self.open().tags.create(op["name"], self.open().version)

    def _untag(self, op):
        self.open().tags.delete(op["name"])

    def _branch(self, op):
        self.open().create_branch(op["name"])

    def _unbranch(self, op):
        self.open().branches.delete(op["name"])

    def _branch_append(self, op):
        branch = self.open(branch=op["name"])
        branch.insert(rows_of(branch.schema, branch.schema.names, op["ids"], op["seed"]))

    def _branch_delete(self, op):
        self.open(branch=op["name"]).delete(op["where"])

    def _cleanup(self, op):
        self.open().cleanup_old_versions(older_than=datetime.timedelta(0))

    def _index(self, op):
        self.open().create_scalar_index(op["column"], op["type"], replace=True)

    def _optimize(self, op):
        self.open().optimize.optimize_indices()


class JoustSide:
    """Joust on a table, by its command line; what that has no words for, by the library, through `api` of `CommandLoop`."""

    BY_REFERENCE = ("index", "optimize")  # Joust keeps indices, but makes none yet

    def __init__(self, joust, path, created):
        self.joust = joust
        self.path = path
        self.created = created

    def apply(self, op):
        """As the reference's."""
        if op["op"] in self.BY_REFERENCE:
            return PythonSide(self.path, self.created).apply(op)
        try:
            if self.joust.is_stand_in:
                return json.loads(self.joust.run("life", self.path, json.dumps(op), json.dumps(self.created)))
            return getattr(self, "_" + op["op"])(op) or {}
        except JoustFailed as failure:
            if failure.not_available:
                raise Unavailable(str(failure)) from failure
            if failure.code != 1:
                raise
            raise Refused(str(failure)) from failure
        except KeyError as missing:  # a column of the rows to write
            raise Refused(str(missing)) from missing

    def imported(self, table, *options):
        return self.joust.import_table(table, self.path, *options)

    def schema(self):
        return lance.dataset(self.path).schema

    def _create(self, op):
        schema = schema_of(op["columns"])
        self.imported(rows_of(schema, schema.names, op["ids"], op["seed"]), "--max-rows-per-file", op["rows_per_file"], "--storage-version", self.created["version"],
                      *(["--stable-row-ids"] if self.created["stable"] else []))

    def _append(self, op):
        return {"rows": self.imported(rows_of(self.schema(), op["columns"], op["ids"], op["seed"]), "--mode", "append", "--max-rows-per-file", op.get("rows_per_file", 1 << 20))["rows"]}

    _empty_append = _append

    def _overwrite(self, op):
        schema = schema_of(op["columns"])
        self.imported(rows_of(schema, schema.names, op["ids"], op["seed"]), "--mode", "overwrite", "--max-rows-per-file", op["rows_per_file"])

    def _api(self, name, *words):
        self.joust.run("api", name, self.path, *[word if isinstance(word, str) else json.dumps(word) for word in words])

    def _truncate(self, op):
        self._api("truncate")

    def _delete(self, op):
        return {"rows_deleted": self.joust.json("delete", self.path, "-w", op["where"])["rows_deleted"]}

    def _update(self, op):
        sets = [word for name, text in op["set"].items() for word in ("--set", f"{name}={text}")]
        return {"rows_updated": self.joust.json("update", self.path, *(["-w", op["where"]] if op["where"] else []), *sets)["rows_updated"]}

    def _merge(self, op):
        source = self.joust.write_source(rows_of(self.schema(), op["columns"], op["ids"], op["seed"]))
        conditions = [word for key, option in (("matched_if", "--matched-if"), ("by_source_if", "--not-matched-by-source-if")) if key in op for word in (option, op[key])]
        answer = self.joust.json("merge", source, self.path, "--on", "id", "--matched", op["matched"], "--not-matched", op["not_matched"],
                                 "--not-matched-by-source", op["by_source"], *conditions)
        source.unlink()
        return {key: answer[key] for key in ("inserted", "updated", "deleted")}

    def _add_sql(self, op):
        self.joust.run("column", "add", self.path, f"{op['name']}={op['expression']}")

    def _add_null(self, op):
        field = pa.schema([pa.field(op["name"], KINDS[kind_of(op["name"])])])
        source = self.joust.write_source(field.empty_table())
        self._api("add-null", str(source))

    def _add_rows(self, op):
        self._api("add-rows", str(self.joust.write_source(rows_of(schema_of([op["name"]]), [op["name"]], range(op["rows"]), op["seed"]))))

    def _rename(self, op):
        self.joust.run("column", "rename", self.path, op["old"], op["new"])

    def _cast(self, op):
        self.joust.run("column", "cast", self.path, op["name"], op["type"])

    def _nullable(self, op):
        self._api("nullable", op["name"], op["nullable"])

    def _drop(self, op):
        self.joust.run("column", "drop", self.path, *op["names"])

    def _compact(self, op):
        self.joust.run("compact", self.path, "--target-rows", op["target_rows"])

    def _restore(self, op):
        self.joust.run("restore", self.path, op["version"])

    def _config(self, op):
        self._api("config", op["values"])

    def _table_metadata(self, op):
        self._api("table-metadata", op["values"], op["replace"])

    def _schema_metadata(self, op):
        self._api("schema-metadata", op["values"], op["replace"])

    def _field_metadata(self, op):
        self._api("field-metadata", op["name"], op["values"], op["replace"])

    def _tag(self, op):
        self.joust.run("tag", "create", self.path, op["name"])

    def _untag(self, op):
        self.joust.run("tag", "delete", self.path, op["name"])

    def _branch(self, op):
        self.joust.run("branch", "create", self.path, op["name"])

    def _unbranch(self, op):
        self.joust.run("branch", "delete", self.path, op["name"])

    def _branch_append(self, op):
        path = self.branch(op)
        schema = lance.dataset(path).schema
        source = self.joust.write_source(rows_of(schema, schema.names, op["ids"], op["seed"]))
        self.joust.run("import", source, path, "--mode", "append")
        source.unlink()

    def _branch_delete(self, op):
        self.joust.run("delete", self.branch(op), "-w", op["where"])

    def branch(self, op):
        """The path of a branch: it is a table of its own below `tree`. An append would make one that is not there."""
        path = f"{self.path}/tree/{op['name']}"
        if not os.path.isdir(path + "/_versions"):
            raise Refused(f"no branch {op['name']}")
        return path

    def _cleanup(self, op):
        self.joust.run("cleanup", self.path, "--older-than", "0d")
