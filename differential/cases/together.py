# SPDX-License-Identifier: Apache-2.0
"""Two processes on one table at once, one of each side: nothing is lost, nothing is doubled."""

import threading
import time

import lance

import make_golden as golden
from cases import Case


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


def appends_case(context, count, writers=1):
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
                    versions.append(context.joust.json("import", source, path, "--mode", "append")["version"])
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


def cases(context):
    yield appends_case(context, 50)
    yield appends_case(context, 20 if context.full else 8, writers=3)
    yield deletes_case(context, 100 if context.full else 15)
    yield creation_case(context, 20 if context.full else 4)
