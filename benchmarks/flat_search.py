# SPDX-License-Identifier: Apache-2.0
"""Runs Joust's flat search and the reference's in turns, on one processor, and writes what both took.

Every figure is taken twice, by the clock and as processor time of the one thread (of the whole process for the
reference): where others use the machine, the second says what the work costs.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent
METRICS = ["l2", "cosine", "dot"]
K = 10


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=768)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--cpu", type=int, default=os.cpu_count() - 1)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    return parser.parse_args()


def make_data(rows, dimension):
    """The table, written by the reference, its vectors as raw floats, and the query; kept for the next run."""
    import lance
    import numpy
    import pyarrow

    folder = HERE / "target" / f"flat-search-{rows}x{dimension}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        generator = numpy.random.default_rng(20261121)
        vectors = generator.standard_normal((rows, dimension), dtype=numpy.float32)
        vectors.tofile(folder / "vectors.f32")
        generator.standard_normal(dimension, dtype=numpy.float32).tofile(folder / "query.f32")
        column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(vectors.reshape(-1)), dimension)
        table = pyarrow.table({"id": pyarrow.array(range(rows), pyarrow.int64()), "vector": column})
        lance.write_dataset(table, str(folder / "table.lance"), mode="overwrite", data_storage_version="2.2")
        (folder / "done").touch()
    return folder


class Joust:
    def __init__(self, args, folder):
        self.worker = harness.JavaWorker(args.java, [
            "-Xms1g", "-Xmx1g", "-Djoust.kernels=simd", "-cp", args.jar, "dev.joust.benchmarks.search.FlatSearchWorker",
            str(folder / "vectors.f32"), str(args.dimension), str(folder / "query.f32"), str(K), str(folder)])
        self.about = self.worker.about

    def ask(self, what, metric, samples):
        return self.worker.ask(f"{what} {metric} {samples}")

    def close(self):
        self.worker.close()


class Reference:
    def __init__(self, folder):
        import lance
        import numpy
        self.dataset = lance.dataset(str(folder / "table.lance"))
        self.query = numpy.fromfile(folder / "query.f32", dtype=numpy.float32)

    def ask(self, metric, samples):
        wall, cpu, rows = [], [], []
        for _ in range(samples):
            cpu_start, start = time.process_time_ns(), time.perf_counter_ns()
            found = self.dataset.to_table(
                columns=["id", "_distance"],
                nearest={"column": "vector", "q": self.query, "k": K, "metric": metric, "use_index": False})
            wall.append(time.perf_counter_ns() - start)
            cpu.append(time.process_time_ns() - cpu_start)
            rows = found["id"].to_pylist()
        return {"wall": wall, "cpu": cpu, "rows": rows}


def measure(args, folder):
    joust, reference = Joust(args, folder), Reference(folder)
    asked = [(what, "l2") for what in ("sum", "streamsum")]
    asked += [(what, metric) for metric in METRICS for what in ("table", "flat", "scalar")]
    taken = {}

    def take(key, answer, keep):
        if keep:
            entry = taken.setdefault(key, {"wall": [], "cpu": [], "rows": []})
            entry["wall"] += answer["wall"]
            entry["cpu"] += answer["cpu"]
            entry["rows"] = answer["rows"]

    for round_number in range(-2, args.rounds):  # two rounds to warm up
        warm_up = round_number < 0
        for what, metric in asked:
            take((what, metric), joust.ask(what, metric, 60 if warm_up and what != "scalar" else 5), not warm_up)
        for metric in METRICS:
            take(("reference", metric), reference.ask(metric, 2), not warm_up)
        print(f"round {round_number + 1} of {args.rounds}", file=sys.stderr)
    joust.close()
    for metric in METRICS:
        for what in ("flat", "table"):
            if taken[(what, metric)]["rows"] != taken[("reference", metric)]["rows"]:
                raise SystemExit(f"{metric}: {what} found other rows than the reference")
    return joust.about, taken


def summary(taken, data_bytes):
    lines = {}
    for (what, metric), entry in taken.items():
        figures = {}
        for clock in ("wall", "cpu"):
            figures[clock] = {
                "best_ms": min(entry[clock]) / 1e6,
                "median_ms": statistics.median(entry[clock]) / 1e6,
                "best_gb_s": data_bytes / min(entry[clock]),
                "median_gb_s": data_bytes / statistics.median(entry[clock]),
            }
        figures["samples"] = len(entry["wall"])
        lines[f"{what} {metric}"] = figures
    return lines


def ratios(figures):
    """How many times as fast, by wall-clock best and median and by processor time."""
    def faster(a, b):
        return {f"{clock}_{kind}": figures[b][clock][f"{kind}_ms"] / figures[a][clock][f"{kind}_ms"]
                for clock in ("wall", "cpu") for kind in ("best", "median")}

    def of_the_better_sum(name):
        return {key: min(faster(name, "sum l2")[key], faster(name, "streamsum l2")[key]) for key in faster(name, "sum l2")}

    answer = {}
    for metric in METRICS:
        for what in ("flat", "table"):
            name = f"{what} {metric}"
            if name in figures:
                answer[f"{name} : sum"] = of_the_better_sum(name)
                answer[f"{name} : scalar"] = faster(name, f"scalar {metric}")
                answer[f"{name} : reference"] = faster(name, f"reference {metric}")
    return answer


NAMES = {
    "sum": "plain sum of the bytes, front to back", "streamsum": "plain sum of the bytes, four streams",
    "flat": "Joust, vectors in memory", "table": "Joust, query on the table (its vectors kept in memory after the first)", "scalar": "Joust's scalar class, no top-k",
    "reference": "reference, query on the table",
}


def write(args, about, figures, compared, started):
    result = {
        "command": "benchmarks/flat-search " + " ".join(sys.argv[5:]), "started": started, "machine": harness.machine(),
        "versions": {"java": about["java"], "kernels": about["kernels"], **harness.python_versions()},
        "rows": args.rows, "dimension": args.dimension, "k": K, "figures": figures, "ratios": compared,
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "flat-search.json").write_text(json.dumps(result, indent=1) + "\n")
    lines = [
        "# Flat search", "",
        f"{args.rows:,} x {args.dimension} float32 ({args.rows * args.dimension * 4 / 1e6:.0f} MB), k = {K}, "
        "one thread, warm, both pinned to one processor, in turns. Made by `benchmarks/flat-search`; do not edit.", "",
        harness.about_run(result), "",
        "| | best ms | median ms | best GB/s | median GB/s | processor time: best ms | median ms | samples |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, line in figures.items():
        what, metric = name.split()
        label = NAMES[what] + ("" if what.endswith("sum") else f", {metric}")
        lines.append(f"| {label} | {line['wall']['best_ms']:.1f} | {line['wall']['median_ms']:.1f} "
                     f"| {line['wall']['best_gb_s']:.1f} | {line['wall']['median_gb_s']:.1f} "
                     f"| {line['cpu']['best_ms']:.1f} | {line['cpu']['median_ms']:.1f} | {line['samples']} |")
    lines += ["", "How many times as fast (the better of the two sums):", "",
              "| | best | median | processor time: best | median |", "|---|---|---|---|---|"]
    for name, ratio in compared.items():
        what, against = name.split(" : ")
        metric = what.split()[1]
        other = "the plain sum" if against == "sum" else NAMES[against]
        lines.append(f"| {NAMES[what.split()[0]]}, {metric}, against {other} | " + " | ".join(
            f"{ratio[key]:.2f}" for key in ("wall_best", "wall_median", "cpu_best", "cpu_median")) + " |")
    (args.out / "flat-search.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def main():
    args = arguments()
    os.environ["LANCE_CPU_THREADS"] = "1"
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    folder = make_data(args.rows, args.dimension)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {args.cpu})  # before the reference starts its threads; Joust's process inherits it
    about, taken = measure(args, folder)
    figures = summary(taken, args.rows * args.dimension * 4)
    write(args, about, figures, ratios(figures), started)


if __name__ == "__main__":
    main()
