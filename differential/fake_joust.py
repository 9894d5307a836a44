#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the command line of Joust that asks the reference itself, to test that the suite can fail.

JOUST_FAKE_MUTATE=value|null|schema|metadata|rows|order makes it answer wrongly; lost and twice are of operations of a life. `--loop` serves one command after another (see loop.py).
"""

import argparse
import base64
import contextlib
import io
import json
import os
import sys

import lance
import pyarrow as pa

import operations


def mutate(table):
    how = os.environ.get("JOUST_FAKE_MUTATE", "")
    n = table.num_rows
    if how == "rows" and n:
        return table.slice(0, n - 1)
    if how == "order" and n > 1:
        return table.take(list(range(1, n)) + [0])
    if how == "schema" and table.num_columns:
        field = table.schema.field(0)
        return table.cast(table.schema.set(0, field.with_nullable(not field.nullable))) if not table.column(0).null_count or not field.nullable else table.slice(1)
    if how == "metadata" and table.num_columns:
        return table.replace_schema_metadata({"odd": "one"})
    if how in ("value", "null"):
        for index, field in enumerate(table.schema):
            column = table.column(index)
            if pa.types.is_integer(field.type) and n and not field.name.startswith("_") and column[n // 2].is_valid:
                values = column.to_pylist()
                values[n // 2] = None if how == "null" else values[n // 2] ^ 1
                return table.set_column(index, pa.field(field.name, field.type, field.nullable, field.metadata), pa.array(values, field.type))
    return table


def write(table, path):
    table = mutate(table)
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def live(path, op, created):
    """An operation of a life, on the table itself."""
    how = os.environ.get("JOUST_FAKE_MUTATE", "")
    side = operations.PythonSide(path, created)
    if how == "lost" and op["op"] in ("delete", "update"):
        dataset = side.open()
        answer = side.apply(op)
        dataset.restore()
        return answer
    answer = side.apply(op)
    if how == "twice" and op["op"] == "append":
        side.apply(op)
    return answer


def open_table(options):
    at = options.at
    return lance.dataset(options.uri, version=int(at) if at and at.isdigit() else at)


def main(arguments=None):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    for name in ("scan", "take", "count", "versions", "delete", "import", "validate"):
        command = commands.add_parser(name)
        if name == "import":
            command.add_argument("src")
        command.add_argument("uri")
        for option in ("-c", "-w", "--limit", "--offset", "--batch-size", "--rows", "-o", "--at", "--mode", "--storage-version", "--max-rows-per-file", "--page-bytes", "--blobs"):
            command.add_argument(option)
        for option in ("--row-id", "--row-addr", "--json", "--stable-row-ids", "--debug"):
            command.add_argument(option, action="store_true")
    life = commands.add_parser("life")
    for word in ("uri", "operation", "created"):
        life.add_argument(word)
    life.add_argument("--debug", action="store_true")
    options = parser.parse_args(arguments)
    if options.command == "life":
        print(json.dumps(live(options.uri, json.loads(options.operation), json.loads(options.created))))
        return
    if options.command == "scan":
        columns = options.c.split(",") if options.c else None
        number = {key: int(value) for key, value in (("limit", options.limit), ("offset", options.offset)) if value}
        write(open_table(options).scanner(columns=columns, filter=options.w, with_row_id=options.row_id, with_row_address=options.row_addr,
                                          blob_handling="all_binary" if options.blobs == "bytes" else None, **number).to_table(), options.o)
    elif options.command == "take":
        with open(options.rows[1:]) as rows:
            columns = options.c.split(",") if options.c else None
            write(open_table(options).take(json.load(rows), columns=columns), options.o)
    elif options.command == "count":
        print(open_table(options).count_rows(options.w))
    elif options.command == "versions":
        print(json.dumps([{"version": entry["version"]} for entry in lance.dataset(options.uri).versions()]))
    elif options.command == "delete":
        dataset = lance.dataset(options.uri)
        deleted = dataset.delete(options.w)
        print(json.dumps({"rows_deleted": deleted["num_deleted_rows"], "version": dataset.version}))
    elif options.command == "validate":
        lance.dataset(options.uri).validate()
        print(json.dumps({"ok": True, "problems": []}))
    elif options.command == "import":
        aligned = pa.ipc.IpcReadOptions(ensure_alignment=pa.ipc.Alignment.At64Byte)
        if options.src == "-":
            table = pa.ipc.open_stream(sys.stdin.buffer, options=aligned).read_all()
        elif options.src.endswith(".lance"):
            table = lance.dataset(options.src).to_table()
        elif options.src.endswith(".arrows"):
            table = pa.ipc.open_stream(options.src, options=aligned).read_all()
        else:
            table = pa.ipc.open_file(options.src, options=aligned).read_all()
        table = mutate(table)
        dataset = lance.write_dataset(table, options.uri, mode=options.mode or "create", enable_stable_row_ids=options.stable_row_ids,
                                      max_rows_per_file=int(options.max_rows_per_file or 1 << 20), data_storage_version=options.storage_version)
        print(json.dumps({"rows": table.num_rows, "files": 1, "version": dataset.version, "seconds": 0.0}))


def run(arguments=None):
    """A command; its exit code."""
    try:
        main(arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the reference's panics are no Exceptions
        print("UnsupportedFormatException:", str(error).splitlines()[0], file=sys.stderr)
        return 1
    return 0


def loop():
    for line in sys.stdin:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(line.rstrip("\n").split("\t"))
        print(code, *[base64.b64encode(text.getvalue().encode()).decode() for text in (out, err)], sep="\t", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--loop"]:
        loop()
    else:
        sys.exit(run())
