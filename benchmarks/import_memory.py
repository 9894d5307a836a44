# SPDX-License-Identifier: Apache-2.0
"""Sends Joust an Arrow stream larger than its memory to write to a table, samples the process's anonymous memory while
it does, and lets the reference look at the table."""
import json
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent
DIMENSION = 768
BATCH_ROWS = 10_000
ROWS_PER_FILE = 1_000_000


def batches(rows):
    """Vectors, strings, numbers and lists."""
    import numpy
    import pyarrow

    random = numpy.random.default_rng(20261121)
    vectors = pyarrow.array(random.standard_normal(BATCH_ROWS * DIMENSION, dtype=numpy.float32))
    lists = pyarrow.array([[int(i) for i in range(n)] for n in random.integers(0, 20, BATCH_ROWS)], pyarrow.list_(pyarrow.int32()))
    for start in range(0, rows, BATCH_ROWS):
        count = min(BATCH_ROWS, rows - start)
        yield pyarrow.record_batch({
            "id": pyarrow.array(numpy.arange(start, start + count)),
            "path": [f"s3://pictures/{i:012d}.jpg" for i in range(start, start + count)],
            "numbers": lists[:count],
            "vector": pyarrow.FixedSizeListArray.from_arrays(vectors[: count * DIMENSION], DIMENSION),
        })


def send(rows, pipe):
    import pyarrow

    with pipe, pyarrow.ipc.new_stream(pipe, next(batches(1)).schema) as stream:
        for batch in batches(rows):
            stream.write_batch(batch)


def look_at(folder, rows):
    """What the reference says of the table."""
    import lance

    dataset = lance.dataset(str(folder))
    dataset.validate()
    assert dataset.count_rows() == rows, dataset.count_rows()
    some = [0, rows // 2, rows - 1]
    assert dataset.take(some, columns=["id", "path"]).to_pylist() == [
        {"id": row, "path": f"s3://pictures/{row:012d}.jpg"} for row in some]
    return len(dataset.get_fragments())


def main():
    args = harness.memory_arguments(__doc__, gigabytes=10, heap="1g", batch_memory_mib=512)
    rows = int(args.gigabytes * 1e9 / (4 * DIMENSION))
    folder = HERE / "target" / "import-memory.lance"
    shutil.rmtree(folder, ignore_errors=True)
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    process = subprocess.Popen(
        [args.java, f"-Xmx{args.heap}", *harness.JAVA_FLAGS, "-cp", args.jar, "dev.joust.benchmarks.memory.StreamImport",
         str(folder), str(args.batch_memory_mib << 20), str(ROWS_PER_FILE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=send, args=(rows, process.stdin), daemon=True).start()
    peak_bytes = harness.peak_anonymous_bytes(process)
    answer = next((line for line in process.stdout if line.startswith(b"{")), None)
    if process.returncode or answer is None:
        raise SystemExit(f"the import ended with {process.returncode}")
    answer = json.loads(answer)
    if answer["rows"] != rows:
        raise SystemExit(f"{answer['rows']} rows written of {rows}")
    fragments = look_at(folder, rows)
    shutil.rmtree(folder)
    result = {
        "command": "benchmarks/import-memory " + " ".join(sys.argv[5:]), "started": started, "machine": harness.machine(),
        "versions": harness.python_versions(), "gigabytes": args.gigabytes, "heap": args.heap,
        "batch_memory_mib": args.batch_memory_mib, "rows": rows, "fragments": fragments, "seconds": answer["seconds"],
        "peak_rss_anon_mb": peak_bytes / 1e6,
    }
    text = "\n".join([
        "# Memory of an import", "",
        f"{args.gigabytes:g} GB, {rows:,} rows x (id, path, numbers: lists of 0 to 19 int32, vector {DIMENSION} x float32) from "
        f"an Arrow stream, to {fragments} files; `-Xmx{args.heap}`, {args.batch_memory_mib} MiB for batches. Made by "
        "`benchmarks/import-memory`; do not edit.", "",
        harness.about_run(result), "",
        f"Peak of anonymous memory (RssAnon, sampled every 20 ms): **{result['peak_rss_anon_mb']:.0f} MB**, "
        f"in {answer['seconds']:.1f} s, the making of the rows included.", "",
    ])
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "import-memory.json").write_text(json.dumps(result, indent=1) + "\n")
    (args.out / "import-memory.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
