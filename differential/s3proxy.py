# SPDX-License-Identifier: Apache-2.0
"""A proxy before an S3 server that is slow, drops connections, answers 500, 503 and 429, cuts bodies short and loses answers."""

import asyncio
import random
import threading

FAULTS = ("drop", "lose", "cut", "500", "503", "429")
CODES = {"500": ("500 Internal Server Error", "InternalError"), "503": ("503 Service Unavailable", "SlowDown"), "429": ("429 Too Many Requests", "TooManyRequests")}
LIMIT = 1 << 16


class Proxy:
    """Listens on a free port until `stop`. Set `latency`, `share` and `faults` at any time; `requests` counts by method and what was done."""

    def __init__(self, upstream_port, seed=1):
        self.upstream_port = upstream_port
        self.latency = 0.0
        self.share = 0.0
        self.faults = FAULTS
        self.strip = ()  # names of headers, in lower case, that do not get through
        self.requests = {}
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
        self.requests = {}

    def count(self, *methods):
        """Requests, of these methods or of all."""
        return sum(number for (method, _), number in list(self.requests.items()) if not methods or method in methods)

    def struck(self):
        """Requests that something was done to."""
        return sum(number for (_, fault), number in list(self.requests.items()) if fault)

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LIMIT))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        upstream = None
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method = head.split(b" ", 1)[0].decode()
                headers = parse(head)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                fault = self.random.choice(self.faults) if self.random.random() < self.share else ""
                self.requests[method, fault] = self.requests.get((method, fault), 0) + 1
                if self.latency:
                    await asyncio.sleep(self.latency)
                if fault == "drop":
                    return
                if fault in CODES:
                    writer.write(refusal(method, *CODES[fault]))
                    await writer.drain()
                    continue
                if upstream is None:
                    upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port, limit=LIMIT)
                upstream[1].write(without(head, self.strip) + body)
                await upstream[1].drain()
                answer, answer_body, keep = await read_answer(upstream[0], method)
                if fault == "lose":
                    return
                if fault == "cut":
                    writer.write(answer + answer_body[:len(answer_body) // 2] if answer_body else b"")
                    await writer.drain()
                    return
                writer.write(answer + answer_body)
                await writer.drain()
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
    if not names:
        return head
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if line.split(b":", 1)[0].decode("latin-1").lower() not in names)


def refusal(method, status, code):
    body = b"" if method == "HEAD" else f"<Error><Code>{code}</Code><Message>by the proxy</Message></Error>".encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def read_answer(reader, method):
    """Head, body, and whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head = await reader.readuntil(b"\r\n\r\n")
    headers = parse(head)
    keep = headers.get("connection", "").lower() != "close" and not head.startswith(b"HTTP/1.0")
    status = head.split(b" ", 2)[1]
    if method == "HEAD" or status in (b"204", b"304"):
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
