# SPDX-License-Identifier: Apache-2.0
"""Vector indices, each kind by each metric, both ways: what Python built Joust searches, what Joust built Python searches, appends to and optimises."""

import functools
import shutil
import threading

import lance
import numpy as np
import pyarrow as pa

from cases import Case
from loop import JoustLoop

ROWS, DIMENSION, QUERIES, K = 20_000, 64, 40, 10
PARTITIONS = 32

# What Python is asked to build, and what Joust is; overlap that its results must have with Python's own.
KINDS = {
    "IVF_FLAT": ({}, [], 0.99),
    "IVF_PQ": ({"num_sub_vectors": 16}, ["--sub-vectors", 16], 0.99),
    "IVF_PQ 4 bits": ({"num_sub_vectors": 16, "num_bits": 4}, ["--sub-vectors", 16, "--bits", 4], 0.99),
    "IVF_SQ": ({}, [], 0.99),
    "IVF_HNSW_FLAT": ({}, [], 0.95),
    "IVF_HNSW_SQ": ({}, [], 0.95),
    "IVF_HNSW_PQ": ({"num_sub_vectors": 16}, ["--sub-vectors", 16], 0.95),
    "IVF_RQ": ({}, [], 0.95),
}
READ = ["IVF_FLAT", "IVF_PQ", "IVF_PQ 4 bits", "IVF_SQ", "IVF_HNSW_FLAT", "IVF_HNSW_SQ", "IVF_HNSW_PQ", "IVF_RQ"]
WRITTEN = READ
METRICS = ["l2", "cosine", "dot"]


_lock = threading.Lock()
_loops = []


def loop(context):
    """JVMs that live on, for all cases of this module."""
    with _lock:
        if not _loops:
            _loops.append(JoustLoop(context.joust.scratch, kernels="simd"))
            context.closing.append(_loops[0].stop)
        return _loops[0]


def vectors(rng, rows):
    centers = np.random.default_rng(5).normal(size=(100, DIMENSION)) * 2
    return (centers[rng.integers(0, len(centers), rows)] + rng.normal(size=(rows, DIMENSION))).astype(np.float32)


def batch(rng, first, rows, nulls=True):
    values = pa.FixedSizeListArray.from_arrays(pa.array(vectors(rng, rows).ravel()), DIMENSION)
    if nulls:
        values = pa.array([None if i % 97 == 5 else v for i, v in enumerate(values.to_pylist())], values.type)
    ids = np.arange(first, first + rows)
    return pa.table({"id": pa.array(ids, pa.int64()), "kind": pa.array([f"k{i % 7}" for i in ids]), "vec": values})


def table(context, name, **options):
    path = context.path(name)
    lance.write_dataset(batch(context.numpy(name), 0, ROWS), path, max_rows_per_file=8000, **options)
    return path


def queries(context, name):
    return vectors(context.numpy(name + " queries"), QUERIES)


def theirs(path, query, metric=None, **options):
    """What Python finds: ids and distances."""
    scan = {key: options.pop(key) for key in ("filter", "prefilter", "fast_search") if key in options}
    nearest = {"column": "vec", "q": query, "k": K, **options}
    if metric:
        nearest["metric"] = metric
    found = lance.dataset(path).to_table(columns=["id", "_distance"], nearest=nearest, **scan)
    return found["id"].to_pylist(), found["_distance"].to_numpy()


def ours(context, path, matrix, *options):
    """What Joust finds for each query."""
    file = context.joust.file(".npy")
    np.save(file, matrix)
    found = loop(context).table("search", path, "--vector", f"@{file}", "-k", K, "--select", "id", *options)
    file.unlink()
    index, ids, distances = (found[name].to_numpy() for name in ("query_index", "id", "_distance"))
    return [(ids[index == i].tolist(), distances[index == i]) for i in range(len(matrix))]


def compared(checks, context, path, matrix, overlap, what, words=(), as_many=True, refined=False, **options):
    """The same rows, nearly all, at the same distances. Where not `as_many`, Joust may find more. `refined`: what codes alone say Python rounds coarsely."""
    if refined and not {"use_index", "refine_factor"} & options.keys():
        words, options = [*words, "--refine", 5], {**options, "refine_factor": 5}
    shared = wanted = 0
    for query, (ids, distances) in zip(matrix, ours(context, path, matrix, *words)):
        expected, their_distances = theirs(path, query, **options)
        both = set(ids) & set(expected)
        shared += len(both)
        wanted += len(expected)
        checks.true(len(ids) == len(expected) or (not as_many and len(ids) > len(expected)), f"{what}: {len(ids)} rows instead of {len(expected)}")
        checks.true(list(distances) == sorted(distances), f"{what}: nearest first")
        mine, their = dict(zip(ids, distances)), dict(zip(expected, their_distances))
        off = [(mine[i], their[i]) for i in both if not np.isclose(mine[i], their[i], rtol=1e-3, atol=1e-4)]
        checks.true(not off, f"{what}: distances {off[:3]}")
    checks.true(shared >= overlap * wanted, f"{what}: {shared} of {wanted} rows are the same")


def recall(path, matrix, exact, **options):
    return sum(hits(path, matrix, exact, **options)) / (K * len(matrix))


def not_worse(checks, mine, twin, tolerance, what):
    """That Joust's index finds as much as Python's: both train from chance, so three standard errors of the queries' differences are
    taken off. Each is how many of the nearest rows a query found."""
    difference = (np.array(twin) - np.array(mine)) / K
    error = difference.std() / len(difference) ** 0.5
    checks.true(difference.mean() <= tolerance + 3 * error,
                f"{what}: recall {np.mean(mine) / K:.3f} on Joust's index, {np.mean(twin) / K:.3f} on Python's, standard error {error:.3f}")


def hits(path, matrix, exact, **options):
    """Of the nearest rows of each query, how many are found."""
    return [len(set(theirs(path, query, **options)[0]) & set(expected)) for query, expected in zip(matrix, exact)]


def read_case(context, kind, metric):
    """Python's index, searched by both."""
    name = f"read {kind} {metric}"
    options, _, overlap = KINDS[kind]
    compare = functools.partial(compared, refined=kind == "IVF_RQ")

    def run(checks):
        path = table(context, name)
        matrix = queries(context, name)
        lance.dataset(path).create_index("vec", kind.split()[0], metric=metric, num_partitions=PARTITIONS, **options)
        compare(checks, context, path, matrix, overlap, "nprobes 8", ["--nprobes", 8], nprobes=8)
        compare(checks, context, path, matrix, overlap, "as many probes as it takes")
        compare(checks, context, path, matrix, overlap, "refined", ["--nprobes", 8, "--refine", 5], nprobes=8, refine_factor=5)
        few = matrix[:10]
        filtered = "id % 5 = 1 and kind != 'k3'"
        compare(checks, context, path, few, overlap, "with a filter", ["--nprobes", 8, "-w", filtered], nprobes=8, filter=filtered, prefilter=True)
        compare(checks, context, path, few, overlap, "with a filter behind", ["--nprobes", 8, "-w", filtered, "--postfilter"], nprobes=8, filter=filtered)
        low, high = np.quantile(theirs(path, few[0], nprobes=8)[1], [0.2, 0.8])
        bounds = (float(low), float(high))
        if kind != "IVF_RQ":  # its bounds hold for what codes alone say
            compare(checks, context, path, few, overlap, "of a range", ["--nprobes", 8, "--distance-range", f"{low},{high}"], nprobes=8, distance_range=bounds)
        lance.dataset(path).delete("id % 11 = 3 or id between 900 and 1400")
        compare(checks, context, path, few, overlap, "after deletions", ["--nprobes", 8], nprobes=8)
        lance.write_dataset(batch(context.numpy(name + " more"), ROWS, 1500), path, mode="append")
        compare(checks, context, path, few, overlap, "after an append", ["--nprobes", 8], nprobes=8)
        compare(checks, context, path, few, overlap, "what is covered", ["--nprobes", 8, "--fast"], nprobes=8, fast_search=True)
        compare(checks, context, path, few, 1, "without the index", ["--no-index", "--metric", metric], use_index=False, metric=metric)
        lance.dataset(path).optimize.optimize_indices(num_indices_to_merge=0)
        compare(checks, context, path, few, overlap, "of two segments", ["--nprobes", 8], nprobes=8)
    return Case(f"indices/{name}", run)


def write_case(context, kind, metric):
    """Joust's index, searched, appended to and optimised by Python, beside Python's own of the same rows."""
    name = f"write {kind} {metric}"
    options, words, overlap = KINDS[kind]
    probes = {"nprobes": 8}
    compare = functools.partial(compared, refined=kind == "IVF_RQ")

    def run(checks):
        path = table(context, name)
        twin = context.path(name + " twin")
        shutil.copytree(path, twin)
        matrix = queries(context, name)
        lance.dataset(twin).create_index("vec", kind.split()[0], metric=metric, num_partitions=PARTITIONS, **options)
        made = loop(context).json("index", "create", path, "-c", "vec", "--type", kind.split()[0], "--metric", metric, "--partitions", PARTITIONS, *words)
        checks.equal("vec_idx", made["name"], "name")
        entry, = lance.dataset(path).describe_indices()
        other, = lance.dataset(twin).describe_indices()
        for key in ("name", "index_type", "type_url", "field_names", "num_rows_indexed"):
            checks.equal(getattr(other, key), getattr(entry, key), key)
        checks.equal({**other.details, "runtime_hints": None}, {**entry.details, "runtime_hints": None}, "details")
        many = np.concatenate([matrix, vectors(context.numpy(name + " more queries"), 3 * QUERIES)])
        exact = [theirs(path, query, metric=metric, use_index=False)[0] for query in many]
        not_worse(checks, hits(path, many, exact, **probes), hits(twin, many, exact, **probes), 0.02, "as built")
        plan = lance.dataset(path).scanner(nearest={"column": "vec", "q": matrix[0], "k": K, **probes}).explain_plan()
        checks.true("ANN" in plan, f"the plan: {plan}")
        compare(checks, context, path, matrix, overlap, "by both", ["--nprobes", 8], **probes)
        few = matrix
        more = batch(context.numpy(name + " more"), ROWS, 1500)
        for each in (path, twin):
            lance.dataset(each).delete("id % 13 = 2")
            lance.write_dataset(more, each, mode="append")
        compare(checks, context, path, few, overlap, "after an append", ["--nprobes", 8], **probes)
        exact = [theirs(path, query, metric=metric, use_index=False)[0] for query in few]
        for merged in (0, 1):
            for each in (path, twin):
                lance.dataset(each).optimize.optimize_indices(num_indices_to_merge=merged)
            stats = lance.dataset(path).stats.index_stats("vec_idx")
            checks.equal(0, stats["num_unindexed_rows"], "rows that are not covered")
            not_worse(checks, hits(path, few, exact, **probes), hits(twin, few, exact, **probes), 0.05, "optimised")
            compare(checks, context, path, few, overlap, "optimised", ["--nprobes", 8], **probes)
    return Case(f"indices/{name}", run)


def stable_case(context):
    """An index that knows rows by their ids, after an update and a compaction."""
    name = "stable row ids"

    def run(checks):
        path = table(context, name, enable_stable_row_ids=True)
        matrix = queries(context, name)[:10]
        lance.dataset(path).create_index("vec", "IVF_FLAT", metric="l2", num_partitions=PARTITIONS)
        lance.dataset(path).update({"kind": "'changed'"}, "id % 9 = 4")
        lance.dataset(path).delete("id % 10 = 7")
        compared(checks, context, path, matrix, 0.99, "after an update", ["--nprobes", 8], nprobes=8)
        lance.dataset(path).optimize.compact_files()
        # Python answers fewer than k rows here
        compared(checks, context, path, matrix, 0.99, "after a compaction", ["--nprobes", 8], as_many=False, nprobes=8)
        filtered = "kind = 'changed'"
        compared(checks, context, path, matrix, 0.99, "with a filter", ["--nprobes", 8, "-w", filtered], nprobes=8, filter=filtered, prefilter=True)
    return Case(f"indices/{name}", run)


def cases(context):
    for kind in READ:
        for metric in METRICS:
            yield read_case(context, kind, metric)
    for kind in WRITTEN:
        for metric in METRICS:
            yield write_case(context, kind, metric)
    yield stable_case(context)
