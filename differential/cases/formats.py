# SPDX-License-Identifier: Apache-2.0
"""What the command line prints: values in JSON as its contract says, facts about a table as the reference has them."""

import base64
import json
import math

import lance
import numpy as np
import pyarrow as pa

import columns as c
import make_golden as golden
from cases import Case
from cases.reading import drawn_table

_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def json_value(value):
    """A value in JSON, or None where the contract leaves the form open."""
    if not value.is_valid:
        return None
    kind = value.type
    if pa.types.is_floating(kind):
        number = float(value.as_py())
        return number if math.isfinite(number) else "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if pa.types.is_decimal(kind):
        return ("decimal", value.as_py())
    if pa.types.is_date(kind):
        return value.as_py().isoformat()
    if pa.types.is_duration(kind):
        return value.value
    if pa.types.is_timestamp(kind):
        return timestamp(value)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return base64.b64encode(value.as_py()).decode()
    if pa.types.is_fixed_size_list(kind):
        return [json_value(item) for item in value.values]
    if pa.types.is_time(kind):
        return ("time", value)
    return value.as_py()


def timestamp(value):
    digits = _DIGITS[value.type.unit]
    whole, fraction = divmod(value.value, 10 ** digits)
    text = pa.scalar(whole, pa.timestamp("s", value.type.tz)).as_py()
    zone = text.strftime("%z") if value.type.tz else ""
    zone = "Z" if value.type.tz == "UTC" else zone[:3] + ":" + zone[3:] if zone else ""
    return text.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction:0{digits}d}" if digits else "") + zone


def same_json(want, got, kind):
    if isinstance(want, tuple):
        return isinstance(got, str)  # decimals: compared as numbers below; times: the form is open
    if isinstance(want, float):
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return False
        narrow = {16: np.float16, 32: np.float32, 64: np.float64}[kind.bit_width]
        return narrow(got) == narrow(want) and math.copysign(1, got) == math.copysign(1, want)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(same_json(a, b, kind.value_type) for a, b in zip(want, got))
    return type(want) is type(got) and want == got


def json_case(context):
    name = "values in JSON"

    def run(checks):
        rng = context.numpy(name)
        kinds = [t for t in c.FLAT if not (pa.types.is_fixed_size_list(t) and t.list_size > 20) and t != pa.binary(300)]
        table = c.table(kinds, 40, rng, ["wide", "short", "inner nulls"])
        path = context.path(name)
        lance.write_dataset(table, path)
        lines = context.joust.run("scan", path, "--format", "jsonl").splitlines()
        checks.equal(40, len(lines), "lines")
        rows = [json.loads(line) for line in lines]
        array = json.loads(context.joust.run("scan", path, "--format", "json"))
        checks.true(rows == array, "--format json and --format jsonl hold different rows")
        out = context.joust.file(".jsonl")
        context.joust.run("scan", path, "-o", out)
        checks.true([json.loads(line) for line in out.read_text().splitlines()] == rows, "-o x.jsonl and --format jsonl hold different rows")
        checks.equal(table.column_names, list(rows[0]), "keys and their order")
        for field, column in zip(table.schema, table.columns):
            for number, scalar in enumerate(column):
                want, got = json_value(scalar), rows[number].get(field.name)
                checks.count += 1
                if want is None and got is None:
                    continue
                exact = want[0] != "decimal" or isinstance(got, str) and type(want[1])(got) == want[1] if isinstance(want, tuple) else True
                if want is None or not same_json(want, got, field.type) or not exact:
                    checks.lines.append(f"{field.name}, row {number}: {got!r} instead of {want!r}")
                    break
    return Case(f"formats/{name}", run)


def facts_case(context, golden_name):
    name = f"facts about {golden_name}"

    def run(checks):
        path = context.path(name)
        golden.CASES[golden_name][0](path)
        dataset = lance.dataset(path)
        info = context.joust.json("info", path)
        fragments = dataset.get_fragments()
        checks.equal(dataset.version, info["version"], "version")
        checks.equal(dataset.data_storage_version, info["storage_version"], "storage_version")
        checks.equal(dataset.count_rows(), info["rows"], "rows")
        checks.equal(sum(fragment.num_deletions for fragment in fragments), info["deleted_rows"], "deleted_rows")
        checks.equal(len(fragments), info["fragments"], "fragments")
        checks.equal(sum(len(fragment.data_files()) for fragment in fragments), info["data_files"], "data_files")
        checks.equal([(field.name, field.nullable) for field in dataset.schema], [(column["name"], column["nullable"]) for column in info["columns"]], "columns")
        checks.equal([field.id() for field in dataset.lance_schema.fields()], [column["field_id"] for column in info["columns"]], "field ids")
        checks.equal([index.name for index in dataset.describe_indices()], [index["name"] for index in info["indices"]], "indices")
        checks.equal({tag: entry["version"] for tag, entry in dataset.tags.list().items()}, info["tags"], "tags")
        listed = sorted(context.joust.json("versions", path), key=lambda entry: entry["version"])
        checks.equal([entry["version"] for entry in dataset.versions()], [entry["version"] for entry in listed], "versions")
        checks.equal([lance.dataset(path, version=entry["version"]).count_rows() for entry in listed], [entry["rows"] for entry in listed], "rows of the versions")
        validation = context.joust.json("validate", path)
        checks.equal((True, []), (validation["ok"], validation["problems"]), "validate")
        schema = context.joust.run("schema", path)
        for field in dataset.schema:
            checks.true(field.name in schema or json.dumps(field.name)[1:-1] in schema, f"schema does not name {field.name}")
        checks.true(context.joust.run("head", path, "-n", "3") != "" or dataset.count_rows() == 0, "head prints nothing")
    return Case(f"formats/{name}", run)


def exits_case(context):
    """0, 1 and 2 where the contract has them, and one clear line."""
    name = "exits"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(drawn_table(context, name, 3, 4), path)
        golden_path = context.path(name + " people")
        lance.write_dataset(golden.people(0, 9), golden_path)
        failing = {
            1: [["scan", path + "-absent"], ["scan", golden_path, "-c", "nmae"], ["scan", golden_path, "-w", "nmae = 1"], ["scan", golden_path, "-w", "id = = 1"],
                ["take", golden_path, "--rows", "9"], ["scan", golden_path, "--at", "77"], ["count", golden_path, "-w", "name = "],
                ["search", golden_path, "--vector", "[1,2]"], ["delete", golden_path, "-w", "name ="]],
            2: [["scan"], ["scan", golden_path, "--limit", "many"], ["frobnicate", golden_path], ["take", golden_path], ["scan", golden_path, "--no-such-option"],
                ["search", golden_path], ["import", golden_path]],
        }
        for code, commands in failing.items():
            for command in commands:
                done = context.joust.finish(*command)
                checks.equal(code, done.returncode, f"exit of {command[0]} {command[2:]}")
                errors = done.stderr.decode(errors="replace").strip()
                checks.true(errors != "" and (code == 2 or len(errors.splitlines()) <= 3), f"errors of {command[0]} {command[2:]}: {errors[:300]!r}")
                checks.true("Exception" not in errors and "\tat " not in errors, f"errors of {command[0]} {command[2:]}: {errors[:300]!r}")
        checks.equal(9, lance.dataset(golden_path).count_rows(), "rows after failed commands")
        checks.equal(1, lance.dataset(golden_path).version, "version after failed commands")
        absent = context.path(name + " failed import")
        done = context.joust.finish("import", path + "-absent.arrow", absent)
        checks.equal(1, done.returncode, "import of an absent file")
        try:
            lance.dataset(absent)
            checks.true(False, "a failed import left a table")
        except ValueError:
            checks.count += 1
    return Case(f"formats/{name}", run)


def cases(context):
    yield json_case(context)
    for golden_name in ("deletions-arrow", "columns-added-dropped-renamed", "versions-and-tags", "indexed", "mixed-file-versions"):
        yield facts_case(context, golden_name)
    yield exits_case(context)
