# SPDX-License-Identifier: Apache-2.0
"""Several processes on one table at once, of both sides: nothing is lost, nothing is doubled."""

import json
import pathlib
import subprocess
import sys
import threading
import time

import lance

import make_golden as golden
import writer
from cases import Case
from joust import JoustFailed
from loop import JoustLoop


def at_once(*works):
    """Runs functions at the same time; raises what the first of them raised."""
    errors = []

    def guarded(work):
        try:
            work()
        except BaseException as error:  # handed to the caller
            errors.append(error)
    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def check_whole(context, checks, path, expected_ids):
    dataset = lance.dataset(path)
    dataset.validate()
    ids = sorted(dataset.to_table(columns=["id"])["id"].to_pylist())
    checks.equal(len(expected_ids), len(ids), "rows")
    checks.equal([], sorted(set(expected_ids) - set(ids))[:10], "lost")
    checks.equal([], sorted(i for i in set(ids) if i not in set(expected_ids))[:10], "too many")
    checks.equal(len(ids), len(set(ids)), "distinct ids")
    versions = sorted(entry["version"] for entry in dataset.versions())
    checks.equal(list(range(1, len(versions) + 1)), versions, "versions are contiguous")
    checks.tables(dataset.to_table(), context.joust.scan(path), "scan by Joust")


def appends_case(context, joust, count, writers=1):
    """What commits one after the other; `joust` decides whether each append is a process of its own."""
    name = f"{writers} Joust and 1 Python appending {count} batches each"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(golden.people(0, 5), path)
        expected = set(range(5))
        done = threading.Event()
        versions = []
        sources = [[(1000 * (writer + 1) + 10 * k, context.joust.write_source(golden.people(1000 * (writer + 1) + 10 * k, 3))) for k in range(count)]
                   for writer in range(writers)]
        finished = []

        def by_joust(writer):
            try:
                for start, source in sources[writer]:
                    versions.append(joust.json("import", source, path, "--mode", "append")["version"])
                    expected.update(range(start, start + 3))
            finally:
                finished.append(writer)
                if len(finished) == writers:
                    done.set()

        def by_python():
            k = 0
            # as many as asked for, and on until the other side is done, so that the two really meet
            while k < count or not done.is_set():
                start = 1_000_000 + 10 * k
                versions.append(lance.write_dataset(golden.people(start, 2), path, mode="append").version)
                expected.update(range(start, start + 2))
                k += 1
                time.sleep(0.02 if k > count else 0.002)
        at_once(by_python, *[lambda writer=writer: by_joust(writer) for writer in range(writers)])
        checks.true(max(versions) >= len(versions) + 1, f"last version {max(versions)} after {len(versions)} commits")
        checks.equal(len(versions) + 1, lance.dataset(path).version, "one version per acknowledged commit")
        check_whole(context, checks, path, expected)
    return Case(f"together/{name}", run, alone=True)


def deletes_case(context, count):
    """Both delete different rows of the same fragments, while Python appends too."""
    name = f"deletes at once, {count} of each"

    def run(checks):
        path = context.path(name)
        lance.write_dataset(golden.people(0, 600), path, max_rows_per_file=200)
        expected = set(range(600))
        done = threading.Event()

        def by_joust():
            try:
                for k in range(count):
                    rows = [10 * k % 600, (10 * k + 200) % 600]
                    answer = context.joust.json("delete", path, "-w", f"id in ({rows[0]}, {rows[1]})")
                    gone = expected & set(rows)
                    checks.equal(len(gone), answer["rows_deleted"], f"rows deleted by Joust, {rows}")
                    expected.difference_update(rows)
            finally:
                done.set()

        def by_python():
            k = 0
            while k < count or not done.is_set():
                victim = (10 * k + 5) % 600
                lance.dataset(path).delete(f"id = {victim}")
                expected.discard(victim)
                start = 10_000 + 10 * k
                lance.write_dataset(golden.people(start, 1), path, mode="append")
                expected.add(start)
                k += 1
                time.sleep(0.02)
        at_once(by_joust, by_python)
        check_whole(context, checks, path, expected)
    return Case(f"together/{name}", run, alone=True)


def creation_case(context, rounds):
    """Both create the same table: exactly one of them wins."""
    name = "creating at once"

    def run(checks):
        for round_number in range(rounds):
            path = context.path(f"{name} {round_number}")
            source = context.joust.write_source(golden.people(0, 3))
            process = context.joust.start("import", source, path)
            time.sleep(context.random(name + str(round_number)).uniform(0.1, 0.5))
            python_won = True
            try:
                lance.write_dataset(golden.people(100, 4), path)
            except OSError:
                python_won = False
            joust_won = process.wait(60) == 0
            checks.true(joust_won != python_won, f"round {round_number}: Joust {joust_won}, Python {python_won}")
            ids = lance.dataset(path).to_table()["id"].to_pylist()
            checks.equal([100, 101, 102, 103] if python_won else [0, 1, 2], ids, f"round {round_number}")
            checks.equal(1, lance.dataset(path).version, f"round {round_number}: version")
    return Case(f"together/{name}", run, alone=True)


class ByJoust:
    """A table by Joust, in a process that does one command after the other."""

    def __init__(self, joust, path):
        self.joust = joust
        self.path = path

    def do(self, what, rng, **of):
        try:
            if what == "append":
                return self.joust.import_table(of["rows"], self.path, "--mode", "append")["version"], None
            if what == "delete":
                return self.joust.json("delete", self.path, "-w", of["where"])["version"], None
            if what == "update":
                sets = [word for name, text in of["set"].items() for word in ("--set", f"{name}={text}")]
                return self.joust.json("update", self.path, "-w", of["where"], *sets)["version"], None
            if what == "merge":
                source = self.joust.write_source(of["rows"])
                version = self.joust.json("merge", source, self.path, "--on", "id")["version"]
                source.unlink()
                return version, None
            if what == "compact":
                self.joust.run("compact", self.path, "--target-rows", 200)
                return None, None
            return None, self.joust.scan(self.path, "-c", "id,writer,batch,amount")
        except JoustFailed as failure:
            if failure.not_available or "is not supported" in failure.errors:
                raise writer.Missing from failure
            if "CommitConflictException" in failure.errors:
                raise writer.Lost(failure.errors) from failure
            raise


def crowd_case(context, seconds, stable):
    """Four processes of Joust and two of Python: they append, delete, update and merge rows of their own, compact, and read what all of them did."""
    name = f"4 Joust and 2 Python, {seconds} s" + (" with stable row ids" if stable else "")

    def run(checks):
        path = context.path("crowd" + str(stable))
        lance.write_dataset(writer.SCHEMA.empty_table(), path, enable_stable_row_ids=stable)
        reports, loops = [], [JoustLoop(context.folder / f"crowd-{stable}-{number}") for number in range(4)]

        at_once(*[lambda loop=loop: loop.count(path) for loop in loops])  # JVMs take a while to start

        def by_joust(number):
            reports.append(writer.Writer(ByJoust(loops[number], path), number, context.seed).run(seconds))

        def by_python(number):
            report = context.folder / f"crowd-{stable}-{number}.json"
            words = [sys.executable, pathlib.Path(writer.__file__), path, number, seconds, context.seed, report]
            done = subprocess.run([str(word) for word in words], capture_output=True, timeout=seconds + 120)
            checks.equal(0, done.returncode, f"writer {number}: {done.stderr.decode()[-500:]}")
            reports.append(json.loads(report.read_text()))
        try:
            at_once(*[lambda number=number: by_joust(number) for number in range(4)], *[lambda number=number: by_python(number) for number in (4, 5)])
            check_crowd(context, checks, path, reports, loops[0])
        finally:
            for loop in loops:
                loop.stop()
        counts = {kind: {} for kind in ("Joust", "Python")}
        for report in reports:
            for what, count in report["counts"].items():
                kind = counts["Joust" if report["number"] < 4 else "Python"]
                kind[what] = kind.get(what, 0) + count
        missing = sorted({what for report in reports for what in report["missing"]})
        context.notes.append(f"together/{name}: {lance.dataset(path).version} versions; " + "; ".join(f"{kind}: {dict(sorted(each.items()))}" for kind, each in counts.items())
                             + (f"; not available: {missing}" if missing else ""))
    return Case(f"together/{name}", run, alone=True)


def check_crowd(context, checks, path, reports, joust):
    all_done = 0
    for report in sorted(reports, key=lambda report: report["number"]):
        checks.equal([], report["faults"], f"writer {report['number']}")
        done = sum(count for what, count in report["counts"].items() if not what.endswith("lost"))
        lost = sum(count for what, count in report["counts"].items() if what.endswith("lost"))
        # a compaction whose fragments others change all the time may lose, on a busy machine any change that takes its 30 s
        checks.true(done + lost > 0 and lost <= done + 2, f"writer {report['number']} did {done} and lost {lost}: {report['lost'][:2]}")
        all_done += done
    checks.true(all_done > 10 * len(reports), f"{all_done} changes by {len(reports)} writers")
    dataset = lance.dataset(path)
    dataset.validate()
    expected = {row[0]: (report["number"], int(batch), row[1], row[2]) for report in reports for batch, rows in report["batches"].items() for row in rows}
    there = dataset.to_table()
    found = {row["id"]: (row["writer"], row["batch"], row["amount"], row["note"]) for row in there.to_pylist()}
    checks.equal(there.num_rows, len(found), "distinct ids")
    checks.equal([], sorted(set(expected) - set(found))[:10], "lost")
    checks.equal([], sorted(set(found) - set(expected))[:10], "too many")
    wrong = [(key, found[key], expected[key]) for key in sorted(set(expected) & set(found)) if found[key] != expected[key]]
    checks.equal([], wrong[:5], "rows that are not as they were left")
    checks.tables(there, joust.scan(path), "scan by Joust")
    claimed = [version for report in reports for version in report["versions"]]
    checks.equal(len(claimed), len(set(claimed)), "versions that two writers were told to have made")
    versions = sorted(entry["version"] for entry in dataset.versions())
    checks.equal(list(range(1, len(versions) + 1)), versions, "versions are contiguous")
    for version in versions:
        old = lance.dataset(path, version=version)
        broken = writer.broken_batches(old.to_table(columns=["id", "writer", "batch", "amount"]))
        checks.equal([], broken[:3], f"batches of version {version} that are not whole")
        checks.true(old.read_transaction(version) is not None, f"version {version} has no transaction")
        if version % 10 == 0:
            old.validate()
            checks.equal(old.count_rows(), joust.count(path, "--at", version), f"rows of version {version} by Joust")


def cases(context):
    yield crowd_case(context, 120 if context.full else 60, False)
    yield crowd_case(context, 120 if context.full else 20, True)
    loop = JoustLoop(context.folder / "scratch-together")
    context.closing.append(loop.stop)
    yield appends_case(context, loop, 50)
    yield appends_case(context, context.joust, 20 if context.full else 8, writers=3)
    yield deletes_case(context, 100 if context.full else 15)
    yield creation_case(context, 20 if context.full else 4)
