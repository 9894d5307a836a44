# SPDX-License-Identifier: Apache-2.0
"""The table of pictures behind the server: Python opens it, changes it, and the server sees that at once."""

import concurrent.futures
import hashlib
import json
import pathlib
import shutil
import subprocess
import threading
import time

import lance
import numpy as np
import pyarrow as pa

from cases import Case
from joust import REPOSITORY
from server import Server, stored_file

DEMO = REPOSITORY / "demo"


def quickstart_data(context, name):
    """A copy of what `./quickstart --no-serve` leaves."""
    made = REPOSITORY / "joust-data"
    if not (made / "images.lance").is_dir():
        subprocess.run([str(REPOSITORY / "quickstart"), "--no-serve"], check=True, timeout=900, cwd=REPOSITORY, stdout=subprocess.DEVNULL)
    data = context.folder / name
    shutil.copytree(made, data)
    return data


def check_pictures(checks, data, count, what):
    """Every row has its file, named by its bytes, and none is there twice."""
    dataset = lance.dataset(str(data / "images.lance"))
    dataset.validate()
    rows = dataset.to_table()
    checks.equal(["id", "path", "vector", "width", "height", "bytes", "format", "taken_at", "camera", "caption", "tags"], rows.column_names, f"{what}: columns")
    checks.equal(("string", "string"), (str(rows.schema.field("id").type), str(rows.schema.field("path").type)), f"{what}: types")
    checks.true(pa.types.is_fixed_size_list(rows.schema.field("vector").type), f"{what}: {rows.schema.field('vector')}")
    ids = rows["id"].to_pylist()
    if count is not None:
        checks.equal(count, len(ids), f"{what}: rows")
    checks.equal(len(ids), len(set(ids)), f"{what}: distinct ids")
    for image_id in ids:
        file = stored_file(data, image_id)
        digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "no file"
        checks.equal(pathlib.PurePath(image_id).stem, digest, f"{what}: bytes of {image_id}")
    norms = np.linalg.norm(np.array(rows["vector"].to_pylist(), np.float32), axis=1) if ids else np.ones(0)
    checks.true(bool(np.all(np.abs(norms - 1) < 1e-3)), f"{what}: vectors are normalised, found lengths {norms.min(initial=1)} to {norms.max(initial=1)}")
    return ids


def quickstart_case(context):
    def run(checks):
        data = quickstart_data(context, "quickstart")
        captions = json.loads((DEMO / "captions.json").read_text())
        check_pictures(checks, data, len(captions), "after quickstart")
        objects = {hashlib.sha256((DEMO / entry["file"]).read_bytes()).hexdigest(): entry["objects"] for entry in captions}
        output = context.joust.run("images", "search", "--data", data, "a red star", "-k", 10)
        hits = [json.loads(line) for line in output.splitlines()]
        checks.equal(10, len(hits), "hits")
        right = [any(o["color"] == "red" and o["shape"] == "star" for o in objects[pathlib.PurePath(hit["id"]).stem]) for hit in hits]
        wanted = sum(any(o["color"] == "red" and o["shape"] == "star" for o in entry) for entry in objects.values())
        checks.true(right[:1] == [True], f"first hit for 'a red star': {hits[0]}")
        checks.true(right == sorted(right, reverse=True), f"hits that hold a red star ({wanted} there are): {right}")
        distances = [hit["_distance"] for hit in hits]
        checks.equal(sorted(distances), distances, "order by distance")
    return Case("pictures/quickstart", run)


def shared_with_python_case(context):
    """The running server's next search follows what Python did to the table."""
    def run(checks):
        data = quickstart_data(context, "shared")
        table = str(data / "images.lance")
        words = "a green circle and a blue square"
        vector = np.array(json.loads(context.joust.run("embed", "--text", words)), np.float32).reshape(-1)
        with Server(context.joust, data) as server:
            before = server.search(words, 5)
            count = server.stats()["rowCount"]
            for turn in range(4):
                schema = lance.dataset(table).schema
                ours = f"images/by-python-{turn}.png"
                row = pa.table({"id": [ours], "path": ["nowhere"], "vector": pa.array([vector.tolist()], schema.field("vector").type)}).cast(
                    pa.schema([schema.field(name).with_metadata(None) for name in ["id", "path", "vector"]]))
                lance.write_dataset(row, table, mode="append")
                hits = server.search(words, 5)
                checks.equal(ours, hits[0]["id"], f"turn {turn}: first hit after Python appended")
                checks.true(abs(hits[0]["_distance"]) < 1e-3, f"turn {turn}: its distance {hits[0]['_distance']}")
                checks.equal(count + 1, server.stats()["rowCount"], f"turn {turn}: rows after Python appended")
                lance.dataset(table).delete(f"id = '{ours}'")
                checks.equal([hit["id"] for hit in before], [hit["id"] for hit in server.search(words, 5)], f"turn {turn}: hits after Python deleted")
            lance.dataset(table).delete(f"id = '{before[0]['id']}'")
            after = [hit["id"] for hit in server.search(words, 5)]
            checks.equal([hit["id"] for hit in before[1:]], after[:4], "hits after Python deleted the first")
            server.delete(before[1]["id"])
            left = lance.dataset(table)
            left.validate()
            checks.equal(0, left.count_rows(f"id = '{before[1]['id']}'"), "a picture that the server deleted, in Python")
            checks.equal(count - 2, server.stats()["rowCount"], "rows at the end")
            left.optimize.compact_files()
            checks.equal(after[1:4], [hit["id"] for hit in server.search(words, 5)][:3], "hits after Python compacted")
    return Case("pictures/the server follows Python", run, alone=True)


def append_rows(table, stop, appended):
    """Appends single rows from Python until told to stop."""
    while not stop.is_set():
        if any(pathlib.Path(table, "_versions").glob("*.manifest")):
            dataset = lance.dataset(table)
            vector = dataset.schema.field("vector").type
            row = pa.table({"id": [f"by-python {time.monotonic_ns()}"], "path": ["nowhere"],
                            "vector": pa.array([[1.0] + [0.0] * (vector.list_size - 1)], vector)})
            lance.write_dataset(row.cast(pa.schema([dataset.schema.field(name).with_metadata(None) for name in row.column_names])), table, mode="append")
            appended.append(row["id"][0].as_py())
        time.sleep(0.01)


def posting_case(context, clients, while_python_appends):
    name = f"{clients} clients post the demo pictures" + (" while Python appends" if while_python_appends else "")

    def run(checks):
        data = context.folder / name.replace(" ", "-")
        table = str(data / "images.lance")
        pictures = [path.read_bytes() for path in sorted(DEMO.glob("*.jpg"))]
        with Server(context.joust, data) as server:
            for turn, status in enumerate(["stored", "exists"]):
                stop, appended = threading.Event(), []
                python = threading.Thread(target=append_rows, args=(table, stop, appended))
                if while_python_appends:
                    python.start()
                with concurrent.futures.ThreadPoolExecutor(clients) as pool:
                    answers = list(pool.map(lambda picture: server.store(picture, "picture.jpg"), pictures))
                if while_python_appends:
                    deadline = time.monotonic() + 60  # pictures that are there already are answered within one append
                    while len(appended) <= 5 and time.monotonic() < deadline:
                        time.sleep(0.05)
                    stop.set()
                    python.join()
                    checks.true(len(appended) > 5, f"turn {turn}: Python appended only {len(appended)} rows meanwhile")
                    dataset = lance.dataset(table)
                    found = dataset.to_table(columns=["id"], filter="id like 'by-python%'")["id"].to_pylist()
                    checks.equal(sorted(appended), sorted(found), f"turn {turn}: rows of Python")
                    dataset.delete("id like 'by-python%'")
                checks.equal({status}, {answer["status"] for answer in answers}, f"turn {turn}: status")
                expected = [f"images/{hashlib.sha256(picture).hexdigest()}.jpg" for picture in pictures]
                checks.equal(expected, [answer["id"] for answer in answers], f"turn {turn}: ids")
                check_pictures(checks, data, len(set(expected)), f"turn {turn}")
            with concurrent.futures.ThreadPoolExecutor(4 * clients) as pool:
                again = list(pool.map(server.store, [picture for picture in pictures[:10] for _ in range(6)]))
            checks.equal({"exists"}, {answer["status"] for answer in again}, "the same picture many times at once")
        fresh = context.folder / (name.replace(" ", "-") + "-same")
        with Server(context.joust, fresh) as server:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: server.store(pictures[0], "p.jpg"), range(16)))
            checks.equal(1, sum(answer["status"] == "stored" for answer in answers), "one new picture posted 16 times at once is stored once")
            check_pictures(checks, fresh, 1, "the same picture at once")
    return Case(f"pictures/{name}", run, alone=True)


def cases(context):
    yield quickstart_case(context)
    yield shared_with_python_case(context)
    yield posting_case(context, 3, False)
    yield posting_case(context, 8, True)
