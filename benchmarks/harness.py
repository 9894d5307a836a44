# SPDX-License-Identifier: Apache-2.0
"""What the comparisons of this folder share: a Java process that answers lines, facts about the machine."""
import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

JAVA_FLAGS = [
    "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow", "--add-opens=java.base/java.nio=ALL-UNNAMED",
]


class JavaWorker:
    """A process that says one line of JSON about itself, and then one for each line it is asked."""

    def __init__(self, java, arguments):
        self.process = subprocess.Popen(
            [java, *JAVA_FLAGS, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.about = self.answer()

    def answer(self):
        """The next line of JSON; the JVM itself may say something in between."""
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
            print(line, end="", file=sys.stderr)
        raise RuntimeError("the Java side ended")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def peak_anonymous_bytes(process):
    """Of a process's memory that no file backs, sampled every 20 ms until the process ends."""
    peak = 0
    while process.poll() is None:
        try:
            for line in open(f"/proc/{process.pid}/status"):
                if line.startswith("RssAnon"):
                    peak = max(peak, int(line.split()[1]) * 1024)
        except OSError:
            pass
        time.sleep(0.02)
    return peak


def memory_arguments(description, gigabytes, heap, batch_memory_mib):
    """The command line of a comparison with a bounded JVM; what is given here holds where nothing is asked."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--gigabytes", type=float, default=gigabytes)
    parser.add_argument("--heap", default=heap)
    parser.add_argument("--batch-memory-mib", type=int, default=batch_memory_mib)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "results")
    return parser.parse_args()


def machine():
    model = platform.processor()
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
                break
    except OSError:
        pass
    return {"processor": model, "processors": os.cpu_count(), "system": platform.platform(),
            "load": os.getloadavg()}


def python_versions():
    return {"python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in ("pylance", "pyarrow", "numpy")}}


def about_run(result):
    """One sentence on where and when the figures of a result were taken."""
    about = result["machine"]
    return (f"{about['processor']}, {about['processors']} processors, load "
            f"{', '.join(f'{load:.1f}' for load in about['load'])} at the end; "
            + ", ".join(f"{name} {version}" for name, version in result["versions"].items()) + f"; {result['started']}.")
