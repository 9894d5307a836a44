#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lives again what failed in a life, as it was kept by `cases/life.py`.

usage: relive.py FILE [FOLDER]      a file below .build/differential-failures; FOLDER keeps the tables
"""

import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "testdata")]

from cases import Context  # noqa: E402
from cases.life import Lives  # noqa: E402


def main():
    described = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="joust-relive-"))
    context = Context(None, folder, described["seed"], False)
    lives = Lives(context)
    failure = lives.replay(folder / "tables", described["created"], described["seed"], described["ops"])
    for close in context.closing:
        close()
    for key, op in described["ops"]:
        print(key, json.dumps(op))
    print(f"tables: {folder / 'tables'}")
    if failure is None:
        print("all the same")
        return 0
    print(f"operation {failure[0]}: {failure[1]}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
