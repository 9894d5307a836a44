# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy before an S3 server that answers each request a set time later, and counts what goes through it."""
import asyncio
import threading
import time


class LatencyProxy:
    """Runs in a thread of its own; `url` is what clients use as their endpoint."""

    def __init__(self, host, port, delay_seconds):
        self.target = (host, port)
        self.delay = delay_seconds
        self.requests = []
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 20))
        self.url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def _client(self, reader, writer):
        upstream = None
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                start = time.perf_counter()
                length = _content_length(head)
                if b"expect: 100-continue" in head.lower():
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"expect:"))
                body = await reader.readexactly(length or 0)
                await asyncio.sleep(self.delay)
                if upstream is None:
                    upstream = await asyncio.open_connection(*self.target, limit=1 << 20)
                upstream[1].write(head + body)
                is_head = head.startswith(b"HEAD ")
                got = await _pass_answer(upstream[0], writer, is_head)
                self.requests.append((head.split(b" ", 2)[0].decode(), head.split(b" ", 2)[1].decode(), start, time.perf_counter(), got, length or 0))
                if got is None:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            if upstream is not None:
                upstream[1].close()

    def take(self):
        """What went through since the last call: requests, bytes of bodies, and rounds of requests of which none can have
        waited for the answer to another."""
        taken, self.requests = self.requests, []
        rounds, first_end = 0, None
        for _, _, start, end, _, _ in sorted(taken, key=lambda one: one[2]):
            if first_end is None or start >= first_end:
                rounds, first_end = rounds + 1, end
            first_end = min(first_end, end)
        return {"requests": len(taken), "bytes_read": sum(one[4] or 0 for one in taken),
                "bytes_written": sum(one[5] for one in taken), "rounds": rounds}


def _content_length(head):
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return None


async def _pass_answer(reader, writer, is_head):
    """Bytes of the body; None where only the end of the connection ends it."""
    head = await reader.readuntil(b"\r\n\r\n")
    writer.write(head)
    length = _content_length(head)
    total = 0
    if is_head or head.split(b" ", 2)[1] in (b"204", b"304"):
        length = 0
    elif b"transfer-encoding: chunked" in head.lower():
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            chunk = await reader.readexactly(size + 2)
            writer.write(line + chunk)
            total += size
            if size == 0:
                await writer.drain()
                return total
    while length is None or total < length:
        part = await reader.read(min(1 << 16, (length or 1 << 30) - total))
        if not part:
            break
        writer.write(part)
        total += len(part)
    await writer.drain()
    return None if length is None else total
