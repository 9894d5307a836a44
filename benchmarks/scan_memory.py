# SPDX-License-Identifier: Apache-2.0
"""Scans a table larger than the memory of the JVM, and samples the process's anonymous memory while it does."""
import json
import pathlib
import shutil
import subprocess
import sys
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent
DIMENSION = 768


def make_table(gigabytes):
    """Vectors, strings and numbers, in fragments of 250,000 rows, written by the reference; kept for the next run."""
    import lance
    import numpy
    import pyarrow

    rows = int(gigabytes * 1e9 / (4 * DIMENSION))
    folder = HERE / "target" / f"scan-memory-{rows}.lance"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        random = numpy.random.default_rng(20261121)
        block = 20_000
        vectors = random.standard_normal(block * DIMENSION, dtype=numpy.float32)

        def batches():
            for start in range(0, rows, block):
                count = min(block, rows - start)
                yield pyarrow.record_batch({
                    "id": pyarrow.array(numpy.arange(start, start + count)),
                    "path": [f"s3://pictures/{i:012d}.jpg" for i in range(start, start + count)],
                    "vector": pyarrow.FixedSizeListArray.from_arrays(
                        pyarrow.array(vectors[: count * DIMENSION]), DIMENSION),
                })

        schema = next(batches()).schema
        lance.write_dataset(batches(), str(folder), schema=schema, max_rows_per_file=250_000, data_storage_version="2.2")
        (folder / "done").touch()
    return folder, rows


def main():
    args = harness.memory_arguments(__doc__, gigabytes=5, heap="512m", batch_memory_mib=256)
    folder, rows = make_table(args.gigabytes)
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    process = subprocess.Popen(
        [args.java, f"-Xmx{args.heap}", *harness.JAVA_FLAGS, "-cp", args.jar, "dev.joust.benchmarks.memory.FullScan",
         str(folder), str(args.batch_memory_mib << 20)], stdout=subprocess.PIPE, text=True)
    peak_bytes = harness.peak_anonymous_bytes(process)
    answer = next((line for line in process.stdout if line.startswith("{")), None)
    if process.returncode or answer is None:
        raise SystemExit(f"the scan ended with {process.returncode}")
    answer = json.loads(answer)
    if answer["rows"] != rows:
        raise SystemExit(f"{answer['rows']} rows read of {rows}")
    result = {
        "command": "benchmarks/scan-memory " + " ".join(sys.argv[5:]), "started": started, "machine": harness.machine(),
        "versions": harness.python_versions(), "gigabytes": args.gigabytes, "heap": args.heap,
        "batch_memory_mib": args.batch_memory_mib, "rows": rows, "seconds": answer["seconds"], "peak_rss_anon_mb": peak_bytes / 1e6,
    }
    text = "\n".join([
        "# Memory of a full scan", "",
        f"{args.gigabytes:g} GB, {rows:,} rows x (id, path, vector {DIMENSION} x float32); `-Xmx{args.heap}`, "
        f"{args.batch_memory_mib} MiB for batches. Made by `benchmarks/scan-memory`; do not edit.", "",
        harness.about_run(result), "",
        f"Peak of anonymous memory (RssAnon, sampled every 20 ms): **{result['peak_rss_anon_mb']:.0f} MB**, "
        f"in {answer['seconds']:.1f} s.", "",
    ])
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "scan-memory.json").write_text(json.dumps(result, indent=1) + "\n")
    (args.out / "scan-memory.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
