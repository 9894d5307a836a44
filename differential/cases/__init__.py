# SPDX-License-Identifier: Apache-2.0
"""The tables of cases. A module here offers `cases(context)`, which yields `Case`s; see README.md."""

import dataclasses
import pathlib
import random
import typing

import numpy as np


@dataclasses.dataclass
class Context:
    """What every case gets."""

    joust: typing.Any
    folder: pathlib.Path
    seed: int
    full: bool
    versions: list = None  # of the matrix, if not all
    kinds: list = dataclasses.field(default_factory=list)  # of the matrix: those whose name holds one of these texts
    closing: list = dataclasses.field(default_factory=list)  # called at the end
    reports: list = dataclasses.field(default_factory=list)  # printed at the end, and kept with the results
    notes: list = dataclasses.field(default_factory=list)  # lines, printed at the end
    left: pathlib.Path = None  # where what makes a failure again is kept; the run's folder goes

    def path(self, name):
        """A fresh path for a table."""
        path = self.folder / (name.replace("/", "_").replace(" ", "_") + ".lance")
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    def keep_file(self, name, text):
        """Keeps what makes a failure again; its path."""
        self.left.mkdir(parents=True, exist_ok=True)
        path = self.left / name
        path.write_text(text)
        return path

    def random(self, name):
        return random.Random(f"{self.seed}/{name}")

    def numpy(self, name):
        return np.random.default_rng([self.seed, *name.encode()])


@dataclasses.dataclass
class Case:
    """One comparison: `run` returns lines of differences, and how many comparisons it made in `checks`."""

    name: str
    run: typing.Callable[["Checks"], None]
    alone: bool = False  # not beside other cases: it measures or loads the machine


class Checks:
    """Collects what a case finds."""

    def __init__(self):
        self.count = 0
        self.lines = []

    def equal(self, expected, actual, what):
        self.count += 1
        if expected != actual:
            self.lines.append(f"{what}: {actual!r} instead of {expected!r}"[:400])

    def true(self, condition, what):
        self.count += 1
        if not condition:
            self.lines.append(what)

    def tables(self, expected, actual, what):
        from compare import differences
        self.count += 1
        self.lines += [f"{what}: {line}" for line in differences(expected, actual)]
