# SPDX-License-Identifier: Apache-2.0
"""Which classes a first search of a process loads, in their order: for the lists that FirstClasses loads ahead."""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "differential")]

import lance  # noqa: E402

import harness  # noqa: E402
import object_reads  # noqa: E402
import vector_data  # noqa: E402
from s3servers import BUCKET, S3Server  # noqa: E402

ROWS = 5000
DIMENSION = 128
LOADED = re.compile(r"\S*\s*(?:\[[^]]*\])*\s*([\w.$]+) source: (?:file:|jar:|jrt:)")
OURS = re.compile(r"dev\.joust\.benchmarks\.")
OF_S3 = re.compile(r"(dev\.joust\.io\.s3|software\.amazon|org\.apache\.hc|javax\.xml|com\.sun\.org\.apache\.xerces|jdk\.xml|sun\.net|sun\.security|javax\.crypto|com\.sun\.crypto)\.")


def loaded(log):
    found = (LOADED.search(line) for line in log.read_text().splitlines())
    names = dict.fromkeys(match.group(1) for match in found if match)
    return [name for name in names if not OURS.match(name) and "$$" not in name and ".simd." not in name and not name.startswith("jdk.incubator")]


def flags(log):
    return [*harness.JAVA_FLAGS, "-Djoust.classes.ahead=false", f"-Xlog:class+load:file={log}"]


def local(args, folder):
    vector_data.make(folder, ROWS, DIMENSION)
    names = {}
    for kind, more in (("IVF_FLAT", {}), ("IVF_PQ", {"num_sub_vectors": 16}), ("IVF_HNSW_SQ", {}), ("none", {})):
        dataset = lance.dataset(str(folder / f"base{DIMENSION}.lance"))
        if kind != "none":
            dataset.create_index("vector", kind, metric="l2", num_partitions=4, replace=True, **more)
        log = folder / f"{kind}.log"
        subprocess.run([args.java, *flags(log), "-cp", args.jar, "dev.joust.benchmarks.search.FirstSearch", str(folder), f"base{DIMENSION}",
                        str(folder / f"queries{DIMENSION}.f32"), str(DIMENSION), "-1" if kind == "none" else "4", "0", "0", "0"], check=True)
        names.update(dict.fromkeys(loaded(log)))
    return list(names)


def s3(args, folder):
    server = S3Server(args.server)
    database = f"s3://{BUCKET}/db"
    object_reads.make_tables(server.options(), database)
    log = folder / "s3.log"
    subprocess.run([args.java, *flags(log), "-cp", args.jar, "dev.joust.benchmarks.objects.ObjectReadsWorker", database,
                    *(f"{key}={value}" for key, value in server.options().items())],
                   input="forget\nopen pictures\nsearch 1\n", text=True, check=True)
    return [name for name in loaded(log) if OF_S3.match(name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--server", default="versitygw")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for module, package, names in (("lance-search", "dev/joust/search", local(args, pathlib.Path(folder))),
                                       ("lance-io-s3", "dev/joust/io/s3", s3(args, pathlib.Path(folder)))):
            file = HERE.parent / module / "src/main/resources" / package / "first-classes.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(name + "\n" for name in names))
            print(f"{file.relative_to(HERE.parent)}: {len(names)} classes")


if __name__ == "__main__":
    main()
