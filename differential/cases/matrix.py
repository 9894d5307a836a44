# SPDX-License-Identifier: Apache-2.0
"""Every type x null pattern x row count x version x encoding metadata that the reference writes, read in every way."""

import dataclasses

import numpy as np

import kinds
from cases import Case
from loop import JoustLoop
from plan import METADATA, ROWS, VERSIONS, column_cells, pairwise, tables_of, written
from tables import Refusals, Values, write_tables
from ways import Report, TableReading

CI_ROWS = [7, 1025, 20_000]
CI_COLUMN_BYTES = 2 << 20
CI_MANY_ROWS = 20_000  # of these, a cell has three of five versions, in turn
CI_RANDOM_KINDS = 40
FULL_RANDOM_KINDS = 300
KINDS_PER_CASE = 25


class Matrix:
    """What the cases share."""

    def __init__(self, context):
        self.context = context
        self.report = Report()
        self.refusals = Refusals()
        self.folder = context.folder / "matrix"
        self.folder.mkdir(exist_ok=True)
        self.jousts = [JoustLoop(context.folder / "scratch", kernels) for kernels in ("scalar", "simd")]

    def close(self):
        for joust in self.jousts:
            joust.stop()

    def case(self, name, cells_of, number):
        """A case that reads the tables of the cells that `cells_of()` answers, values shared."""
        def run(checks):
            values = Values()
            rng = self.context.numpy(name)
            for cells in tables_of(cells_of()):
                for table in write_tables(self.folder, cells, values, self.refusals, self.report.add):
                    TableReading(self.jousts[number % 2], table, rng, self.report, checks, values).run()
                    table.drop()
        return Case(f"matrix/{name}", run)


def chunks(items, size):
    return [items[start:start + size] for start in range(0, len(items), size)]


def with_versions(cells, versions, metadata=("plain",)):
    return [dataclasses.replace(cell, version=version, metadata=each) for version in versions for each in metadata if written(version, each) for cell in cells]


def all_kinds(context):
    return [*kinds.every(), *kinds.random_kinds(context.numpy("random kinds"), FULL_RANDOM_KINDS if context.full else CI_RANDOM_KINDS)]


def cases(context):
    matrix = Matrix(context)
    context.closing.append(matrix.close)
    context.reports.append(matrix.report)
    number = 0
    versions = context.versions or VERSIONS
    groups = chunks([kind for kind in all_kinds(context) if not context.kinds or any(text in kind.name for text in context.kinds)], KINDS_PER_CASE)
    for rows in sorted(ROWS if context.full else CI_ROWS, reverse=True):
        for part, group in enumerate(groups):
            name = f"every type, {rows} rows, part {part}"

            def every(name=name, rows=rows, group=group):
                rng = context.numpy(name)
                most = 24 << 20 if context.full else CI_COLUMN_BYTES
                cells = [cell for kind in group for cell in column_cells(kind, rows, rng, most)]
                if context.full or rows < CI_MANY_ROWS:
                    return with_versions(cells, versions, list(METADATA) if context.full else ("plain",))
                shares = [[cell for number, cell in enumerate(cells) if (number + turn) % 5 < 3] for turn in range(len(versions))]
                return [cell for share, version in zip(shares, versions) for cell in with_versions(share, [version])]
            yield matrix.case(name, every, number)
            number += 1
    for part, group in enumerate(groups):
        name = f"pairwise, part {part}"
        yield matrix.case(name, lambda name=name, group=group: list(pairwise(group, versions, context.numpy(name))), number)
        number += 1
