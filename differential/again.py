#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one column of the matrix again, alone in a table, and compares it.

usage: again.py [write] RUN_SEED CELL [TABLE] [KEY=VALUE...]

With `write`, Joust writes it and the reference reads (a line of `owning`), else the other way round (of `matrix`). RUN_SEED is the run's --seed, CELL the JSON of a line of difference; the table stays at TABLE. KEY=VALUE changes the cell: rows=20 version=2.2
"""

import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "testdata")]

import numpy as np  # noqa: E402

from cases import Checks, Context  # noqa: E402
from cases.matrix import all_kinds  # noqa: E402
from loop import JoustLoop  # noqa: E402
from plan import Cell  # noqa: E402
from tables import Refusals, Table, Values, write_layout  # noqa: E402
from ways import Report, TableReading  # noqa: E402
from writes import OUTCOMES, TableWriting  # noqa: E402


def main():
    write = sys.argv[1] == "write"
    if write:
        del sys.argv[1]
    changes = dict(argument.split("=", 1) for argument in sys.argv[3:] if "=" in argument)
    seed, described = int(sys.argv[1]), json.loads(sys.argv[2]) | changes
    folder = pathlib.Path(tempfile.mkdtemp(prefix="joust-again-"))
    path = next((argument for argument in sys.argv[3:] if "=" not in argument), str(folder / "again.lance"))
    kind = next(kind for kind in all_kinds(Context(None, folder, seed, described.get("full", False))) if kind.name == described["kind"])
    cell = Cell(kind, described["nulls"], described["how"], int(described["rows"]), described["version"], described["metadata"], described["layout"],
                described["nullable"] in (True, "true"), int(described["seed"]))
    if write:
        return written(folder, cell)
    table, values, checks, report = Table(path, [("column", cell)]), Values(), Checks(), Report()
    write_layout(path, [("column", cell)], values)
    for kernels in ("scalar", "simd"):
        joust = JoustLoop(folder, kernels)
        TableReading(joust, table, np.random.default_rng(cell.seed), report, checks, values).run()
        joust.stop()
    print(report)
    print("\n".join(checks.lines))
    print(f"table: {path}")
    return 1 if checks.lines else 0


def written(folder, cell):
    checks, report = Checks(), Report(OUTCOMES)
    for kernels in ("scalar", "simd"):
        joust = JoustLoop(folder, kernels)
        TableWriting(joust, folder, Values(), np.random.default_rng(cell.seed), report, checks, Refusals()).run([cell])
        joust.stop()
    print(report)
    print("\n".join(checks.lines))
    return 1 if checks.lines else 0


if __name__ == "__main__":
    sys.exit(main())
