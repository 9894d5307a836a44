# SPDX-License-Identifier: Apache-2.0
"""Appends of one row each, with a compaction now and then, by Joust without and with fsync and by the reference, in turns on one machine; and
opening a table of very many fragments, of which a row is taken."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

import lance  # noqa: E402
import pyarrow as pa  # noqa: E402

import harness  # noqa: E402

SIDES = ["Joust, Durability.NONE", "Joust, FSYNC", "the reference"]
SCHEMA = pa.schema([pa.field("id", pa.int64(), nullable=False), ("text", pa.string()), ("vector", pa.list_(pa.float32(), 8))])
WINDOW = 500
MOST_SLOWER = 1.5


class Reference:
    """As the Java worker: a handle that stays, a row at a time."""

    def __init__(self, path):
        self.path = path
        self.next_id = 0
        self.dataset = lance.write_dataset(self.row(), path)

    def row(self):
        self.next_id += 1
        return pa.table([[self.next_id], [f"the text of row {self.next_id}"], pa.array([[float(self.next_id)] * 8], SCHEMA.field("vector").type)], schema=SCHEMA)

    def append(self, count):
        nanos, requests, written = [], [], []
        for _ in range(count):
            row = self.row()
            self.dataset.io_stats_incremental()
            start = time.perf_counter_ns()
            self.dataset.insert(row)
            nanos.append(time.perf_counter_ns() - start)
            stats = self.dataset.io_stats_incremental()
            requests.append(stats.read_iops + stats.write_iops)
            written.append(stats.written_bytes)
        return {"nanos": nanos, "requests": requests, "bytes": written}

    def compact(self):
        start = time.perf_counter_ns()
        self.dataset.optimize.compact_files()
        return {"nanos": time.perf_counter_ns() - start}


class Joust:
    def __init__(self, worker, path, durability):
        self.worker = worker
        self.path = path
        worker.ask(f"create\t{path}\t{durability}")

    def append(self, count):
        return self.worker.ask(f"append\t{self.path}\t{count}")

    def compact(self):
        return self.worker.ask(f"compact\t{self.path}")


def manifest_bytes(path):
    folder = pathlib.Path(path, "_versions")
    return (folder / min(name for name in os.listdir(folder) if name.endswith(".manifest"))).stat().st_size


def grow(worker, folder, appends, every):
    """Appends by all sides in turns: so many by one, then by the next."""
    paths = [str(folder / f"grown-{number}.lance") for number in range(3)]
    sides = [Joust(worker, paths[0], "none"), Joust(worker, paths[1], "fsync"), Reference(paths[2])]
    found = {name: {"nanos": [], "requests": [], "bytes": [], "manifest_bytes": [], "compact_nanos": []} for name in SIDES}
    for _ in range(appends // every):
        for name, side, path in zip(SIDES, sides, paths):
            answer = side.append(every)
            for key in ("nanos", "requests", "bytes"):
                found[name][key] += answer[key]
            found[name]["manifest_bytes"].append(manifest_bytes(path))
            found[name]["compact_nanos"].append(side.compact()["nanos"])
    for path in paths:
        assert lance.dataset(path).count_rows() == appends + 1, path
        lance.dataset(path).validate()
    return found


def together(worker, folder, threads, each):
    """Rows that threads of one process add one by one through one handle; the reference adds as many by one thread."""
    found = {}
    for name, durability in [("Joust, Durability.NONE", "none"), ("Joust, FSYNC", "fsync")]:
        path = str(folder / f"together-{durability}.lance")
        found[name] = worker.ask(f"together\t{path}\t{durability}\t{threads}\t{each}")
        dataset = lance.dataset(path)
        assert dataset.count_rows() == threads * each + 1, path
        dataset.validate()
    reference = Reference(str(folder / "together-reference.lance"))
    start = time.perf_counter_ns()
    answer = reference.append(threads * each)
    found["the reference, one thread"] = {"nanos": time.perf_counter_ns() - start, "versions": threads * each, "rows": threads * each,
                                          "requests": sum(answer["requests"]), "bytes_written": sum(answer["bytes"])}
    return found


def fragments_table(folder, count):
    """A table of so many fragments of four rows each; their files are links to one."""
    path = folder / "fragments.lance"
    dataset = lance.write_dataset(pa.table({"id": pa.array(range(4), pa.int64())}), str(path))
    one = dataset.get_fragments()[0].metadata.to_json()
    data = path / "data"
    source = data / one["files"][0]["path"]
    fragments = []
    for number in range(count):
        name = f"{number:024b}{number:026x}.lance"
        os.link(source, data / name)
        fragments.append(lance.FragmentMetadata.from_json(json.dumps(one | {"id": 0, "files": [one["files"][0] | {"path": name}]})))
    lance.LanceDataset.commit(str(path), lance.LanceOperation.Append(fragments), read_version=1)
    return str(path)


def many_fragments(worker, folder, count, rounds):
    path = fragments_table(folder, count)
    result = {"manifest_bytes": manifest_bytes(path), "fragments": lance.dataset(path).get_fragments().__len__()}
    timed = {"Joust": [], "the reference": []}
    taken = {"Joust": [], "the reference": []}
    for number in range(rounds):
        row = (number * 7919 * 4 + 1) % (4 * count)
        opened = worker.ask(f"open\t{path}")
        timed["Joust"].append(opened["nanos"])
        start = time.perf_counter_ns()
        dataset = lance.dataset(path)
        timed["the reference"].append(time.perf_counter_ns() - start)
        took = worker.ask(f"take\t{path}\t{row}")
        taken["Joust"].append(took["nanos"])
        dataset.io_stats_incremental()
        start = time.perf_counter_ns()
        dataset.take([row], columns=["id"])
        taken["the reference"].append(time.perf_counter_ns() - start)
        stats = dataset.io_stats_incremental()
        result["requests"] = {"Joust": {"open": opened["requests"], "take": took["requests"], "take bytes": took["bytes_read"]},
                              "the reference": {"take": stats.read_iops, "take bytes": stats.read_bytes}}
    result |= {"open_ms": {name: statistics.median(times) / 1e6 for name, times in timed.items()}, "first_open_ms": {name: times[0] / 1e6 for name, times in timed.items()},
               "take_ms": {name: statistics.median(times) / 1e6 for name, times in taken.items()}}
    return result


def windows(nanos):
    return [sum(nanos[start:start + WINDOW]) / 1e6 / WINDOW for start in range(0, len(nanos) - WINDOW + 1, WINDOW)]


def report(result):
    lines = ["# Appends of a row each, and tables of many fragments", "",
             f"{result['appends']:,} appends of one row to a local table by a handle that stays, a compaction after each {result['every']}; the three in turns of {result['every']}. "
             f"Means of windows of {WINDOW} appends in milliseconds, compactions apart. Made by `benchmarks/appends`; do not edit.", "", harness.about_run(result), "",
             "| | " + " | ".join(f"from {start:,}" for start in range(0, result["appends"], WINDOW)) + " | slowest over fastest window | median of the first 50 | of the last 50 | compaction, median | last |",
             "|---|" + "---|" * (len(range(0, result["appends"], WINDOW)) + 5)]
    for name, side in result["grown"].items():
        means = windows(side["nanos"])
        compactions = [nanos / 1e6 for nanos in side["compact_nanos"]]
        lines.append(f"| {name} | " + " | ".join(f"{mean:.2f}" for mean in means) + f" | {max(means) / min(means):.2f} | {statistics.median(side['nanos'][:50]) / 1e6:.2f} | "
                     f"{statistics.median(side['nanos'][-50:]) / 1e6:.2f} | {statistics.median(compactions):.1f} | {compactions[-1]:.1f} |")
    every = result["every"]
    lines += ["", "| per append | requests, first and last turn | bytes written, first turn | last turn | manifest before the first compaction | before the last |", "|---|---|---|---|---|---|"]
    for name, side in result["grown"].items():
        turns = [slice(0, every), slice(-every, None)]
        requests = [f"{statistics.mean(side['requests'][turn]):.2f}" for turn in turns]
        written = [f"{statistics.mean(side['bytes'][turn]):,.0f}" for turn in turns]
        lines.append(f"| {name} | {requests[0]}, {requests[1]} | {written[0]} | {written[1]} | {side['manifest_bytes'][0]:,} | {side['manifest_bytes'][-1]:,} |")
    if result["together"]:
        lines += ["", f"{result['threads']} threads that add {result['each']} rows each, one by one, through one handle of one process, without maintenance; the reference adds as many, one by one, by one thread:", "",
                  "| | rows per second | versions | requests per row | bytes written per row |", "|---|---|---|---|---|"]
        for name, side in result["together"].items():
            rows = side["rows"]
            lines.append(f"| {name} | {rows / side['nanos'] * 1e9:,.0f} | {side['versions']} | {side['requests'] / rows:.2f} | {side['bytes_written'] / rows:,.0f} |")
    many = result["many"]
    if many:
        lines += ["", f"A table of {many['fragments']:,} fragments, a manifest of {many['manifest_bytes']:,} bytes; medians of {result['rounds']}, each side in turn, tables opened anew each time:", "",
                  "| | open, ms | first open, ms | take of a row, ms | requests of the take | its bytes |", "|---|---|---|---|---|---|"]
        for name in many["open_ms"]:
            requests = many["requests"][name]
            lines.append(f"| {name} | {many['open_ms'][name]:.0f} | {many['first_open_ms'][name]:.0f} | {many['take_ms'][name]:.2f} | {requests['take']} | {requests['take bytes']:,} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--appends", type=int, default=2000)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--fragments", type=int, default=60_000)  # links to one file, of which some file systems have at most 65,000
    parser.add_argument("--threads", type=int, default=16, help="that add rows together")
    parser.add_argument("--each", type=int, default=60, help="rows that each of them adds; 0 leaves that out")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=pathlib.Path, help="on the disk to measure; default: a temporary one")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="joust-appends-", dir=options.folder))
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    try:
        worker = harness.JavaWorker(options.java, ["-cp", options.jar, "dev.joust.benchmarks.appends.AppendWorker"])
        grow(worker, folder / "warm", options.appends, options.every)  # else the windows show the compiler at work
        grown = grow(worker, folder / "measured", options.appends, options.every)
        if options.each:
            together(worker, folder / "warm", options.threads, options.each)
        added = together(worker, folder / "measured", options.threads, options.each) if options.each else None
        many = many_fragments(worker, folder, options.fragments, options.rounds) if options.fragments else None
        worker.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result = {"started": started, "machine": harness.machine(), "versions": harness.python_versions(), "appends": options.appends, "every": options.every, "rounds": options.rounds,
              "threads": options.threads, "each": options.each, "grown": grown, "together": added, "many": many}
    options.out.mkdir(parents=True, exist_ok=True)
    text = report(result)
    (options.out / "appends.md").write_text(text)
    (options.out / "appends.json").write_text(json.dumps(result))
    print(text)
    for name in SIDES[:2]:
        means = windows(grown[name]["nanos"])
        if max(means) > MOST_SLOWER * min(means):
            print(f"{name}: windows differ by {max(means) / min(means):.2f}, more than {MOST_SLOWER}", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
