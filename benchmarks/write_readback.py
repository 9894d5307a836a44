# SPDX-License-Identifier: Apache-2.0
"""Has the reference read what Joust wrote and what it wrote itself of the same columns, and compares requests, bytes and time.

Each column is alone in a table. Both write from the same batches. Requests and bytes are those that the reference counts, of a table just
opened; times are taken of both in turns, the tables open.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "differential"), str(HERE.parent / "testdata")]

import numpy as np  # noqa: E402

import harness  # noqa: E402
import kinds  # noqa: E402
from compare import same_column  # noqa: E402
from loop import JoustLoop  # noqa: E402
from plan import Cell  # noqa: E402
from tables import Values, table_of, unsliced  # noqa: E402

SEED = 20261121
BATCH_ROWS = 8192
TAKEN = 50
MOST_MORE = 1.05  # of requests and bytes
MOST_SLOWER = 1.3
# name of the kind, distribution, nulls
COLUMNS = [
    ("int8", "wide", "none"), ("int16", "small", "some"), ("int32", "wide", "none"), ("int32", "small", "some"), ("int64", "sequence", "none"),
    ("int64", "few", "none"), ("uint64", "wide", "some"), ("int32", "runs", "none"), ("int64", "same", "some"), ("float", "wide", "none"), ("double", "unit", "some"),
    ("double", "few", "none"), ("halffloat", "wide", "none"), ("bool", "wide", "some"), ("date32_day", "small", "none"), ("timestamp_us", "wide", "some"),
    ("decimal128_38__0", "wide", "none"), ("decimal256_50__m3", "few", "some"), ("fsb_16", "wide", "none"), ("fsb_300", "wide", "some"),
    ("string", "short", "none"), ("string", "few", "some"), ("string", "medium", "none"), ("string", "long", "some"), ("large_string", "medium", "some"),
    ("binary", "short", "none"), ("binary", "long", "none"), ("large_binary", "few", "some"), ("fsl_float_x4", "drawn", "none"), ("fsl_float_x64", "drawn", "some"),
    ("fsl_float_x96", "drawn", "layers"), ("fsl_uint8_x300", "drawn", "none"), ("dictionary_int8_string", "short", "some"), ("dictionary_int32_int64", "short", "none"),
    ("list_int32", "short", "layers"), ("list_string", "short", "empties"), ("list_double", "sparse", "some"), ("list_float", "skewed", "none"), ("list_vector_128", "short", "none"),
    ("large_list_item_string", "short", "layers"), ("list_list_int8", "short", "layers"), ("struct", "short", "layers"), ("list_struct", "short", "layers"),
    ("struct_lists", "short", "some"), ("map_string_int32", "short", "layers"), ("vector_struct", "short", "none"), ("packed_fixed", "short", "some"), ("packed_string", "short", "none"),
    ("int32", "small", "all"), ("list_int32", "short", "all"),
]


def sources(options):
    every = {kind.name: kind for kind in kinds.every()}
    for name, how, nulls in COLUMNS:
        kind = every[name]
        label = f"{name}, {how}" + (f", nulls: {nulls}" if nulls != "none" else "")
        if options.only not in label:
            continue
        assert how in kind.hows and nulls in kind.nulls, (label, kind.hows, kind.nulls)
        cell = Cell(kind, nulls, how, options.rows, "", "plain", "page", True, SEED)
        yield label, table_of([("c", cell)], Values())


def first_read(path, rows):
    """Requests and bytes of a scan and of a take, each of a table just opened."""
    import lance
    result = {}
    for what in ("scan", "take"):
        dataset = lance.dataset(path)
        dataset.io_stats_incremental()
        dataset.to_table() if what == "scan" else dataset.take(rows)
        stats = dataset.io_stats_incremental()
        result[what] = {"requests": stats.read_iops, "bytes": stats.read_bytes}
    return result


def timed(paths, rows, rounds):
    """Medians in milliseconds of both, in turns: by the clock, and as processor time of all threads, which load disturbs less."""
    import lance
    datasets = [lance.dataset(path) for path in paths]
    times = {(what, clock): ([], []) for what in ("scan", "take") for clock in ("time", "processor")}
    for round_number in range(-2, rounds):
        for what in ("scan", "take"):
            for which in (0, 1) if round_number % 2 else (1, 0):
                processor, started = time.process_time_ns(), time.perf_counter_ns()
                datasets[which].to_table() if what == "scan" else datasets[which].take(rows)
                if round_number >= 0:
                    times[what, "time"][which].append((time.perf_counter_ns() - started) / 1e6)
                    times[what, "processor"][which].append((time.process_time_ns() - processor) / 1e6)
    return {" ".join(key): [statistics.median(each) for each in both] for key, both in times.items()}


def measure(options, scratch, ours):
    import lance
    for label, table in sources(options):
        source = ours.write_source(table, chunk_rows=BATCH_ROWS)
        rows = np.random.default_rng(SEED).integers(0, table.num_rows, TAKEN).tolist()
        for version in options.versions:
            paths = [str(scratch / name) for name in ("ours.lance", "theirs.lance")]
            for path in paths:
                shutil.rmtree(path, ignore_errors=True)
            try:
                lance.write_dataset(unsliced(table, BATCH_ROWS), paths[1], data_storage_version=version)
            except (OSError, ValueError) as error:
                print(f"{label}, {version}: not written by the reference: {str(error)[:100]}", file=sys.stderr)
                continue
            ours.run("import", source, paths[0], "--storage-version", version)
            mine, own = (lance.dataset(path).to_table() for path in paths)
            wrong = same_column(own.schema.field(0), own.column(0), mine.schema.field(0), mine.column(0))
            if wrong:
                raise SystemExit(f"{label}, {version}: {wrong}")
            sizes = [sum(file.stat().st_size for file in pathlib.Path(path, "data").glob("*")) for path in paths]
            row = {"column": label, "version": version, "file_bytes": sizes, "first": [first_read(path, rows) for path in paths], "ms": timed(paths, rows, options.rounds)}
            row["ratios"] = ratios(row)
            print(f"{label:42} {version} " + " ".join(f"{key} {value:.2f}" for key, value in row["ratios"].items()), flush=True)
            yield row
        source.unlink()


def ratios(row):
    """Joust's over the reference's own."""
    mine, own = row["first"]
    result = {"file": row["file_bytes"][0] / row["file_bytes"][1]}
    for what in ("scan", "take"):
        for unit in ("requests", "bytes"):
            result[f"{what} {unit}"] = mine[what][unit] / max(1, own[what][unit])
        for clock in ("time", "processor"):
            result[f"{what} {clock}"] = row["ms"][f"{what} {clock}"][0] / row["ms"][f"{what} {clock}"][1]
    return result


def over(row):
    """What of a row is past the bounds. A request more than its own is allowed where it makes few."""
    result = []
    for name, ratio in row["ratios"].items():
        if name.endswith("time"):  # by the clock and by processor time: else it was the load
            past = min(ratio, row["ratios"][name.replace("time", "processor")]) > MOST_SLOWER
        elif name.endswith("processor"):
            past = False
        elif name.endswith("requests"):
            what = name.split()[0]
            past = ratio > MOST_MORE and row["first"][0][what]["requests"] > row["first"][1][what]["requests"] + 1
        else:
            past = ratio > MOST_MORE
        if past:
            result.append(name)
    return result


def report(result):
    rows = result["rows"]
    names = list(rows[0]["ratios"])
    lines = ["# What the reference reads of Joust's files, beside its own", "",
             f"Columns of {result['table_rows']:,} rows, each alone in a table, written by both from the same batches of {BATCH_ROWS:,} rows; read by the reference: a scan, and a take of "
             f"{TAKEN} rows. Joust's file over the reference's own: bytes of the file, requests and bytes of a table just opened, median time of {result['rounds']} readings in turns, by the clock and of the processor. "
             "Made by `benchmarks/write-readback`; do not edit.", "", harness.about_run(result), ""]
    for version in dict.fromkeys(row["version"] for row in rows):
        of = [row for row in rows if row["version"] == version]
        means = ", ".join(f"{name} {statistics.geometric_mean([max(row['ratios'][name], 0.01) for row in of]):.2f}" for name in names)
        late = [f"{row['column']} ({', '.join(over(row))})" for row in of if over(row)]
        lines += [f"**{version}**, {len(of)} columns. Geometric means: {means}.", f"Over {MOST_MORE} (bytes, requests) or {MOST_SLOWER} (time): {'; '.join(late) or 'none'}.", ""]
    lines += ["| column | version | " + " | ".join(names) + " | scan ms, its own | take ms, its own |", "|---" * (len(names) + 4) + "|"]
    for row in rows:
        lines.append(f"| {row['column']} | {row['version']} | " + " | ".join(f"{value:.2f}" for value in row["ratios"].values())
                     + f" | {row['ms']['scan time'][1]:.2f} | {row['ms']['take time'][1]:.2f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--versions", nargs="*", default=["2.0", "2.1", "2.2"])
    parser.add_argument("--only", default="", help="columns whose name has this text")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="write-readback-"))
    ours = JoustLoop(scratch / "joust", "simd")
    try:
        rows = list(measure(options, scratch, ours))
    finally:
        ours.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    result = {"command": "benchmarks/write-readback " + " ".join(sys.argv[1:]), "started": started, "machine": harness.machine(), "versions": harness.python_versions(),
              "table_rows": options.rows, "rounds": options.rounds, "rows": rows}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "write-readback.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.out / "write-readback.md").write_text(report(result))
    print("\n".join(report(result).splitlines()[:14]))


if __name__ == "__main__":
    main()
