# SPDX-License-Identifier: Apache-2.0
"""Exact vector search by Joust and by the reference: the same rows in the same order, the same distances."""

import json

import lance
import numpy as np
import pyarrow as pa

import columns as c
import make_golden as golden
from cases import Case
from compare import differences

DIMENSION = 24
METRICS = {
    "l2": lambda rows, q: ((rows - q) ** 2).sum(axis=1),
    "cosine": lambda rows, q: 1 - rows @ q / (np.linalg.norm(rows, axis=1) * np.linalg.norm(q)),
    "dot": lambda rows, q: 1 - rows @ q,
}


def searched_table(context, name):
    """Two thousand vectors in several fragments, some rows deleted, some vectors null."""
    rng = context.numpy("searching")
    n = 2000
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(rng.normal(size=n * DIMENSION).astype(np.float32)), DIMENSION)
    table = golden.people(0, n).drop_columns(["vector"]).append_column("vector", c.with_nulls(vectors, "some", rng))
    path = context.path(name)
    lance.write_dataset(table, path, max_rows_per_file=600)
    lance.dataset(path).delete("id in (3, 4, 5, 900, 1999) or name like '%77'")
    return path


def nearest(dataset, metric, query, k, **options):
    return dataset.to_table(nearest={"column": "vector", "q": query, "k": k, "metric": metric, "use_index": False}, **options)


def check_hits(checks, expected, actual, what):
    """Schemas and rows are equal, distances nearly (the order of additions is free)."""
    ours, theirs = (np.array(table["_distance"].to_pylist(), np.float32) for table in (actual, expected))
    checks.true(len(ours) == len(theirs) and np.allclose(ours, theirs, rtol=1e-4, atol=1e-5), f"{what}: distances {ours[:5]} instead of {theirs[:5]}")
    checks.equal(expected.schema.field("_distance").type, actual.schema.field("_distance").type, f"{what}: type of _distance")
    checks.equal(expected.column_names, actual.column_names, f"{what}: columns")
    if expected.column_names == actual.column_names:
        checks.count += 1
        checks.lines += [f"{what}: {line}" for line in differences(expected.drop_columns(["_distance"]), actual.drop_columns(["_distance"]))]


def search_case(context, metric):
    name = f"exact search by {metric}"

    def run(checks):
        path = searched_table(context, name)
        dataset = lance.dataset(path)
        rng = context.numpy(name)
        live = dataset.to_table(columns=["id", "vector"])
        present = [row for row in live.to_pylist() if row["vector"] is not None]
        matrix = np.array([row["vector"] for row in present], np.float64)
        for turn in range(3):
            query = rng.normal(size=DIMENSION).astype(np.float32)
            vector = json.dumps([float(v) for v in query])
            k = [1, 10, 37][turn]
            actual = context.joust.table("search", path, "--vector", vector, "-k", k, "--metric", metric)
            distances = METRICS[metric](matrix, query.astype(np.float64))
            best = np.argsort(distances, kind="stable")[:k]
            checks.equal([present[i]["id"] for i in best], actual["id"].to_pylist(), f"{k} nearest, by definition")
            check_hits(checks, nearest(dataset, metric, query, k), actual, f"{k} nearest")
        filtered = context.joust.table("search", path, "--vector", vector, "-k", 7, "--metric", metric, "-w", "score > 50 and id < 1500")
        check_hits(checks, nearest(dataset, metric, query, 7, filter="score > 50 and id < 1500", prefilter=True), filtered, "with a filter")
        selected = context.joust.table("search", path, "-c", "vector", "--vector", vector, "-k", 5, "--metric", metric, "--select", "name,id")
        check_hits(checks, nearest(dataset, metric, query, 5, columns=["name", "id", "_distance"]), selected, "of two columns")
        older = context.joust.table("search", path, "--vector", vector, "-k", 9, "--metric", metric, "--at", 1)
        check_hits(checks, nearest(lance.dataset(path, version=1), metric, query, 9), older, "in version 1")
        everything = context.joust.table("search", path, "--vector", vector, "-k", 100_000, "--metric", metric, "--select", "id")
        checks.equal(len(present), everything.num_rows, "more than there are")
    return Case(f"searching/{name}", run)


def ties_case(context):
    """Equal distances come in the order of row ids."""
    name = "ties"

    def run(checks):
        path = context.path(name)
        table = pa.table({"id": pa.array(range(90)), "vector": pa.array([[float(i % 3), 0.0] for i in range(90)], pa.list_(pa.float32(), 2))})
        lance.write_dataset(table, path, max_rows_per_file=20)
        lance.dataset(path).delete("id = 3")
        actual = context.joust.table("search", path, "--vector", "[0, 0]", "-k", 35)
        checks.equal([i for i in range(0, 90, 3) if i != 3] + [1, 4, 7, 10, 13, 16], actual["id"].to_pylist(), "order")
    return Case(f"searching/{name}", run)


def cases(context):
    for metric in METRICS:
        yield search_case(context, metric)
    yield ties_case(context)
