# SPDX-License-Identifier: Apache-2.0
"""Which columns are compared: cells of kind x null pattern x rows x version x metadata x layout, all of them or drawn pairwise."""

import dataclasses
import itertools
import json

import numpy as np

from kinds import PREFIX, Kind

ROWS = [0, 1, 7, 1024, 1025, 20_000, 200_000]
VERSIONS = ["0.1", "2.0", "2.1", "2.2", "2.3"]

# what the reference's keys choose; `plain` leaves everything to it
METADATA = {
    "plain": {},
    "none": {"compression": "none"},
    "lz4": {"compression": "lz4"},
    "zstd": {"compression": "zstd"},
    "zstd-9": {"compression": "zstd", "compression-level": "9"},
    "fsst": {"compression": "fsst"},
    "lz4-bss": {"compression": "lz4", "bss": "on"},
    "zstd-bss": {"compression": "zstd", "bss": "on"},
    "zstd-no-bss": {"compression": "zstd", "bss": "off"},
    "lz4-auto-bss": {"compression": "lz4", "bss": "auto"},
    "rle": {"rle-threshold": "1.0"},
    "rle-seldom": {"rle-threshold": "0.05"},
    "chunks-small": {"minichunk-size": "256"},
    "chunks-large": {"minichunk-size": "65536"},
    "miniblock": {"structural-encoding": "miniblock"},
    "fullzip": {"structural-encoding": "fullzip"},
    "sparse": {"structural-encoding": "sparse"},
    "fullzip-zstd": {"structural-encoding": "fullzip", "compression": "zstd"},
    "fullzip-lz4": {"structural-encoding": "fullzip", "compression": "lz4"},
    "miniblock-lz4": {"structural-encoding": "miniblock", "compression": "lz4"},
    "sparse-zstd": {"structural-encoding": "sparse", "compression": "zstd"},
    "dictionary": {"dict-divisor": "1", "dict-size-ratio": "1.0"},
    "dictionary-zstd": {"dict-divisor": "1", "dict-size-ratio": "1.0", "dict-values-compression": "zstd", "dict-values-compression-level": "5"},
    "dictionary-plain": {"dict-values-compression": "none"},
    "dictionary-never": {"dict-divisor": "100000", "dict-size-ratio": "0.01"},
}

# how the rows lie: in one page, in several, in several fragments, some deleted, columns added and dropped
LAYOUTS = ["page", "pages", "fragments", "deleted", "evolved"]

# of the values of one column
MOST_BYTES = 24 << 20
MOST_TABLE_BYTES = 96 << 20


def written(version, metadata):
    """Whether the reference writes files of the version with that metadata at all."""
    return version not in ("2.1", "2.2") or METADATA[metadata].get("structural-encoding") != "sparse"


@dataclasses.dataclass(frozen=True)
class Cell:
    """A column of a table."""

    kind: Kind
    nulls: str
    how: str
    rows: int
    version: str
    metadata: str
    layout: str
    nullable: bool
    seed: int

    @property
    def key(self):
        """What the reference may refuse, whatever the number of rows."""
        return self.version, self.kind.name, self.nulls, self.metadata

    def __str__(self):
        return f"{self.kind.name} {self.how}, nulls {self.nulls}, {self.rows} rows, {self.version}, {self.metadata}, {self.layout}"

    def repeat(self):
        """What makes the same column again."""
        return json.dumps({"kind": self.kind.name, "type": str(self.kind.type), "nulls": self.nulls, "how": self.how, "rows": self.rows, "version": self.version,
                           "metadata": self.metadata, "layout": self.layout, "nullable": self.nullable, "seed": self.seed})

    def encoding_metadata(self):
        return {PREFIX + key: value for key, value in METADATA[self.metadata].items()}


def fitting_hows(kind, rows, most_bytes):
    """Distributions whose values are not too many bytes."""
    sizes = {"huge": 40_000, "long": 400}
    hows = [how for how in kind.hows if rows * max(sizes.get(how, 0), 1) <= most_bytes and (how != "wide" or not kind.blob or rows * 20_000 <= most_bytes)]
    return hows or [kind.hows[0]]


def column_cells(kind, rows, rng, most_bytes=MOST_BYTES, layout="page"):
    """A cell of the kind for each of its null patterns, of no version yet, without metadata."""
    for nulls in kind.nulls:
        hows = fitting_hows(kind, rows, most_bytes)
        nullable = not (nulls in ("none", "empties", "inner") and kind.nullable and rng.random() < 0.5)
        yield Cell(kind, nulls, hows[int(rng.integers(len(hows)))], rows, "", "plain", layout, nullable, int(rng.integers(1 << 31)))


def tables_of(cells):
    """Cells in groups that fit into a table each: one version, number of rows and layout; kinds that must stand alone do."""
    groups = {}
    for cell in cells:
        alone = cell if cell.kind.alone else None
        groups.setdefault((cell.version, cell.rows, cell.layout, alone), []).append(cell)
    for group in groups.values():
        table, size = [], 0
        for cell in group:
            width = cell.rows * cell.kind.most_bytes * (4 if cell.how == "huge" else 1)
            if table and (size + width > MOST_TABLE_BYTES or len(table) == 120):
                yield table
                table, size = [], 0
            table.append(cell)
            size += width
        yield table


def pairwise(kinds, versions, rng, layouts=LAYOUTS):
    """Cells such that every two values of two factors meet in one of them (nearly: each pair of kind and metadata, and of the others).

    Many rows cost most, so they are chosen for what they alone cover.
    """
    missing = set()
    factors = {"rows": ROWS, "version": versions, "metadata": list(METADATA), "layout": layouts}
    for (left, lefts), (right, rights) in itertools.combinations(factors.items(), 2):
        missing |= {(left, a, right, b) for a in lefts for b in rights}
    for kind in kinds:
        own = {**factors, "nulls": kind.nulls}
        missing |= {("kind", kind.name, name, value) for name, values in own.items() for value in values}

    def pairs(kind, choice):
        names = ["rows", "version", "metadata", "layout"]
        for left, right in itertools.combinations(names, 2):
            yield left, choice[left], right, choice[right]
        for name in [*names, "nulls"]:
            yield "kind", kind.name, name, choice[name]

    weights = np.array([1, 1, 2, 4, 4, 1, 0.1])
    weights /= weights.sum()
    for kind in kinds:
        for metadata in rng.permutation(list(METADATA)):
            best, gain = None, -1
            for _ in range(12):
                choice = {"rows": ROWS[int(rng.choice(len(ROWS), p=weights))], "version": str(rng.choice(versions)), "metadata": str(metadata),
                          "layout": str(rng.choice(layouts)), "nulls": str(rng.choice(kind.nulls))}
                if ("kind", kind.name, "rows", 200_000) in missing and rng.random() < 0.03:
                    choice["rows"] = 200_000
                if choice["rows"] * kind.most_bytes > MOST_TABLE_BYTES or not written(choice["version"], choice["metadata"]):
                    continue
                covered = sum(pair in missing for pair in pairs(kind, choice)) - (1.5 if choice["rows"] == 200_000 else 0)
                if covered > gain:
                    best, gain = choice, covered
            if best is None:
                continue
            missing -= set(pairs(kind, best))
            hows = fitting_hows(kind, best["rows"], MOST_BYTES)
            nullable = not (best["nulls"] in ("none", "empties", "inner") and kind.nullable and rng.random() < 0.5)
            yield Cell(kind, best["nulls"], hows[int(rng.integers(len(hows)))], best["rows"], best["version"], best["metadata"], best["layout"], nullable,
                       int(rng.integers(1 << 31)))
