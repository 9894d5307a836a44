#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares Joust with the reference, live. See README.md.

usage: run.py [--full] [--part I/N] [--seed N] [--only TEXT] [--versions LIST] [--kinds TEXT] [--jobs N] [--report FILE] [--keep] [--list]
"""

import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "testdata")]

from cases import Checks, Context  # noqa: E402
from cases import changing, commits, crashes, formats, index_upkeep, interchange, libraries, life, matrix, object_store, owning, pictures, reading, searching, together, vector_indices, vector_types, writing  # noqa: E402
from joust import Joust, JoustFailed  # noqa: E402
from known_differences import reason_of  # noqa: E402

MOST_LINES = 12
PRODUCTS = ["matrix", "owning"]
MODULES = [matrix, owning, reading, writing, changing, searching, vector_indices, vector_types, index_upkeep, formats, interchange, life, together, commits, pictures, libraries, object_store, crashes]


def run_case(case):
    checks = Checks()
    started = time.monotonic()
    outcome = None
    try:
        case.run(checks)
    except JoustFailed as failure:
        if failure.not_available:
            outcome = "not available"
        checks.lines.append(str(failure))
    except Exception:
        lines = traceback.format_exc(limit=-3).strip().splitlines()
        checks.lines.append("\n".join(line for line in lines if line.strip("^~ ")))
    if outcome is None:
        reason = reason_of(case.name, checks.lines)
        outcome = "same" if not checks.lines else f"known: {reason}" if reason else "DIFFERENT"
    return {"case": case.name, "outcome": outcome, "checks": checks.count, "seconds": round(time.monotonic() - started, 2), "lines": checks.lines}


def quiet_reference(log):
    """Sends what the reference prints (its panics, among others) to a file; Python's own errors stay where they are."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with open(log, "wb") as target:
        os.dup2(target.fileno(), 2)


def part(text):
    number, of = (int(word) for word in text.split("/"))
    if not 1 <= number <= of:
        raise ValueError(text)
    return number, of


def part_of(cases, number, of):
    """Of the products, every `of`-th case; what is no product is quick and stays whole."""
    numbers = itertools.count()
    return [case for case in cases if case.name.split("/")[0] not in PRODUCTS or next(numbers) % of == number - 1]


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Compares Joust with the reference, live.")
    parser.add_argument("--full", action="store_true", help="the whole product, for the night")
    parser.add_argument("--part", type=part, default=(1, 1), metavar="I/N", help=f"of {' and '.join(PRODUCTS)} every N-th case, from the I-th on; all cases of the others")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("JOUST_SEED", time.time_ns() % 1_000_000_007)))
    parser.add_argument("--only", action="append", default=[], help="cases whose name holds this text; repeatable")
    parser.add_argument("--versions", help="of files, for the matrix: 2.1,2.2")
    parser.add_argument("--kinds", action="append", default=[], help="kinds of columns whose name holds this text, for the matrix; repeatable")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--report", type=pathlib.Path, help="a JSON file for the results")
    parser.add_argument("--keep", action="store_true", help="leave the tables where they are")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    options = parser.parse_args(arguments)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="joust-differential-"))
    (folder / "scratch").mkdir()
    if not shutil.which(os.environ.get("JOUST_COMMAND", str(HERE.parent / "bin" / "joust")).split()[0]):
        print("no bin/joust: build the project first, or set JOUST_COMMAND", file=sys.stderr)
        return 2
    quiet_reference(folder / "reference.log")
    context = Context(Joust(scratch=folder / "scratch"), folder, options.seed, options.full,
                      options.versions.split(",") if options.versions else None, options.kinds,
                      left=HERE.parent / ".build" / "differential-failures")
    cases = [case for module in MODULES for case in module.cases(context) if not options.only or any(text in case.name for text in options.only)]
    cases = part_of(cases, *options.part)
    if options.list:
        print(*[case.name for case in cases], sep="\n")
        return 0
    print(f"differential suite: {len(cases)} cases, --seed {options.seed}, part {options.part[0]} of {options.part[1]}", flush=True)
    started = time.monotonic()
    results = []
    lock = threading.Lock()

    def finish(result):
        with lock:
            results.append(result)
            print(f"{result['outcome']:>13}  {result['case']}  ({result['checks']} checks, {result['seconds']} s)", flush=True)
            if result["outcome"] in ("DIFFERENT", "not available"):
                lines = [line for line in result["lines"] if reason_of(result["case"], [line]) is None]
                left_out = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
                for line in [*lines[:MOST_LINES], *left_out]:
                    print("               | " + line.replace("\n", "\n               | "), flush=True)

    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run_case, case) for case in cases if not case.alone]):
            finish(future.result())
    for case in cases:
        if case.alone:
            finish(run_case(case))

    for close in context.closing:
        close()
    for report in context.reports:
        if report.cells:
            print(report, flush=True)

    print(*context.notes, sep="\n", end="\n" if context.notes else "", flush=True)
    counts = {}
    for result in results:
        counts[result["outcome"]] = counts.get(result["outcome"], 0) + 1
    summary = {
        "seed": options.seed, "full": options.full, "cases": len(results), "checks": sum(result["checks"] for result in results),
        "seconds": round(time.monotonic() - started, 1), "joust_calls": context.joust.calls,
        "mean_call_ms": round(1000 * context.joust.seconds / max(1, context.joust.calls)), "outcomes": counts,
    }
    print(json.dumps(summary))
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps({"summary": summary, "results": results, "reports": [report.as_json() for report in context.reports]}, indent=1))
    if options.keep:
        print(f"tables: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if any(result["outcome"] in ("DIFFERENT", "not available") for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
