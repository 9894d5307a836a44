# SPDX-License-Identifier: Apache-2.0
"""Posts drawings to one server: by one client one after the other, by four clients at once, and many in one request; to a local folder, and to an S3
server behind a proxy that adds a delay to each request."""
import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "differential"))
from drawings import drawing  # noqa: E402
from s3servers import BUCKET, S3Server  # noqa: E402

BORDER = "joust-benchmark-border"
HEADERS = {"Content-Type": f"multipart/form-data; boundary={BORDER}"}
CLIENTS = 4


def form(pictures):
    parts = [f"--{BORDER}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{number}.jpg\"\r\n"
             "Content-Type: image/jpeg\r\n\r\n".encode() + picture + b"\r\n" for number, picture in enumerate(pictures)]
    return b"".join(parts) + f"--{BORDER}--\r\n".encode()


class Server:
    def __init__(self, args, data, environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [args.java, *harness.JAVA_FLAGS, "-XX:+UseSerialGC", "-Djdk.virtualThreadScheduler.parallelism=16", "-cp", args.jar,
             "dev.joust.cli.Main", "serve", "--port", str(self.port), "--data", data],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
        while True:
            try:
                self.ask(self.connect(), "GET", "/healthz")
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.1)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    @staticmethod
    def ask(connection, method, path, body=None, headers=None):
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:300]}")
        return text

    def post_singly(self, pictures):
        connection = self.connect()
        for picture in pictures:
            self.ask(connection, "POST", "/vectorize_and_store", form([picture]), HEADERS)
        connection.close()

    def by_clients(self, pictures):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(self.post_singly, pictures[client::CLIENTS]) for client in range(CLIENTS)]:
                done.result()

    def post_together(self, pictures):
        lines = self.ask(self.connect(), "POST", "/images", form(pictures), {**HEADERS, "Accept": "application/x-ndjson"}).splitlines()
        done = json.loads(lines[-1])
        if done["stored"] != len(pictures):
            raise RuntimeError(f"not all were stored: {done}")
        return done

    def stop(self):
        self.process.terminate()
        self.process.wait()


def seconds(work):
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def environment(server):
    """The settings of a server's proxy as variables that AWS's tools read."""
    return {f"AWS_{name.removeprefix('aws_').upper()}": value for name, value in server.options(server.proxy.endpoint).items()}


def measure(args, pictures, data, settings):
    few = args.pictures // 4
    take = lambda count: [next(pictures) for _ in range(count)]  # noqa: E731
    rounds = []
    server = Server(args, data, settings)
    try:
        for _ in range(args.rounds):
            single, _ = seconds(lambda: server.post_singly(take(few)))
            four, _ = seconds(lambda: server.by_clients(take(few)))
            together, done = seconds(lambda: server.post_together(take(args.pictures)))
            rounds.append({"singly": few / single, "four_clients": few / four, "together": args.pictures / together, "shares": done["shares"]})
            print(json.dumps(rounds[-1]), file=sys.stderr)
    finally:
        server.stop()
    counted = rounds[1:]
    median = {key: statistics.median(each[key] for each in counted) for key in ("singly", "four_clients", "together")}
    median["times"] = statistics.median(each["together"] / each["singly"] for each in counted)
    median["shares"] = {key: statistics.median(each["shares"][key] for each in counted) for key in counted[0]["shares"]}
    return {"median": median, "rounds": counted}


def report(result):
    lines = ["# Pictures posted to a server", "", f"Drawings of 300 x 400 pixels and 2 to 12 KB, {result['pictures']} in a request, the model that comes with Joust. "
             "Made by `benchmarks/picture-uploads`; do not edit.", "", harness.about_run(result), "",
             "| pictures per second, stored | one client, one by one | four clients, one by one | many in a request | times as many as one by one | of its time: decoding and thumbnails, model, storage |",
             "|---|---|---|---|---|---|"]
    for place, found in result["places"].items():
        median = found["median"]
        shares = ", ".join(f"{median['shares'][key]:.0%}" for key in ("decoding", "model", "storage"))
        lines.append(f"| {place} | {median['singly']:.1f} | {median['four_clients']:.1f} | {median['together']:.1f} | {median['times']:.1f} | {shares} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--pictures", type=int, default=400, help="of a request with many; one by one a quarter as many are posted")
    parser.add_argument("--rounds", type=int, default=4, help="the first one warms up and does not count")
    parser.add_argument("--server", default="versitygw", help="or moto, if this Python has it")
    parser.add_argument("--delay-ms", type=float, default=20)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    args = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    count = args.rounds * (args.pictures + 2 * (args.pictures // 4))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pictures = list(dict.fromkeys(pool.map(lambda number: drawing(11, number)[0], range(count))))
    with tempfile.TemporaryDirectory(prefix="joust-uploads") as folder:
        places = {"in a local folder": measure(args, iter(pictures), folder, {})}
    s3 = S3Server(args.server)
    s3.proxy.reset(latency=args.delay_ms / 1000)
    places[f"on {args.server}, {args.delay_ms:g} ms away"] = measure(args, iter(pictures), f"s3://{BUCKET}/uploads", environment(s3))
    java = subprocess.run([args.java, "--version"], check=True, capture_output=True, text=True)
    result = {"command": "benchmarks/picture-uploads", "started": started, "machine": harness.machine(),
              "versions": {"java": java.stdout.split()[1]}, "pictures": args.pictures, "places": places}
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "picture-uploads.json").write_text(json.dumps(result, indent=1) + "\n")
    (args.out / "picture-uploads.md").write_text(report(result))
    print(report(result))


if __name__ == "__main__":
    main()
