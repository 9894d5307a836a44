# SPDX-License-Identifier: Apache-2.0
"""Every type x null pattern x row count x file version x encoding metadata that the reference writes, written by Joust: the reference reads it and goes on."""

import dataclasses

from cases import Case
from cases.matrix import all_kinds, chunks
from loop import JoustLoop
from plan import METADATA, ROWS, column_cells, pairwise, tables_of
from tables import Refusals, Values
from ways import Report
from writes import LAYOUTS, OUTCOMES, TableWriting

VERSIONS = ["2.0", "2.1", "2.2"]
CI_ROWS = [7, 1025]
CI_COLUMN_BYTES = 1 << 20
CI_SHARE = 0.3  # of the tables with which the reference goes on, and that Joust reads too
CI_PAIRWISE = 0.25  # of the columns
KINDS_PER_CASE = 25


class Owned:
    """What the cases share."""

    def __init__(self, context):
        self.context = context
        self.report = Report(OUTCOMES)
        self.refusals = Refusals()
        self.folder = context.folder / "owning"
        self.folder.mkdir(exist_ok=True)
        self.jousts = [JoustLoop(context.folder / "scratch" / "owning", kernels) for kernels in ("scalar", "simd")]

    def close(self):
        for joust in self.jousts:
            joust.stop()

    def case(self, name, cells_of, number):
        """A case that writes the cells that `cells_of()` answers, values shared."""
        def run(checks):
            rng = self.context.numpy("owning " + name)
            writing = TableWriting(self.jousts[number % 2], self.folder, Values(), rng, self.report, checks, self.refusals, None if self.context.full else CI_SHARE)
            for cells in tables_of(cells_of()):
                writing.run(cells)
        return Case(f"owning/{name}", run)


def cases(context):
    owned = Owned(context)
    context.closing.append(owned.close)
    context.reports.append(owned.report)
    number = 0
    versions = [version for version in context.versions or VERSIONS if version in VERSIONS]
    groups = chunks([kind for kind in all_kinds(context) if not context.kinds or any(text in kind.name for text in context.kinds)], KINDS_PER_CASE)
    for rows in sorted(ROWS if context.full else CI_ROWS, reverse=True):
        for part, group in enumerate(groups):
            name = f"every type, {rows} rows, part {part}"

            def every(name=name, rows=rows, group=group):
                rng = context.numpy("owning " + name)
                cells = [cell for kind in group for cell in column_cells(kind, rows, rng, 24 << 20 if context.full else CI_COLUMN_BYTES)]
                for version in versions:
                    for metadata in METADATA if context.full else ["plain"]:
                        layout = str(rng.choice(LAYOUTS))
                        yield from (dataclasses.replace(cell, version=version, metadata=metadata, layout=layout) for cell in cells)
            yield owned.case(name, every, number)
            number += 1
    for part, group in enumerate(groups):
        name = f"pairwise, part {part}"

        def drawn(name=name, group=group):
            rng = context.numpy("owning " + name)
            for cell in pairwise(group, versions, rng, LAYOUTS):
                if context.full or cell.rows <= 20_000 and rng.random() < CI_PAIRWISE:
                    yield cell
        yield owned.case(name, drawn, number)
        number += 1
