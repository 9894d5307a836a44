# SPDX-License-Identifier: Apache-2.0
"""Builds vector indices of a table with a JVM that could not hold its vectors, searches them there, and samples the process's
anonymous memory meanwhile. The reference says which rows are the nearest."""
import argparse
import json
import os
import pathlib
import shutil
import sys
import threading
import time

import harness
import numpy
import pyarrow
import vector_data
from vector_search import Case, Joust

HERE = pathlib.Path(__file__).resolve().parent
DIMENSION = 128
QUERIES = 20
BATCH_ROWS = 100_000
CASES = [
    Case("IVF_PQ m=16", DIMENSION, "IVF_PQ", partitions=0, sub_vectors=16, refine=10),
    Case("IVF_PQ m=32 4 bits", DIMENSION, "IVF_PQ", partitions=0, sub_vectors=32, bits=4, refine=10),
    Case("IVF_RQ", DIMENSION, "IVF_RQ", partitions=0, refine=10),
    Case("IVF_SQ", DIMENSION, "IVF_SQ", partitions=0),
    Case("IVF_FLAT", DIMENSION, "IVF_FLAT", partitions=0),
    Case("IVF_HNSW_SQ", DIMENSION, "IVF_HNSW_SQ", partitions=0, ef=40),
    Case("IVF_HNSW_PQ m=16", DIMENSION, "IVF_HNSW_PQ", partitions=0, sub_vectors=16, ef=150, refine=10),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--classpath", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=HERE / "target" / "index-memory")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--batch-memory-mib", type=int, default=512)
    parser.add_argument("--only", default="IVF_PQ m=16", help="cases whose name holds this text; several are parted by commas; all")
    parser.add_argument("--java-option", action="append", default=[])
    parser.add_argument("--out", type=pathlib.Path)
    return parser.parse_args()


def make(folder, rows):
    """The table, and the ids of the nearest rows of each query."""
    import lance

    if (folder / "made").exists() and (folder / "made").read_text() == str(rows):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    generator = numpy.random.default_rng(vector_data.SEED)
    centers = generator.standard_normal((vector_data.CENTERS, DIMENSION), dtype=numpy.float32)
    schema = pyarrow.schema([("id", pyarrow.int64()), ("vector", pyarrow.list_(pyarrow.float32(), DIMENSION))])

    def batches():
        for start in range(0, rows, BATCH_ROWS):
            data = vector_data.vectors(generator, centers, min(BATCH_ROWS, rows - start))
            column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(data.reshape(-1)), DIMENSION)
            yield pyarrow.record_batch([pyarrow.array(range(start, start + len(data)), pyarrow.int64()), column], schema=schema)

    queries = vector_data.vectors(numpy.random.default_rng(vector_data.SEED + 1), centers, QUERIES)
    queries.tofile(folder / f"queries{DIMENSION}.f32")
    dataset = lance.write_dataset(batches(), str(folder / f"base{DIMENSION}.lance"), schema=schema)
    nearest = [dataset.to_table(columns=["_rowid", "_distance"], nearest={"column": "vector", "q": query, "k": vector_data.K})["_rowid"].to_pylist()
               for query in queries]
    numpy.save(folder / "truth.npy", numpy.array(nearest))
    (folder / "made").write_text(str(rows))


def index_bytes(table):
    return sum(file.stat().st_size for file in (table / "_indices").rglob("*") if file.is_file())


def run(args, case):
    table = case.table
    shutil.rmtree(args.folder / f"{table}.lance", ignore_errors=True)
    vector_data.copy_of_table(args.folder, DIMENSION, table)
    joust = Joust(args, os.cpu_count(), args.heap, str(args.batch_memory_mib))
    peak = []
    sampler = threading.Thread(target=lambda: peak.append(harness.peak_anonymous_bytes(joust.worker.process)))
    sampler.start()
    seconds = joust.build(table, case)
    answer = joust.search(table, case, 0, QUERIES)
    joust.close()
    sampler.join()
    line = {"case": case.name, "seconds": seconds, "peak_mb": peak[0] / 1e6,
            "bytes_per_vector": index_bytes(args.folder / f"{table}.lance") / args.rows,
            "recall": vector_data.recall(answer["rows"], numpy.load(args.folder / "truth.npy")), "java": joust.about["java"]}
    shutil.rmtree(args.folder / f"{table}.lance")
    return line


def main():
    args = arguments()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    make(args.folder, args.rows)
    lines = []
    for case in CASES:
        if args.only == "all" or any(text in case.name for text in args.only.split(",")):
            lines.append(run(args, case))
            print(lines[-1], file=sys.stderr)
    result = {"command": f"benchmarks/index-memory --rows {args.rows} --heap {args.heap} --batch-memory-mib {args.batch_memory_mib} --only '{args.only}'",
              "started": started, "machine": harness.machine(), "versions": harness.python_versions(), "lines": lines}
    text = ["# Memory of vector indices", "",
            f"{args.rows:,} rows x {DIMENSION} float32, {args.rows * DIMENSION * 4 / 1e6:,.0f} MB; `-Xmx{args.heap}`, {args.batch_memory_mib} MiB for "
            f"batches. Built and then searched, nprobes 20, in one process. Made by `{result['command']}`; do not edit.", "",
            harness.about_run(result), "",
            "| | peak of anonymous memory, MB | built in, s | index, bytes per vector | recall of 10 |", "|---|---|---|---|---|",
            *(f"| {line['case']} | {line['peak_mb']:.0f} | {line['seconds']:.0f} | {line['bytes_per_vector']:.1f} | {line['recall']:.3f} |" for line in lines)]
    print("\n".join(text))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "index-memory.json").write_text(json.dumps(result, indent=1) + "\n")
        (args.out / "index-memory.md").write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
