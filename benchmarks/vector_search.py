# SPDX-License-Identifier: Apache-2.0
"""Runs vector searches by Joust, by the reference and, if asked, by in-memory libraries in turns, on one processor each
and one thread, warm, with equal parameters, and writes what a query took: by the clock, and as processor time, which on a
machine that others use says what the work costs.

Every index is built once (by Joust, or with --reference-built by the reference) and kept in the folder with the data.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import harness
import vector_data
from vector_data import K

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Case:
    """An index and how it is searched. nprobes -1 is no index; goal is how many times as fast as the reference."""
    name: str
    dimension: int
    kind: str
    partitions: int = 256
    sub_vectors: int = 0
    bits: int = 0
    nprobes: int = 20
    refine: int = 0
    ef: int = 0
    goal: float = 0
    compare: bool = True

    @property
    def table(self):
        if self.kind == "FLAT":
            return f"base{self.dimension}"
        return f"{self.kind.lower()}{self.dimension}" + (f"_m{self.sub_vectors}" if self.sub_vectors else "") + (
            f"_b{self.bits}" if self.bits else "")


CASES = [
    Case("flat 768", 768, "FLAT", nprobes=-1, goal=25),
    Case("flat 128", 128, "FLAT", nprobes=-1),
    Case("IVF_FLAT 128", 128, "IVF_FLAT", goal=8),
    Case("IVF_PQ 768 m=96", 768, "IVF_PQ", sub_vectors=96, goal=8),
    Case("IVF_PQ 128 m=16", 128, "IVF_PQ", sub_vectors=16, goal=8),
    Case("IVF_PQ 768 m=96 refine 10", 768, "IVF_PQ", sub_vectors=96, refine=10, goal=5),
    Case("IVF_PQ 128 m=16 refine 10", 128, "IVF_PQ", sub_vectors=16, refine=10, goal=5),
    Case("IVF_RQ 128", 128, "IVF_RQ", goal=8),
    Case("IVF_SQ 128", 128, "IVF_SQ"),
    Case("IVF_HNSW_SQ 128 ef 40", 128, "IVF_HNSW_SQ", partitions=1, nprobes=1, ef=40, goal=20),
    Case("IVF_PQ 768 m=96 4 bits", 768, "IVF_PQ", sub_vectors=96, bits=4),
    Case("IVF_PQ 128 m=32 4 bits", 128, "IVF_PQ", sub_vectors=32, bits=4),
    Case("IVF_HNSW_FLAT 128 ef 40", 128, "IVF_HNSW_FLAT", partitions=1, nprobes=1, ef=40),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--classpath", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=HERE / "target" / "vector-search")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--only", default="", help="cases whose name holds this text; several are parted by commas")
    parser.add_argument("--reference-built", action="store_true")
    parser.add_argument("--no-reference", action="store_true")
    parser.add_argument("--libraries", action="store_true", help="faiss-cpu and hnswlib, which must be installed, Lucene and JVector")
    parser.add_argument("--cold", action="store_true", help="first queries of fresh processes instead")
    parser.add_argument("--cpu", type=int, default=os.cpu_count() - 1)
    parser.add_argument("--java-option", action="append", default=[])
    parser.add_argument("--first-query", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=pathlib.Path)
    return parser.parse_args()


class Joust:
    def __init__(self, args, workers=1, heap="2g", *more):
        self.worker = harness.JavaWorker(args.java, [
            f"-Xms{heap}", f"-Xmx{heap}", *args.java_option, "-cp", args.classpath,
            "dev.joust.benchmarks.search.VectorSearchWorker", str(args.folder), str(workers), *more])
        self.about = self.worker.about
        for dimension in (128, 768):
            file = args.folder / f"queries{dimension}.f32"
            if file.exists():
                self.worker.ask(f"queries {file} {dimension}")

    def build(self, table, case):
        answer = self.worker.ask(f"build {table} {case.kind} l2 {case.partitions} {case.sub_vectors} {case.bits}")
        return answer["nanos"] / 1e9

    def search(self, table, case, millis, samples):
        return self.worker.ask(
            f"search {table} {case.dimension} {case.nprobes} {case.refine} {case.ef} {millis} {samples}")

    def close(self):
        self.worker.close()


class Reference:
    """The reference, with the options that keep it on one thread."""

    def __init__(self, folder):
        import lance
        import numpy
        self.lance, self.folder = lance, folder
        self.datasets = {}
        self.queries = {}
        for dimension in (128, 768):
            file = folder / f"queries{dimension}.f32"
            if file.exists():
                self.queries[dimension] = numpy.fromfile(file, dtype=numpy.float32).reshape(-1, dimension)

    def dataset(self, table):
        if table not in self.datasets:
            self.datasets[table] = self.lance.dataset(str(self.folder / f"{table}.lance"))
        return self.datasets[table]

    def build(self, table, case):
        more = {"num_sub_vectors": case.sub_vectors} if case.sub_vectors else {}
        if case.bits:
            more["num_bits"] = case.bits
        start = time.perf_counter()
        self.dataset(table).create_index("vector", case.kind, metric="l2", num_partitions=case.partitions, **more)
        self.datasets.pop(table)
        return time.perf_counter() - start

    def run(self, table, case, query):
        nearest = {"column": "vector", "q": query, "k": K}
        if case.nprobes < 0:
            nearest["use_index"] = False
        else:
            nearest["nprobes"] = case.nprobes
        if case.refine:
            nearest["refine_factor"] = case.refine
        if case.ef:
            nearest["ef"] = case.ef
        return self.dataset(table).to_table(columns=["_rowid", "_distance"], nearest=nearest)["_rowid"].to_pylist()

    def search(self, table, case, millis, samples):
        queries = self.queries[case.dimension]
        end, i = time.process_time() + millis / 1000, 0
        while time.process_time() < end:
            self.run(table, case, queries[i % len(queries)])
            i += 1
        wall, cpu, found = [], [], []
        for i in range(samples):
            cpu_start, start = time.process_time_ns(), time.perf_counter_ns()
            rows = self.run(table, case, queries[i % len(queries)])
            wall.append(time.perf_counter_ns() - start)
            cpu.append(time.process_time_ns() - cpu_start)
            if i < len(queries):
                found.append(rows)
        return {"wall": wall, "cpu": cpu, "rows": found}


def prepared(args, cases):
    """Data and indices that are missing are made, on all processors."""
    for dimension in sorted({case.dimension for case in cases}):
        vector_data.make(args.folder, args.rows, dimension)
    suffix = "_reference" if args.reference_built else ""
    missing = []
    for case in cases:
        if case.kind != "FLAT" and not (args.folder / f"{case.table}{suffix}.done").exists():
            vector_data.copy_of_table(args.folder, case.dimension, case.table + suffix)
            if case.table not in [other.table for other in missing]:
                missing.append(case)
    if missing:
        builder = Reference(args.folder) if args.reference_built else Joust(args)
        for case in missing:
            seconds = builder.build(case.table + suffix, case)
            print(f"built {case.table + suffix} in {seconds:.1f} s", file=sys.stderr)
            (args.folder / f"{case.table + suffix}.done").write_text(f"{seconds:.1f} s\n")
        if not args.reference_built:
            builder.close()
    return {case: case.table + (suffix if case.kind != "FLAT" else "") for case in cases}


def samples_of(case, heavy):
    if case.kind == "FLAT":
        return 3 if heavy else 20
    return 20 if heavy else 200


def measure(args, cases, tables):
    import numpy
    sides = {"joust": Joust(args)}
    about = sides["joust"].about
    if not args.no_reference:
        sides["reference"] = Reference(args.folder)
    taken = {}
    for round_number in range(-1, args.rounds):
        for case in cases:
            for name, side in sides.items():
                heavy = name == "reference"
                warm_up = (300 if heavy else 4000) if round_number < 0 else 30
                samples = 100 if round_number == 0 else samples_of(case, heavy)  # recall of all queries, once
                answer = side.search(tables[case], case, warm_up, samples)
                entry = taken.setdefault((name, case), {"wall": [], "cpu": [], "rows": None})
                if round_number >= 0:
                    entry["wall"] += answer["wall"]
                    entry["cpu"] += answer["cpu"]
                if round_number == 0:
                    entry["rows"] = answer["rows"]
        print(f"round {round_number + 1} of {args.rounds}", file=sys.stderr)
    sides["joust"].close()
    truths = {d: numpy.load(args.folder / f"truth{d}.npy") for d in {case.dimension for case in cases}}
    lines = []
    for case in cases:
        line = {"case": dataclasses.asdict(case)}
        for name in sides:
            entry = taken[(name, case)]
            line[name] = {"best_us": min(entry["wall"]) / 1e3, "median_us": statistics.median(entry["wall"]) / 1e3,
                          "cpu_us": statistics.median(entry["cpu"]) / 1e3, "samples": len(entry["wall"]), "recall": vector_data.recall(entry["rows"], truths[case.dimension])}
        lines.append(line)
    return about, lines


COLD_RUNS = 5
VECTOR = "--add-modules=jdk.incubator.vector"
PLAIN_FLAGS = [flag for flag in harness.JAVA_FLAGS if flag != VECTOR]


def one_process(argv):
    """What a process says of its first search, when it said so (by the clock since it was started, and in processor time), and
    what it says of the searches after it."""
    start = time.perf_counter_ns()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    first = json.loads(process.stdout.readline())
    first["whole"] = time.perf_counter_ns() - start
    first["cpu"] = processor_nanos(process.pid)
    first["next"] = json.loads(process.stdout.readline())["next"]
    process.wait()
    return first


def processor_nanos(pid):
    """Processor time of all threads of a process so far; 0 where the system does not tell."""
    try:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0


def java_command(args, table, case, flags, following=20):
    return [args.java, "-Xmx2g", *flags, *args.java_option, "-cp", args.classpath, "dev.joust.benchmarks.search.FirstSearch", str(args.folder), table,
            str(args.folder / f"queries{case.dimension}.f32"), *map(str, (case.dimension, case.nprobes, case.refine, case.ef, following))]


def cold(args, cases, tables):
    """The first search of fresh processes, in turns."""
    lines = []
    for case in cases:
        archive = args.folder / "first-search.jsa"
        cache = args.folder / "first-search.aot"
        ways = {"Joust": [VECTOR, *PLAIN_FLAGS],
                "Joust, class archive": [VECTOR, *PLAIN_FLAGS, f"-XX:SharedArchiveFile={archive}", "-Xlog:disable"],
                "Joust, AOT cache, no Vector API": [*PLAIN_FLAGS, f"-XX:AOTCache={cache}"]}
        for flags in ([VECTOR, *PLAIN_FLAGS, f"-XX:ArchiveClassesAtExit={archive}", "-Xlog:disable"], [*PLAIN_FLAGS, f"-XX:AOTCacheOutput={cache}"]):
            subprocess.run(java_command(args, tables[case], case, flags), check=True, capture_output=True)
        reference = [sys.executable, __file__, "--java", args.java, "--classpath", args.classpath, "--folder", str(args.folder), "--first-query",
                     json.dumps([tables[case], dataclasses.asdict(case)])]
        commands = {"the reference": reference, **{name: java_command(args, tables[case], case, flags) for name, flags in ways.items()}}
        runs = {name: [] for name in commands}
        for _ in range(COLD_RUNS):
            for name, argv in commands.items():
                runs[name].append(one_process(argv))
        archive.unlink()
        cache.unlink()
        lines.append({"case": dataclasses.asdict(case), **runs})
    return lines


def first_query(args):
    table, case = json.loads(args.first_query)
    case = Case(**case)
    import numpy
    query = numpy.fromfile(args.folder / f"queries{case.dimension}.f32", dtype=numpy.float32, count=case.dimension)
    import lance  # noqa: F401
    reference = Reference(args.folder)
    start = time.perf_counter_ns()
    reference.dataset(table)
    opened = time.perf_counter_ns()
    reference.run(table, case, query)
    end = time.perf_counter_ns()
    print(json.dumps({"connect": 0, "open": opened - start, "first": end - opened}), flush=True)
    following = []
    for _ in range(20):
        before = time.perf_counter_ns()
        reference.run(table, case, query)
        following.append(time.perf_counter_ns() - before)
    print(json.dumps({"next": following}))


def table_of(lines):
    text = ["| | reference, us | Joust, us | times as fast | goal | processor time: reference, us | Joust, us "
            "| times as fast | best: reference, us | Joust, us | recall: reference | Joust |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for line in lines:
        case, ours = line["case"], line["joust"]
        theirs = line.get("reference")
        cells = [case["name"]]
        for key in ("median_us", "cpu_us"):
            cells += [f"{theirs[key]:.0f}" if theirs else "", f"{ours[key]:.1f}", f"{theirs[key] / ours[key]:.1f}" if theirs else ""]
            if key == "median_us":
                cells.append(f"{case['goal']:g}" if case["goal"] else "")
        cells += [f"{theirs['best_us']:.0f}" if theirs else "", f"{ours['best_us']:.1f}"]
        cells += [f"{theirs['recall']:.3f}" if theirs else "", f"{ours['recall']:.3f}"]
        text.append("| " + " | ".join(cells) + " |")
    return text


def table_of_cold(lines):
    text = ["Milliseconds, medians. `to the answer` is from the start of the process, with what Python imports and what the JVM loads;"
            " `processor` what it took of all processors until then.", "",
            "| | | connect, open and first | of it open | second | 20th | to the answer | processor |", "|---|---|---|---|---|---|---|---|"]
    for line in lines:
        for name, runs in line.items():
            if name == "case":
                continue

            def median(value):
                return f"{statistics.median(value(run) / 1e6 for run in runs):.1f}"
            text.append(f"| {line['case']['name']} | {name} | {median(lambda run: run['connect'] + run['open'] + run['first'])} "
                        f"| {median(lambda run: run['open'])} | {median(lambda run: run['next'][0])} | {median(lambda run: run['next'][-1])} "
                        f"| {median(lambda run: run['whole'])} | {median(lambda run: run['cpu'])} |")
    return text


def main():
    args = arguments()
    if not (args.cold or args.first_query):
        for name in ("LANCE_CPU_THREADS", "LANCE_IO_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS"):
            os.environ[name] = "1"
    if args.first_query:
        first_query(args)
        return
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    wanted = [text for text in args.only.split(",") if text]
    cases = [case for case in CASES if not wanted or any(text in case.name for text in wanted)]
    given = sys.argv[5:]
    places = [i for i, word in enumerate(given) if word in ("--folder", "--out")]  # where things lie changes no figure
    command = " ".join(["benchmarks/vector-search", *(
        word for i, word in enumerate(given) if i not in places and i - 1 not in places)])
    tables = prepared(args, cases)
    if hasattr(os, "sched_setaffinity") and not args.cold:
        os.sched_setaffinity(0, {args.cpu})  # before the reference starts its threads; Joust's process inherits it
    about = {"java": "", "kernels": ""}
    if args.cold:
        lines = cold(args, cases, tables)
        text = table_of_cold(lines)
    elif args.libraries:
        import vector_libraries
        about, lines = vector_libraries.measure(args, cases, tables)
        text = vector_libraries.table_of(lines)
    else:
        about, lines = measure(args, cases, tables)
        text = table_of(lines)
    result = {"command": command, "started": started, "machine": harness.machine(),
              "versions": {"java": about["java"], "kernels": about["kernels"], **harness.python_versions()}, "lines": lines}
    print("\n".join([harness.about_run(result), "", *text]))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        name = "vector-search" + ("-cold" if args.cold else "-libraries" if args.libraries else "") + (
            "-reference-built" if args.reference_built else "")
        (args.out / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
        heading = "# Vector search" + (", first query of a process" if args.cold else
                                       " beside in-memory libraries" if args.libraries else "")
        threads = "" if args.cold else ", one thread"
        (args.out / f"{name}.md").write_text("\n".join(
            [heading, "", f"{args.rows:,} rows, k = {K}{threads}. Made by `{command}`; do not edit.", "",
             harness.about_run(result), "", *text]) + "\n")


if __name__ == "__main__":
    main()
