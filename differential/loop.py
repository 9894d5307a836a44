# SPDX-License-Identifier: Apache-2.0
"""The command line of Joust in JVMs that live on (`CommandLoop` of the cli's tests), for thousands of commands.

Where JOUST_LOOP is set, it is the command that serves instead; else, where JOUST_COMMAND is, each command is a process of its own, as elsewhere.
"""

import base64
import os
import pathlib
import queue
import select
import signal
import subprocess
import time

from joust import REPOSITORY, Joust

FLAGS = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
CRASHED = 70


class Hung(Exception):
    """A command that did not end in time; its process is gone."""


class Died(Exception):
    """A command that took the process with it."""


def _jdk():
    environment = os.environ | {"JOUST_PRINT_JAVA_HOME": "1"}
    return subprocess.run([REPOSITORY / "bin" / "joust"], env=environment, capture_output=True, check=True, text=True).stdout.strip()


def _command(kernels):
    """What to start."""
    if os.environ.get("JOUST_LOOP"):
        return os.environ["JOUST_LOOP"].split()
    built = REPOSITORY / "cli" / "target"
    if not (built / "test-classes" / "dev" / "joust" / "cli" / "CommandLoop.class").exists():
        raise RuntimeError(f"no CommandLoop in {built}/test-classes: build the project, tests included")
    flags = ["-XX:TieredStopAtLevel=1", "-Djoust.kernels=scalar"] if kernels == "scalar" else ["--add-modules=jdk.incubator.vector", "-Djoust.kernels=simd"]
    return [pathlib.Path(_jdk()) / "bin" / "java", "-Xmx1g", "-XX:+UseSerialGC", "-Djdk.virtualThreadScheduler.parallelism=16", *FLAGS, *flags,
            "-cp", f"{built}/test-classes:{built}/joust-cli.jar", "dev.joust.cli.CommandLoop"]


class _Process:
    """One JVM."""

    def __init__(self, log, kernels):
        self.log = log
        self.errors = open(log, "wb")
        self.process = subprocess.Popen(_command(kernels), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def run(self, words, timeout):
        """Exit, standard output, standard error."""
        try:
            self.process.stdin.write(("\t".join(words) + "\n").encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # told below
        line = b""
        deadline = time.monotonic() + timeout
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                self._dump_and_kill()
                last = pathlib.Path(self.log).read_text(errors="replace")[-6000:]
                raise Died(f"exit {self.process.returncode}: {last}") if ready else Hung(f"no answer within {timeout} s; threads: {last}")
            line += part
        code, out, err = line.rstrip(b"\n").split(b"\t")
        return int(code), base64.b64decode(out), base64.b64decode(err)

    def _dump_and_kill(self):
        self.process.send_signal(signal.SIGQUIT)  # the JVM prints its threads
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.errors.close()


class JoustLoop(Joust):
    """As `Joust`, without a process for each command. Thread-safe: a JVM serves one thread at a time."""

    def __init__(self, scratch, kernels="scalar"):
        scratch = scratch / kernels  # each counts its files from 1
        scratch.mkdir(parents=True, exist_ok=True)
        super().__init__(scratch=scratch)
        self.kernels = kernels
        self.own_command = "JOUST_COMMAND" in os.environ and "JOUST_LOOP" not in os.environ
        self._idle = queue.LifoQueue()
        self._all = []

    def finish(self, *arguments, stdin=None, timeout=60):
        words = [str(word) for word in arguments]
        if self.own_command or stdin is not None or any("\t" in word or "\n" in word for word in words):
            return super().finish(*arguments, stdin=stdin, timeout=timeout)
        try:
            process = self._idle.get_nowait()
        except queue.Empty:
            process = _Process(self.file(".loop.log"), self.kernels)
            with self._lock:
                self._all.append(process)
        code, out, err = process.run([*words, "--debug"], timeout)  # one that hung or died is not used again
        self._idle.put(process)
        with self._lock:
            self.calls += 1
        return subprocess.CompletedProcess(words, code, out, err)

    def stop(self):
        with self._lock:
            for process in self._all:
                process.stop()
            self._all.clear()
