#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One of several writers of a table, which all work on it at once, each on batches of its own.

usage: writer.py PATH NUMBER SECONDS SEED REPORT      the reference, in a process of its own

A batch is four rows whose amounts add up to nothing. They come, change and go together, so that in every version of the table each batch that is
there has four rows and a sum of 0. What a writer was told goes into its report: the batches it left, the versions that it made, what was refused.
"""

import collections
import json
import random
import sys
import time

import lance
import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 4
SCHEMA = pa.schema([pa.field("id", pa.int64(), nullable=False), ("writer", pa.int32()), ("batch", pa.int32()), ("amount", pa.int64()), ("note", pa.string())])
STRIDE = 10_000_000
WEIGHTS = {"append": 5, "delete": 3, "update": 3, "merge": 3, "compact": 1, "read": 3}


class Lost(Exception):
    """The change lost against another's, and its writer was told so."""


class Missing(Exception):
    """The side can't do that yet."""


def broken_batches(table):
    """Batches of a version that are not whole."""
    groups = table.group_by(["writer", "batch"]).aggregate([("amount", "sum"), ("id", "count"), ("id", "count_distinct")])
    bad = groups.filter(pc.or_(pc.or_(pc.not_equal(groups["amount_sum"], 0), pc.not_equal(groups["id_count"], BATCH_ROWS)), pc.not_equal(groups["id_count_distinct"], BATCH_ROWS)))
    return bad.to_pylist()


class Reference:
    """A table by the reference; opened anew for each change, and kept from one to the next now and then."""

    def __init__(self, path):
        self.path = path
        self.dataset = None

    def open(self, rng):
        if self.dataset is None or rng.random() < 0.7:
            self.dataset = lance.dataset(self.path)
        return self.dataset

    def do(self, what, rng, **of):
        dataset = self.open(rng)
        try:
            if what == "append":
                dataset.insert(of["rows"])
            elif what == "delete":
                dataset.delete(of["where"])
            elif what == "update":
                dataset.update(of["set"], of["where"])
            elif what == "merge":
                dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(of["rows"])
            elif what == "compact":
                dataset.optimize.compact_files(target_rows_per_fragment=200, num_threads=1)
            elif what == "read":
                dataset.checkout_latest()
                return dataset.version, dataset.to_table(columns=["id", "writer", "batch", "amount"])
        except (OSError, RuntimeError, ValueError) as error:
            self.dataset = None
            if any(words in str(error).lower() for words in ("conflict", "contention", "too many concurrent writers")):
                raise Lost(str(error)) from error
            raise
        return dataset.version, None


class Writer:
    """Does one change after the other, and keeps what must be there."""

    def __init__(self, side, number, seed):
        self.side = side
        self.number = number
        self.rng = random.Random(f"{seed}/{number}")
        self.batches = {}  # by number: rows as [id, amount, note]
        self.next_batch = 0
        self.versions = []
        self.counts = collections.Counter()
        self.faults = []
        self.lost = []
        self.missing = set()

    def new_batch(self):
        batch, self.next_batch = self.next_batch, self.next_batch + 1
        first = self.number * STRIDE + batch * BATCH_ROWS
        a, b = self.rng.randint(1, 1000), self.rng.randint(1, 1000)
        return batch, [[first + k, amount, f"{self.number}/{batch}"] for k, amount in enumerate([a, -a, b, -b])]

    def table(self, batches):
        rows = [(row[0], self.number, batch, row[1], row[2]) for batch, rows in batches.items() for row in rows]
        return pa.table([pa.array(column, field.type) for column, field in zip(zip(*rows), SCHEMA)], schema=SCHEMA)

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            choices = {name: weight for name, weight in WEIGHTS.items() if name not in self.missing}
            what = self.rng.choices(list(choices), list(choices.values()))[0]
            try:
                if self.change(what):
                    self.counts[what] += 1
            except Lost as lost:
                self.counts[f"{what} lost"] += 1
                self.lost.append(str(lost)[:300])
            except Missing:
                self.missing.add(what)
            except Exception as error:
                self.faults.append(f"{what}: {type(error).__name__}: {str(error)[:1500]}")
                if len(self.faults) > 5:
                    break
        return {"number": self.number, "batches": self.batches, "versions": self.versions, "counts": dict(self.counts), "faults": self.faults, "lost": self.lost[:20],
                "missing": sorted(self.missing)}

    def change(self, what):
        """One change of a kind; whether there was anything to change."""
        mine = list(self.batches)
        if what in ("delete", "update", "merge") and not mine:
            return False
        if what == "append":
            new = dict(self.new_batch() for _ in range(self.rng.randint(1, 3)))
            self.versions.append(self.side.do(what, self.rng, rows=self.table(new))[0])
            self.batches |= new
        elif what in ("delete", "update"):
            chosen = self.rng.sample(mine, min(len(mine), self.rng.randint(1, 2)))
            where = f"writer = {self.number} and batch in ({', '.join(map(str, chosen))})"
            if what == "delete":
                self.versions.append(self.side.do(what, self.rng, where=where)[0])
                for batch in chosen:
                    del self.batches[batch]
            else:
                self.versions.append(self.side.do(what, self.rng, where=where, set={"amount": "amount * 2", "note": "concat(note, '+')"})[0])
                for batch in chosen:
                    self.batches[batch] = [[row[0], row[1] * 2, row[2] + "+"] for row in self.batches[batch]]
        elif what == "merge":
            chosen = self.rng.sample(mine, min(len(mine), 2))
            changed = {batch: [[row[0], -row[1], row[2] + "m"] for row in self.batches[batch]] for batch in chosen} | dict([self.new_batch()])
            self.versions.append(self.side.do(what, self.rng, rows=self.table(changed))[0])
            self.batches |= changed
        elif what == "compact":
            self.side.do(what, self.rng)
        elif what == "read":
            version, table = self.side.do(what, self.rng)
            broken = broken_batches(table)
            if broken:
                self.faults.append(f"version {version} has batches that are not whole: {broken[:3]}")
            own = set(table.filter(pc.equal(table["writer"], self.number))["batch"].to_pylist())
            if own != set(self.batches):
                self.faults.append(f"version {version}: a writer does not see what it wrote: {sorted(own ^ set(self.batches))[:5]}")
        return True


def main():
    path, number, seconds, seed, report = sys.argv[1:]
    result = Writer(Reference(path), int(number), int(seed)).run(float(seconds))
    with open(report, "w") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
