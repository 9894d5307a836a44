# SPDX-License-Identifier: Apache-2.0
"""Builds vector indices of the same rows by Joust, in a fresh process each, and by the reference, on all processors, and
writes what it took: by the clock, and as processor time, which on a machine that others use says what the work costs. Then
the reference searches both indices, so that what a build finds is its own merit.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import time

import harness
import numpy
import vector_data
from vector_search import Case, Joust, Reference

HERE = pathlib.Path(__file__).resolve().parent
# goal: of the reference's time, at most
CASES = [
    (Case("IVF_PQ 768 m=96", 768, "IVF_PQ", sub_vectors=96), 0.5),
    (Case("IVF_PQ 128 m=16", 128, "IVF_PQ", sub_vectors=16), 1),
    (Case("IVF_PQ 128 m=32 4 bits", 128, "IVF_PQ", sub_vectors=32, bits=4), 1),
    (Case("IVF_FLAT 128", 128, "IVF_FLAT"), 1),
    (Case("IVF_SQ 128", 128, "IVF_SQ"), 1),
    (Case("IVF_RQ 128", 128, "IVF_RQ"), 1),
    (Case("IVF_HNSW_SQ 128", 128, "IVF_HNSW_SQ", partitions=1, nprobes=1, ef=40), 1),
    (Case("IVF_HNSW_PQ 128 m=16", 128, "IVF_HNSW_PQ", partitions=1, sub_vectors=16, nprobes=1, ef=40), 1),
    (Case("IVF_HNSW_FLAT 128", 128, "IVF_HNSW_FLAT", partitions=1, nprobes=1, ef=40), 1),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--classpath", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=HERE / "target" / "vector-search")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", default="", help="cases whose name holds this text; several are parted by commas")
    parser.add_argument("--java-option", action="append", default=[])
    parser.add_argument("--out", type=pathlib.Path)
    return parser.parse_args()


def processor_seconds(pid):
    """That a process has used so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fresh_copy(folder, case, side):
    name = f"{case.table}_built_by_{side}"
    shutil.rmtree(folder / f"{name}.lance", ignore_errors=True)
    vector_data.copy_of_table(folder, case.dimension, name)
    return name


def build_by_joust(args, case):
    table = fresh_copy(args.folder, case, "joust")
    joust = Joust(args, workers=os.cpu_count())
    pid = joust.worker.process.pid
    before, start = processor_seconds(pid), time.perf_counter()
    joust.build(table, case)
    taken = {"seconds": time.perf_counter() - start, "cpu_seconds": processor_seconds(pid) - before, "table": table}
    about = joust.about
    joust.close()
    return taken, about


def build_by_reference(reference, folder, case):
    table = fresh_copy(folder, case, "reference")
    before = time.process_time()
    seconds = reference.build(table, case)
    return {"seconds": seconds, "cpu_seconds": time.process_time() - before, "table": table}


def recall(reference, case, table, truth):
    return vector_data.recall([reference.run(table, case, query) for query in reference.queries[case.dimension]], truth)


def table_of(lines):
    text = ["| | reference, s | Joust, s | of the reference's | goal | processor time: reference, s | Joust, s | of the reference's "
            "| found by the reference: its index | Joust's |", "|---|---|---|---|---|---|---|---|---|---|"]
    for line in lines:
        ours, theirs = line["joust"], line["reference"]
        cells = [line["case"], *(f"{side['seconds']:.1f}" for side in (theirs, ours)), f"{ours['seconds'] / theirs['seconds']:.2f}", f"{line['goal']:g}",
                 *(f"{side['cpu_seconds']:.1f}" for side in (theirs, ours)), f"{ours['cpu_seconds'] / theirs['cpu_seconds']:.2f}",
                 *(f"{side['recall']:.3f}" for side in (theirs, ours))]
        text.append("| " + " | ".join(cells) + " |")
    return text


def main():
    args = arguments()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    wanted = [text for text in args.only.split(",") if text]
    cases = [(case, goal) for case, goal in CASES if not wanted or any(text in case.name for text in wanted)]
    for dimension in sorted({case.dimension for case, _ in cases}):
        vector_data.make(args.folder, args.rows, dimension)
    reference = Reference(args.folder)
    about, lines = {}, []
    for case, goal in cases:
        theirs = build_by_reference(reference, args.folder, case)
        ours, about = build_by_joust(args, case)
        truth = numpy.load(args.folder / f"truth{case.dimension}.npy")
        for side in (theirs, ours):
            side["recall"] = recall(reference, case, side["table"], truth)
            shutil.rmtree(args.folder / f"{side['table']}.lance")
            reference.datasets.pop(side.pop("table"), None)
        lines.append({"case": case.name, "goal": goal, "reference": theirs, "joust": ours})
        print(table_of(lines)[-1], file=sys.stderr)
    result = {"command": "benchmarks/index-builds", "started": started, "machine": harness.machine(),
              "versions": {"java": about["java"], "kernels": about["kernels"], **harness.python_versions()}, "lines": lines}
    text = table_of(lines)
    print("\n".join([harness.about_run(result), "", *text]))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "index-builds.json").write_text(json.dumps(result, indent=1) + "\n")
        (args.out / "index-builds.md").write_text("\n".join(
            ["# Builds of vector indices", "", f"{args.rows:,} rows, 256 partitions (graphs: 1), from the table to the commit. Searched "
             f"with nprobes 20 or ef 40, k = {vector_data.K}, not refined. Made by `benchmarks/index-builds`; do not edit.", "",
             harness.about_run(result), "", *text]) + "\n")


if __name__ == "__main__":
    main()
