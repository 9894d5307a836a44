# SPDX-License-Identifier: Apache-2.0
"""Vector indices of all element types, of bits, and of several vectors a row, both ways."""

import shutil
import threading

import lance
import numpy as np
import pyarrow as pa

from cases import Case
from cases.vector_indices import not_worse
from loop import JoustLoop

K = 10
NUMPY = {"float16": np.float16, "float32": np.float32, "float64": np.float64, "int8": np.int8, "uint8": np.uint8}
KINDS = ["IVF_FLAT", "IVF_PQ", "IVF_PQ 4 bits", "IVF_SQ", "IVF_RQ", "IVF_HNSW_FLAT", "IVF_HNSW_SQ", "IVF_HNSW_PQ"]


_lock = threading.Lock()
_loops = []


def loop(context):
    """JVMs that live on; for so few rows scalar code is the faster one to start with."""
    with _lock:
        if not _loops:
            _loops.append(JoustLoop(context.joust.scratch / "types"))
            context.closing.append(_loops[0].stop)
        return _loops[0]


def least(kind):
    """Overlap that results must have with Python's own."""
    # of few rows with codes of 4 bits many are equally far, and any of them may be among the last
    return 0.95 if "HNSW" in kind or kind in ("IVF_RQ", "IVF_PQ 4 bits") else 0.99


class Vectors:
    """Vectors of one shape: rows to write, and queries.

    dimension: of a vector; several: whether a row has any number of vectors; nested: whether the column is within a struct."""

    def __init__(self, rng, element, dimension, several=False, nested=False):
        self.rng, self.element, self.dimension, self.several, self.nested = rng, element, dimension, several, nested
        self.is_bits = element == "uint8"
        shape = (40, dimension)
        self.centers = rng.integers(0, 256, shape) if self.is_bits else rng.normal(size=shape) * (30 if element == "int8" else 2)

    @property
    def column(self):
        return "a.`vec.tor`" if self.nested else "vec"

    def matrix(self, count):
        near = self.centers[self.rng.integers(0, len(self.centers), count)]
        if self.is_bits:
            flips = self.rng.random((count, self.dimension, 8)) < 0.1
            return (near ^ np.packbits(flips, axis=2)[:, :, 0]).astype(np.uint8)
        noise = self.rng.normal(size=near.shape) * (10 if self.element == "int8" else 1)
        return (np.clip(near + noise, -128, 127) if self.element == "int8" else near + noise).astype(NUMPY[self.element])

    def rows(self, first, count, nulls=True):
        lengths = self.rng.integers(0, 5, count) if self.several else np.ones(count, int)
        column = pa.FixedSizeListArray.from_arrays(pa.array(self.matrix(lengths.sum()).ravel()), self.dimension)
        absent = pa.array(np.arange(count) % 53 == 5) if nulls else None
        if self.several:
            column = pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32()), column, mask=absent)
        elif nulls:
            column = column.take(pa.array([None if i % 53 == 5 else i for i in range(count)], pa.int64()))
        ids = pa.array(np.arange(first, first + count), pa.int64())
        if self.nested:
            return pa.table({"id": ids, "a": pa.StructArray.from_arrays([ids, column], ["x", "vec.tor"])})
        return pa.table({"id": ids, "vec": column})

    def queries(self, count):
        """Of several vectors each: `[count][1 to 3][dimension]`."""
        return [self.matrix(self.rng.integers(1, 4)).astype(np.float32) if self.several else self.matrix(1)[0].astype(np.float32) for _ in range(count)]


def theirs(path, vectors, query, **options):
    scan = {key: options.pop(key) for key in ("filter", "prefilter", "fast_search") if key in options}
    found = lance.dataset(path).to_table(columns=["id", "_distance"], nearest={"column": vectors.column, "q": query, "k": K, **options}, **scan)
    return found["id"].to_pylist(), found["_distance"].to_numpy()


def ours(context, path, vectors, queries, *options):
    file = context.joust.file(".npy")
    for query in queries if vectors.several else [np.array(queries)]:
        np.save(file, query)
        found = loop(context).table("search", path, "-c", vectors.column, "--vector", f"@{file}", "-k", K, "--select", "id", *options)
        index = np.zeros(len(found), int) if vectors.several else found["query_index"].to_numpy()
        ids, distances = found["id"].to_numpy(), found["_distance"].to_numpy()
        for i in range(1 if vectors.several else len(queries)):
            yield ids[index == i].tolist(), distances[index == i]
    file.unlink()


def compared(checks, context, path, vectors, queries, overlap, what, words=(), exact=True, **options):
    """The same rows, nearly all, at the same distances; of equally far ones any."""
    shared = wanted = 0
    for query, (ids, distances) in zip(queries, ours(context, path, vectors, queries, *words)):
        expected, their_distances = theirs(path, vectors, query, **options)
        checks.true(len(ids) == len(expected), f"{what}: {len(ids)} rows instead of {len(expected)}")
        checks.true(list(distances) == sorted(distances), f"{what}: nearest first")
        worst = max(their_distances) if len(expected) else 0
        ties = sum(1 for i, d in zip(ids, distances) if i not in expected and np.isclose(d, worst, rtol=1e-6, atol=1e-6))
        shared += len(set(ids) & set(expected)) + ties
        wanted += len(expected)
        mine, their = dict(zip(ids, distances)), dict(zip(expected, their_distances))
        off = [(mine[i], their[i]) for i in mine.keys() & their.keys() if not np.isclose(mine[i], their[i], rtol=1e-3, atol=1e-4)]
        checks.true(not exact or len(off) <= 0.02 * len(ids), f"{what}: distances {off[:3]}")
    checks.true(shared >= overlap * wanted, f"{what}: {shared} of {wanted} rows are the same")


def hits(path, vectors, queries, exact, **options):
    return [len(set(theirs(path, vectors, query, **options)[0]) & set(ids)) for query, ids in zip(queries, exact)]


def both_ways(checks, context, name, vectors, kind, metric, rows=1500, more=200, partitions=5, sub_vectors=None, version=None, **write):
    """Python's index searched by both; Joust's searched, appended to and optimised by Python, beside Python's own."""
    sub_vectors = sub_vectors or next(m for m in (8, 4, 2, 1) if vectors.dimension % m == 0)
    options = {"num_sub_vectors": sub_vectors} if "PQ" in kind else {}
    words = ["--sub-vectors", sub_vectors] if "PQ" in kind else []
    if "4 bits" in kind:
        options, words = {**options, "num_bits": 4}, [*words, "--bits", 4]
    path, twin = context.path(name), context.path(name + " twin")
    lance.write_dataset(vectors.rows(0, rows), path, max_rows_per_file=rows // 2 - 100, data_storage_version=version, **write)
    queries = vectors.queries(12)
    few = queries[:5]
    label = f"{kind} {metric}"
    overlap = least(kind)
    # what codes alone say is rounded coarsely, and of several vectors estimated
    refined = {"refine_factor": 5} if kind == "IVF_RQ" else {}
    probes, ours_probes = {"nprobes": 3, **refined}, ["--nprobes", 3, *(["--refine", 5] if refined else [])]

    shutil.copytree(path, twin)
    lance.dataset(twin).create_index(vectors.column, kind.split()[0], metric=metric, num_partitions=partitions, **options)
    made = loop(context).json("index", "create", path, "-c", vectors.column, "--type", kind.split()[0], "--metric", metric, "--partitions", partitions, *words)
    entry, = lance.dataset(path).describe_indices()
    other, = lance.dataset(twin).describe_indices()
    checks.equal(other.name, made["name"], f"{label}: name")
    for key in ("name", "index_type", "type_url", "field_names", "num_rows_indexed"):
        checks.equal(getattr(other, key), getattr(entry, key), f"{label}: {key}")
    checks.equal({**other.details, "runtime_hints": None}, {**entry.details, "runtime_hints": None}, f"{label}: details")
    exact = [theirs(path, vectors, query, metric=metric, use_index=False)[0] for query in queries]
    compared(checks, context, path, vectors, queries, 1, f"{label}: flat", ["--no-index", "--metric", metric], metric=metric, use_index=False)

    for where, what in ((twin, "Python's index"), (path, "Joust's index")):
        what = f"{label}: {what}"
        compared(checks, context, where, vectors, queries, overlap, what, ours_probes, **probes)
        compared(checks, context, where, vectors, few, overlap, f"{what}, refined", ["--nprobes", 3, "--refine", 5], nprobes=3, refine_factor=5)
        filtered = "id % 3 = 1"
        every = ["--nprobes", partitions, *ours_probes[2:], "-w", filtered]  # Joust looks at all of so few rows
        compared(checks, context, where, vectors, few, overlap, f"{what}, filtered", every, filter=filtered, prefilter=True, **{**probes, "nprobes": partitions})
    plan = lance.dataset(path).scanner(nearest={"column": vectors.column, "q": queries[0], "k": K, "nprobes": 3}).explain_plan()
    checks.true("ANN" in plan, f"{label}: the plan: {plan}")
    # where partitions end is chance, so all are looked at; codes of so few rows are chance, too
    every = {**probes, "nprobes": partitions}
    if "PQ" in kind:
        queries = queries + vectors.queries(28)
        exact = [theirs(path, vectors, query, metric=metric, use_index=False)[0] for query in queries]
    not_worse(checks, hits(path, vectors, queries, exact, **every), hits(twin, vectors, queries, exact, **every), 0.02, label)

    added = vectors.rows(rows, more)
    for where in (twin, path):
        lance.dataset(where).delete("id % 11 = 3 or id between 100 and 160")
        lance.write_dataset(added, where, mode="append")
        # rows of one code are equally far, and which of them are compared by their vectors is chance
        compared(checks, context, where, vectors, few, 0.85 if "4 bits" in kind else overlap, f"{label}: after an append", ours_probes, **probes)
        if vectors.is_bits and "HNSW" in kind:
            continue  # Python panics at its own, too: "unsupported index type: HNSW, FLATBIN"
        lance.dataset(where).optimize.optimize_indices(num_indices_to_merge=0)
        compared(checks, context, where, vectors, few, overlap, f"{label}: two segments", ours_probes, **probes)
        lance.dataset(where).optimize.optimize_indices(num_indices_to_merge=1)
        compared(checks, context, where, vectors, few, overlap, f"{label}: optimised", ours_probes, **probes)
        checks.equal(0, lance.dataset(where).stats.index_stats(made["name"])["num_unindexed_rows"], f"{label}: rows that are not covered")


def typed_case(context, element, kind, metrics, dimension, **shape):
    title = "of several vectors " if shape.get("several") else ""
    name = f"{title}{element} {kind}"

    def run(checks):
        for metric in metrics:
            rng = context.numpy(f"{name} {metric}")
            vectors = Vectors(rng, element, dimension, **shape)
            both_ways(checks, context, f"{name} {metric}", vectors, kind, metric, rows=800 if shape.get("several") else 1500)
    return Case(f"indices/{name}", run)


def names_case(context):
    """Columns in structs and of odd names, versions of files, several fragments, rows that keep their ids; odd dimensions, and more partitions than suit."""
    name = "names and shapes"
    shapes = [(1, 1, "2.0"), (3, 2, "2.1"), (7, 5, "2.2"), (20, 40, "2.0"), (100, 3, "2.1"), (768, 2, "2.2")]

    def run(checks):
        for i, (dimension, partitions, version) in enumerate(shapes):
            kinds = [kind for kind in KINDS if kind != "IVF_RQ" or dimension % 8 == 0]
            kind = kinds[(i * 3 + 1) % len(kinds)] if dimension % 2 == 0 else ["IVF_FLAT", "IVF_SQ", "IVF_HNSW_FLAT"][i % 3]
            rng = context.numpy(f"{name} {dimension}")
            vectors = Vectors(rng, ["float32", "float16", "float64"][i % 3], dimension, nested=version != "2.0")
            both_ways(checks, context, f"{name} {i}", vectors, kind, ["l2", "dot", "cosine"][i % 3], rows=900, partitions=partitions, version=version, enable_stable_row_ids=i % 2 == 1)
    return Case(f"indices/{name}", run)


def odd_case(context):
    """No rows, few, null, not finite, zero, all alike: an index is made, or a definition, and both find what there is."""
    name = "odd vectors"
    dimension = 16

    def run(checks):
        rng = context.numpy(name)

        def some():
            return rng.normal(size=dimension).tolist()

        nan, infinite, zero = [float("nan")] * dimension, [float("inf")] + [0.0] * (dimension - 1), [0.0] * dimension
        data = {
            "none": [], "one": [some()], "three": [some() for _ in range(3)], "nulls": [None] * 5, "half": [None if i % 2 else some() for i in range(300)],
            "alike": [[1.5] * dimension] * 300, "two": [[1.0 if i % 2 else -1.0] * dimension for i in range(300)], "nan": [nan if i % 3 == 0 else some() for i in range(40)],
            "infinite": [infinite if i % 3 == 0 else some() for i in range(40)], "zeros": [zero] * 20, "some zeros": [zero if i % 2 else some() for i in range(40)],
            "too few to train": [nan if i < 10 else some() for i in range(260)], "fifteen": [some() for _ in range(15)]}
        elements = [pa.float16(), pa.float32(), pa.float64()]
        turn = 0
        for what, values in data.items():
            for kind in KINDS:
                turn += 1
                # each element with each metric, over the kinds
                element, metric = elements[turn % 3], ["l2", "cosine", "dot"][(turn // 3) % 3]
                label = f"{what}, {kind} {metric} {element}"
                options, words = ({"num_sub_vectors": 4}, ["--sub-vectors", 4]) if "PQ" in kind else ({}, [])
                if "4 bits" in kind:
                    options, words = {**options, "num_bits": 4}, [*words, "--bits", 4]
                rows = pa.table({"id": pa.array(range(len(values)), pa.int64()),
                                 "vec": pa.array([v if v is None else np.array(v, element.to_pandas_dtype()) for v in values], pa.list_(element, dimension))})
                path = context.path(f"{name} {turn}")
                twin = context.path(f"{name} {turn} twin")
                lance.write_dataset(rows, path, data_storage_version=["2.0", "2.1", "2.2"][turn % 3])
                shutil.copytree(path, twin)
                loop(context).json("index", "create", path, "-c", "vec", "--type", kind.split()[0], "--metric", metric, "--partitions", 4, *words)
                lance.dataset(path).validate()
                query = rng.normal(size=dimension).astype(np.float32)
                vectors = Vectors(rng, "float16", dimension)
                compared(checks, context, path, vectors, [query], 1, f"{label}: Joust's index", ["--nprobes", 4, "--refine", 4], nprobes=4, refine_factor=4)
                try:
                    lance.dataset(twin).create_index("vec", kind.split()[0], metric=metric, num_partitions=4, **options)
                except (OSError, ValueError, RuntimeError):  # it refuses some: only nulls, too few to train
                    continue
                compared(checks, context, twin, vectors, [query], 1, f"{label}: Python's index", ["--nprobes", 4, "--refine", 4], nprobes=4, refine_factor=4)
                mine, their = (lance.dataset(where).stats.index_stats("vec_idx") for where in (path, twin))
                for key in ("index_type", "num_indexed_fragments", "num_indexed_rows", "num_unindexed_rows"):
                    checks.equal(their[key], mine[key], f"{label}: {key}")
                if turn % 4 == 0:  # what was too little to train is trained when there is more
                    more = Vectors(rng, np.dtype(element.to_pandas_dtype()).name, dimension).rows(1000, 300, nulls=False)
                    for where in (path, twin):
                        lance.write_dataset(more, where, mode="append")
                        lance.dataset(where).optimize.optimize_indices()
                    mine, their = (lance.dataset(where).stats.index_stats("vec_idx") for where in (path, twin))
                    checks.equal([their["index_type"], their["num_unindexed_rows"]], [mine["index_type"], mine["num_unindexed_rows"]], f"{label}: optimised")
    return Case(f"indices/{name}", run)


def cases(context):
    yield names_case(context)
    yield odd_case(context)
    for element in ("float16", "float64"):
        for kind in KINDS:
            yield typed_case(context, element, kind, ["l2", "cosine", "dot"], 24 if element == "float16" else 40, nested=kind == "IVF_SQ")
    for kind in ("IVF_FLAT", "IVF_HNSW_FLAT"):
        yield typed_case(context, "uint8", kind, ["hamming"], 16)
    for kind in KINDS:
        yield typed_case(context, "float32" if "PQ" in kind else "float16" if "HNSW" in kind else "float64", kind, ["cosine"], 16, several=True, nested=kind == "IVF_PQ")
