# SPDX-License-Identifier: Apache-2.0
"""`kill -9` in the middle of appends and uploads: what was acknowledged is there, once, and nothing half done shows."""

import datetime
import os
import pathlib
import random
import shutil
import signal
import subprocess
import threading
import time
import urllib.error

import lance
import numpy as np
import pyarrow as pa

import make_golden as golden
from cases import Case
from cases.pictures import check_pictures
from compare import differences
from joust import JoustFailed
from loop import JoustLoop
from server import Server, png


def killed_imports_case(context, rounds):
    """Appends of three files' worth of rows by the command line, each killed after a while."""
    name = f"{rounds} imports killed"

    def run(checks):
        rng = context.random(name)
        path = context.path(name)
        context.joust.import_table(golden.people(0, 10), path)
        started = time.monotonic()
        source = context.joust.write_source(golden.people(1_000_000, 900))
        context.joust.run("import", source, path, "--mode", "append", "--max-rows-per-file", 300)
        usual = time.monotonic() - started
        acknowledged = 1
        killed = 0
        for round_number in range(rounds):
            before = lance.dataset(path)
            process = context.joust.start("import", source, path, "--mode", "append", "--max-rows-per-file", 300)
            try:
                code = process.wait(rng.uniform(0.4, 1.1) * usual)
            except Exception:
                process.kill()
                code = process.wait()
                killed += 1
            after = lance.dataset(path)
            after.validate()
            grown = after.count_rows() - before.count_rows()
            checks.true(grown in (0, 900), f"round {round_number}: {grown} rows of 900")
            checks.true(after.version in (before.version, before.version + 1), f"round {round_number}: version {after.version} after {before.version}")
            if code == 0:
                acknowledged += 1
                checks.equal(900, grown, f"round {round_number}: acknowledged")
            if round_number % 10 == 9:
                checks.tables(after.to_table(), context.joust.scan(path), f"round {round_number}: scan by Joust")
                lance.write_dataset(golden.people(5_000_000 + round_number, 1), path, mode="append")
        checks.true(killed >= rounds // 4, f"only {killed} of {rounds} were killed in time")
        checks.true(lance.dataset(path).count_rows() >= 10 + 900 * acknowledged, "acknowledged rows are missing")
    return Case(f"crashes/{name}", run, alone=True)


def killed_writes_case(context, rounds):
    """Imports of several files of several pages, killed at any moment: a table that is not there or whole, and files that nobody refers to."""
    name = f"{rounds} long imports killed"

    def run(checks):
        rng = context.random(name)
        numbers = context.numpy(name)
        rows = 40_000
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(numbers.random(rows * 64, np.float32)), 64)
        table = pa.table({"id": pa.array(range(rows), pa.int32()), "vector": vectors, "text": [f"row {k} of a long import" for k in range(rows)]})
        source = context.joust.write_source(table, chunk_rows=1000)
        options = ["--max-rows-per-file", 6000, "--page-bytes", 1 << 18]
        killed = left = 0
        for round_number in range(rounds):
            path = context.path(f"{name} {round_number}")
            append = round_number % 2 == 1
            if append:
                lance.write_dataset(table.slice(0, 10), path)
            process = context.joust.start("import", source, path, *options, *(["--mode", "append"] if append else []))
            already, wanted = (1 if append else 0, rng.randint(0, 7))
            while process.poll() is None and len(list(pathlib.Path(path, "data").glob("*"))) < already + wanted:
                time.sleep(0.002)
            time.sleep(rng.uniform(0, 0.05))
            killed += process.poll() is None
            process.kill()
            code = process.wait()
            what = f"round {round_number}"
            before = 10 if append else 0
            try:
                there = lance.dataset(path)
            except ValueError:
                there = None
            count = there.count_rows() if there else 0
            checks.true(count in (before, before + rows), f"{what}: {count} rows")
            checks.true(code != 0 or count == before + rows, f"{what}: {count} rows, acknowledged")
            checks.true(there is None or count > 0, f"{what}: a table of no rows")
            found = {file.name for file in pathlib.Path(path, "data").glob("*")}
            used = data_files(there)
            checks.true(used <= found, f"{what}: files are missing: {used - found}")
            left += len(found - used)
            if count == before:  # the same command again does it, beside what lies there
                context.joust.run("import", source, path, *options, *(["--mode", "append"] if append else []))
            dataset = lance.dataset(path)
            dataset.validate()
            checks.tables(pa.concat_tables([table.slice(0, before), table]), dataset.to_table(), f"{what}: done again")
            dataset.cleanup_old_versions(older_than=datetime.timedelta(0), delete_unverified=True)
            checks.equal(data_files(lance.dataset(path)), {file.name for file in pathlib.Path(path, "data").glob("*")}, f"{what}: files after a cleanup")
            shutil.rmtree(path)
        checks.true(killed >= rounds // 3, f"only {killed} of {rounds} were killed in time")
        checks.true(left > 0, "no kill left a file behind")
    return Case(f"crashes/{name}", run, alone=True)


def killed_index_case(context, rounds):
    """An index being created, or brought up to date, killed or interrupted at any moment: it is there or it is not, and what lies about is in nobody's way."""
    name = f"{rounds} index builds killed"

    def run(checks):
        rng = context.random(name)
        numbers = context.numpy(name)
        rows = 3000
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(numbers.random(rows * 32, np.float32)), 32)
        table = pa.table({"id": pa.array(range(rows), pa.int32()), "vec": vectors})
        path = context.path(name)
        lance.write_dataset(table, path, max_rows_per_file=1000)
        create = ["index", "create", path, "-c", "vec", "--type", "IVF_PQ", "--partitions", 16, "--sub-vectors", 8, "--replace"]
        started = time.monotonic()
        context.joust.run(*create)
        usual = time.monotonic() - started
        killed = 0
        for round_number in range(rounds):
            what = f"round {round_number}"
            if round_number % 3 == 2:
                lance.write_dataset(table.slice(0, 50), path, mode="append")
            before = lance.dataset(path)
            process = context.joust.start(*(create if round_number % 3 < 2 else ["index", "optimize", path]))
            try:
                code = process.wait(rng.uniform(0.3, 1.0) * usual)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT if round_number % 2 else signal.SIGKILL)
                code = process.wait()
                killed += 1
            after = lance.dataset(path)
            after.validate()
            checks.true(after.version in (before.version, before.version + 1), f"{what}: version {after.version} after {before.version}")
            checks.true(code != 0 or round_number % 3 == 2 or after.version == before.version + 1, f"{what}: acknowledged")
            checks.equal(["vec_idx"], [index.name for index in after.describe_indices()], f"{what}: indices")
            query = vectors[round_number].values.to_numpy()
            found = after.to_table(columns=["id"], nearest={"column": "vec", "q": query, "k": 1, "nprobes": 16, "refine_factor": 40})["id"].to_pylist()
            checks.equal([round_number], found, f"{what}: the vector itself, by the index")
        context.joust.run(*create)
        dataset = lance.dataset(path)
        dataset.cleanup_old_versions(older_than=datetime.timedelta(0), delete_unverified=True)
        used = {segment.uuid for index in dataset.describe_indices() for segment in index.segments}
        checks.equal(used, {folder.name for folder in pathlib.Path(path, "_indices").iterdir() if any(folder.iterdir())}, "segments after a cleanup")
        checks.true(killed >= rounds // 3, f"only {killed} of {rounds} were killed in time")
    return Case(f"crashes/{name}", run, alone=True)


COMMANDS = {
    "import": ["import", "{source}", "{table}", "--mode", "append", "--max-rows-per-file", "100"],
    "overwrite": ["import", "{source}", "{table}", "--mode", "overwrite", "--max-rows-per-file", "100"],
    "delete": ["delete", "{table}", "-w", "id % 3 = 0 or id > 1500"],
    "update": ["update", "{table}", "-w", "id % 2 = 0", "--set", "name=concat(name, '!')", "--set", "score=score + 1"],
    "merge": ["merge", "{source}", "{table}", "--on", "id"],
    "merge that deletes": ["merge", "{source}", "{table}", "--on", "id", "--matched", "delete"],
    "column add": ["column", "add", "{table}", "double=score * 2"],
    "column cast": ["column", "cast", "{table}", "score", "float32"],
    "column rename": ["column", "rename", "{table}", "score", "points"],
    "column drop": ["column", "drop", "{table}", "score"],
    "compact": ["compact", "{table}", "--target-rows", "500"],
    "restore": ["restore", "{table}", "2"],
    "tag create": ["tag", "create", "{table}", "here"],
    "branch create": ["branch", "create", "{table}", "aside"],
    "cleanup": ["cleanup", "{table}", "--older-than", "0d"],
}


def files_below(path):
    return sum(len(files) for _, _, files in os.walk(path))


def killed_command_case(context, loop, what, rounds, stable):
    """One command of those that write, killed after its first, second, ... file: the table is as before or as after, and the command goes when it is given again."""
    name = f"{what} killed" + (" with stable row ids" if stable else "")

    def state(path):
        dataset = lance.dataset(path)
        dataset.validate()
        rows = dataset.to_table()
        branches = {branch: dataset.checkout_version((branch, None)).count_rows() for branch in dataset.branches.list()}
        return rows.sort_by("id"), sorted(dataset.tags.list()), branches, lance_versions(dataset) if what == "cleanup" else None

    def lance_versions(dataset):
        return sorted(entry["version"] for entry in dataset.versions())

    def run(checks):
        rng = context.random(name)
        start = context.path(f"{name} start")
        dataset = lance.write_dataset(golden.people(0, 2000), start, max_rows_per_file=250, enable_stable_row_ids=stable)
        dataset.delete("id % 50 = 7")
        dataset.insert(golden.people(2000, 30))
        source = context.joust.write_source(golden.people(1900, 300))
        words = [word.format(source=source, table="{table}") for word in COMMANDS[what]]
        done = context.path(f"{name} done")
        shutil.copytree(start, done)
        try:
            loop.run(*[word.format(table=done) for word in words])
        except JoustFailed as failure:
            if not failure.not_available:
                raise
            context.notes.append(f"crashes/{name}: not available yet")
            return
        before, after = state(start), state(done)
        files = files_below(done) - files_below(start)
        killed = unchanged = 0
        for number in range(rounds):
            path = context.path(f"{name} {number}")
            shutil.copytree(start, path)
            already, wanted = files_below(path), rng.randint(0, abs(files) + 1)
            process = context.joust.start(*[word.format(table=path) for word in words])
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline and abs(files_below(path) - already) < wanted:
                time.sleep(0.0005)
            if wanted == 0:
                time.sleep(rng.uniform(0.2, 1))
            else:
                time.sleep(rng.uniform(0, 0.004))
            killed += process.poll() is None
            process.kill()
            code = process.wait()
            found = state(path)
            at = f"round {number}, {'killed' if code else 'done'} after {files_below(path) - already} files of {files}"
            if what == "cleanup":  # it takes versions one by one, the oldest first, and none that is still wanted
                checks.true(set(after[3]) <= set(found[3]) <= set(before[3]), f"{at}: versions {found[3]}")
                checks.true(code != 0 or found[3] == after[3], f"{at}: versions {found[3]} after it was done")
                for version in found[3]:
                    lance.dataset(path, version=version).to_table()
                checks.tables(before[0], found[0], at)
            else:
                checks.true(same_state(found, before) or same_state(found, after), f"{at}: neither as before nor as after: {found[0].num_rows} rows, {found[1:]}")
                checks.true(code != 0 or same_state(found, after), f"{at}: acknowledged and not there")
            unchanged += same_state(found, before)
            if not same_state(found, after) or what == "cleanup":
                loop.run(*[word.format(table=path) for word in words])
                again = state(path)
                checks.true(same_state(again, after), f"{at}: given again, not as after: {again[0].num_rows} rows, {again[1:]}")
            checks.tables(lance.dataset(path).to_table(), loop.scan(path), f"{at}: scan by Joust")
            shutil.rmtree(path)
        context.notes.append(f"crashes/{name}: {killed} of {rounds} killed in time, {unchanged} before anything showed")
    return Case(f"crashes/{name}", run)


def same_state(left, right):
    return left[1:] == right[1:] and not differences(left[0], right[0])


def data_files(dataset):
    """Names of the data files that the table refers to; none of no table."""
    return {file.path for fragment in dataset.get_fragments() for file in fragment.metadata.files} if dataset else set()


def killed_server_case(context, rounds):
    """Uploads by several clients to a server that is killed and started again on the same folder."""
    name = f"{rounds} servers killed during uploads"

    def run(checks):
        rng = context.random(name)
        data = context.folder / "killed-servers"
        table = str(data / "images.lance")
        acknowledged = {}
        sent = []
        for round_number in range(rounds):
            server = Server(context.joust, data)
            stop = threading.Event()

            def upload(client, server=server, stop=stop, round_number=round_number):
                mine = random.Random(f"{context.seed} {round_number} {client}")
                while not stop.is_set():
                    # now and then one that a killed server may have half stored
                    picture = mine.choice(sent) if sent and mine.random() < 0.3 else png(mine)
                    sent.append(picture)
                    try:
                        answer = server.store(picture)
                        acknowledged[answer["id"]] = picture
                    except (OSError, urllib.error.URLError, ValueError):
                        pass
            clients = [threading.Thread(target=upload, args=(client,)) for client in range(3)]
            for client in clients:
                client.start()
            time.sleep(rng.uniform(0.05, 1.5))
            server.kill()
            stop.set()
            for client in clients:
                client.join()
            if not (data / "images.lance" / "_versions").is_dir():
                checks.equal({}, acknowledged, f"round {round_number}: acknowledged without a table")
                continue
            ids = check_pictures(checks, data, None, f"round {round_number}")
            checks.equal([], sorted(set(acknowledged) - set(ids))[:5], f"round {round_number}: acknowledged and lost")
        checks.true(len(acknowledged) > 2 * rounds, f"only {len(acknowledged)} uploads in {rounds} rounds")
        with Server(context.joust, data) as server:
            for picture in sent:
                acknowledged[server.store(picture)["id"]] = picture
            ids = check_pictures(checks, data, len({bytes(picture) for picture in sent}), "after uploading everything again")
            checks.equal(sorted(acknowledged), sorted(ids), "ids")
        versions = sorted(entry["version"] for entry in lance.dataset(table).versions())
        checks.equal(list(range(1, len(versions) + 1)), versions, "versions are contiguous")
    return Case(f"crashes/{name}", run, alone=True)


def cases(context):
    loop = JoustLoop(context.folder / "scratch-crashes")
    context.closing.append(loop.stop)
    for number, what in enumerate(COMMANDS):
        for stable in (False, True) if context.full else (number % 2 == 1,):
            yield killed_command_case(context, loop, what, 30 if context.full else 4, stable)
    yield killed_imports_case(context, 200 if context.full else 25)
    yield killed_writes_case(context, 40 if context.full else 6)
    yield killed_index_case(context, 60 if context.full else 9)
    yield killed_server_case(context, 60 if context.full else 8)
