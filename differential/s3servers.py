# SPDX-License-Identifier: Apache-2.0
"""S3 servers on this machine: moto (of the environment that this runs in) and versitygw (`.ci/install-s3`)."""

import atexit
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from s3proxy import Proxy

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
VERSITYGW = pathlib.Path(os.environ.get("JOUST_VERSITYGW", REPOSITORY / ".build" / "s3" / "bin" / "versitygw"))
BUCKET = "joust-test"
KEY, SECRET = "test", "test-secret"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# moto looks whether there is an object of that name and makes it in two steps, between which another thread's may come
MOTO = """
import sys, threading
from moto.s3.responses import S3Response
from moto.server import main
put, one_at_a_time = S3Response.put_object, threading.Lock()
def put_object(self, *arguments):
    with one_at_a_time:
        return put(self, *arguments)
S3Response.put_object = put_object
main(sys.argv[1:])
"""


class S3Server:
    """A server with an empty bucket, a proxy before it. `direct` goes past the proxy."""

    def __init__(self, name, seed=1):
        self.name = name
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"joust-{name}-"))
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(self._command(), stdout=self.log, stderr=self.log, cwd=self.folder)
        atexit.register(self.stop)
        self._wait()
        self.proxy = Proxy(self.port, seed)

    def _command(self):
        if self.name == "moto":
            return [sys.executable, "-c", MOTO, "-H", "127.0.0.1", "-p", str(self.port)]
        (self.folder / "data" / BUCKET).mkdir(parents=True)
        return [str(VERSITYGW), "--keep-alive", "--access", KEY, "--secret", SECRET, "--port", f"127.0.0.1:{self.port}", "posix", str(self.folder / "data")]

    def _wait(self):
        deadline = time.monotonic() + 120
        while True:
            try:
                if self.name == "moto":
                    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}/{BUCKET}", method="PUT"), timeout=5).close()
                else:
                    socket.create_connection(("127.0.0.1", self.port), 5).close()
                return
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} did not start: {(self.folder / 'log').read_text(errors='replace')[-1000:]}") from None
                time.sleep(0.1)

    def options(self, endpoint=None):
        """Storage options, past the proxy unless its endpoint is given."""
        return {"aws_endpoint": endpoint or f"http://127.0.0.1:{self.port}", "allow_http": "true", "aws_access_key_id": KEY,
                "aws_secret_access_key": SECRET, "aws_region": "us-east-1"}

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def available():
    """Names of the servers that can be started here."""
    return ["moto", *(["versitygw"] if VERSITYGW.exists() else [])]


if __name__ == "__main__":  # s3servers.py NAME COMMAND…: runs a command with {endpoint} replaced, and stops the server
    server = S3Server(sys.argv[1])
    try:
        sys.exit(subprocess.run([word.replace("{endpoint}", f"http://127.0.0.1:{server.port}") for word in sys.argv[2:]]).returncode)
    finally:
        server.stop()
