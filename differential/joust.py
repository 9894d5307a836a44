# SPDX-License-Identifier: Apache-2.0
"""Drives the command line of Joust, as its users do: one process per command, results through Arrow files."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time

import pyarrow as pa

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


class JoustFailed(Exception):
    """A command that did not exit with 0."""

    def __init__(self, arguments, code, errors):
        super().__init__(f"joust {' '.join(map(str, arguments))}: exit {code}: {errors.strip()[:600]}")
        self.code = code
        self.errors = errors

    @property
    def not_available(self):
        return self.code == 2 and "not available yet" in self.errors


class Joust:
    """One installation of Joust. Thread-safe."""

    def __init__(self, command=None, scratch=None):
        self.command = command or os.environ.get("JOUST_COMMAND", str(REPOSITORY / "bin" / "joust")).split()
        self.scratch = pathlib.Path(scratch or tempfile.mkdtemp(prefix="joust-differential-"))
        self._lock = threading.Lock()
        self._count = 0
        self.calls = 0
        self.seconds = 0.0

    def file(self, suffix):
        """A fresh path for a file."""
        with self._lock:
            self._count += 1
            return self.scratch / f"{self._count}{suffix}"

    def finish(self, *arguments, stdin=None, timeout=300):
        """A command, whatever its exit."""
        started = time.monotonic()
        done = subprocess.run([*self.command, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout, cwd=self.scratch)
        with self._lock:
            self.calls += 1
            self.seconds += time.monotonic() - started
        return done

    def run(self, *arguments, **options):
        """Standard output of a command that must exit with 0."""
        done = self.finish(*arguments, **options)
        if done.returncode != 0:
            raise JoustFailed(arguments, done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout.decode()

    def start(self, *arguments, **options):
        """A process that goes on; its output is dropped unless asked for."""
        settings = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.scratch} | options
        return subprocess.Popen([*self.command, *map(str, arguments)], **settings)

    def table(self, *arguments, **options):
        """The Arrow table that a command writes with `-o`."""
        out = self.file(".arrow")
        self.run(*arguments, "-o", out, **options)
        with pa.memory_map(str(out)) as source:
            table = pa.ipc.open_file(source).read_all()
            # a copy, so that the file can go
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
        out.unlink()
        return pa.ipc.open_stream(sink.getvalue()).read_all()

    def scan(self, uri, *options):
        return self.table("scan", uri, *options)

    def take(self, uri, rows, *options):
        listed = self.file(".json")
        listed.write_text(json.dumps([int(row) for row in rows]))
        result = self.table("take", uri, "--rows", f"@{listed}", *options)
        listed.unlink()
        return result

    def count(self, uri, *options):
        return int(self.run("count", uri, *options).strip())

    def json(self, *arguments):
        """The object that a command prints with `--json`."""
        return json.loads(self.run(*arguments, "--json"))

    def write_source(self, table, suffix=".arrow", chunk_rows=None):
        """Writes a table as a file to import."""
        path = self.file(suffix)
        if suffix in (".arrow", ".arrows"):
            make = pa.ipc.new_file if suffix == ".arrow" else pa.ipc.new_stream
            with make(str(path), table.schema) as writer:
                writer.write_table(table, max_chunksize=chunk_rows)
        else:
            raise ValueError(suffix)
        return path

    def import_table(self, table, uri, *options, chunk_rows=None):
        """Imports an Arrow table; the answer of `--json`."""
        source = self.write_source(table, chunk_rows=chunk_rows)
        answer = self.json("import", source, uri, *options)
        source.unlink()
        return answer
