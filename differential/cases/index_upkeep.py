# SPDX-License-Identifier: Apache-2.0
"""Vector indices over their life: brought up to date by both in turns, moved along with compacted rows, built in pieces."""

import shutil

import lance
import numpy as np
from lance.indices import IndicesBuilder

from cases import Case
from cases.together import at_once
from cases.vector_indices import DIMENSION, K, KINDS, METRICS, READ, batch, compared, loop, queries, recall, theirs
from joust import JoustFailed

ROWS, PARTITIONS = 6_000, 12
PROBES = {"nprobes": 4}
WORDS = ["--nprobes", 4]


def table(context, name):
    path = context.path(name)
    lance.write_dataset(batch(context.numpy(name), 0, ROWS), path, max_rows_per_file=2500)
    return path


def stats(path):
    return lance.dataset(path).stats.index_stats("vec_idx")


def segments(path):
    return len(stats(path)["indices"])


def exact_ids(path, matrix, metric):
    return [theirs(path, query, metric=metric, use_index=False)[0] for query in matrix]


def life_case(context, number, kind):
    """One side builds, each brings it up to date in turn, both merge; then Joust compacts and moves it along."""
    name = f"upkeep {kind}"
    metric = METRICS[number % len(METRICS)]
    options, words, overlap = KINDS[kind]
    refined = kind == "IVF_RQ"

    def run(checks):
        path = table(context, name)
        twin = context.path(name + " twin")
        matrix = queries(context, name)[:20]
        joust = loop(context)
        theirs_first = number % 2 == 0
        if theirs_first:
            lance.dataset(path).create_index("vec", kind.split()[0], metric=metric, num_partitions=PARTITIONS, **options)
        else:
            joust.json("index", "create", path, "-c", "vec", "--type", kind.split()[0], "--metric", metric, "--partitions", PARTITIONS, *words)
        for turn in range(4):
            first = ROWS + 300 * turn
            lance.write_dataset(batch(context.numpy(f"{name} {turn}"), first, 300), path, mode="append")
            if turn % 2 == 0:
                done = joust.json("index", "optimize", path, "vec_idx", "--merge", turn // 2)
                checks.equal(["vec_idx"], done["optimized"], "what Joust brought up to date")
            else:
                lance.dataset(path).optimize.optimize_indices(num_indices_to_merge=turn // 2)
            checks.equal(0, stats(path)["num_unindexed_rows"], f"rows that are not covered after turn {turn}")
            compared(checks, context, path, matrix[:6], overlap, f"after turn {turn}", WORDS, refined=refined, **PROBES)
        exact = exact_ids(path, matrix, metric)
        before = recall(path, matrix, exact, **PROBES)
        shutil.copytree(path, twin)
        joust.json("index", "optimize", path, "--merge", 9)
        checks.equal(1, segments(path), "segments that Joust merged")
        merged = recall(path, matrix, exact, **PROBES)
        checks.true(abs(merged - before) <= 0.03, f"recall {before} of segments, {merged} of one")
        compared(checks, context, path, matrix, overlap, "merged", WORDS, refined=refined, **PROBES)
        checks.equal([], joust.json("index", "optimize", path)["optimized"], "what is up to date already")
        lance.dataset(twin).optimize.optimize_indices(num_indices_to_merge=9)
        compared(checks, context, twin, matrix[:6], overlap, "merged by Python", WORDS, refined=refined, **PROBES)

        lance.dataset(path).delete("id % 7 = 2 or id between 100 and 1400")
        exact = exact_ids(path, matrix, metric)
        before = recall(path, matrix, exact, **PROBES)
        expected = [dict(zip(*theirs(path, query, refine_factor=5, **PROBES))) for query in matrix[:6]]
        joust.json("compact", path)
        checks.true(len(lance.dataset(path).get_fragments()) < 5, "fragments are merged")
        checks.equal(0, stats(path)["num_unindexed_rows"], "rows that are not covered after a compaction")
        rows = sum(partition["size"] for segment in stats(path)["indices"] for partition in segment["partitions"])
        checks.equal(lance.dataset(path).count_rows("vec is not null"), rows, "rows of the index after a compaction")
        after = recall(path, matrix, exact, **PROBES)
        checks.true(abs(after - before) <= (0.03 if "HNSW" in kind else 0.005), f"recall {before} before a compaction, {after} after it")
        if "HNSW" not in kind:
            found = [dict(zip(*theirs(path, query, refine_factor=5, **PROBES))) for query in matrix[:6]]
            checks.equal(expected, found, "what Python finds before and after a compaction")
        compared(checks, context, path, matrix[:6], overlap, "after a compaction", WORDS, refined=refined, **PROBES)
        lance.write_dataset(batch(context.numpy(name + " last"), 50_000, 300), path, mode="append")
        lance.dataset(path).optimize.optimize_indices(num_indices_to_merge=1)
        compared(checks, context, path, matrix[:6], overlap, "brought up to date by Python after it", WORDS, refined=refined, **PROBES)
    return Case(f"indices/{name}", run)


def pieces_case(context):
    """Python's pieces of one model, merged by Joust; and of different models, which are encoded again."""
    name = "upkeep pieces"

    def run(checks):
        matrix = queries(context, name)[:20]
        for shared in (True, False):
            path = context.path(f"{name} {shared}")
            shutil.copytree(table(context, f"{name} {shared} rows"), path)
            dataset = lance.dataset(path)
            model = {}
            if shared:
                builder = IndicesBuilder(dataset, "vec")
                ivf = builder.train_ivf(PARTITIONS, distance_type="l2")
                model = {"ivf_centroids": ivf.centroids, "pq_codebook": builder.train_pq(ivf, 16, sample_rate=16).codebook}
            made = [
                dataset.create_index_uncommitted("vec", "IVF_PQ", name="vec_idx", metric="l2", num_partitions=PARTITIONS, num_sub_vectors=16, fragment_ids=[fragment.fragment_id], **model)
                for fragment in dataset.get_fragments()
            ]
            dataset.commit_existing_index_segments("vec_idx", "vec", made)
            exact = exact_ids(path, matrix, "l2")
            before = recall(path, matrix, exact, **PROBES)
            checks.equal(len(made), segments(path), "pieces")
            compared(checks, context, path, matrix[:6], 0.99, "of pieces", WORDS, **PROBES)
            loop(context).json("index", "optimize", path, "--merge", len(made))
            checks.equal(1, segments(path), "pieces merged")
            after = recall(path, matrix, exact, **PROBES)
            # several segments of one model are probed at eight places each, one of other models gets new codes
            checks.true(abs(before - after) <= (0.005 if shared else 0.1), f"recall {before} of pieces, {after} of the whole")
            compared(checks, context, path, matrix[:6], 0.99, "of the whole", WORDS, **PROBES)
    return Case(f"indices/{name}", run)


def definition_case(context):
    """An index of too few rows, defined by either, trained by the other when there are more."""
    name = "upkeep definition"

    def run(checks):
        for ours in (True, False):
            path = context.path(f"{name} {ours}")
            rng = context.numpy(name)
            lance.write_dataset(batch(rng, 0, 100), path)
            if ours:
                loop(context).json("index", "create", path, "-c", "vec", "--type", "IVF_PQ", "--sub-vectors", 16)
            else:
                lance.dataset(path).create_index("vec", "IVF_PQ", num_partitions=1, num_sub_vectors=16)
            lance.write_dataset(batch(rng, 100, 900), path, mode="append")
            if ours:
                lance.dataset(path).optimize.optimize_indices()
            else:
                loop(context).json("index", "optimize", path)
            checks.equal(0, stats(path)["num_unindexed_rows"], "rows that are not covered")
            matrix = rng.normal(size=(5, DIMENSION)).astype(np.float32)
            compared(checks, context, path, matrix, 0.99, "trained", ["--nprobes", 1], nprobes=1)
    return Case(f"indices/{name}", run)


def recall_case(context):
    """What `index recall` says is what Python's own searches show."""
    name = "upkeep recall"

    def run(checks):
        path = table(context, name)
        lance.dataset(path).create_index("vec", "IVF_FLAT", metric="l2", num_partitions=PARTITIONS)
        told = loop(context).json("index", "recall", path, "vec_idx", "--samples", 60, "-k", K)
        rows = lance.dataset(path).to_table(columns=["vec"], filter="vec is not null")["vec"].to_pylist()
        sample = np.array([rows[i] for i in context.numpy(name).integers(0, len(rows), 60)], dtype=np.float32)
        for point in told["points"]:
            options = {"nprobes": point["nprobes"]}
            mine = 0
            for query in sample:
                wanted = set(exact_neighbours(path, query))
                mine += len(wanted & set(found_ids(path, query, options))) / len(wanted)
            checks.true(abs(mine / len(sample) - point["recall"]) < 0.1, f"recall {point} told, {mine / len(sample)} of other rows")
        checks.equal(1.0, told["points"][-1]["recall"], "recall of all partitions")
    return Case(f"indices/{name}", run)


def found_ids(path, query, options):
    nearest = {"column": "vec", "q": query, "k": K + 1, **options}
    return lance.dataset(path).to_table(columns=["id"], nearest=nearest)["id"].to_pylist()[1:]


def exact_neighbours(path, query):
    return found_ids(path, query, {"use_index": False})


def tried(work):
    """Work that another's commit may have made useless: what it says then, else nothing."""
    said = []

    def run():
        try:
            work()
        except (JoustFailed, OSError, RuntimeError) as failure:
            said.append(str(failure))
    return run, said


def at_once_case(context, with_python):
    """Two that create one index at once, and then bring it up to date at once, with rows coming in: one index, each row in it once."""
    name = f"upkeep of Joust and {'Python' if with_python else 'Joust'} at once"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(batch(context.numpy(name), 0, 2000), path, max_rows_per_file=800)
        matrix = queries(context, name)[:10]
        joust = loop(context)

        def created():
            joust.json("index", "create", path, "-c", "vec", "--type", "IVF_SQ", "--partitions", 6, "--replace")

        def theirs_created():
            lance.dataset(path).create_index("vec", "IVF_SQ", metric="l2", num_partitions=6, replace=True)

        def optimized(count):
            return lambda: joust.json("index", "optimize", path, "vec_idx", "--merge", count)

        def theirs_optimized(count):
            return lambda: lance.dataset(path).optimize.optimize_indices(num_indices_to_merge=count)

        def both(mine, other):
            works = [tried(mine), tried(other)]
            at_once(*(work for work, _ in works))
            said = [text for _, texts in works for text in texts]
            checks.true(len(said) < 2, f"one of the two is done: {said}")
            for text in said:
                checks.true("onflict" in text, f"the other says why not: {text}")
            return said

        both(created, theirs_created if with_python else created)
        checks.equal(["vec_idx"], [index.name for index in lance.dataset(path).describe_indices()], "indices")
        checks.equal(0, stats(path)["num_unindexed_rows"], "rows that are not covered by what two created")
        compared(checks, context, path, matrix, 0.99, "created at once", WORDS, **PROBES)
        for turn in range(3):
            first = 2000 + 300 * turn
            lance.write_dataset(batch(context.numpy(f"{name} {turn}"), first, 300), path, mode="append")
            merged = [0, 1, 3][turn]
            both(optimized(merged), (theirs_optimized if with_python else optimized)(merged))
            dataset = lance.dataset(path)
            dataset.validate()
            checks.equal(0, stats(path)["num_unindexed_rows"], f"rows that are not covered after turn {turn}")
            rows = sum(partition["size"] for segment in stats(path)["indices"] for partition in segment["partitions"])
            checks.equal(dataset.count_rows("vec is not null"), rows, f"rows of the index after turn {turn}")
            compared(checks, context, path, matrix, 0.99, f"optimized at once, turn {turn}", WORDS, **PROBES)
    return Case(f"indices/{name}", run)


def cases(context):
    for number, kind in enumerate(READ):
        yield life_case(context, number, kind)
    yield pieces_case(context)
    yield definition_case(context)
    yield recall_case(context)
    yield at_once_case(context, False)
    yield at_once_case(context, True)
