# SPDX-License-Identifier: Apache-2.0
"""Ways to read a table, asked of the reference and of Joust, and compared column by column."""

import re
import threading

import lance
import numpy as np
import pyarrow as pa

from compare import same_column
from joust import JoustFailed
from loop import CRASHED, Died, Hung
from tables import first_line

OUTCOMES = ["same", "unsupported", "refused by the reference", "not read by the reference", "different"]


def alike(reason):
    """The reason without what differs from column to column: names of files and columns, numbers, places."""
    short = re.sub(r"data/\S+\.lance", "FILE", reason)
    short = re.sub(r"'[^']*'|`[^`]*`|\"[^\"]*\"", "NAME", short)
    return re.sub(r"\d+", "#", short)[:120]


class Report:
    """What came of all cells. Thread-safe."""

    def __init__(self, outcomes=OUTCOMES):
        self._lock = threading.Lock()
        self.outcomes = outcomes
        self.cells = {}
        self.checks = 0
        self.reasons = {}
        self.lines = []

    def add(self, cell, outcome, reason=None):
        with self._lock:
            of_version = self.cells.setdefault(cell.version, dict.fromkeys(self.outcomes, 0))
            of_version[outcome] += 1
            if reason is not None:
                example = self.reasons.setdefault((outcome, cell.version, alike(reason)), [0, str(cell), reason, set()])
                example[0] += 1
                example[3].add(cell.kind.name)

    def checked(self):
        with self._lock:
            self.checks += 1

    def as_json(self):
        return {
            "cells": {version: self.cells[version] for version in sorted(self.cells)},
            "checks": self.checks,
            "reasons": [{"outcome": outcome, "version": version, "cells": count, "example": example, "reason": reason, "kinds": sorted(kinds)}
                        for (outcome, version, _), (count, example, reason, kinds) in sorted(self.reasons.items(), key=lambda item: (item[0][:2], -item[1][0]))],
        }

    def __str__(self):
        lines = [f"{'version':>8}" + "".join(f"{outcome:>28}" for outcome in self.outcomes)]
        for version in sorted(self.cells):
            lines.append(f"{version:>8}" + "".join(f"{self.cells[version][outcome]:>28}" for outcome in self.outcomes))
        lines.append(f"{sum(sum(counts.values()) for counts in self.cells.values())} columns, {self.checks} comparisons of a column")
        return "\n".join(lines)


def failure_of(error):
    """(outcome, words) for what Joust failed with."""
    if isinstance(error, Hung):
        return "different", f"hung: {error}"
    if isinstance(error, Died):
        return "different", f"the process died: {error}"
    if not isinstance(error, JoustFailed):
        return "different", f"no sound Arrow file: {error}"
    lines = error.errors.strip().splitlines() or ["?"]
    thrown = next((line for line in lines[1:] if re.match(r"^[\w.$]+(Exception|Error)\b", line)), "")
    if "UnsupportedFormatException" in thrown:
        return "unsupported", re.sub(r"\S*/m\d+\.lance\S*", "FILE", lines[0])
    if error.code == CRASHED:
        return "different", "crashed: " + " | ".join(lines[:6])
    where = next((line.strip() for line in lines[1:] if line.strip().startswith("at dev.joust")), "")
    return "different", f"exit {error.code}: {thrown or lines[0]} {where}"


def parts(names):
    """A failing group in smaller ones: eight, as often many fail, or one alone."""
    size = max(1, len(names) // 8)
    return [names[start:start + size] for start in range(0, len(names), size)]


def paths_into(kind, name, rng):
    """A path to a field below structs, or none."""
    data_type, path = kind.type, [name]
    if dict(kind.metadata) or isinstance(data_type, pa.BaseExtensionType):
        return None
    while pa.types.is_struct(data_type) and data_type.num_fields:
        field = data_type.field(int(rng.integers(data_type.num_fields)))
        path.append(field.name)
        data_type = field.type
        if len(path) > 1 and rng.random() < 0.3:
            break
    return ".".join(path) if len(path) > 1 else None


def at_path(table, path):
    """The column at a path: by its name, or down through structs."""
    if path in table.column_names:
        return table.schema.field(path), table.column(path)
    names = path.split(".")
    field, column = table.schema.field(names[0]), table.column(names[0])
    array = column.combine_chunks()
    for name in names[1:]:
        index = array.type.get_field_index(name)
        field = array.type.field(index)
        array = array.flatten()[index] if isinstance(array, pa.StructArray) else pa.chunked_array(array.chunks).combine_chunks().flatten()[index]
    return field, pa.chunked_array([array]) if isinstance(array, pa.Array) else array


class TableReading:
    """Compares all ways of one table."""

    def __init__(self, joust, table, rng, report, checks, values):
        self.joust = joust
        self.table = table
        self.rng = rng
        self.report = report
        self.checks = checks
        self.values = values
        self.outcomes = {name: ("same", None) for name in table.cells}
        self.scanned = {}  # what the reference reads of each column in a whole scan

    def run(self):
        dataset = lance.dataset(self.table.path)
        count = dataset.count_rows()
        names = list(self.table.cells)
        self._way("scan", names, *self._scan(dataset, count, {}))
        names = self._going_on(names)
        if count and names:
            rows = self._rows(count)
            self._way(f"take {rows[:6]}... of {len(rows)}", names, lambda some: dataset.take(rows, columns=some),
                      lambda some: self.joust.take(self.table.path, rows, "-c", ",".join(some)), of_scan=lambda column: column.take(rows))
            names = self._going_on(names)
        if count > 1 and names:
            offset, limit = int(self.rng.integers(0, count)), int(self.rng.integers(1, count + 5))
            some = [names[k] for k in sorted(self.rng.permutation(len(names))[:1 + len(names) // 3])]
            self._way(f"offset {offset} limit {limit}", some, *self._scan(dataset, count, {"offset": offset, "limit": limit}),
                      of_scan=lambda column: column.slice(offset, limit))
            names = self._going_on(names)
        self._paths(dataset, count, names)
        self._blobs(dataset, count, self._going_on(names))
        for name, (outcome, reason) in self.outcomes.items():
            self.report.add(self.table.cells[name], outcome, reason)

    def _going_on(self, names):
        return [name for name in names if self.outcomes[name][0] == "same"]

    def _rows(self, count):
        rows = self.rng.integers(0, count, min(40, 2 * count)).tolist()
        near = int(self.rng.integers(0, count))
        return [*rows, rows[0], count - 1, 0, *range(near, min(count, near + 5))]

    def _scan(self, dataset, count, options):
        batch = int(self.rng.choice([1, 7, 100, 1000, 1023, 8192, 100_000]))
        batch = max(batch, count // 100, 1)
        ours = [word for key, value in options.items() for word in (f"--{key}", value)]
        return (lambda some: dataset.to_table(columns=some, **options),
                lambda some: self.joust.scan(self.table.path, "-c", ",".join(some), "--batch-size", batch, *ours))

    def _paths(self, dataset, count, names):
        paths = {}
        for name in names:
            path = paths_into(self.table.cells[name].kind, name, self.rng)
            if path:
                paths[path] = name
        if not paths:
            return
        rows = self._rows(count) if count else []
        self._way("scan of nested fields", list(paths), *self._scan(dataset, count, {}), paths)
        left = [path for path in paths if self.outcomes[paths[path]][0] == "same"]
        if rows and left:
            self._way("take of nested fields", left, lambda some: dataset.take(rows, columns=some),
                      lambda some: self.joust.take(self.table.path, rows, "-c", ",".join(some)), paths)

    def _blobs(self, dataset, count, names):
        blobs = [name for name in names if self.table.cells[name].kind.blob]
        if blobs:
            self._way("scan of blobs as bytes", blobs, lambda some: dataset.to_table(columns=some, blob_handling="all_binary"),
                      lambda some: self.joust.scan(self.table.path, "-c", ",".join(some), "--blobs", "bytes"))

    def _way(self, what, names, reference, ours, owners=None, of_scan=None):
        """Reads these columns on both sides; where either fails, fewer of them, down to one.

        `of_scan` answers, of a column of the whole scan, the rows of this way: for a reference that contradicts itself.
        """
        owners = owners or {name: name for name in names}
        for some, expected in self._expected(what, names, reference, ours, owners):
            self._read(what, some, expected, ours, owners, of_scan)

    def _expected(self, what, names, reference, ours, owners):
        try:
            expected = reference(names)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if len(names) == 1:
                self._unread(what, names[0], owners[names[0]], first_line(error), ours)
                return
        else:
            yield names, expected
            return
        for part in parts(names):
            yield from self._expected(what, part, reference, ours, owners)

    def _read(self, what, names, expected, ours, owners, of_scan):
        try:
            actual = ours(names)
        except (JoustFailed, Hung, Died, pa.ArrowInvalid, OSError) as error:
            if len(names) == 1:
                outcome, words = failure_of(error)
                self._found(owners[names[0]], outcome, f"{what}: {words}")
                return
        else:
            if (expected.schema.metadata or {}) != (actual.schema.metadata or {}):
                self._found(owners[names[0]], "different", f"{what}: schema metadata {actual.schema.metadata} instead of {expected.schema.metadata}")
            for name in names:
                self._compare(what, name, owners[name], expected, actual, of_scan)
            return
        for part in parts(names):
            self._read(what, part, expected, ours, owners, of_scan)

    def _compare(self, what, path, owner, expected, actual, of_scan):
        self.checks.count += 1
        self.report.checked()
        want, want_column = at_path(expected, path)
        try:
            got, got_column = at_path(actual, path)
        except KeyError:
            self._found(owner, "different", f"{what}: no column {path} in {actual.column_names}")
            return
        lines = same_column(want, want_column, got, got_column)
        if what == "scan":
            self.scanned[path] = want, want_column
        elif lines and of_scan and path in self.scanned:
            field, column = self.scanned[path]
            if not same_column(field, of_scan(column), got, got_column):
                self._found(owner, "not read by the reference", f"{what}: other rows than in its own scan, where Joust agrees: {'; '.join(lines)}")
                return
        if lines:
            self._found(owner, "different", f"{what}: {'; '.join(lines)}")

    def _unread(self, what, path, owner, reason, ours):
        """The reference cannot read what it wrote: then Joust may refuse, or has to give what was written."""
        cell = self.table.cells[owner]
        if what == "scan" and cell.layout in ("page", "pages", "fragments"):
            try:
                actual = ours([path])
            except (JoustFailed, Hung, Died) as error:
                outcome, words = failure_of(error)
                if "Corrupt" not in words and outcome == "different":
                    self._found(owner, outcome, f"{what}, not read by the reference: {words}")
                    return
                reason += "; Joust: refused"
            else:
                written = self.values.of(cell)
                field = cell.kind.make_field(path, cell.nulls, cell.nullable, cell.encoding_metadata())
                lines = same_column(field, pa.chunked_array([written]), actual.schema.field(path), actual.column(path), schema=False)
                reason += "; Joust: read as written" if not lines else f"; Joust: other than written ({'; '.join(lines)})"
        self._found(owner, "not read by the reference", f"{what}: {reason}")

    def _found(self, owner, outcome, reason):
        cell = self.table.cells[owner]
        self.outcomes[owner] = outcome, reason
        if outcome in ("different", "unsupported"):
            self.checks.lines.append(f"{outcome}: {cell}: {reason}\n  {cell.repeat()}" if outcome == "different" else f"{outcome}: {cell}: {reason}")
