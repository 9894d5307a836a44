# SPDX-License-Identifier: Apache-2.0
"""Uploads of a row each to a table on an S3 server behind a proxy that adds a delay to each request: by one handle, by many threads, thousands of
them, and while others search. Beside the reference."""
import argparse
import json
import pathlib
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "differential")]

import lance  # noqa: E402
import numpy  # noqa: E402

import harness  # noqa: E402
from object_reads import pictures  # noqa: E402
from s3servers import BUCKET, S3Server  # noqa: E402

WINDOW = 500
ROW_FILE_BYTES = 16 << 10  # a merge's are longer
WAYS = [("inline", "Joust, transactions inline"), ("file", "Joust, with their files")]
GOALS = [
    ("requests per append, transactions inline", 2), ("requests per append, with their files", 3),
    ("rows per second of 16 threads over the reference's one by one, at least", 10),
    ("median append of the last window over the first", 1.5), ("requests of an append itself, in the last window over the first", 1.05),
    # how long a manifest is depends on when fragments of which size were merged last
    ("bytes written by an append itself, in the longest window over the shortest", 1.5), ("rounds of an open and a first search afterwards", 9),
]


class Reference:
    """A handle that stays, and a row at a time."""

    def __init__(self, uri, storage):
        self.random = numpy.random.default_rng(11)
        self.dataset = lance.write_dataset(pictures(self.random, 1), uri, storage_options=storage)

    def append(self, count):
        nanos = []
        for _ in range(count):
            row = pictures(self.random, 1)
            start = time.perf_counter_ns()
            self.dataset.insert(row)
            nanos.append(time.perf_counter_ns() - start)
        return nanos


def per_row(taken, rows):
    return {"requests": taken["requests"] / rows, "bytes_written": taken["bytes_written"] / rows, "bytes_read": taken["bytes_read"] / rows}


def own(log, rows):
    """What appends themselves asked: files of a row, and manifests."""
    puts = [one for one in log if one.method == "PUT" and ("/_versions/" in one.target or ("/data/" in one.target and one.written_bytes < ROW_FILE_BYTES))]
    return {"own_requests": len(puts) / rows, "own_bytes_written": sum(one.written_bytes for one in puts) / rows}


def alone(worker, reference, proxy, count):
    """Appends without maintenance, in turns."""
    found = {}
    for way, name in WAYS:
        worker.ask(f"create {way} {way} off")
        worker.ask(f"append {way} {count}")  # code to load
    reference.append(3)
    sides = [(name, lambda way=way: worker.ask(f"append {way} {count}")["nanos"]) for way, name in WAYS] + [("the reference", lambda: reference.append(count))]
    for name, append in sides:
        proxy.take()
        nanos = append()
        found[name] = {"ms": statistics.median(nanos) / 1e6, **per_row(proxy.take(), count)}
    return found


def together(worker, reference, proxy, threads, each):
    worker.ask("create together inline off")
    worker.ask(f"together together {threads} {each}")  # code to load
    proxy.take()
    answer = worker.ask(f"together together {threads} {each}")
    rows = threads * each
    found = {f"Joust, {threads} threads": {"rows": rows, "rows_per_second": rows / answer["nanos"] * 1e9, "versions": answer["versions"], **per_row(proxy.take(), rows)}}
    count = max(20, each)
    start = time.perf_counter()
    reference.append(count)
    found["the reference, one by one"] = {"rows": count, "rows_per_second": count / (time.perf_counter() - start), "versions": count, **per_row(proxy.take(), count)}
    return found


def thousands(worker, proxy, count):
    """Appends with maintenance beside them, whose requests are counted with them."""
    worker.ask("create thousands inline on")
    proxy.take()
    windows = []
    for start in range(0, count, WINDOW):
        rows = min(WINDOW, count - start)
        nanos = worker.ask(f"append thousands {rows}")["nanos"]
        windows.append({"from": start, "ms": statistics.median(nanos) / 1e6, "p99_ms": sorted(nanos)[len(nanos) * 99 // 100] / 1e6, **own(proxy.log, rows), **per_row(proxy.take(), rows)})
    kept = worker.ask("rest thousands")
    proxy.take()
    opened = worker.ask("first thousands")
    first = {"ms": opened["nanos"] / 1e6, **proxy.take()}
    assert kept["rows"] == count + 1 and opened["hits"] == 10, (kept, opened)
    return {"windows": windows, "kept": kept, "first": first}


def mixed(worker, proxy, count):
    answer = worker.ask(f"mixed thousands {count}")
    assert not answer["wrong"], answer["wrong"][:5]
    proxy.take()
    return {"appends": count, "append_ms": statistics.median(answer["nanos"]) / 1e6, "searches": len(answer["searches"]),
            "search_ms": statistics.median(answer["searches"]) / 1e6, "slowest_search_ms": max(answer["searches"]) / 1e6}


def goals(result):
    windows = result["thousands"]["windows"]
    rates = [side["rows_per_second"] for side in result["together"].values()]
    written = [window["own_bytes_written"] for window in windows]
    found = [result["alone"][WAYS[0][1]]["requests"], result["alone"][WAYS[1][1]]["requests"], rates[0] / rates[1],
             windows[-1]["ms"] / windows[0]["ms"], windows[-1]["own_requests"] / windows[0]["own_requests"], max(written) / min(written), result["thousands"]["first"]["rounds"]]
    return [(name, value, goal, value >= goal if name.endswith("at least") else value <= goal) for (name, goal), value in zip(GOALS, found)]


def report(result):
    lines = ["# Uploads to an object store", "",
             f"Rows of pictures (two names and {result['dimension']} floats) uploaded one by one to tables on {result['server']}, behind a proxy that adds {result['delay_ms']:g} ms to each"
             " request. Made by `benchmarks/object-appends`; do not edit.", "", harness.about_run(result), "",
             "| one after another, by one handle, no maintenance | requests | bytes written | bytes read | median, ms |", "|---|---|---|---|---|"]
    for name, side in result["alone"].items():
        lines.append(f"| {name} | {side['requests']:.2f} | {side['bytes_written']:,.0f} | {side['bytes_read']:,.0f} | {side['ms']:.0f} |")
    lines += ["", "| at the same time | rows per second | versions | requests per row | bytes written per row |", "|---|---|---|---|---|"]
    for name, side in result["together"].items():
        lines.append(f"| {name} | {side['rows_per_second']:.0f} | {side['versions']} for {side['rows']} rows | {side['requests']:.2f} | {side['bytes_written']:,.0f} |")
    kept = result["thousands"]["kept"]
    lines += ["", f"{sum(WINDOW for _ in result['thousands']['windows']):,} one after another by one handle, maintenance beside them ({kept['merges']} merges, {kept['conflicts']} conflicts, "
              f"{kept['failures']} failures; {kept['fragments']} fragments at the end). An append's own are files of a row and manifests, of merges, too; in all is what went through the proxy, per append, merges with it:", "",
              "| from | median, ms | 99th percentile | requests of its own | bytes written | requests in all | bytes written | bytes read |", "|---|---|---|---|---|---|---|---|"]
    for one in result["thousands"]["windows"]:
        lines.append(f"| {one['from']:,} | {one['ms']:.0f} | {one['p99_ms']:.0f} | {one['own_requests']:.2f} | {one['own_bytes_written']:,.0f} | {one['requests']:.2f} | {one['bytes_written']:,.0f} | {one['bytes_read']:,.0f} |")
    first, both = result["thousands"]["first"], result["mixed"]
    lines += ["", f"Then a session that knows nothing opens the table and searches it: {first['requests']} requests in {first['rounds']} rounds, {first['bytes_read'] / 1024:,.0f} KiB, {first['ms']:.0f} ms.", "",
              f"{both['appends']} uploads while another thread searches the newest version all the time: an upload {both['append_ms']:.0f} ms (median), a search {both['search_ms']:.0f} ms"
              f" (slowest of {both['searches']}: {both['slowest_search_ms']:.0f} ms); no search missed a row or saw one twice.", "",
              "| goal | | found | |", "|---|---|---|---|"]
    lines += [f"| {name} | {goal} | {value:.2f} | {'met' if met else 'missed'} |" for name, value, goal, met in goals(result)]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--server", default="versitygw", help="or moto, if this Python has it")
    parser.add_argument("--delay-ms", type=float, default=20)
    parser.add_argument("--appends", type=int, default=5000)
    parser.add_argument("--alone", type=int, default=50)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--each", type=int, default=30, help="rows of each thread")
    parser.add_argument("--mixed", type=int, default=200, help="uploads while another thread searches")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    args = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    server = S3Server(args.server)
    server.proxy.reset(latency=args.delay_ms / 1000)
    storage = server.options(server.proxy.endpoint)
    database = f"s3://{BUCKET}/uploads"
    worker = harness.JavaWorker(args.java, ["-cp", args.jar, "dev.joust.benchmarks.objects.ObjectAppendsWorker", database, *(f"{key}={value}" for key, value in storage.items())])
    reference = Reference(f"s3://{BUCKET}/reference.lance", storage)
    result = {"started": started, "versions": harness.python_versions(), "server": args.server, "delay_ms": args.delay_ms, "dimension": 512,
              "alone": alone(worker, reference, server.proxy, args.alone), "together": together(worker, reference, server.proxy, args.threads, args.each),
              "thousands": thousands(worker, server.proxy, args.appends), "mixed": mixed(worker, server.proxy, args.mixed), "machine": harness.machine()}
    worker.close()
    judge = lance.dataset(f"{database}/thousands.lance", storage_options=server.options())
    judge.validate()
    assert judge.count_rows() == args.appends + args.mixed + 1
    assert len(set(judge.to_table(columns=["id"])["id"].to_pylist())) == judge.count_rows()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "object-appends.json").write_text(json.dumps(result, indent=1) + "\n")
    (args.out / "object-appends.md").write_text(report(result))
    print(report(result))
    missed = [name for name, _, _, met in goals(result) if not met]
    if missed:
        sys.exit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
