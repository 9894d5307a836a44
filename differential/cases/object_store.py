# SPDX-License-Identifier: Apache-2.0
"""Tables on S3 servers: both ways, at once, through a network that fails, and with keys that nobody gets to see."""

import json
import os
import pathlib
import subprocess
import threading
import time

import lance
import numpy as np
import pyarrow as pa

import make_golden as golden
from cases import Case
from cases.together import at_once
from joust import Joust, JoustFailed
from loop import JoustLoop
from s3servers import BUCKET, KEY, S3Server, available

NETWORK_FAULTS = ("drop", "lose", "cut", "500")
SECRET_KEY, SECRET_ID, SECRET_TOKEN = "wJalrXUtnFEMI-K7MDENG-SECRET", "AKIAQUITESECRETID", "FwoGZXIvYXdzSECRETTOKEN"


class OnS3:
    """A table's folder in a bucket, as Joust and as Python see it."""

    def __init__(self, context, loop, server, name, proxied=False):
        self.loop = loop
        self.uri = f"s3://{BUCKET}/{name}.lance"
        self.python = server.options()  # always past the proxy: it is the judge
        self.file = context.folder / f"{server.name}-{name}-{proxied}.options"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        options = server.options(server.proxy.endpoint if proxied else None)
        self.file.write_text("".join(f"{key}={value}\n" for key, value in options.items()))

    @property
    def options(self):
        return ["--storage-options-file", self.file]

    def dataset(self, **which):
        return lance.dataset(self.uri, storage_options=self.python, **which)

    def write(self, table, **how):
        return lance.write_dataset(table, self.uri, storage_options=self.python, **how)

    def run(self, command, *words):
        return self.loop.run(command, self.uri, *words, *self.options)

    def json(self, command, *words):
        return json.loads(self.run(command, *words, "--json"))

    def scan(self, *words):
        return self.loop.table("scan", self.uri, *words, *self.options)

    def import_table(self, table, *words):
        source = self.loop.write_source(table)
        answer = json.loads(self.loop.run("import", source, self.uri, *words, *self.options, "--json"))
        source.unlink()
        return answer


class Started:
    """Servers and JVMs of all cases, made when first needed."""

    def __init__(self, context):
        self.context = context
        self.servers = {}
        self.lock = threading.Lock()
        self.loops = None
        context.closing.append(self.stop)

    def server(self, name):
        with self.lock:
            if name not in self.servers:
                self.servers[name] = S3Server(name, self.context.seed)
            return self.servers[name]

    def loop(self):
        with self.lock:
            if self.loops is None:
                self.loops = JoustLoop(self.context.folder / "objects")
            return self.loops

    def stop(self):
        for server in self.servers.values():
            server.proxy.stop()
            server.stop()
        if self.loops:
            self.loops.stop()


def check_whole(checks, table, expected_ids):
    dataset = table.dataset()
    dataset.validate()
    ids = sorted(dataset.to_table(columns=["id"])["id"].to_pylist())
    checks.equal([], sorted(set(expected_ids) - set(ids))[:10], "lost")
    checks.equal([], sorted(set(ids) - set(expected_ids))[:10], "too many")
    checks.equal(len(ids), len(set(ids)), "doubled")
    versions = sorted(entry["version"] for entry in dataset.versions())
    checks.equal(list(range(1, len(versions) + 1)), versions, "versions are contiguous")
    checks.tables(dataset.to_table(), table.scan(), "scan by Joust")


def both_ways_case(context, started, server_name):
    name = f"objects/{server_name}/both ways"

    def run(checks):
        server = started.server(server_name)
        table = OnS3(context, started.loop(), server, "both-ways")
        rows = golden.people(0, 300)
        table.write(rows, max_rows_per_file=100)
        checks.tables(table.dataset().to_table(), table.scan(), "written by Python")
        checks.equal("300", table.run("count").strip(), "count")
        table.import_table(golden.people(300, 50), "--mode", "append")
        checks.equal(350, table.dataset().count_rows(), "appended by Joust")
        checks.equal(2, table.json("delete", "-w", "id in (5, 320)")["rows_deleted"], "deleted by Joust")
        table.dataset().delete("id = 7")
        table.run("compact")
        checks.tables(table.dataset().to_table(), table.scan(), "after deletes of both and a compaction")
        table.run("tag", "create", "kept") if False else None
        checks.equal(table.dataset(version=1).count_rows(), int(table.run("count", "--at", 1)), "version 1")
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(40 << 10, dtype=np.float32)), 64)
        large = OnS3(context, started.loop(), server, "both-ways-large")
        big = pa.table({"id": range(640), "vector": vectors, "blob": [os.urandom(40_000) for _ in range(640)]})
        large.import_table(big)  # 25 MB: in parts
        checks.tables(big, large.dataset().to_table(), "a large file by Joust, read by Python")
        checks.tables(large.dataset().to_table(), large.scan(), "and by Joust")
        checks.equal("ok", large.run("validate").strip(), "validate")
        copied = OnS3(context, started.loop(), server, "both-ways-copy")
        answer = json.loads(started.loop().run("copy", table.uri, copied.uri, *table.options, "--json"))
        checks.equal(len(table.dataset().versions()), answer["versions"], "versions copied")
        for entry in table.dataset().versions():
            version = entry["version"]
            checks.tables(table.dataset(version=version).to_table(), copied.dataset(version=version).to_table(), f"version {version} of the copy")
        again = json.loads(started.loop().run("copy", table.uri, copied.uri, *table.options, "--json"))
        checks.equal(0, again["files"], "files copied again")
        checks.true("FAILED" not in started.loop().run("doctor", f"s3://{BUCKET}/doctored", *table.options), "doctor")
    return Case(name, run)


def race_case(context, started, server_name, writers, count):
    name = f"objects/{server_name}/{writers} Joust and 1 Python appending"

    def run(checks):
        table = OnS3(context, started.loop(), started.server(server_name), "race")
        table.write(golden.people(0, 5))
        expected, versions, lock = set(range(5)), [], threading.Lock()

        def by_joust(writer):
            for k in range(count):
                start = 1000 * (writer + 1) + 10 * k
                version = table.import_table(golden.people(start, 3), "--mode", "append")["version"]
                with lock:
                    expected.update(range(start, start + 3))
                    versions.append(version)

        def by_python():
            for k in range(2 * count):
                start = 1_000_000 + 10 * k
                version = table.write(golden.people(start, 2), mode="append").version
                with lock:
                    expected.update(range(start, start + 2))
                    versions.append(version)
        at_once(by_python, *[lambda writer=writer: by_joust(writer) for writer in range(writers)])
        checks.equal(len(versions) + 1, table.dataset().version, "one version per acknowledged commit")
        check_whole(checks, table, expected)
    return Case(name, run, alone=True)


def faults_case(context, started, server_name, writers, count, share):
    """Three uploaders through a network that fails; what was told to have worked is there once, what was not, whole or not at all."""
    name = f"objects/{server_name}/{writers} uploaders, one request in {round(1 / share)} fails"

    def run(checks):
        server = started.server(server_name)
        table = OnS3(context, started.loop(), server, "faults", proxied=True)
        table.write(golden.people(0, 5))
        expected, unknown, lock, done = set(range(5)), [], threading.Lock(), threading.Event()
        server.proxy.reset(share=share, faults=NETWORK_FAULTS)

        def by_joust(writer):
            for k in range(count):
                start = 1000 * (writer + 1) + 10 * k
                try:
                    table.import_table(golden.people(start, 3), "--mode", "append")
                    with lock:
                        expected.update(range(start, start + 3))
                except JoustFailed as failure:
                    with lock:
                        unknown.append((start, str(failure)))

        def by_reader():
            while not done.is_set():
                read = table.scan("-c", "id")["id"].to_pylist()
                checks.equal(len(read), len(set(read)), "doubled, seen by a reader")
                half = [start for start in {i - i % 10 for i in read if i >= 1000} if sum(start <= i < start + 10 for i in read) != 3]
                checks.equal([], half, "half an upload, seen by a reader")

        def writing():
            try:
                at_once(*[lambda writer=writer: by_joust(writer) for writer in range(writers)])
            finally:
                done.set()
        at_once(writing, by_reader)
        struck = server.proxy.struck()
        server.proxy.reset()
        checks.true(struck.total() > count, f"only {struck.total()} requests were struck: {struck}")
        ids = set(table.dataset().to_table(columns=["id"])["id"].to_pylist())
        for start, _ in unknown:
            whole = set(range(start, start + 3))
            checks.true(whole <= ids or not whole & ids, f"rows {start}: half of an upload that failed")
            expected |= whole & ids
        checks.true(len(unknown) <= writers * count // 10 + 1, f"{len(unknown)} uploads failed: {unknown[:2]}")
        check_whole(checks, table, expected)
        context.notes.append(f"{name}: {struck.total()} requests struck, {len(unknown)} of {writers * count} uploads gave up")
    return Case(name, run, alone=True)


def throttled_case(context, started, server_name):
    name = f"objects/{server_name}/throttled"

    def run(checks):
        server = started.server(server_name)
        table = OnS3(context, started.loop(), server, "throttled", proxied=True)
        server.proxy.reset(share=0.25, faults=("503", "429"))
        try:
            for k in range(6):
                table.import_table(golden.people(10 * k, 3), "--mode", "append" if k else "create")
        finally:
            server.proxy.reset()
        check_whole(checks, table, [10 * k + i for k in range(6) for i in range(3)])
    return Case(name, run, alone=True)


def killed_case(context, started, server_name, rounds):
    name = f"objects/{server_name}/{rounds} uploaders killed"

    def run(checks):
        server = started.server(server_name)
        table = OnS3(context, started.loop(), server, "killed", proxied=True)
        server.proxy.reset(latency=0.02)
        try:
            rng = context.random(name)
            vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(128 * 9000, dtype=np.float32)), 128)
            rows = pa.table({"id": pa.array(range(9000)), "vector": vectors, "blob": [bytes(1500)] * 9000})
            table.write(rows.slice(0, 10))
            source = context.joust.write_source(rows)
            began = time.monotonic()
            context.joust.run("import", source, table.uri, "--mode", "append", *table.options)
            usual = time.monotonic() - began
            killed = 0
            for round_number in range(rounds):
                before = table.dataset()
                process = context.joust.start("import", source, table.uri, "--mode", "append", *table.options)
                try:
                    code = process.wait(rng.uniform(0.4, 1.05) * usual)
                except subprocess.TimeoutExpired:
                    process.kill()
                    code = process.wait()
                    killed += 1
                after = table.dataset()
                after.validate()
                grown = after.count_rows() - before.count_rows()
                checks.true(grown == 9000 if code == 0 else grown in (0, 9000), f"round {round_number}: {grown} rows, exit {code}")
            checks.true(killed >= rounds // 3, f"only {killed} of {rounds} were killed in time")
            checks.equal(table.dataset().count_rows(), int(table.run("count")), "count by Joust")
        finally:
            server.proxy.reset()
    return Case(name, run, alone=True)


def unsafe_case(context, started, server_name):
    """A service that takes no notice of conditions: here, one that does not get to see them. (moto: versitygw would find the signature wrong.)"""
    name = f"objects/{server_name}/a store that can't decide"

    def run(checks):
        server = started.server(server_name)
        table = OnS3(context, started.loop(), server, "unsafe", proxied=True)
        server.proxy.reset(strip=("if-none-match",))
        try:
            source = started.loop().write_source(golden.people(0, 3))
            done = started.loop().finish("import", source, table.uri, *table.options)
            said = done.stderr.decode()
            checks.equal(1, done.returncode, "exit of an import")
            checks.true("rows of one would be lost" in said and "--unsafe-commit" in said, f"says what would be lost: {said[:300]}")
            checks.equal(1, started.loop().finish("doctor", table.uri, *table.options).returncode, "exit of doctor")
            done = started.loop().finish("import", source, table.uri, *table.options, "--unsafe-commit")
            checks.equal(0, done.returncode, f"exit with --unsafe-commit: {done.stderr.decode()[:300]}")
            checks.equal(3, table.dataset().count_rows(), "rows")
        finally:
            server.proxy.reset()
    return Case(name, run, alone=True)


def secrets_case(context, started):
    """Every way to fail, with the log at its most talkative: no key, token or signature in anything that is said."""
    name = "objects/no key is ever shown"

    def run(checks):
        server = started.server("moto")
        uri = f"s3://{BUCKET}/secrets.lance"
        lance.write_dataset(golden.people(0, 3), uri, storage_options=server.options())
        given = {"aws_access_key_id": SECRET_ID, "aws_secret_access_key": SECRET_KEY, "aws_session_token": SECRET_TOKEN, "aws_region": "us-east-1", "allow_http": "true",
                 "client_max_retries": "1", "client_retry_timeout": "3"}
        endpoints = {"good": f"http://127.0.0.1:{server.port}", "nobody there": "http://127.0.0.1:9", "no such host": "http://nowhere.invalid:80",
                     "not TLS": f"https://127.0.0.1:{server.port}", "key inside": f"http://{SECRET_ID}:{SECRET_KEY}@127.0.0.1:{server.port}", "none": "nonsense"}
        talkative = Joust(scratch=context.folder / "scratch")
        words = {"good": [["count", uri, "--debug", "--io-stats"], ["count", f"s3://no-such-bucket/{KEY}", "--debug"], ["count", f"s3://{SECRET_ID}:{SECRET_KEY}@b/x", "--debug"],
                          ["doctor", f"s3://{BUCKET}/secrets", "--json"]]}
        texts = []

        def one(kind, endpoint, command, environment):
            settings = given | {"aws_endpoint": endpoint}
            done = subprocess.run([*talkative.command, *map(str, command), *environment[0](settings)], capture_output=True, timeout=120,
                                  env=os.environ | {"JOUST_JAVA_OPTS": "-Djoust.log=TRACE"} | environment[1](settings))
            texts.append((kind, command[0], (done.stdout + done.stderr).decode(errors="replace")))

        file = context.folder / "secret.options"

        def by_file(settings):
            file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
            return ["--storage-options-file", file]
        as_file = (by_file, lambda _: {})
        as_environment = (lambda settings: ["--storage-option", "client_max_retries=1"], lambda settings: {
            key.upper() if key.startswith("aws_") else "AWS_ALLOW_HTTP": value for key, value in settings.items() if key.startswith("aws_") or key == "allow_http"})
        for kind, endpoint in endpoints.items():
            for command in words.get(kind, [["count", uri, "--debug"]]):
                one(kind, endpoint, command, as_file)
        one("environment", endpoints["nobody there"], ["info", uri, "--debug"], as_environment)
        mistyped = subprocess.run([*talkative.command, "count", uri, "--storage-option", f"aws_secret_access_key:{SECRET_KEY}"], capture_output=True, timeout=120)
        texts.append(("mistyped", "count", (mistyped.stdout + mistyped.stderr).decode(errors="replace")))
        for kind, command, text in texts:
            checks.true(len(text) > 0, f"{kind}: {command} says nothing")
            for secret in (SECRET_KEY, SECRET_ID, SECRET_TOKEN, "Signature="):
                at = text.find(secret)
                checks.true(at < 0, f"{kind}: {command} shows {secret[:4]}…: {text[max(0, at - 150):at]!r}")
    return Case(name, run)


def cases(context):
    started = Started(context)
    for server_name in available():
        yield both_ways_case(context, started, server_name)
    yield secrets_case(context, started)
    for server_name in available():
        yield race_case(context, started, server_name, 3, 25 if context.full else 8)
        yield faults_case(context, started, server_name, 3, 40 if context.full else 8, 0.2)
        yield throttled_case(context, started, server_name)
    yield killed_case(context, started, available()[-1], 20 if context.full else 5)
    yield unsafe_case(context, started, "moto")
