#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests that the suite can fail: run against a stand-in that answers rightly, then against one that answers wrongly in known ways."""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FAKE = f"{sys.executable} {HERE / 'fake_joust.py'}"
CASES = ["reading/flat 2.2 rows 1025", "writing/overwriting", "matrix/every type, 7 rows, part 0", "owning/every type, 7 rows, part 0", "life/2.2 0"]
WRONG = ["value", "null", "schema", "metadata", "rows", "order"]
WRONG_LIVES = ["lost", "twice"]


def outcomes(mutation, names):
    import run
    from cases import life
    life.STEPS, life.SHRINK_SECONDS = 25, 0
    os.environ["JOUST_COMMAND"] = FAKE
    os.environ["JOUST_LOOP"] = FAKE + " --loop"
    os.environ["JOUST_FAKE_MUTATE"] = mutation
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as output:
        report = pathlib.Path(folder) / "report.json"
        only = [argument for name in names for argument in ("--only", name)]
        code = run.main(["--seed", "1", "--report", str(report), *only])
        results = json.loads(report.read_text())["results"]
    return code, {result["case"]: result["outcome"] for result in results}, output.getvalue()


def main():
    sys.path.insert(0, str(HERE))
    code, found, output = outcomes("", CASES)
    assert len(found) == len(CASES), found
    assert code == 0 and set(found.values()) == {"same"}, output
    for mutation in [*WRONG, *WRONG_LIVES]:
        code, found, output = outcomes(mutation, CASES if mutation in WRONG else [name for name in CASES if name.startswith("life/")])
        missed = [case for case, outcome in found.items() if outcome != "DIFFERENT"]
        assert code == 1 and not missed, f"{mutation} was not seen in {missed}\n{output}"
        print(f"a wrong {mutation} is seen in {len(found) - len(missed)} of {len(found)} cases")


if __name__ == "__main__":
    main()
