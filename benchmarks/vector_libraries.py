# SPDX-License-Identifier: Apache-2.0
"""In-memory libraries beside Joust, in turns, one thread: the same kind of index over the same vectors, searched as wide
as it takes to find as much as Joust does."""
import dataclasses
import statistics
import sys
import time

import numpy

import harness
import vector_data
from vector_data import K


GRAPH_WIDTHS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200]


class Library:
    """One index of a library. `widths` are what its search can be given, narrow ones first."""

    def __init__(self, name, search, widths):
        self.name, self.search, self.widths = name, search, widths

    def found(self, queries, width):
        return [self.search(query.reshape(1, -1), width) for query in queries]

    def timed(self, queries, width, samples):
        """Nanoseconds of each of so many searches, by the clock and of processor time."""
        wall, cpu = [], []
        for i in range(-5, samples):
            query = queries[i % len(queries)].reshape(1, -1)
            cpu_start, start = time.process_time_ns(), time.perf_counter_ns()
            self.search(query, width)
            if i >= 0:
                wall.append(time.perf_counter_ns() - start)
                cpu.append(time.process_time_ns() - cpu_start)
        return wall, cpu

    def close(self):
        pass

    def width_for(self, queries, truth, wanted):
        """The narrowest search that finds as much, or the widest."""
        for width in self.widths:
            recall = vector_data.recall(self.found(queries, width), truth)
            if recall >= wanted - 0.002:
                break
        return width, recall


def faiss_library(args, case, data, description):
    import faiss
    faiss.omp_set_num_threads(1)
    file = args.folder / f"faiss-{description.replace(',', '-')}-{case.dimension}.index"
    if file.exists():
        index = faiss.read_index(str(file))
    else:
        index = faiss.index_factory(case.dimension, description)
        index.train(data[: 256 * 256])
        index.add(data)
        faiss.write_index(index, str(file))

    def search(query, nprobe):
        if case.nprobes > 0:
            index.nprobe = nprobe
        return index.search(query, K)[1][0]

    widths = [20] if "PQ" in description else [5, 8, 10, 12, 15, 20, 30, 40, 64, 128, 256]
    return Library(f"faiss {description}", search, widths if case.nprobes > 0 else [0])


def hnswlib_library(args, case, data):
    import hnswlib
    file = args.folder / f"hnswlib-{case.dimension}.index"
    index = hnswlib.Index(space="l2", dim=case.dimension)
    if file.exists():
        index.load_index(str(file))
    else:
        index.init_index(max_elements=len(data), M=20, ef_construction=150, random_seed=7)
        index.add_items(data)
        index.save_index(str(file))
    index.set_num_threads(1)

    def search(query, ef):
        index.set_ef(ef)
        return index.knn_query(query, k=K)[0][0]

    return Library("hnswlib", search, GRAPH_WIDTHS)


class JavaGraph(Library):
    """A graph of a Java library, in a process of its own: Lucene's stays in the folder, JVector's is built anew."""

    def __init__(self, args, case, name):
        super().__init__(name, None, GRAPH_WIDTHS)
        self.worker = harness.JavaWorker(args.java, [
            "-Xms2g", "-Xmx2g", "-cp", args.classpath, "dev.joust.benchmarks.libraries.GraphWorker", name.lower(),
            str(args.folder), str(case.dimension)])
        self.worker.ask("15 6000 1")  # compiles it

    def found(self, queries, width):
        return self.worker.ask(f"{width} 0 {len(queries)}")["rows"]

    def timed(self, queries, width, samples):
        answer = self.worker.ask(f"{width} 30 {samples}")
        return answer["wall"], answer["cpu"]

    def close(self):
        self.worker.close()


def libraries_for(args, case, data):
    sub = case.sub_vectors
    if case.kind == "FLAT":
        return [faiss_library(args, case, data, "Flat")]
    if case.kind == "IVF_FLAT":
        return [faiss_library(args, case, data, f"IVF{case.partitions},Flat")]
    if case.kind == "IVF_PQ" and not case.refine:
        return [faiss_library(args, case, data, f"IVF{case.partitions},PQ{sub}" + ("x4fs" if case.bits == 4 else ""))]
    if case.kind.startswith("IVF_HNSW"):
        return [hnswlib_library(args, case, data), JavaGraph(args, case, "Lucene"), JavaGraph(args, case, "JVector")]
    return []


GOALS = {"Flat": 1.0, "IVF256,Flat": 1.0, "PQ96": 0.5, "PQ16": 0.5, "x4fs": 1.5, "hnswlib": 1.0, "Lucene": 1.0,
         "JVector": 1.0}


def goal_of(name):
    found = [goal for text, goal in GOALS.items() if name.endswith(text)]
    return found[0] if found else None


def narrowest(joust, table, case, queries, truth):
    """The case searched as narrow as it can be without finding less: libraries are given that choice, too."""
    first = joust.search(table, case, 4000, len(queries))
    wanted = vector_data.recall(first["rows"], truth)
    narrower = []
    if case.kind == "IVF_FLAT":
        narrower = [dataclasses.replace(case, nprobes=nprobes) for nprobes in (5, 8, 10, 12, 15)]
    if case.kind.startswith("IVF_HNSW"):
        narrower = [dataclasses.replace(case, ef=width) for width in GRAPH_WIDTHS if width < case.ef]
    for narrow in narrower:
        found = vector_data.recall(joust.search(table, narrow, 0, len(queries))["rows"], truth)
        if found >= wanted - 0.002:
            return narrow, found
    return case, wanted


def measure(args, cases, tables):
    from vector_search import Joust
    files = {case.dimension: None for case in cases}
    for dimension in files:
        files[dimension] = tuple(
            numpy.fromfile(args.folder / f"{name}{dimension}.f32", dtype=numpy.float32).reshape(-1, dimension)
            for name in ("vectors", "queries")) + (numpy.load(args.folder / f"truth{dimension}.npy"),)
    joust = Joust(args)
    lines = []
    for case in cases:
        data, queries, truth = files[case.dimension]
        libraries = libraries_for(args, case, data)
        if not libraries:
            continue
        table = tables[case]
        case, recall = narrowest(joust, table, case, queries, truth)
        taken = {"joust": {"wall": [], "cpu": [], "recall": recall, "width": case.ef or case.nprobes}}
        for library in libraries:
            width, found = library.width_for(queries, truth, recall)
            taken[library.name] = {"wall": [], "cpu": [], "recall": found, "width": width}
        for _ in range(args.rounds):
            answer = joust.search(table, case, 30, 20 if case.kind == "FLAT" else 200)
            taken["joust"]["wall"] += answer["wall"]
            taken["joust"]["cpu"] += answer["cpu"]
            for library in libraries:
                entry = taken[library.name]
                wall, cpu = library.timed(queries, entry["width"], 20 if case.kind == "FLAT" else 200)
                entry["wall"] += wall
                entry["cpu"] += cpu
        for library in libraries:
            library.close()
        for name, entry in taken.items():
            lines.append({"case": case.name, "name": name, "width": entry["width"], "recall": entry["recall"],
                          "best_us": min(entry["wall"]) / 1e3, "median_us": statistics.median(entry["wall"]) / 1e3,
                          "cpu_us": statistics.median(entry["cpu"]) / 1e3, "goal": goal_of(name)})
        print(case.name, file=sys.stderr)
    joust.close()
    return joust.about, lines


def table_of(lines):
    text = ["| | | nprobes or ef | recall | median, us | processor time, us | best, us | Joust's time over it | processor time "
            "| best | goal |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    ours = {line["case"]: line for line in lines if line["name"] == "joust"}
    for line in lines:
        cells = [line["case"], line["name"], str(line["width"]), f"{line['recall']:.3f}", f"{line['median_us']:.1f}",
                 f"{line['cpu_us']:.1f}", f"{line['best_us']:.1f}"]
        if line["name"] != "joust":
            cells += [f"{ours[line['case']][key] / line[key]:.2f}" for key in ("median_us", "cpu_us", "best_us")]
            cells.append(f"{line['goal']:g}" if line["goal"] else "")
        else:
            cells += ["", "", "", ""]
        text.append("| " + " | ".join(cells) + " |")
    return text
