# SPDX-License-Identifier: Apache-2.0
"""Posts drawings to one server: by one client one after the other, by four clients at once, and many in one request."""
import argparse
import concurrent.futures
import http.client
import json
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

BORDER = "joust-benchmark-border"
HEADERS = {"Content-Type": f"multipart/form-data; boundary={BORDER}"}
CLIENTS = 4


def form(pictures):
    parts = [f"--{BORDER}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{number}.jpg\"\r\n"
             "Content-Type: image/jpeg\r\n\r\n".encode() + picture + b"\r\n" for number, picture in enumerate(pictures)]
    return b"".join(parts) + f"--{BORDER}--\r\n".encode()


class Server:
    def __init__(self, args, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [args.java, *harness.JAVA_FLAGS, "-XX:+UseSerialGC", "-Djdk.virtualThreadScheduler.parallelism=16", "-cp", args.jar,
             "dev.joust.cli.Main", "serve", "--port", str(self.port), "--data", data],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--pictures", type=int, default=400, help="of a request with many; one by one a quarter as many are posted")
    parser.add_argument("--rounds", type=int, default=4, help="the first one warms up and does not count")
    parser.add_argument("--data", help="a folder, or a URI with a store's settings in the environment; else a temporary folder")
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    few = args.pictures // 4
    with concurrent.futures.ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda number: drawing(11, number)[0], range(args.rounds * (2 * few + args.pictures))))
    pictures = iter(dict.fromkeys(made))
    take = lambda count: [next(pictures) for _ in range(count)]  # noqa: E731
    rounds = []
    with tempfile.TemporaryDirectory(prefix="joust-uploads") as folder:
        server = Server(args, args.data or folder)
        try:
            for number in range(args.rounds):
                single, _ = seconds(lambda: server.post_singly(take(few)))
                four, _ = seconds(lambda: server.by_clients(take(few)))
                together, done = seconds(lambda: server.post_together(take(args.pictures)))
                rounds.append({"singly": few / single, "four_clients": few / four, "together": args.pictures / together,
                               "shares": done.get("shares")})
                print(json.dumps(rounds[-1]), file=sys.stderr)
        finally:
            server.stop()
    counted = rounds[1:]
    middle = {key: statistics.median(each[key] for each in counted) for key in ("singly", "four_clients", "together")}
    middle["times"] = statistics.median(each["together"] / each["singly"] for each in counted)
    java = subprocess.run([args.java, "--version"], check=True, capture_output=True, text=True)
    result = {"command": "benchmarks/picture-uploads", "started": started, "machine": harness.machine(),
              "versions": {"java": java.stdout.split()[1]}, "pictures": args.pictures,
              "data": args.data or "a local folder", "median": middle, "rounds": counted}
    lines = ["| pictures per second: one client, one by one | four clients, one by one | many in a request | times as many as one by one |",
             "|---|---|---|---|",
             f"| {middle['singly']:.1f} | {middle['four_clients']:.1f} | {middle['together']:.1f} | {middle['times']:.1f} |"]
    print("\n".join(lines))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "picture-uploads.json").write_text(json.dumps(result, indent=1) + "\n")
        (args.out / "picture-uploads.md").write_text("\n".join(
            ["# Pictures posted to a server", "", f"Drawings of 2 to 6 KB in {result['data']}, {args.pictures} in a request, the model that comes with Joust. "
             "Made by `benchmarks/picture-uploads`; do not edit.", "", harness.about_run(result), "", *lines]) + "\n")


if __name__ == "__main__":
    main()
