#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tables of earlier releases of the reference: golden/<writer's version>/<case>/, laid out as `make_golden.py` says.

Two steps, because what is expected is what the newest reference reads:

    make_golden_old.py write                 with an earlier release installed (and the pyarrow of its time): writes that release's tables
    make_golden_old.py samples CHECKOUT      with the pinned reference: copies the historical samples of a checkout of the reference's repository
    make_golden_old.py describe VERSION...   with the pinned reference: adds expected rows and properties

Releases used: 0.5.9 and 0.8.0 (pyarrow 14.0.2), 0.10.18, 0.16.0, 0.20.0 and 0.27.0 (pyarrow 16.1.0).
"""

import pathlib
import shutil
import sys

GOLDEN = pathlib.Path(__file__).parent / "golden"

# From the folder test_data of the reference's repository (Apache-2.0): release -> {name there: name here}. Left out for their size:
# v0.8.14/corrupt_index, v0.27.1/pq_in_schema and v0.30.0_pre_created_at.
SAMPLES = {
    "0.5.9": {"no_fragments": "sample-no-fragments", "dataset_with_fragments": "sample-files-missing"},
    "0.7.5": {"with_deletions": "sample-deletions"},
    "0.8.0": {"migrated_from_v0.7.5": "sample-migrated"},
    "0.10.5": {"corrupt_schema": "sample-corrupt-schema"},
    "0.15.0": {name + ".lance": "sample-" + name.replace("_", "-") for name in ("v1_no_files", "v1_with_files", "v2_no_files", "v2_with_files")},
    "0.16.0": {"wrong_data_version_can_fix.lance": "sample-wrong-version", "wrong_data_version_no_fix.lance": "sample-mixed-versions"},
    "0.18.2": {"index_no_details.lance": "sample-index-no-details"},
    "0.20.0": {"old_btree_bitmap_indices.lance": "sample-scalar-indices"},
    "0.21.0": {"bad_index_fragment_bitmap": "sample-index-bitmaps"},
    "0.27.0": {"legacy_fts_index": "sample-full-text-index"},
    "0.36.0": {"btree_in_index_pkg.lance": "sample-index-package"},
}
# case: (reading, what a refusal names)
REFUSED = {"sample-files-missing": "not there"}


def write():
    import lance
    import pyarrow as pa

    root = GOLDEN / lance.__version__

    def rows(start, count):
        ids = range(start, start + count)
        return pa.table({
            "id": pa.array(ids, pa.int64()),
            "name": pa.array([None if i % 5 == 2 else f"person {i}" for i in ids]),
            "score": pa.array([i / 4 for i in ids], pa.float64()),
            "cat": pa.array([i % 3 for i in ids], pa.int8()),
            "ok": pa.array([i % 2 == 0 for i in ids]),
            "when": pa.array([i * 1000 for i in ids], pa.timestamp("us")),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array([((i * 7 + j) % 13) / 4 for i in ids for j in range(8)], pa.float32()), 8),
            "tags": pa.array([[f"t{k}" for k in range(i % 4)] for i in ids]),
            "point": pa.array([{"x": i, "label": f"p{i}"} for i in ids], pa.struct([("x", pa.int32()), ("label", pa.string())])),
            "kind": pa.array([["red", "green", "blue"][i % 3] for i in ids]).dictionary_encode(),
        })

    def case(name):
        folder = root / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return str(folder / "data.lance")

    path = case("fragments")
    lance.write_dataset(rows(0, 60), path, max_rows_per_group=25, max_rows_per_file=40)
    lance.write_dataset(rows(60, 15), path, mode="append", max_rows_per_group=25)
    lance.dataset(path).delete("id % 7 = 3")
    dataset = lance.dataset(path)
    if hasattr(dataset, "update"):
        dataset.update({"score": "-1"}, where="id = 20")
    if hasattr(dataset, "alter_columns"):
        lance.dataset(path).add_columns({"double": "id * 2"})
        lance.dataset(path).alter_columns({"path": "cat", "name": "category"})
        lance.dataset(path).drop_columns(["ok"])

    if lance.__version__ == "0.8.0":
        path = case("compacted")
        for start in (0, 10, 20):
            lance.write_dataset(rows(start, 10).drop(["kind"]), path, mode="append" if start else "create")
        lance.dataset(path).delete("id = 15")
        lance.dataset(path).optimize.compact_files()

    if lance.__version__ in ("0.5.9", "0.16.0"):
        path = case("indexed")
        values = [((i * 31) % 97) / 8 for i in range(260 * 4)]
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(values, pa.float32()), 4)
        lance.write_dataset(pa.table({"id": pa.array(range(260), pa.int64()), "s": [f"s{i % 10}" for i in range(260)], "vector": vectors}), path)
        lance.dataset(path).create_index("vector", "IVF_PQ", num_partitions=2, num_sub_vectors=2)
        for column, kind in [("id", "BTREE"), ("s", "BITMAP"), ("s", "INVERTED")]:
            if lance.__version__ != "0.5.9":
                lance.dataset(path).create_scalar_index(column, kind)


def samples(checkout):
    for version, cases in SAMPLES.items():
        for there, here in cases.items():
            source = pathlib.Path(checkout) / "test_data"
            source = next(f for f in (source / ("v" + version) / there, source / version / there) if f.is_dir())
            folder = GOLDEN / version / here
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(source, folder / "data.lance", copy_function=shutil.copyfile)


def describe(version):
    import lance
    from make_golden import write_ipc

    for folder in sorted((GOLDEN / version).iterdir()):
        if not (folder / "data.lance").is_dir():
            continue
        path = str(folder / "data.lance")
        properties = {"reading": "now"}
        dataset = lance.dataset(path)
        files = [file for fragment in dataset.get_fragments() for file in fragment.metadata.files]
        storage = dataset.data_storage_version
        if any((file.file_major_version, file.file_minor_version) in ((0, 3), (2, 0)) for file in files):
            storage = "2.0"
        properties["storage"] = storage
        properties["version"] = dataset.version
        if folder.name in REFUSED:
            properties |= {"reading": "refused", "names": REFUSED[folder.name]}
        else:
            expected = dataset.to_table()
            properties["rows"] = expected.num_rows
            write_ipc(folder / "expected.arrow", expected)
            write_ipc(folder / "row-ids.arrow", dataset.scanner(columns=[], with_row_id=True, with_row_address=True).to_table())
            if folder.name in ("fragments", "sample-deletions", "sample-migrated", "sample-corrupt-schema"):
                versions = [v["version"] for v in dataset.versions() if v["version"] != dataset.version][-2:]
                for older in versions:
                    write_ipc(folder / f"expected-v{older}.arrow", lance.dataset(path, version=older).to_table())
                if versions:
                    properties["versions"] = ",".join(map(str, versions))
        (folder / "case.properties").write_text("\n".join(f"{key}={value}" for key, value in sorted(properties.items())) + "\n")
        print(f"{version}/{folder.name}: {properties}")


if __name__ == "__main__":
    what = sys.argv[1:]
    if what[:1] == ["write"]:
        write()
    elif what[:1] == ["samples"]:
        samples(what[1])
    elif what[:1] == ["describe"]:
        for wanted in what[1:]:
            describe(wanted)
    else:
        sys.exit(__doc__)
