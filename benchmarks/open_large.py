# SPDX-License-Identifier: Apache-2.0
"""Lets the reference make tables of very many fragments, all of one file, and opens them in fresh processes."""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent
ROWS = 10
REPEATS = 21
REFERENCE = """
import json, sys, time
import lance
def once(path, position, row_id):
    start = time.perf_counter()
    dataset = lance.dataset(path)
    opened = time.perf_counter()
    assert dataset.take([position], columns=["id"]).num_rows == 1
    taken = time.perf_counter()
    assert dataset._take_rows([row_id], columns=["id"]).num_rows == 1
    return [1000 * (opened - start), 1000 * (taken - opened), 1000 * (time.perf_counter() - taken)]
path, position, row_id, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
cold = once(path, position, row_id)
warm = sorted(once(path, position, row_id) for _ in range(repeats))
middle = [sorted(column)[repeats // 2] for column in zip(*warm)]
print(json.dumps({"cold_open_ms": cold[0], "cold_take_ms": cold[1], "cold_take_by_id_ms": cold[2],
                  "open_ms": middle[0], "take_ms": middle[1], "take_by_id_ms": middle[2]}))
"""


def make(folder, fragments, stable):
    import lance
    import pyarrow

    shutil.rmtree(folder, ignore_errors=True)
    rows = pyarrow.table({"id": pyarrow.array(range(ROWS), pyarrow.int64()), "name": [f"n{i}" for i in range(ROWS)]})
    dataset = lance.write_dataset(rows, str(folder), enable_stable_row_ids=stable)
    files = dataset.get_fragments()[0].metadata.files
    same = [lance.FragmentMetadata(id=0, files=files, physical_rows=ROWS, deletion_file=None, row_id_meta=None)
            for _ in range(fragments - 1)]
    lance.LanceDataset.commit(dataset, lance.LanceOperation.Append(same), read_version=1)
    return max(path.stat().st_size for path in (folder / "_versions").glob("*.manifest"))


def middle(answers):
    return {key: statistics.median(answer[key] for answer in answers) for key in answers[0]}


def runs(command, count):
    return middle([json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(count)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--fragments", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    args = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    tables = {}
    for name, stable in (("row addresses", False), ("stable row ids", True)):
        folder = HERE / "target" / f"open-large-{stable}.lance"
        manifest_bytes = make(folder, args.fragments, stable)
        position = ROWS * (args.fragments * 7 // 9) + 3
        row_id = position if stable else (position // ROWS) << 32 | position % ROWS
        asked = [str(folder), str(position), str(row_id), str(REPEATS)]
        tables[name] = {
            "manifest_bytes": manifest_bytes,
            "joust": runs([args.java, *harness.JAVA_FLAGS, "-cp", args.jar, "dev.joust.benchmarks.opening.OpenWorker", *asked], args.runs),
            "reference": runs([sys.executable, "-c", REFERENCE, *asked], args.runs)}
        shutil.rmtree(folder)
    result = {"command": "benchmarks/open-large " + " ".join(sys.argv[5:]), "started": started, "machine": harness.machine(),
              "versions": harness.python_versions(), "fragments": args.fragments, "runs": args.runs, "tables": tables}
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "open-large.json").write_text(json.dumps(result, indent=1) + "\n")
    lines = ["# Opening a table of many fragments", "",
             f"{args.fragments:,} fragments of {ROWS} rows, all of one file; medians of {args.runs} fresh processes, and in each of {REPEATS} openings"
             " after the first. Times in ms. Made by `benchmarks/open-large`; do not edit.", "", harness.about_run(result), "",
             "| | | first open | its first row, by number | by id | open | row by number | by id |", "|---|---|---|---|---|---|---|---|"]
    for name, table in tables.items():
        for who in ("joust", "reference"):
            one = table[who]
            lines.append(f"| {name} | {who} | " + " | ".join(f"{one[key]:.1f}" for key in (
                "cold_open_ms", "cold_take_ms", "cold_take_by_id_ms", "open_ms", "take_ms", "take_by_id_ms")) + " |")
    lines.append("")
    for name, table in tables.items():
        one = table["joust"]
        lines.append(f"With {name} the manifest file has {table['manifest_bytes'] / 1e6:.1f} MB; opening is {one['lists']:.0f} listing and {one['gets']:.0f} gets"
                     f" of {one['bytes_read'] / 1e6:.1f} MB (the transaction in it is left out), and the open table holds {one['heap_bytes'] / 1e6:.1f} MB.")
    (args.out / "open-large.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
