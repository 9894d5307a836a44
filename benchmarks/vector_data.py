# SPDX-License-Identifier: Apache-2.0
"""Clustered Gaussian vectors, tables of them, and the exact answers: written once to a folder, used from there."""
import os
import shutil

import numpy
import pyarrow

CENTERS = 1000
NOISE = 0.5
QUERIES = 100
K = 10
SEED = 20261122


def vectors(generator, centers, count):
    chosen = generator.integers(0, len(centers), count)
    noise = generator.standard_normal((count, centers.shape[1]), dtype=numpy.float32)
    return centers[chosen] + numpy.float32(NOISE) * noise


def make(folder, rows, dimension):
    """Raw vectors and queries, the table `base<dimension>`, and the ids of the nearest rows of each query."""
    import lance

    done = folder / f"base{dimension}.done"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    generator = numpy.random.default_rng(SEED + dimension)
    centers = generator.standard_normal((CENTERS, dimension), dtype=numpy.float32)
    data = vectors(generator, centers, rows)
    queries = vectors(generator, centers, QUERIES)
    data.tofile(folder / f"vectors{dimension}.f32")
    queries.tofile(folder / f"queries{dimension}.f32")
    truth = numpy.stack([numpy.argsort(((data - query) ** 2).sum(axis=1), kind="stable")[:K] for query in queries])
    numpy.save(folder / f"truth{dimension}.npy", truth)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(data.reshape(-1)), dimension)
    table = pyarrow.table({"id": pyarrow.array(range(rows), pyarrow.int64()), "vector": column})
    lance.write_dataset(table, str(folder / f"base{dimension}.lance"), mode="overwrite")
    done.touch()


def copy_of_table(folder, dimension, name):
    """A table with the same data files, for an index of its own; whether it was there already."""
    target = folder / f"{name}.lance"
    if target.exists():
        return True
    shutil.copytree(folder / f"base{dimension}.lance", target, copy_function=os.link)
    return False


def recall(found, truth):
    """Of the exact answers, how many were found."""
    hits = sum(len(set(map(int, some)) & set(map(int, exact))) for some, exact in zip(found, truth))
    return hits / (K * len(found))
