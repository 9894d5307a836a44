# SPDX-License-Identifier: Apache-2.0
"""A proxy before an S3 server that keeps a log of what goes through it; if told so, it is slow, drops connections, answers 500, 503 and 429,
cuts bodies short and loses answers."""

import asyncio
import collections
import random
import threading
import time
import typing

FAULTS = ("drop", "lose", "cut", "500", "503", "429")
CODES = {"500": ("500 Internal Server Error", "InternalError"), "503": ("503 Service Unavailable", "SlowDown"), "429": ("429 Too Many Requests", "TooManyRequests")}
LIMIT = 1 << 20


class Request(typing.NamedTuple):
    method: str
    target: str
    start: float  # seconds, when it had come
    end: float  # when its answer had been passed on
    read_bytes: int  # of the answer's body
    written_bytes: int  # of its own
    fault: str  # what was done to it; empty: nothing


def rounds(log):
    """How many rounds the requests make: one that begins after another's answer may have waited for it, and makes a new one."""
    count, first_end = 0, None
    for one in sorted(log, key=lambda one: one.start):
        if first_end is None or one.start >= first_end:
            count, first_end = count + 1, one.end
        first_end = min(first_end, one.end)
    return count


class Proxy:
    """Listens on a free port until `stop`; runs in a thread of its own. `reset` says what to do to requests from then on: `latency` seconds are
    added to each, one of `faults` strikes a `share` of them, and headers of the names in `strip` do not get through."""

    def __init__(self, upstream_port, seed=1):
        self.upstream_port = upstream_port
        self.reset()
        self.random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait(30)

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def reset(self, latency=0.0, share=0.0, faults=FAULTS, strip=()):
        self.latency, self.share, self.faults, self.strip = latency, share, faults, strip
        self.log = []

    def struck(self):
        """Requests that something was done to, since the last reset: how many of which method and fault."""
        return collections.Counter((one.method, one.fault) for one in list(self.log) if one.fault)

    def take(self):
        """What went through since the last call: requests, bytes of bodies, rounds."""
        taken, self.log = self.log, []
        return {"requests": len(taken), "bytes_read": sum(one.read_bytes for one in taken),
                "bytes_written": sum(one.written_bytes for one in taken), "rounds": rounds(taken)}

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LIMIT, backlog=512))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        upstream = None
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                start = time.perf_counter()
                method, target = head.split(b" ", 2)[:2]
                headers = parse(head)
                if "expect" in headers:
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                fault = self.random.choice(self.faults) if self.random.random() < self.share else ""
                log = self.log
                if self.latency:
                    await asyncio.sleep(self.latency)
                answer, answer_body, keep = b"", b"", False
                if fault in CODES:
                    answer, answer_body, keep = *refusal(method, *CODES[fault]), True
                elif fault != "drop":
                    if upstream is None:
                        upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port, limit=LIMIT)
                    upstream[1].write(without(head, ("expect", *self.strip)) + body)
                    await upstream[1].drain()
                    answer, answer_body, keep = await read_answer(upstream[0], method)
                if fault == "lose":
                    answer, answer_body, keep = b"", b"", False
                if fault == "cut":
                    answer, answer_body, keep = answer if answer_body else b"", answer_body[:len(answer_body) // 2], False
                writer.write(answer + answer_body)
                await writer.drain()
                log.append(Request(method.decode(), target.decode(), start, time.perf_counter(), len(answer_body), len(body), fault))
                if not keep:
                    return
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            pass  # one of the two sides has gone
        finally:
            for each in [writer, *([upstream[1]] if upstream else [])]:
                each.close()


def parse(head):
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


def without(head, names):
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if line.split(b":", 1)[0].decode("latin-1").lower() not in names)


def refusal(method, status, code):
    body = b"" if method == b"HEAD" else f"<Error><Code>{code}</Code><Message>by the proxy</Message></Error>".encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body


async def read_answer(reader, method):
    """Head, body, and whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head = await reader.readuntil(b"\r\n\r\n")
    headers = parse(head)
    keep = headers.get("connection", "").lower() != "close" and not head.startswith(b"HTTP/1.0")
    status = head.split(b" ", 2)[1]
    if method == b"HEAD" or status in (b"204", b"304"):
        return head, b"", keep
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            body += line + await reader.readexactly(size + 2)
            if size == 0:
                return head, body, keep
    if "content-length" in headers:
        return head, await reader.readexactly(int(headers["content-length"])), keep
    return head, await reader.read(), False
