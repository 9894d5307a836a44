# SPDX-License-Identifier: Apache-2.0
"""Lets Joust, the reference (in this process) and the official JNI SDK read the same table in turns, each warm and in
one process, and writes what each took, the ratios, the machine and the versions: Markdown, JSON and a bar chart."""
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
COLUMNS = ["id", "path", "text", "score", "cat", "vector"]
DIMENSION = 768
SEED = 20261121


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="cases whose name has this text")
    parser.add_argument("--no-jni", action="store_true")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    return parser.parse_args()


def kept(name, make):
    """The folder of a table that the reference writes; kept for the next run."""
    import lance

    folder = HERE / "target" / f"side-by-side-{name}.lance"
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        lance.write_dataset(make(), str(folder), data_storage_version="2.2")
        done.touch()
    return folder


def make_pictures(rows):
    """Rows as an image search has them."""
    import numpy
    import pyarrow

    def make():
        random = numpy.random.default_rng(SEED)
        words = ["red", "green", "blue", "star", "square", "circle", "bicycle", "street", "small", "large", "old", "new"]
        text = [" ".join(words[i] for i in random.integers(0, len(words), random.integers(4, 12))) for _ in range(rows)]
        vectors = random.standard_normal(rows * DIMENSION, dtype=numpy.float32)
        return pyarrow.table({
            "id": pyarrow.array(numpy.arange(rows)),
            "path": [f"s3://pictures/{random.integers(1 << 60):015x}/{i:07d}.jpg" for i in range(rows)],
            "text": text,
            "score": random.random(rows),
            "cat": pyarrow.array(random.integers(0, 100, rows, dtype=numpy.int32)),
            "vector": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(vectors), DIMENSION),
        })

    return kept(rows, make)


def make_nested(rows):
    """Lists of 0 to 19 items, structs, and lists of structs."""
    import numpy
    import pyarrow

    def make():
        random = numpy.random.default_rng(SEED)
        ends = numpy.concatenate([[0], numpy.cumsum(random.integers(0, 20, rows))]).astype(numpy.int32)
        count = int(ends[-1])

        def lists(items):
            return pyarrow.ListArray.from_arrays(pyarrow.array(ends), items)

        tags = pyarrow.array([f"tag{i}" for i in range(500)]).take(pyarrow.array(random.integers(0, 500, count)))
        return pyarrow.table({
            "numbers": lists(pyarrow.array(random.integers(0, 1000, count, dtype=numpy.int32))),
            "tags": lists(tags),
            "pair": pyarrow.StructArray.from_arrays(
                [pyarrow.array(random.integers(0, 100, rows)), pyarrow.array([f"name {i}" for i in range(rows)])],
                ["number", "name"]),
            "boxes": lists(pyarrow.StructArray.from_arrays(
                [pyarrow.array(random.random(count)), pyarrow.array(random.integers(0, 9, count))], ["score", "kind"])),
        })

    return kept(f"nested-{rows}", make)


def cases(rows):
    """Of the table of pictures: name, and what is asked: scan, columns, filter; or take, columns, positions."""
    import numpy

    random = numpy.random.default_rng(SEED)
    hundred = sorted(random.choice(rows, 100, replace=False).tolist())
    some = random.permutation(rows)[:1].tolist()
    found = [("full scan", "scan", COLUMNS, "")]
    found += [(f"column {name}", "scan", [name], "") for name in ("vector", "text", "path", "id", "score")]
    found += [
        ("filtered scan of two columns, 1 row in 100", "scan", ["id", "text"], "cat = 7"),
        ("take of 100 random rows", "take", COLUMNS, hundred),
        ("take of 1 row", "take", COLUMNS, some),
    ]
    return found


def nested_cases(rows):
    import numpy

    hundred = sorted(numpy.random.default_rng(SEED).choice(rows, 100, replace=False).tolist())
    return [
        ("list of int32", "scan", ["numbers"], ""),
        ("list of string", "scan", ["tags"], ""),
        ("struct", "scan", ["pair"], ""),
        ("list of struct", "scan", ["boxes"], ""),
        ("take of 100 rows of lists", "take", ["numbers", "tags", "boxes"], hundred),
    ]


class Java:
    def __init__(self, java, arguments):
        self.worker = harness.JavaWorker(java, arguments)
        self.about = self.worker.about

    def ask(self, kind, columns, what, samples):
        what = what if isinstance(what, str) else ",".join(map(str, what))
        return self.worker.ask("\t".join([kind, ",".join(columns), what, str(samples)]))

    def close(self):
        self.worker.close()


class Reference:
    """In this process. A scan is timed both ways that Python has, to_table and to_batches; the shorter one counts."""

    def __init__(self, folder):
        import lance

        self.dataset = lance.dataset(str(folder))

    def ask(self, kind, columns, what, samples):
        nanos, rows = [], 0
        for _ in range(samples):
            start = time.perf_counter_ns()
            if kind == "take":
                rows = self.dataset.take(what, columns=columns).num_rows
                nanos.append(time.perf_counter_ns() - start)
                continue
            rows = self.dataset.to_table(columns=columns, filter=what or None).num_rows
            between = time.perf_counter_ns()
            drained = sum(batch.num_rows for batch in self.dataset.to_batches(columns=columns, filter=what or None))
            end = time.perf_counter_ns()
            assert drained == rows
            nanos.append(min(between - start, end - between))
        return {"nanos": nanos, "rows": rows}

    def close(self):
        pass


class WrittenByReference:
    """In this process; the rows are held as one table."""

    def __init__(self, folder, target):
        import lance

        self.rows, self.target = lance.dataset(str(folder)).to_table(), target

    def ask(self, columns, samples, _durability):
        import lance
        import pyarrow.parquet

        nanos = []
        for _ in range(samples):
            start = time.perf_counter_ns()
            if columns[0].endswith(".parquet"):
                file = pyarrow.parquet.ParquetFile(columns[0])
                rows = pyarrow.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches())
            else:
                rows = self.rows.select(columns)
            lance.write_dataset(rows, str(self.target), data_storage_version="2.2")
            nanos.append(time.perf_counter_ns() - start)
            size = sum(file.stat().st_size for file in self.target.rglob("*") if file.is_file())
            count = lance.dataset(str(self.target)).count_rows()
            shutil.rmtree(self.target)
        return {"nanos": nanos, "rows": count, "bytes": size}

    def vectors_as_parquet(self):
        """A file of the ids and vectors, as pyarrow writes it unless asked."""
        import pyarrow.parquet

        file = HERE / "target" / f"side-by-side-{self.rows.num_rows}.parquet"
        if not file.exists():
            pyarrow.parquet.write_table(self.rows.select(["id", "vector"]), file)
        return str(file)


def write_cases():
    """Name, columns (none: a Parquet file), durability. The reference does not wait for the disk; Joust does unless told not to."""
    found = [
        ("write all columns", COLUMNS, "none"),
        ("write all columns, synced to disk", COLUMNS, "fsync"),
        ("write from Parquet: id, vector", [], "none"),
    ]
    return found + [(f"write column {name}", [name], "none") for name in ("vector", "text", "path", "id", "score", "cat")]


def measure_writes(args, folder):
    asked = [case for case in write_cases() if args.only in case[0]]
    if not asked:
        return {}, {}
    scratch = HERE / "target" / "side-by-side-scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    ours = harness.JavaWorker(args.java, [
        "-Xmx4g", "-cp", args.jar, "dev.joust.benchmarks.sidebyside.WriteWorker", str(folder), str(scratch / "joust")])
    reference = WrittenByReference(folder, scratch / "reference")
    asked = [(name, columns or [reference.vectors_as_parquet()], durability) for name, columns, durability in asked]
    taken = {name: {"joust": {"nanos": []}, "reference": {"nanos": []}} for name, *_ in asked}
    for round_number in range(-3, args.rounds):
        for name, columns, durability in asked:
            samples = 3 if len(columns) == 1 and columns[0] in COLUMNS and columns[0] != "vector" else 1
            answers = {
                "joust": ours.ask("\t".join([",".join(columns), str(samples), durability])),
                "reference": reference.ask(columns, samples, durability),
            }
            if answers["joust"]["rows"] != answers["reference"]["rows"]:
                raise SystemExit(f"{name}: {answers}")
            for side, answer in answers.items():
                if round_number >= 0:
                    kept = taken[name][side]
                    kept["nanos"] += answer.pop("nanos")
                    kept.update(answer)
        print(f"writes: round {round_number + 1} of {args.rounds}", file=sys.stderr)
    ours.close()
    return ours.about, taken


def jni(args, folder):
    """The official SDK, or None with a reason."""
    class_path = HERE / "target" / "jni-class-path"
    try:
        if not class_path.exists():
            subprocess.run(
                ["mvn", "-q", "-B", "-f", str(HERE / "jni" / "pom.xml"), "dependency:build-classpath",
                 f"-Dmdep.outputFile={class_path}"], check=True, stdout=sys.stderr)
        return Java(args.java, ["-Xmx4g", "-cp", class_path.read_text(), str(HERE / "jni" / "JniWorker.java"), str(folder)])
    except (OSError, subprocess.CalledProcessError, RuntimeError) as failure:
        print(f"without the JNI SDK: {failure}", file=sys.stderr)
        return None


def measure(args, folder, all_cases):
    asked = [case for case in all_cases if args.only in case[0]]
    if not asked:
        return {}, {}
    sides = {
        "joust": Java(args.java, ["-Xmx4g", "-cp", args.jar, "dev.joust.benchmarks.sidebyside.ReadWorker", str(folder)]),
        "reference": Reference(folder),
    }
    other = None if args.no_jni else jni(args, folder)
    if other:
        sides["jni"] = other
    about = sides["joust"].about
    taken = {name: {} for name, *_ in asked}
    for round_number in range(-3, args.rounds):  # three rounds to warm up
        for name, kind, columns, what in asked:
            quick = kind == "take" or "full" not in name and "vector" not in name
            samples = 20 if quick and round_number < 0 else 3 if quick else 1
            rows = set()
            for side, reader in sides.items():
                answer = reader.ask(kind, columns, what, samples)
                rows.add(answer["rows"])
                if round_number >= 0:
                    kept = taken[name].setdefault(side, {"nanos": []})
                    kept["nanos"] += answer.pop("nanos")
                    kept.update(answer)
            if len(rows) != 1:
                raise SystemExit(f"{name}: {rows} rows")
        print(f"round {round_number + 1} of {args.rounds}", file=sys.stderr)
    for reader in sides.values():
        reader.close()
    return about, taken


def summary(taken):
    figures = {}
    for name, sides in taken.items():
        line = {}
        for side, kept in sides.items():
            nanos = kept.pop("nanos")
            line[side] = {"median_ms": statistics.median(nanos) / 1e6, "best_ms": min(nanos) / 1e6, "samples": len(nanos), **kept}
        line["reference : joust"] = line["reference"]["median_ms"] / line["joust"]["median_ms"]
        line["reference : joust, best"] = line["reference"]["best_ms"] / line["joust"]["best_ms"]
        if "jni" in line:
            line["jni : joust"] = line["jni"]["median_ms"] / line["joust"]["median_ms"]
        figures[name] = line
    return figures


def write_lines(figures):
    lines = [
        "", "## Writing", "",
        "The rows are in memory, batches of 8,192 rows for Joust and one table for the reference; a new table each time.", "",
        "| | Joust | reference | reference : Joust, median | best | MB, Joust : reference |", "|---|---|---|---|---|---|",
    ]
    for name, line in figures.items():
        ours, theirs = line["joust"], line["reference"]
        lines.append(
            f"| {name} | {ours['median_ms']:.1f} ({ours['best_ms']:.1f}) | {theirs['median_ms']:.1f} ({theirs['best_ms']:.1f}) "
            f"| **{line['reference : joust']:.2f}** | {line['reference : joust, best']:.2f} "
            f"| {ours['bytes'] / 1e6:.2f} : {theirs['bytes'] / 1e6:.2f} |")
    return lines


def markdown(result):
    lines = [
        "# Side by side", "",
        f"{result['rows']:,} rows x (id int64, path, text, score float64, cat int32, vector {DIMENSION} x float32), and as many "
        "x (lists of 0 to 19 int32, of strings, of structs; a struct); one file each, of version 2.2, written by the "
        "reference; each side warm, in one process, in turns. Made by "
        "`benchmarks/side-by-side`; do not edit.", "",
        harness.about_run(result), "",
        "Milliseconds, median (best). The reference counts the shorter of `to_table` and `to_batches`. A ratio above 1 says "
        "that Joust is faster.", "",
        "| | Joust | reference | JNI SDK | reference : Joust, median | best | JNI SDK : Joust | requests | MB read |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, line in result["figures"].items():
        def cell(side):
            return f"{line[side]['median_ms']:.2f} ({line[side]['best_ms']:.2f})" if side in line else "-"
        lines.append(
            f"| {name} | {cell('joust')} | {cell('reference')} | {cell('jni')} | **{line['reference : joust']:.2f}** "
            f"| {line['reference : joust, best']:.2f} | {format(line['jni : joust'], '.2f') if 'jni' in line else '-'} "
            f"| {line['joust']['requests']} | {line['joust']['bytes'] / 1e6:.2f} |")
    return "\n".join(lines + (write_lines(result["writes"]) if result["writes"] else [])) + "\n"


def chart(result):
    """Bars of the ratio of the reference's time to ours; the line is 1."""
    figures = {**result["figures"], **result["writes"]}
    names = list(figures)
    longest = max(max(figures[name]["reference : joust"] for name in names), 2)
    scale, left, row = 420 / longest, 300, 26
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="{row * len(names) + 50}" '
             'font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="10" y="20">times as fast as the reference (median)</text>']
    for i, name in enumerate(names):
        ratio = figures[name]["reference : joust"]
        top = 34 + i * row
        parts.append(f'<text x="{left - 8}" y="{top + 15}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="{left}" y="{top}" width="{ratio * scale:.1f}" height="{row - 6}" '
                     f'fill="{"#2a9d8f" if ratio >= 1 else "#e76f51"}"/>')
        parts.append(f'<text x="{left + ratio * scale + 6:.1f}" y="{top + 15}">{ratio:.2f}</text>')
    one = left + scale
    parts.append(f'<line x1="{one:.1f}" x2="{one:.1f}" y1="28" y2="{34 + row * len(names)}" stroke="black" stroke-dasharray="4"/>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    args = arguments()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    nested_about, nested = measure(args, make_nested(args.rows), nested_cases(args.rows))
    about, taken = measure(args, make_pictures(args.rows), cases(args.rows))
    write_about, writes = measure_writes(args, make_pictures(args.rows))
    about, taken = about or nested_about or write_about, {**taken, **nested}
    result = {
        "command": "benchmarks/side-by-side " + " ".join(sys.argv[5:]), "started": started, "machine": harness.machine(),
        "versions": {**about, **harness.python_versions()}, "rows": args.rows, "figures": summary(taken), "writes": summary(writes),
    }
    text = markdown(result)
    if not args.only:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "side-by-side.json").write_text(json.dumps(result, indent=1) + "\n")
        (args.out / "side-by-side.md").write_text(text)
        (args.out / "side-by-side.svg").write_text(chart(result))
    print(text)


if __name__ == "__main__":
    main()
