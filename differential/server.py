# SPDX-License-Identifier: Apache-2.0
"""A running `joust serve`, and pictures to post to it."""

import json
import pathlib
import socket
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib


class Server:
    """`joust serve` on a free port, until `stop` or `kill`."""

    def __init__(self, joust, data, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = joust.file(".server.log")
        with open(self.log, "wb") as log:
            self.process = joust.start("serve", "--port", self.port, "--data", data, *options, stdout=log, stderr=log)
        self.address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 240
        while True:
            try:
                self.get("/healthz")
                return
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise RuntimeError(f"joust serve did not start: {self.log.read_text(errors='replace')[-1500:]}") from None
                time.sleep(0.05)

    def request(self, method, path, body=None, headers=None, timeout=120):
        request = urllib.request.Request(self.address + path, data=body, method=method, headers=headers or {})
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.read()

    def get(self, path):
        return self.request("GET", path)

    def stats(self):
        return json.loads(self.get("/stats"))

    def search(self, words, k=10):
        query = urllib.parse.urlencode({"text": words, "k": k})
        return json.loads(self.get(f"/search?{query}"))["results"]

    def store(self, picture, name=None):
        """Posts a picture; the answer."""
        return self.post("/vectorize_and_store", picture, name)

    def search_picture(self, picture, k=10):
        return self.post(f"/search?k={k}", picture)["results"]

    def post(self, path, picture, name=None):
        name = name or ("picture.jpg" if picture[:2] == b"\xff\xd8" else "picture.png")
        border = "joust-differential-border"
        body = (f"--{border}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
                f"Content-Type: application/octet-stream\r\n\r\n").encode() + picture + f"\r\n--{border}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return json.loads(self.request("POST", path, body, headers))

    def delete(self, image_id):
        """Deletes a picture by its id, `images/{name}`."""
        return self.request("DELETE", "/" + image_id)

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(20)
        except Exception:
            self.kill()
            raise

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


def png(rng, size=32):
    """A small picture of random stripes, unlike any other."""
    row = bytes([0]) + bytes(rng.randrange(256) for _ in range(3 * size))
    raw = row * size

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def stored_file(data, image_id):
    """Where the bytes of a picture lie."""
    return pathlib.Path(data) / image_id
