#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the tracked text that the build does not see: leftovers, paths of a machine, hosts of registries, scripts that parse."""

import pathlib
import py_compile
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# written so that this file does not match itself
LEFTOVER = re.compile("|".join([r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bX" r"XX\b", r"\bHA" r"CK\b"]))
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|ro" r"ot|ho" r"me/\w+|tmp/(?:ref|r" r"eal)|Us" r"ers)/")
REGISTRY = re.compile("|".join(re.escape(a + b) for a, b in [
    ("repo.maven", ".apache.org"), ("repo1.maven", ".org"), ("repo.maven", ".org"), ("py", "pi.org"), ("pythonhosted", ".org"), ("registry.npm", "js"),
    ("crates", ".io"), ("docker", ".io"), ("gh", "cr.io"), ("qu", "ay.io"), ("deb", ".debian.org"), ("packages", ".adoptium"), ("proxy.go", "lang"),
    ("artifac", "tory")]))
# the wrapper names where Maven itself comes from
WRAPPER = {"mvnw", "mvnw.cmd", ".mvn/wrapper/maven-wrapper.properties", "LICENSE"}
LICENSED = {".java", ".py", ".sh"}


def git(*arguments):
    """Git's answer, also where the checkout belongs to another user."""
    command = ["git", "-c", f"safe.directory={ROOT}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def tracked():
    return [name for name in git("ls-files", "-z").split("\0") if name]


def text_of(path):
    """The file's text, or None for a binary one."""
    data = path.read_bytes()
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def check_text(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in [("leftover", LEFTOVER), ("path of a machine", MACHINE_PATH), ("host of a registry", REGISTRY)]:
            found = pattern.search(line)
            if found:
                yield f"{name}:{number}: {what}: {found.group()}"
    if pathlib.PurePath(name).suffix in LICENSED and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.splitlines()[:2]):
        yield f"{name}:1: no SPDX-License-Identifier in the first two lines"


def check_script(name, text):
    first = text.split("\n", 1)[0]
    if name.endswith(".py"):
        with tempfile.TemporaryDirectory() as folder:
            try:
                py_compile.compile(str(ROOT / name), cfile=str(pathlib.Path(folder) / "x.pyc"), doraise=True)
            except py_compile.PyCompileError as error:
                yield f"{name}: {error.msg.strip()}"
    elif first.startswith("#!") and re.search(r"\b(ba|da)?sh\b", first):
        shell = "bash" if "bash" in first else "sh"
        done = subprocess.run([shell, "-n", str(ROOT / name)], capture_output=True, text=True)
        if done.returncode != 0:
            yield f"{name}: {done.stderr.strip()}"
        mode = git("ls-files", "-s", "--", name)[:6]
        if mode != "100755":
            yield f"{name}: a script that is not executable"


def main():
    problems, files = [], 0
    for name in tracked():
        path = ROOT / name
        if not path.is_file() or name.startswith("testdata/golden/"):
            continue
        text = text_of(path)
        if text is None:
            continue
        files += 1
        if name not in WRAPPER:
            problems += check_text(name, text)
        problems += check_script(name, text)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"style: {files} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
