# SPDX-License-Identifier: Apache-2.0
"""Tables of an S3 server behind a proxy that adds a delay to each request, read by Joust and by the reference in turns."""
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
import pyarrow  # noqa: E402

import harness  # noqa: E402
from s3servers import BUCKET, S3Server  # noqa: E402

FRAGMENTS = 120
PICTURE_DIMENSION = 512
ROWS = 20_000
DIMENSION = 128
WARM = 30
POSITIONS = [19_000, 5, 7_000, 12_345, 3_000]


def pictures(random, count):
    names = [f"{value:016x}" for value in random.integers(1 << 62, size=count)]
    vectors = pyarrow.FixedSizeListArray.from_arrays(random.standard_normal(count * PICTURE_DIMENSION, dtype=numpy.float32), PICTURE_DIMENSION)
    return pyarrow.table({"id": [f"images/{name}.jpg" for name in names], "path": [f"s3://bucket/images/{name}.jpg" for name in names], "vector": vectors})


def make_tables(storage, database):
    random = numpy.random.default_rng(7)
    for name in ("pictures", "merged"):
        for i in range(FRAGMENTS):
            lance.write_dataset(pictures(random, 1), f"{database}/{name}.lance", mode="append" if i else "create", storage_options=storage)
    lance.dataset(f"{database}/merged.lance", storage_options=storage).optimize.compact_files()
    vectors = pyarrow.FixedSizeListArray.from_arrays(random.standard_normal(ROWS * DIMENSION, dtype=numpy.float32), DIMENSION)
    rows = pyarrow.table({"id": pyarrow.array(range(ROWS), pyarrow.int64()), "vector": vectors})
    lance.write_dataset(rows, f"{database}/rows.lance", storage_options=storage)


class Reference:
    def __init__(self, storage, database):
        self.options, self.database = storage, database

    def ask(self, line):
        what, _, argument = line.partition(" ")
        start = time.perf_counter()
        rows = getattr(self, what)(argument)
        return {"ms": 1000 * (time.perf_counter() - start), "rows": rows}

    def forget(self, _):
        self.session = lance.Session()
        return 0

    def open(self, table):
        self.dataset = lance.dataset(f"{self.database}/{table}.lance", storage_options=self.options, session=self.session)
        return self.dataset.version

    def search(self, seed):
        dimension = self.dataset.schema.field("vector").type.list_size
        query = numpy.random.default_rng(int(seed)).standard_normal(dimension, dtype=numpy.float32)
        return self.dataset.to_table(nearest={"column": "vector", "q": query, "k": 10}).num_rows

    def column(self, name):
        return self.dataset.to_table(columns=[name]).num_rows

    def take(self, positions):
        return self.dataset.take([int(one) for one in positions.split(",")]).num_rows

    def close(self):
        pass


SEARCH_COLD = ["forget"], ["open pictures", "search 1"]
QUESTIONS = [
    ("open the newest version", ["forget"], ["open pictures"]),
    (f"search {FRAGMENTS} fragments of a row, open and all", *SEARCH_COLD),
    (f"the same in a process that has done so {WARM} times", *SEARCH_COLD, WARM),
    ("search them again", ["forget", "open pictures", "search 1"], ["search 1"]),
    ("search after merging, open and all", ["forget"], ["open merged", "search 1"]),
    ("search after merging again", ["forget", "open merged", "search 1"], ["search 1"]),
    (f"`id` of {ROWS:,} x {DIMENSION}, open and all", ["forget"], ["open rows", "column id"]),
    (f"`id` of {ROWS:,} x {DIMENSION}, opened before", ["forget", "open rows"], ["column id"]),
    ("take 5 rows, open and all", ["forget"], ["open rows", "take " + ",".join(map(str, POSITIONS))]),
]


def measure(side, proxy, before, work):
    for line in before:
        side.ask(line)
    time.sleep(0.05)
    proxy.take()
    answers = [side.ask(line) for line in work]
    time.sleep(0.05)
    return {"ms": sum(answer["ms"] for answer in answers), "rows": answers[-1]["rows"], **proxy.take()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--server", default="versitygw", help="or moto, if this Python has it")
    parser.add_argument("--delay-ms", type=float, default=20)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    args = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    server = S3Server(args.server)
    database = f"s3://{BUCKET}/db"
    make_tables(server.options(), database)
    server.proxy.reset(latency=args.delay_ms / 1000)
    storage = server.options(server.proxy.endpoint)
    joust = harness.JavaWorker(args.java, ["-cp", args.jar, "dev.joust.benchmarks.objects.ObjectReadsWorker", database, *(f"{key}={value}" for key, value in storage.items())])
    sides = {"Joust": joust, "the reference": Reference(storage, database)}
    results = []
    for question, before, work, *warm in QUESTIONS:
        found = {name: [] for name in sides}
        for name, side in sides.items():
            for _ in range(sum(warm)):
                measure(side, server.proxy, before, work)
        for _ in range(args.repeats + 1):
            for name, side in sides.items():
                found[name].append(measure(side, server.proxy, before, work))
        answered = {name: one[-1].pop("rows") for name, one in found.items()}
        assert len(set(answered.values())) == 1 or question.startswith("open"), (question, answered)
        # The first has code to load.
        results.append({"question": question, **{name: {key: statistics.median(run[key] for run in runs[1:]) for key in runs[-1]}
                                                 for name, runs in found.items()}})
    joust.close()
    report(args, started, results)


def report(args, started, results):
    result = {"command": "benchmarks/object-reads", "started": started, "machine": harness.machine(), "versions": harness.python_versions(),
              "server": args.server, "delay_ms": args.delay_ms, "repeats": args.repeats, "results": results}
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "object-reads.json").write_text(json.dumps(result, indent=1) + "\n")
    lines = ["# Reading tables of an object store", "",
             f"Tables of the reference on {args.server}, behind a proxy that adds {args.delay_ms:g} ms to each request; medians of {args.repeats}"
             " runs after one, in turns. Sessions are new where it says `open`; connections stay. Rounds are counted by the proxy: requests that"
             " begin after another's answer make a new one. Made by `benchmarks/object-reads`; do not edit.", "", harness.about_run(result), "",
             "| | | requests | KiB read | rounds | ms |", "|---|---|---|---|---|---|"]
    for one in results:
        for name in ("Joust", "the reference"):
            side = one[name]
            lines.append(f"| {one['question']} | {name} | {side['requests']:.0f} | {side['bytes_read'] / 1024:.0f} | {side['rounds']:.0f} | {side['ms']:.0f} |")
    (args.out / "object-reads.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
