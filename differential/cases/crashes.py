# SPDX-License-Identifier: Apache-2.0
"""`kill -9` in the middle of appends and uploads: what was acknowledged is there, once, and nothing half done shows."""

import datetime
import pathlib
import random
import shutil
import threading
import time
import urllib.error

import lance
import numpy as np
import pyarrow as pa

import make_golden as golden
from cases import Case
from cases.pictures import check_pictures
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
    yield killed_imports_case(context, 200 if context.full else 25)
    yield killed_writes_case(context, 40 if context.full else 6)
    yield killed_server_case(context, 60 if context.full else 8)
