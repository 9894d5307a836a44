# SPDX-License-Identifier: Apache-2.0
"""Libraries of many pictures: loaded from a folder and found, and uploaded one by one by several clients to two servers."""

import concurrent.futures
import hashlib
import itertools
import json
import pathlib
import statistics
import threading
import time

import lance
import numpy as np

from cases import Case
from drawings import COLOR_NAMES, SHAPE_NAMES, drawing
from server import Server, stored_file

DRAWINGS_SEED = 5
# --full: as many as the library is meant for
FOLDER_COUNT = {False: 400, True: 2000}
UPLOAD_COUNT = {False: 240, True: 5000}
LEAST_PRECISION = 0.9
LEAST_RECALL = 0.95


def drawings(count, seed=DRAWINGS_SEED):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda number: drawing(seed, number), range(count)))


def image_id(picture):
    return f"images/{hashlib.sha256(picture).hexdigest()}.jpg"


def check_table(checks, data, ids, what):
    """Exactly these rows, each once, each with its bytes."""
    dataset = lance.dataset(str(data / "images.lance"))
    dataset.validate()
    found = dataset.to_table(columns=["id"])["id"].to_pylist()
    checks.equal(len(found), len(set(found)), f"{what}: distinct ids")
    checks.equal(len(ids), len(found), f"{what}: rows")
    checks.equal(set(), set(ids) ^ set(found), f"{what}: missing or too many")
    missing = [each for each in ids if not stored_file(data, each).is_file() or image_id(stored_file(data, each).read_bytes()) != each]
    checks.equal([], missing[:3], f"{what}: bytes")
    return dataset


def folder_case(context):
    count = FOLDER_COUNT[context.full]

    def run(checks):
        folder, data = context.folder / "drawings", context.folder / "drawings-data"
        made = drawings(count)
        for number, (picture, _) in enumerate(made):
            file = folder / f"{number % 7}" / f"{number}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture)
        (folder / "0" / "broken.jpg").write_bytes(made[0][0][:200])
        shown = {image_id(picture): objects for picture, objects in made}
        done = context.joust.finish("images", "add", "--data", data, folder, "--tag", "drawn", "--json", timeout=1200)
        checks.equal(1, done.returncode, "exit with one broken file")
        checks.true(b"broken.jpg" in done.stderr, f"the broken file is named: {done.stderr[-300:]}")
        added = json.loads(done.stdout)
        checks.equal((len(shown), 1), (added["stored"], added["failed"]), "stored and failed")
        checks.true(abs(sum(added["shares"].values()) - 1) < 1e-6, f"shares of the time: {added['shares']}")
        (folder / "0" / "broken.jpg").unlink()
        again = json.loads(context.joust.run("images", "add", "--data", data, folder, "--json"))
        checks.equal((0, count), (again["stored"], again["exists"]), "added again")
        dataset = check_table(checks, data, list(shown), "after images add")
        checks.equal(0, dataset.count_rows("width is null or height is null or bytes is null or format != 'jpeg'"), "rows without metadata")
        checks.equal(len(shown), dataset.count_rows("array_has(tags, 'drawn')"), "tagged rows")
        checks.true(all((data / "thumbnails" / (pathlib.PurePath(each).stem + ".jpg")).is_file() for each in shown), "thumbnails")
        # By itself a library makes an index once it has rows enough for one to pay
        with Server(context.joust, data) as server:
            if context.full:
                checks.equal(["vector_idx"], server.stats()["indices"], "the index that was made by itself")
            else:
                context.joust.run("index", "create", data / "images.lance", "-c", "vector", "--type", "IVF_HNSW_SQ")
            rows = lance.dataset(str(data / "images.lance")).to_table(columns=["id", "vector"])
            ids, vectors = rows["id"].to_pylist(), np.array(rows["vector"].to_pylist(), np.float32)
            precisions, recalls = [], []
            for colour, shape in itertools.product(COLOR_NAMES, SHAPE_NAMES):
                wanted = {each for each, objects in shown.items() if (colour, shape) in objects}
                if len(wanted) >= (10 if context.full else 1):
                    hits = [hit["id"] for hit in server.search(f"a {colour} {shape}", 10)]
                    precisions.append(sum(hit in wanted for hit in hits) / min(10, len(wanted)))
            for row in context.random("libraries").sample(range(len(ids)), 50):
                exact = np.argsort(((vectors - vectors[row]) ** 2).sum(axis=1), kind="stable")[:10]
                hits = [hit["id"] for hit in server.search_picture(stored_file(data, ids[row]).read_bytes(), 10)]
                recalls.append(len({ids[each] for each in exact} & set(hits)) / 10)
        precision, recall = statistics.mean(precisions), statistics.mean(recalls)
        shares = ", ".join(f"{name} {share:.0%}" for name, share in added["shares"].items())
        context.notes.append(f"{count} drawings: {added['pictures_per_second']:.0f} pictures/s ({shares}); precision of the first ten {precision:.3f}, recall of the index {recall:.3f}")
        checks.true(precision >= LEAST_PRECISION, f"precision of the first ten: {precision:.3f}")
        checks.true(recall >= LEAST_RECALL, f"recall of the index: {recall:.3f}")
    return Case(f"libraries/{count} drawings from a folder", run, alone=True)


def requests_of(log):
    """What a server that has ended counted."""
    lines = [json.loads(line) for line in log.read_text(errors="replace").splitlines() if line.startswith('{"get"')]
    return sum(lines[-1][kind] for kind in ("get", "head", "list", "put", "delete"))


def uploads_case(context):
    count = UPLOAD_COUNT[context.full]

    def run(checks):
        data = context.folder / "uploads"
        distinct = [picture for picture, _ in drawings(count * 9 // 10, seed=DRAWINGS_SEED + 1)]
        draw = context.random("uploads")
        pictures = distinct + [draw.choice(distinct) for _ in range(count - len(distinct))]
        draw.shuffle(pictures)
        rounds = 3  # each with two fresh servers, which say what they asked of the store when they end
        millis, per_upload = [], []
        lock = threading.Lock()
        for turn in range(rounds):
            part = pictures[turn * count // rounds:(turn + 1) * count // rounds]
            servers = [Server(context.joust, data, "--io-stats") for _ in range(2)]
            try:
                def upload(numbered):
                    number, picture = numbered
                    started = time.monotonic()
                    answer = servers[number % 2].store(picture, "drawing.jpg")
                    took = 1000 * (time.monotonic() - started)
                    with lock:
                        millis.append(took)
                    return answer
                with concurrent.futures.ThreadPoolExecutor(4) as pool:
                    answers = list(pool.map(upload, enumerate(part)))
            finally:
                for server in servers:
                    server.stop()
            per_upload.append(sum(requests_of(server.log) for server in servers) / len(part))
            checks.equal([image_id(picture) for picture in part], [answer["id"] for answer in answers], f"round {turn}: ids")
        check_table(checks, data, sorted({image_id(picture) for picture in pictures}), "after the uploads")
        window = min(500, count // 5)
        first, last = statistics.median(millis[:window]), statistics.median(millis[-window:])
        context.notes.append(f"{count} uploads by 4 clients to 2 servers: median of the first {window} {first:.1f} ms, of the last {last:.1f} ms; "
                             f"requests per upload {', '.join(f'{each:.1f}' for each in per_upload)}")
        checks.true(per_upload[-1] <= 1.5 * per_upload[0], f"requests per upload, round by round: {per_upload}")
    return Case(f"libraries/{count} single uploads", run, alone=True)


def cases(context):
    yield folder_case(context)
    yield uploads_case(context)
