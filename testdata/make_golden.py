#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden tables with the reference: golden/<writer's version>/<case>/.

Each case is a folder with
  data.lance            the table
  expected.arrow        what the reference reads from its latest version: one record batch
                        (or in the case that `expected` names, where two cases hold the same rows)
  expected-v<N>.arrow   the same for an older version, where the case lists them
  expected-bytes.arrow  where a table has blobs: the same rows with their bytes
  row-ids.arrow         `_rowid` and `_rowaddr` of those rows
  row-columns.arrow     where the case lists columns of rows that no file holds: the rows with these columns
  searches.arrow        what the reference finds by the vector index of the table: version, query, parameters, ids, distances
  branch-<B>.arrow      the rows of the newest version of branch B, `-` for `/`, where the case lists branches
  case.properties       what the case holds and what a reader is asked for:
                        reading=now      every reader of ours returns the expected rows
                        reading=refused  not read yet: refused, with `names` in the message
                        reading=later    either of the two

The data is the same at every run (seeds below); names of files, times and deletion order in the tables are the reference's own.

usage: make_golden.py [CASE...]      all cases without arguments
"""

import pathlib
import shutil
import struct
import sys

import lance
import numpy as np
import pyarrow as pa

import columns as c
import nested as deep

ROOT = pathlib.Path(__file__).parent / "golden" / lance.__version__
SEED = 20261121
CASES = {}


def case(name, **properties):
    """Registers a function that writes a table at the path it is given, and returns nothing or a list of versions."""
    def register(function):
        CASES[name] = (function, properties)
        return function
    return register


def rng(name):
    return np.random.default_rng([SEED, *name.encode()])


def one_batch(table):
    batches = table.combine_chunks().to_batches()
    if batches:
        assert len(batches) == 1, "expected rows in one batch"
        return batches[0]
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in table.schema], schema=table.schema)


def write_ipc(path, table):
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_batch(one_batch(table))


def same_bits(left, right):
    """Equal with NaN = NaN: compares schemas, then values through their IPC bytes of a fresh copy."""
    if not left.schema.equals(right.schema):
        return False
    for a, b in zip(left.columns, right.columns):
        if not a.equals(b) and str(a.to_pylist()) != str(b.to_pylist()):
            return False
    return True


def make(name):
    function, properties = CASES[name]
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    table_path = folder / "data.lance"
    properties = {"reading": "now", "storage": "2.2", **properties}
    written = function(str(table_path))
    table_path = properties.pop("read_at", table_path)
    versions = []
    if isinstance(written, list):
        versions, written = written, None
    readable = properties.pop("readable", True)
    if readable:
        dataset = lance.dataset(str(table_path))
        expected = dataset.to_table()
        if written is not None:
            assert same_bits(written, expected), f"{name}: the reference does not read back what it wrote"
        if name.endswith("-2.1") and name[:-1] + "2" in CASES:
            # the same columns, kept once
            assert same_bits(pa.ipc.open_file(ROOT / (name[:-1] + "2") / "expected.arrow").read_all(), expected), name
            properties["expected"] = name[:-1] + "2"
        else:
            write_ipc(folder / "expected.arrow", expected)
        binary = dataset.to_table(blob_handling="all_binary")
        if not binary.schema.equals(expected.schema):
            write_ipc(folder / "expected-bytes.arrow", binary)
        ids = dataset.scanner(columns=[], with_row_id=True, with_row_address=True).to_table()
        write_ipc(folder / "row-ids.arrow", ids)
        if "row_columns" in properties:
            write_ipc(folder / "row-columns.arrow", dataset.to_table(columns=properties["row_columns"].split(",")))
        for branch in filter(None, properties.get("branches", "").split(",")):
            rows = dataset.checkout_version((branch, None)).to_table()
            write_ipc(folder / f"branch-{branch.replace('/', '-')}.arrow", rows)
        for version in versions:
            write_ipc(folder / f"expected-v{version}.arrow", lance.dataset(str(table_path), version=version).to_table())
        properties |= {"rows": expected.num_rows, "version": dataset.version}
    elif written is not None:
        # one fragment: addresses count from 0
        write_ipc(folder / "expected.arrow", written)
        ids = pa.array(range(written.num_rows), pa.uint64())
        write_ipc(folder / "row-ids.arrow", pa.table({"_rowid": ids, "_rowaddr": ids}))
    if versions:
        properties["versions"] = ",".join(map(str, versions))
    lines = [f"{key}={value}" for key, value in sorted(properties.items())]
    (folder / "case.properties").write_text("\n".join(lines) + "\n")


# ---------------------------------------------------------------- flat columns: every type, distribution and null pattern

ROWS = 1100  # a full group of 1024 levels and a tail that is packed too; several chunks of most types


BATCH = 250  # pages are cut between input batches


def flat_case(name, types, rows, hows=None, **writing):
    for storage in ("2.2", "2.1"):
        full_name = f"{name}-{storage}"

        def write(path, storage=storage):
            table = c.table(types, rows, rng(name), hows)
            batches = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=BATCH))
            lance.write_dataset(batches if writing else table, path, data_storage_version=storage, **writing)
            return table
        CASES[full_name] = (write, {"storage": storage})


flat_case("integers", c.INTEGERS, ROWS, ["wide", "small", "mixed", "runs", "few", "same"])
flat_case("integers-sequences", [pa.int16(), pa.uint64()], 2100, ["sequence", "mixed", "zero"])
flat_case("floats", c.FLOATS, ROWS, ["wide", "unit", "runs", "same"])
flat_case("booleans", [pa.bool_()], 5000)
flat_case("temporal", c.TEMPORAL, 300)
flat_case("decimals", c.DECIMALS, 300)
flat_case("fixed-size-binaries", c.FIXED_BYTES[:4], 300)
flat_case("fixed-size-binaries-wide", c.FIXED_BYTES[4:], 110)
flat_case("strings", c.TEXT, 800, ["short", "few", "medium", "same", "empty"])
flat_case("strings-long", c.TEXT, 130, ["long"])
flat_case("strings-huge", [pa.string()], 6, ["huge"])
flat_case("large-strings-huge", [pa.large_string()], 6, ["huge"])
flat_case("binaries", c.BYTES, 500, ["short", "same"])
flat_case("binaries-long", c.BYTES, 110, ["few", "long"])
flat_case("binaries-huge", c.BYTES, 5, ["huge"])
flat_case("vectors", [t for t in c.VECTORS if t.list_size < 64], 300)
flat_case("vectors-wide", [t for t in c.VECTORS if t.list_size >= 64], 40, ["wide", "inner nulls", "inner all null"])
flat_case("rows-0", c.FLAT, 0, ["wide", "short"])
flat_case("rows-1", c.FLAT, 1, ["wide", "short", "inner nulls"])
flat_case("rows-7", c.FLAT, 7, ["wide", "short", "inner nulls"])
flat_case("rows-1025", [pa.int8(), pa.int64(), pa.float32(), pa.bool_(), pa.string(), pa.binary(), pa.binary(16), pa.date32(), pa.timestamp("us", "UTC"),
                        pa.decimal128(5, 2), pa.list_(pa.float32(), 4)], 1025, ["wide", "small", "short"])
# the columns share the budget: some pages for each
flat_case("several-pages", [pa.int32(), pa.string(), pa.bool_(), pa.list_(pa.int8(), 16)], 2500, ["wide", "small", "short"], data_cache_bytes=1 << 16)


def metadata_table(name, rows=500):
    """Columns whose field metadata chooses the encoding."""
    generator = rng(name)
    prefix = "lance-encoding:"
    kinds = {
        "int32": c.integers(pa.int32(), rows, "small", generator), "int64": c.integers(pa.int64(), rows, "runs", generator),
        "float32": c.floats(pa.float32(), rows, "unit", generator), "float64": c.floats(pa.float64(), rows, "wide", generator),
        "string": c.texts(pa.string(), rows, "medium", generator), "large_binary": c.binaries(pa.large_binary(), rows, "short", generator),
        "vector": c.vectors(pa.list_(pa.float32(), 8), rows, "wide", generator),
    }
    choices = [{"compression": "none"}, {"compression": "lz4"}, {"compression": "zstd", "compression-level": "5"}, {"compression": "lz4", "bss": "on"},
               {"compression": "fsst"}, {"rle-threshold": "1.0"}, {"structural-encoding": "fullzip"}, {"structural-encoding": "miniblock"},
               {"structural-encoding": "fullzip", "compression": "zstd"}, {"dict-values-compression": "zstd", "dict-divisor": "1", "dict-size-ratio": "1.0"}]
    fields, arrays = [], []
    for kind, array in kinds.items():
        for choice in choices:
            if choice.get("compression") == "fsst" and kind != "string":
                continue
            for nulls in ("some",) if len(fields) % 3 else ("none",):
                fields.append(pa.field(f"{kind}_{len(fields)}_{nulls}", array.type, metadata={prefix + k: v for k, v in choice.items()}))
                arrays.append(c.with_nulls(array, nulls, generator))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


@case("encoding-metadata", reading="later")
def _(path):
    table = metadata_table("encoding-metadata")
    lance.write_dataset(table, path)
    return table


# ---------------------------------------------------------------- tables

def people(start, count, name="people"):
    generator = np.random.default_rng([SEED, start, *name.encode()])
    ids = np.arange(start, start + count)
    return pa.table({
        "id": pa.array(ids, pa.int64()),
        "name": c.with_nulls(pa.array([f"person {i}" for i in ids]), "some", generator),
        "score": c.with_nulls(pa.array(generator.integers(0, 1000, count) / 8, pa.float64()), "some", generator),
        "vector": c.vectors(pa.list_(pa.float32(), 4), count, "wide", generator),
    }, schema=pa.schema([pa.field("id", pa.int64(), nullable=False), ("name", pa.string()), ("score", pa.float64()),
                         ("vector", pa.list_(pa.float32(), 4))]))


@case("fragments")
def _(path):
    table = people(0, 1000)
    lance.write_dataset(table, path, max_rows_per_file=130)
    return table


@case("appends")
def _(path):
    lance.write_dataset(people(0, 50), path)
    for k in range(1, 6):
        lance.write_dataset(people(50 * k, 50 + k), path, mode="append")
    lance.write_dataset(people(0, 0), path, mode="append")
    return [1, 3, 6]


@case("append-without-a-column")
def _(path):
    lance.write_dataset(people(0, 40), path)
    lance.write_dataset(people(40, 30).select(["vector", "id"]), path, mode="append")


@case("deletions-arrow", deletion_files="arrow")
def _(path):
    dataset = lance.write_dataset(people(0, 900), path, max_rows_per_file=300)
    dataset.delete("id % 7 = 3 and id < 600")
    dataset.delete("id between 100 and 120")
    return [1, 2]


@case("deletions-bitmap", deletion_files="bitmap")
def _(path):
    dataset = lance.write_dataset(pa.table({"id": pa.array(np.arange(12_000), pa.int32()), "even": pa.array(np.arange(12_000) % 2 == 0)}), path)
    dataset.delete("id % 3 <> 1 and id > 500")
    return [1]


@case("deletions-of-whole-fragments")
def _(path):
    dataset = lance.write_dataset(people(0, 400), path, max_rows_per_file=100)
    dataset.delete("id >= 100 and id < 300")
    lance.write_dataset(people(400, 20), path, mode="append")
    return [1, 2]


@case("deletions-of-everything")
def _(path):
    lance.write_dataset(people(0, 30), path).delete("true")
    return [1]


@case("columns-added-dropped-renamed")
def _(path):
    dataset = lance.write_dataset(people(0, 120), path, max_rows_per_file=50)
    dataset.add_columns({"twice": "score * 2", "label": "concat('row ', cast(id as string))"})
    dataset.add_columns(pa.field("empty", pa.int32()))
    dataset.drop_columns(["score"])
    dataset.alter_columns({"path": "name", "name": "full name"})
    dataset.delete("id = 60")
    lance.write_dataset(pa.table({"id": pa.array([1000, 1001], pa.int64()), "empty": pa.array([7, None], pa.int32())}), path, mode="append")
    return list(range(1, 7))


@case("column-cast")
def _(path):
    dataset = lance.write_dataset(people(0, 90), path, max_rows_per_file=40)
    dataset.delete("id = 3")
    dataset.alter_columns({"path": "id", "data_type": pa.int32()})
    dataset.alter_columns({"path": "id", "nullable": True})
    return [1, 2, 3]


@case("updates")
def _(path):
    dataset = lance.write_dataset(people(0, 90), path, max_rows_per_file=40)
    dataset.update({"name": "'changed'"}, where="id % 10 = 0")
    dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(people(85, 10, "others"))
    return [1, 2]


@case("manifest-names-v1")
def _(path):
    dataset = lance.write_dataset(people(0, 30), path, enable_v2_manifest_paths=False)
    for k in range(1, 11):  # version 10 sorts before version 9 by name
        lance.write_dataset(people(30 * k, 5), path, mode="append")
    dataset = lance.dataset(path)
    dataset.delete("id = 2")
    return [1, 9, 10, 11]


@case("versions-and-tags", tags="first:1,third:3")
def _(path):
    dataset = lance.write_dataset(people(0, 30), path)
    lance.write_dataset(people(30, 10), path, mode="append", commit_message="ten more")
    dataset = lance.dataset(path)
    dataset.delete("id < 5")
    dataset.tags.create("first", 1)
    dataset.tags.create("third", 3)
    lance.dataset(path, version=2).restore()
    dataset = lance.dataset(path)
    dataset.update_config({"owner": "nobody"})
    return [1, 2, 3, 4]


@case("overwritten")
def _(path):
    lance.write_dataset(people(0, 60), path)
    table = pa.table({"word": ["a", None, "c"], "id": pa.array([3, 2, 1], pa.int16())})
    lance.write_dataset(table, path, mode="overwrite")
    lance.write_dataset(table, path, mode="append")
    return [1, 2]


@case("stable-row-ids")
def _(path):
    dataset = lance.write_dataset(people(0, 200), path, max_rows_per_file=60, enable_stable_row_ids=True)
    dataset.delete("id % 9 = 4")
    dataset.update({"name": "'moved'"}, where="id % 20 = 1")
    lance.write_dataset(people(200, 30), path, mode="append")
    dataset = lance.dataset(path)
    dataset.optimize.compact_files(target_rows_per_fragment=100)
    return [1, 2, 3, 4]


def rewrite_rows(path, **writing):
    """Rows that were added, changed, deleted, and put together, at different versions."""
    dataset = lance.write_dataset(people(0, 60), path, max_rows_per_file=25, **writing)
    dataset.delete("id % 9 = 4")
    dataset.update({"name": "'moved'"}, where="id % 20 = 1")
    lance.write_dataset(people(60, 12), path, mode="append")
    lance.dataset(path).update({"score": "score + 1"}, where="id % 13 = 2")
    lance.dataset(path).optimize.compact_files(target_rows_per_fragment=40)
    lance.write_dataset(people(80, 5), path, mode="append")
    dataset = lance.dataset(path)
    dataset.delete("id in (0, 5, 61)")
    dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(people(82, 6, "others"))


ROW_COLUMNS = "_rowoffset,_row_last_updated_at_version,id,_rowaddr,_row_created_at_version,name,_rowid"


@case("row-columns", row_columns=ROW_COLUMNS)
def _(path):
    rewrite_rows(path, enable_stable_row_ids=True)


@case("row-columns-of-addresses", row_columns=ROW_COLUMNS)
def _(path):
    rewrite_rows(path)


# Tables that name other folders by their absolute path. They are made below this one, and readers put their own in its
# place: `path` in the case's properties.
BASES = pathlib.Path("/joust-golden")


def moved(name, write):
    """Lets `write` make tables in a folder of BASES, and brings them here, unless they are here; the case's table among them is data.lance."""
    folder = BASES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    versions = write(folder)
    for child in folder.iterdir():
        if not (ROOT / name / child.name).exists():
            shutil.copytree(child, ROOT / name / child.name)
    return versions


@case("branches", branches="try,try/deeper,late", path=f"{BASES}/branches", read_at=f"{BASES}/branches/data.lance")
def _(path):
    def write(folder):
        path = str(folder / "data.lance")
        dataset = lance.write_dataset(people(0, 40), path, max_rows_per_file=15)
        dataset.delete("id % 7 = 1")
        dataset = lance.dataset(path)
        branch = dataset.create_branch("try", 2)
        branch.insert(people(100, 10))
        branch.delete("id % 7 = 2")
        branch.tags.create("on-try", 3)
        deeper = branch.create_branch("try/deeper", ("try", 4))
        deeper.update({"name": "'deeper'"}, where="id > 100")
        lance.write_dataset(people(40, 5), path, mode="append")
        lance.dataset(path).create_branch("late", 3)
        lance.dataset(path).delete("id = 3")
        return [1, 2, 3]
    return moved("branches", write)


@case("clones", path=f"{BASES}/clones", read_at=f"{BASES}/clones/data.lance")
def _(path):
    def write(folder):
        source = str(folder / "source.lance")
        dataset = lance.write_dataset(people(0, 40), source, max_rows_per_file=15, enable_stable_row_ids=True)
        dataset.delete("id % 7 = 1")
        dataset.create_scalar_index("id", "BTREE")
        between = lance.dataset(source).shallow_clone(str(folder / "between.lance"), 3)
        between.delete("id = 2")
        between.insert(people(50, 4))
        clone = between.shallow_clone(str(folder / "data.lance"), 5)
        clone.insert(people(60, 3))
        clone.delete("id in (3, 51, 60)")
        return [5, 6]
    return moved("clones", write)


@case("base-paths", path=f"{BASES}/base-paths", read_at=f"{BASES}/base-paths/data.lance")
def _(path):
    def write(folder):
        path = str(folder / "data.lance")
        bases = [lance.DatasetBasePath(str(folder / "root"), name="root", is_dataset_root=True),
                 lance.DatasetBasePath(str(folder / "flat"), name="flat", is_dataset_root=False)]
        lance.write_dataset(people(0, 20), path, initial_bases=bases, target_bases=["root"])
        lance.write_dataset(people(20, 20), path, mode="append", target_bases=["flat"])
        lance.write_dataset(people(40, 20), path, mode="append")
        lance.dataset(path).delete("id % 5 = 2")
        return [1, 2, 3]
    return moved("base-paths", write)


@case("compacted")
def _(path):
    dataset = lance.write_dataset(people(0, 200), path, max_rows_per_file=30)
    dataset.delete("id % 5 = 4")
    dataset.optimize.compact_files(target_rows_per_fragment=1000)
    return [1, 2]


@case("indexed", indices="id_idx")
def _(path):
    dataset = lance.write_dataset(people(0, 200), path, max_rows_per_file=150)
    dataset.create_scalar_index("id", "BTREE")
    lance.write_dataset(people(200, 10), path, mode="append")


def vectors_case(kind, metric, **options):
    """A vector index, rows that were deleted and appended after, and what the reference finds by it (`searches.arrow`)."""
    name = f"vectors-{kind}-{metric}".lower().replace("_", "-") + ("-4-bits" if options.get("num_bits") == 4 else "")

    @case(name, indices="vec_idx", searches=kind)
    def _(path):
        generator = rng("vectors")
        centers = generator.normal(size=(12, 8)) * 3
        values = (centers[generator.integers(0, 12, 660)] + generator.normal(size=(660, 8))).astype(np.float32)
        vectors = [None if i % 50 == 7 else v for i, v in enumerate(values.tolist())]
        rows = pa.table({"id": pa.array(range(660), pa.int64()), "vec": pa.array(vectors, pa.list_(pa.float32(), 8))})
        dataset = lance.write_dataset(rows.slice(0, 600), path, max_rows_per_file=400)
        dataset.create_index("vec", kind, metric=metric, num_partitions=5, sample_rate=100, **options)
        lance.dataset(path).delete("id % 17 = 3")
        searches = []
        for state in ("covered", "appended"):
            if state == "appended":
                lance.write_dataset(rows.slice(600), path, mode="append")
            for i in range(12):
                query = (centers[i] + generator.normal(size=8) * 0.5).astype(np.float32)
                plan = {"nprobes": [2, 5, 1][i % 3]} | ({"refine_factor": 3} if i % 4 == 1 else {})
                text = [None, "id % 3 = 1", None][i % 3]
                filters = {"filter": text, "prefilter": True} if text else {}
                found = lance.dataset(path).to_table(columns=["id", "_distance"], nearest={"column": "vec", "q": query, "k": 7, **plan}, **filters)
                searches.append({"version": lance.dataset(path).version, "query": query.tolist(), "nprobes": plan["nprobes"], "refine": plan.get("refine_factor", 0), "filter": text,
                                 "ids": found["id"].to_pylist(), "distances": found["_distance"].to_pylist()})
        schema = pa.schema({"version": pa.int64(), "query": pa.list_(pa.float32()), "nprobes": pa.int32(), "refine": pa.int32(), "filter": pa.string(),
                            "ids": pa.list_(pa.int64()), "distances": pa.list_(pa.float32())})
        write_ipc(pathlib.Path(path).parent / "searches.arrow", pa.Table.from_pylist(searches, schema))


for _kind, _metric, _options in [
    ("IVF_FLAT", "l2", {}), ("IVF_FLAT", "cosine", {}), ("IVF_PQ", "l2", {"num_sub_vectors": 4}), ("IVF_PQ", "cosine", {"num_sub_vectors": 4}),
    ("IVF_PQ", "dot", {"num_sub_vectors": 4, "num_bits": 4}), ("IVF_SQ", "l2", {}), ("IVF_SQ", "dot", {}), ("IVF_HNSW_FLAT", "cosine", {}),
    ("IVF_HNSW_SQ", "l2", {}), ("IVF_HNSW_PQ", "dot", {"num_sub_vectors": 4}), ("IVF_RQ", "l2", {}), ("IVF_RQ", "cosine", {"num_bits": 1}),
]:
    vectors_case(_kind, _metric, **_options)


def other_vectors_case(element, kind, metric, several=False, nested=False, **options):
    """As `vectors_case`, of other elements, of several vectors a row, or of a column within a struct."""
    name = f"vectors-{'several-' if several else ''}{element}-{kind}-{metric}".lower().replace("_", "-")
    column = "a.`vec.tor`" if nested else "vec"

    @case(name, indices=f"{column}_idx", searches=kind, column=column)
    def _(path):
        generator = rng(name)
        dtype, rows, dimension = np.dtype(element), 420, 8
        centers = generator.integers(0, 256, (12, dimension)).astype(np.uint8) if element == "uint8" else generator.normal(size=(12, dimension)) * 3

        def near(count):
            chosen = centers[generator.integers(0, 12, count)]
            if element == "uint8":
                return chosen ^ np.packbits(generator.random((count, dimension, 8)) < 0.1, axis=2)[:, :, 0]
            return (chosen + generator.normal(size=chosen.shape)).astype(dtype)

        lengths = generator.integers(0, 4, rows) if several else np.ones(rows, int)
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(near(lengths.sum()).ravel()), dimension)
        if several:
            vectors = pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32()), vectors)
        ids = pa.array(range(rows), pa.int64())
        table = pa.table({"id": ids, "a": pa.StructArray.from_arrays([ids, vectors], ["x", "vec.tor"])} if nested else {"id": ids, "vec": vectors})
        lance.write_dataset(table.slice(0, 380), path, max_rows_per_file=200).create_index(column, kind, metric=metric, num_partitions=4, sample_rate=64, **options)
        lance.dataset(path).delete("id % 17 = 3")
        searches = []
        for state in ("covered", "appended"):
            if state == "appended":
                lance.write_dataset(table.slice(380), path, mode="append")
            for i in range(8):
                query = near(i % 3 + 1 if several else 1).astype(np.float32)
                plan = {"nprobes": [2, 4, 1][i % 3]} | ({"refine_factor": 3} if i % 4 == 1 else {})
                nearest = {"column": column, "q": query if len(query) > 1 else query[0], "k": 7, **plan}
                found = lance.dataset(path).to_table(columns=["id", "_distance"], nearest=nearest)
                searches.append({"version": lance.dataset(path).version, "query": query.ravel().tolist(), "nprobes": plan["nprobes"], "refine": plan.get("refine_factor", 0), "filter": None,
                                 "ids": found["id"].to_pylist(), "distances": found["_distance"].to_pylist()})
        schema = pa.schema({"version": pa.int64(), "query": pa.list_(pa.float32()), "nprobes": pa.int32(), "refine": pa.int32(), "filter": pa.string(),
                            "ids": pa.list_(pa.int64()), "distances": pa.list_(pa.float32())})
        write_ipc(pathlib.Path(path).parent / "searches.arrow", pa.Table.from_pylist(searches, schema))


other_vectors_case("float16", "IVF_PQ", "l2", num_sub_vectors=4)
other_vectors_case("float16", "IVF_SQ", "cosine", nested=True)
other_vectors_case("float64", "IVF_FLAT", "dot")
other_vectors_case("uint8", "IVF_FLAT", "hamming")
other_vectors_case("uint8", "IVF_HNSW_FLAT", "hamming")
other_vectors_case("float32", "IVF_FLAT", "cosine", several=True, nested=True)
other_vectors_case("float32", "IVF_HNSW_SQ", "cosine", several=True)


@case("metadata-and-names")
def _(path):
    schema = pa.schema([
        pa.field("a b", pa.int32(), metadata={"unit": "m", "é": "ü"}), pa.field("Naïve", pa.string()), pa.field("quote\"s'", pa.int8(), nullable=False),
        pa.field("UPPER", pa.float32()), pa.field("select", pa.bool_(), metadata={"empty": ""}),
        pa.field("key", pa.int64(), nullable=False, metadata={"lance-schema:unenforced-primary-key": "true"}),
        pa.field("uuid", pa.binary(16), metadata={"ARROW:extension:name": "arrow.uuid", "ARROW:extension:metadata": ""})],
        metadata={"made by": "make_golden", "json": "{\"a\": 1}"})
    n = 12
    table = pa.Table.from_arrays([pa.array(range(n), pa.int32()), pa.array([None, "é"] * 6), pa.array([1] * n, pa.int8()), pa.array([0.5] * n, pa.float32()),
                                  pa.array([True, None, False] * 4), pa.array(range(n), pa.int64()), pa.array([bytes([k]) * 16 for k in range(n)], pa.binary(16))],
                                 schema=schema)
    dataset = lance.write_dataset(table, path)
    dataset.update_config({"joust.test": "1", "lance.compaction.target_rows_per_fragment": "10"})


@case("mixed-file-versions")
def _(path):
    lance.write_dataset(people(0, 30), path, data_storage_version="2.1")
    fragments = lance.fragment.write_fragments(people(30, 20), path, data_storage_version="2.1")
    lance.LanceDataset.commit(path, lance.LanceOperation.Append(fragments), read_version=1)


def nested(kind, n, generator):
    def some(make, share=0.25):
        return [None if generator.random() < share else make() for _ in range(n)]

    def ints(size=5):
        return [None if generator.random() < 0.2 else int(v) for v in generator.integers(0, 90, int(generator.integers(0, size)))]
    point = pa.struct([("x", pa.int32()), ("label", pa.string())])
    def a_point():
        return {"x": int(generator.integers(0, 9)), "label": None if generator.random() < 0.3 else "p"}
    return {
        "list": lambda: pa.table({"id": range(n), "list": pa.array(some(ints), pa.list_(pa.int32())), "words": pa.array(some(lambda: ["a", None, "bc"]), pa.list_(pa.string())),
                                  "deep": pa.array(some(lambda: [ints(), None, ints(3)]), pa.large_list(pa.list_(pa.int64()))),
                                  "vectors": pa.array(some(lambda: [[1.0, 2.0], [3.0, 4.0]]), pa.list_(pa.list_(pa.float32(), 2)))}),
        "struct": lambda: pa.table({"id": range(n), "struct": pa.array(some(a_point), point),
                                    "outer": pa.array(some(lambda: {"inner": a_point() if generator.random() < 0.7 else None, "ids": ints()}),
                                                      pa.struct([("inner", point), ("ids", pa.list_(pa.int16()))])),
                                    "points": pa.array(some(lambda: [a_point(), None]), pa.list_(point))}),
        "map": lambda: pa.table({"id": range(n), "map": pa.array(some(lambda: [("a", 1), ("b", None)]), pa.map_(pa.string(), pa.int32()))}),
        "dictionary": lambda: pa.table({"id": range(n), "dictionary": pa.array(some(lambda: c.WORDS[int(generator.integers(0, 9))])).dictionary_encode(),
                                        "small": pa.array(some(lambda: "k" + str(generator.integers(0, 5)))).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string()))}),
        "null": lambda: pa.table({"id": range(n), "null": pa.nulls(n)}),
        "decimal256": lambda: pa.table({"id": range(n), "decimal256": pa.array(some(lambda: int(generator.integers(-9, 9)) * 10 ** 50), pa.decimal256(60, 0))}),
        "fixed_size_list-nested": lambda: pa.table({"id": range(n), "fixed_size_list": pa.array(some(lambda: [[1, None], [3, 4], [5, 6]]), pa.list_(pa.list_(pa.int16(), 2), 3))}),
        "fixed_size_list-bool": lambda: pa.table({"id": range(n), "fixed_size_list": pa.array(some(lambda: [True, False, True, False, False]), pa.list_(pa.bool_(), 5))}),
        "packed-struct": lambda: pa.table({"id": range(n), "struct": pa.array([{"a": k, "b": k / 2} for k in range(n)], pa.struct([("a", pa.int32()), ("b", pa.float64())]))},
                                          schema=pa.schema([("id", pa.int64()), pa.field("struct", pa.struct([("a", pa.int32()), ("b", pa.float64())]),
                                                                                         metadata={"lance-encoding:packed": "true"})])),
        "blob": lambda: pa.table({"id": range(n), "blob": pa.array(some(lambda: b"blob" * 9), pa.large_binary())},
                                 schema=pa.schema([("id", pa.int64()), pa.field("blob", pa.large_binary(), metadata={"lance-encoding:blob": "true"})])),
    }[kind]()


# ---------------------------------------------------------------- file version 2.0: every encoding that its writer makes

@case("storage-2.0", storage="2.0")
def _(path):
    table = c.table([pa.int32(), pa.float64(), pa.string(), pa.bool_(), pa.list_(pa.float32(), 4)], 300, rng("storage-2.0"), ["wide", "short", "few"])
    lance.write_dataset(table, path, data_storage_version="2.0")


@case("types-2.0", storage="2.0")
def _(path):
    types = [t for t in c.FLAT if not (pa.types.is_fixed_size_list(t) and t.list_size > 16 or pa.types.is_fixed_size_binary(t) and t.byte_width > 40)]
    table = c.table(types, 60, rng("types-2.0"), ["wide", "short", "inner nulls"])
    lance.write_dataset(table, path, data_storage_version="2.0")
    return table


@case("strings-2.0", storage="2.0")
def _(path):
    """Dictionaries, FSST and buffers that are compressed whole; pages of a few hundred rows."""
    generator = rng("strings-2.0")
    fields, arrays = [], []
    for compression in ["none", "fsst", "zstd", "lz4"]:
        for data_type, how in [(pa.string(), "few"), (pa.string(), "short"), (pa.string(), "medium"), (pa.large_string(), "medium"), (pa.binary(), "short")]:
            if compression == "fsst" and data_type == pa.large_string():
                continue  # its writer panics
            fields.append(pa.field(f"{compression}_{data_type}_{how}", data_type, metadata={"lance-encoding:compression": compression}))
            arrays.append(c.column(data_type, 900, how, "some", generator))
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    batches = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=BATCH))
    lance.write_dataset(batches, path, data_storage_version="2.0", data_cache_bytes=1 << 18)
    return table


@case("nested-2.0", storage="2.0")
def _(path):
    """Lists at several depths, structs, lists of structs; structs are never null in 2.0. Several pages a column."""
    generator = rng("nested-2.0")
    n = 600

    def some(make, share=0.25):
        return [None if generator.random() < share else make() for _ in range(n)]

    def ints(size=5):
        return [None if generator.random() < 0.2 else int(v) for v in generator.integers(0, 90, int(generator.integers(0, size)))]

    def words():
        return [None if generator.random() < 0.2 else c.WORDS[int(v) % len(c.WORDS)] for v in generator.integers(0, 90, int(generator.integers(0, 4)))]

    def point():
        return {"x": int(generator.integers(0, 9)), "label": None if generator.random() < 0.3 else "p", "v": [1.5, None] if generator.random() < 0.5 else None}
    a_point = pa.struct([("x", pa.int32()), ("label", pa.string()), ("v", pa.list_(pa.float32(), 2))])
    table = pa.table({
        "ints": pa.array(some(ints), pa.list_(pa.int32())),
        "words": pa.array(some(words), pa.large_list(pa.string())),
        "flags": pa.array(some(lambda: [True, None, False][:int(generator.integers(0, 4))]), pa.list_(pa.bool_())),
        "deep": pa.array(some(lambda: [ints(), None, [], ints(3)]), pa.list_(pa.list_(pa.int64()))),
        "deeper": pa.array(some(lambda: [[words(), None], None, []][:int(generator.integers(0, 4))]), pa.large_list(pa.list_(pa.list_(pa.string())))),
        "vectors": pa.array(some(lambda: [[1.0, 2.0], None, [3.0, None]]), pa.list_(pa.list_(pa.float32(), 2))),
        "point": pa.array([point() for _ in range(n)], a_point),
        "points": pa.array(some(lambda: [point() for _ in range(int(generator.integers(0, 4)))]), pa.list_(a_point)),
        "outer": pa.array([{"inner": point(), "ids": ints(), "path": [point()]} for _ in range(n)],
                          pa.struct([("inner", a_point), ("ids", pa.list_(pa.int16())), ("path", pa.list_(a_point))])),
        "nothing": pa.nulls(n),
        "nothings": pa.array(some(lambda: [None] * int(generator.integers(0, 3))), pa.list_(pa.null())),
        "empties": pa.array(some(lambda: []), pa.list_(pa.string())),
    })
    # copies of the rows: of slices of lists of structs its writer panics
    batches = [one_batch(table.slice(at, BATCH).take(np.arange(min(BATCH, n - at)))) for at in range(0, n, BATCH)]
    lance.write_dataset(pa.RecordBatchReader.from_batches(table.schema, batches), path, data_storage_version="2.0", data_cache_bytes=1 << 12)
    return table


@case("packed-struct-2.0", storage="2.0")
def _(path):
    n = 300
    packed = pa.struct([("a", pa.int32()), ("v", pa.list_(pa.float32(), 2)), ("b", pa.float64()), ("c", pa.int8())])
    table = pa.table({"id": range(n), "packed": pa.array([{"a": k, "v": [k, -k], "b": k / 2, "c": k % 100} for k in range(n)], packed)},
                     schema=pa.schema([("id", pa.int64()), pa.field("packed", packed, metadata={"packed": "true"})]))
    lance.write_dataset(table, path, data_storage_version="2.0")
    return table


@case("dictionary-2.0", storage="2.0")
def _(path):
    table = nested("dictionary", 300, rng("dictionary-2.0"))
    lance.write_dataset(table, path, data_storage_version="2.0")


@case("blob-2.0", storage="2.0")
def _(path):
    table = nested("blob", 60, rng("blob-2.0"))
    lance.write_dataset(table, path, data_storage_version="2.0")


# ---------------------------------------------------------------- file version 2.3, unstable: dense and sparse pages

@case("storage-2.3", storage="2.3")
def _(path):
    table = people(0, 300)
    lance.write_dataset(table, path, data_storage_version="2.3")
    return table


@case("types-2.3", storage="2.3")
def _(path):
    """Every flat type; "same" is constant, "few" is a dictionary."""
    types = [t for t in c.FLAT if not (pa.types.is_fixed_size_list(t) and t.list_size > 16 or pa.types.is_fixed_size_binary(t) and t.byte_width > 40)]
    table = c.table(types, 60, rng("types-2.3"), ["wide", "short", "same"])
    lance.write_dataset(table, path, data_storage_version="2.3")
    return table


@case("sparse-2.3", storage="2.3")
def _(path):
    """Few values among nulls and empty lists, few long values many times over, nulls in every layer of lists and structs."""
    generator = rng("sparse-2.3")
    n = 700

    def few(make, share=0.93):
        return [None if generator.random() < share else make() for _ in range(n)]
    point = pa.struct([("x", pa.int32()), ("label", pa.string())])

    def a_point():
        return None if generator.random() < 0.3 else {"x": None if generator.random() < 0.3 else 5, "label": "p" * int(generator.integers(0, 600))}
    table = pa.table({
        "id": pa.array(range(n), pa.int64()),
        "flag": pa.array([True if k % 2 else None for k in range(n)]),
        "nothing": pa.nulls(n, pa.int16()),
        "long": pa.array(few(lambda: "hello " * 60)),
        "again": pa.array([["q" * 500, "z" * 400][int(v)] for v in generator.integers(0, 2, n)]),
        "ints": pa.array(few(lambda: [1, 2, None]), pa.list_(pa.int32())),
        "words": pa.array(few(lambda: ["ab" * 200, None, ""], 0.8), pa.large_list(pa.string())),
        "vector": pa.array(few(lambda: [1.0] * 96), pa.list_(pa.float32(), 96)),
        "vectors": pa.array(few(lambda: [[0.5] * 64, None]), pa.list_(pa.list_(pa.float32(), 64))),
        "point": pa.array(few(a_point, 0.5), point),
        "points": pa.array(few(lambda: [a_point() for _ in range(int(generator.integers(0, 3)))], 0.9), pa.list_(point)),
        "deep": pa.array(few(lambda: [[], None, [[a_point()], None, []]], 0.9), pa.list_(pa.list_(pa.list_(point)))),
        "map": pa.array(few(lambda: [("a", 1), ("b", None)], 0.7), pa.map_(pa.string(), pa.int32())),
    })
    lance.write_dataset(table, path, data_storage_version="2.3")
    return table


@case("runs-2.3", storage="2.3")
def _(path):
    """Levels in runs whose lengths take more than 8 bits, or are packed."""
    generator = rng("runs-2.3")

    def lists(item):
        sizes = [2, 3000, 0, 1, 0, 1700, 3]
        return [None if k == 4 else [item(k) for _ in range(size)] for k, size in enumerate(sizes)]
    table = pa.table({
        "few": pa.array(lists(lambda k: k % 3), pa.list_(pa.uint64())),
        "many": pa.array(lists(lambda k: int(generator.integers(0, 1 << 40))), pa.large_list(pa.int64())),
        "words": pa.array(lists(lambda k: None if generator.random() < 0.01 else "word %d" % generator.integers(0, 5)), pa.list_(pa.string())),
    })
    lance.write_dataset(table, path, data_storage_version="2.3")
    return table


for _name, _type, _item in [
    ("lists-of-fixed-size-lists-of-structs", lambda point: pa.list_(pa.list_(point, 2)), lambda v, p, l: None if v(9) == 0 else [None if v(4) == 0 else [p(), p()] for _ in range(v(4))]),
    ("fixed-size-lists-of-structs-of-lists", lambda point: pa.list_(pa.struct([("l", pa.list_(pa.string()))]), 3),
     lambda v, p, l: None if v(4) == 0 else [None if v(4) == 0 else {"l": l(str)} for _ in range(3)]),
    ("fixed-size-lists-of-structs-twice", lambda point: pa.list_(pa.struct([("v", pa.list_(pa.struct([("l", pa.list_(pa.int16()))]), 3))]), 2),
     lambda v, p, l: None if v(4) == 0 else [None if v(5) == 0 else {"v": None if v(5) == 0 else [{"l": l(int)} for _ in range(3)]} for _ in range(2)]),
]:
    @case(f"{_name}-2.3", storage="2.3")
    def _(path, name=_name, make_type=_type, item=_item):
        generator = rng(name)

        def v(bound):
            return int(generator.integers(0, bound))
        point = pa.struct([("label", pa.string())])  # with a second field the reference fails to read lists of these
        rows = [item(v, lambda: None if v(4) == 0 else {"label": None if v(3) == 0 else "p" * v(9)},
                     lambda kind: None if v(4) == 0 else [None if v(5) == 0 else kind(v(999)) for _ in range(v(4))]) for _ in range(400)]
        table = pa.table({"column": pa.array(rows, make_type(point))})
        lance.write_dataset(table, path, data_storage_version="2.3")
        return table


# ---------------------------------------------------------------- 0.1: no nulls but of strings and binaries, so what is read is not what was written

@case("storage-0.1", storage="0.1")
def _(path):
    lance.write_dataset(people(0, 300), path, data_storage_version="legacy")


@case("types-0.1", storage="0.1")
def _(path):
    types = c.INTEGERS + c.FLOATS + [pa.bool_()] + c.TEXT + c.BYTES + c.FIXED_BYTES[:3] + c.TEMPORAL + c.DECIMALS + [pa.decimal256(60, 3)] + c.VECTORS[:1] + [
        c.VECTORS[4], pa.list_(pa.bool_(), 3)]
    table = c.table([t for t in types if t != pa.decimal256(60, 3)], 70, rng("types-0.1"), ["wide", "short"], ["none", "some"])
    table = table.append_column("decimal256", pa.array([None if k % 5 == 0 else k - 30 for k in range(70)], pa.decimal256(60, 3)))
    lance.write_dataset(table, path, data_storage_version="legacy", max_rows_per_group=30)


@case("nested-0.1", storage="0.1")
def _(path):
    n, generator = 150, rng("nested-0.1")
    table = nested("list", n, generator)
    for kind in ("struct", "fixed_size_list-nested", "fixed_size_list-bool", "null"):
        for name in nested(kind, n, generator).column_names[1:]:
            table = table.append_column(f"{kind}_{name}", nested(kind, n, generator)[name])
    lance.write_dataset(table, path, data_storage_version="legacy", max_rows_per_group=64)


@case("fragments-0.1", storage="0.1")
def _(path):
    dataset = lance.write_dataset(people(0, 130), path, data_storage_version="legacy", max_rows_per_group=40, max_rows_per_file=90)
    dataset.delete("id % 7 = 3")
    dataset.add_columns({"double": "id * 2", "shout": "concat(name, '!')"})
    dataset.drop_columns(["name"])
    dataset.alter_columns({"path": "id", "name": "number"})
    dataset.delete("number > 120")
    return [1, 2]


# one column written anew: its old one is crossed out in the table, but not in the file; the reference aborts when it reads this
@case("column-updated-0.1", storage="0.1", readable=False, rows=60, version=2)
def _(path):
    dataset = lance.write_dataset(pa.table({"a": pa.array(range(60), pa.int32()), "b": [f"b{k}" for k in range(60)], "c": [k / 4 for k in range(60)]}), path,
                                  data_storage_version="legacy", max_rows_per_group=25)
    new = pa.array(range(1000, 1060), pa.int32())
    fragment, fields = dataset.get_fragment(0).update_columns(pa.table({"_rowid": pa.array(range(60), pa.uint64()), "a": new}), left_on="_rowid")
    lance.LanceDataset.commit(path, lance.LanceOperation.Update(updated_fragments=[fragment], fields_modified=fields), read_version=1)
    return pa.table({"a": new, "b": [f"b{k}" for k in range(60)], "c": [k / 4 for k in range(60)]})


for _kind in ["list", "struct", "map", "dictionary", "null", "decimal256", "fixed_size_list-nested", "fixed_size_list-bool", "packed-struct", "blob"]:
    for _storage in ("2.2", "2.1"):
        if _kind == "map" and _storage == "2.1" or _kind == "blob" and _storage == "2.1":
            continue

        @case(f"{_kind}-{_storage}", storage=_storage)
        def _(path, kind=_kind, storage=_storage):
            table = nested(kind, 300, rng(kind))
            lance.write_dataset(table, path, data_storage_version=storage)


def packed(name, fields, data, nulls="none"):
    """A struct that lies in one column: its field and array. Fields hold no nulls, rows may."""
    mask = pa.array({"none": np.zeros, "all": np.ones}.get(nulls, lambda n, t: rng(name).random(n) < 1 / 3)(len(data[0]), bool))
    return (pa.field(name, pa.struct(fields), metadata={"lance-encoding:packed": "true"}),
            pa.StructArray.from_arrays(data, fields=fields, mask=None if nulls == "none" else mask))


def one_column(kind, n, generator):
    """Columns whose type holds several values, in one physical column all the same."""
    if kind == "dictionaries":
        columns = []
        for value in [pa.string(), pa.large_string(), pa.binary(), pa.int32(), pa.float64(), pa.bool_()]:
            for index in [pa.int8(), pa.uint16(), pa.int64()] if value == pa.string() else [pa.int8()]:
                for nulls in c.NULLS:
                    values = c.column(value, 30, c.distributions(value)[0], "none", generator).unique()
                    indices = c.with_nulls(pa.array(generator.integers(0, len(values), n), index), nulls, generator)
                    columns.append((pa.field(f"{c.type_name(value)}_{index}_{nulls}", pa.dictionary(index, value)), pa.DictionaryArray.from_arrays(indices, values)))
        return columns
    numbers = [pa.field("a", pa.int32()), pa.field("b", pa.int8()), pa.field("c", pa.decimal128(7, 2)), pa.field("d", pa.binary(3)), pa.field("e", pa.float16())]
    texts = [pa.field("a", pa.uint16()), pa.field("b", pa.string()), pa.field("c", pa.list_(pa.float32(), 3)), pa.field("d", pa.large_binary()),
             pa.field("e", pa.string(), metadata={"lance-encoding:compression": "zstd"})]
    fields = numbers if kind == "packed-structs" else texts
    return [packed(nulls, fields, [c.column(f.type, n, c.distributions(f.type)[0], "none", generator) for f in fields], nulls) for nulls in c.NULLS]


for _kind in ["dictionaries", "packed-structs", "packed-structs-variable"]:
    for _storage in ("2.2", "2.1"):
        if _kind == "packed-structs-variable" and _storage == "2.1":
            continue

        @case(f"{_kind}-{_storage}", storage=_storage)
        def _(path, kind=_kind, storage=_storage):
            columns = one_column(kind, 300, rng(kind))
            table = pa.table([array for _, array in columns], schema=pa.schema([field for field, _ in columns]))
            lance.write_dataset(table, path, data_storage_version=storage)
            return table


for _storage in ("2.2", "2.3"):
    @case(f"packed-structs-of-structs-{_storage}", storage=_storage)
    def _(path, storage=_storage):
        """Structs below packed ones, and, where every row is null, what the format does not store there."""
        n, generator = 120, rng("packed-structs-of-structs")

        def column(data_type):
            return c.column(data_type, n, c.distributions(data_type)[0], "none", generator)

        def struct(*types):
            return pa.StructArray.from_arrays([t if isinstance(t, pa.Array) else column(t) for t in types], names=[f"c{k}" for k in range(len(types))])
        two = struct(pa.int8(), struct(pa.string(), pa.list_(pa.int8(), 3) if storage == "2.3" else pa.float64()))
        columns = [packed("texts", [pa.field("a", pa.int32()), pa.field("b", two.type)], [column(pa.int32()), two], "some"),
                   packed("both", [pa.field("a", two.type), pa.field("b", pa.large_string())], [two, column(pa.large_string())])]
        if storage == "2.3":
            numbers = struct(pa.int16(), pa.float64())
            deep = struct(pa.uint8(), numbers)
            columns += [packed("numbers", [pa.field("a", pa.int32()), pa.field("b", deep.type)], [column(pa.int32()), deep], "some"),
                        packed("zipped", [pa.field("a", pa.int32()), pa.field("b", pa.binary(3)), pa.field("c", pa.float64())],
                               [column(pa.int32()), column(pa.binary(3)), column(pa.float64())], "some")]
            columns[-1] = columns[-1][0].with_metadata(columns[-1][0].metadata | {b"lance-encoding:structural-encoding": b"fullzip"}), columns[-1][1]
        else:
            never = pa.struct([("a", pa.bool_()), ("b", pa.list_(pa.int8())), ("c", pa.dictionary(pa.int8(), pa.string())), ("d", pa.struct([("e", pa.bool_())]))])
            columns.append((pa.field("nothing", never, metadata={"lance-encoding:packed": "true"}), pa.nulls(n, never)))
        table = pa.table([array for _, array in columns], schema=pa.schema([field for field, _ in columns]))
        lance.write_dataset(table, path, data_storage_version=storage)
        return table


@case("dictionaries-of-pages-2.2")
def _(path):
    """Every page has a dictionary of its own: the values of two overlap."""
    def page(first):
        return pa.record_batch([pa.DictionaryArray.from_arrays(pa.array([k % 40 if k % 7 else None for k in range(500)], pa.int8()),
                                                               pa.array([f"value {first + k}" for k in range(40)]))], names=["dictionary"])
    pages = [page(0), page(20), page(50)]
    lance.write_dataset(pa.RecordBatchReader.from_batches(pages[0].schema, pages), path, data_storage_version="2.2", data_cache_bytes=400)
    return pa.Table.from_batches(pages)


def blob_values(n, generator, sizes):
    return [None if generator.random() < 0.2 else bytes([k % 251]) * int(generator.choice(sizes)) for k in range(n)]


@case("blobs-v1", storage="2.1")
def _(path):
    """Blobs whose descriptors hold a position and a size; two pages, two files."""
    generator = rng("blobs-v1")
    blob = pa.field("blob", pa.large_binary(), metadata={"lance-encoding:blob": "true"})
    inner = pa.struct([pa.field("name", pa.string()), blob])
    for mode in ("create", "append"):
        n = 60
        values = blob_values(n, generator, [0, 3, 100, 5000])
        structs = [None if k % 7 == 0 else {"name": str(k), "blob": value} for k, value in enumerate(blob_values(n, generator, [0, 8]))]
        table = pa.table([pa.array(range(n)), pa.array(values, pa.large_binary()), pa.array(structs, inner), pa.nulls(n, pa.large_binary())],
                         schema=pa.schema([("id", pa.int64()), blob, pa.field("struct", inner), blob.with_name("none")]))
        batches = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=30))
        lance.write_dataset(batches, path, mode=mode, data_storage_version="2.1", data_cache_bytes=1 << 12)


@case("blobs-v2")
def _(path):
    """Blobs in the data file, in a file they share, and in files of their own."""
    generator = rng("blobs-v2")
    for mode in ("create", "append"):
        values = lance.blob_array(blob_values(50, generator, [0, 3, 60, 100, 900, 2000]))
        field = lance.blob_field("blob", inline_size_threshold=64, dedicated_size_threshold=1500)
        inner = pa.struct([pa.field("name", pa.string()), lance.blob_field("blob", inline_size_threshold=4)])
        structs = pa.StructArray.from_arrays([pa.array([str(k) for k in range(50)]), lance.blob_array(blob_values(50, generator, [0, 3, 8]))], fields=list(inner),
                                             mask=pa.array([k % 7 == 0 for k in range(50)]))
        lance.write_dataset(pa.table([pa.array(range(50)), values, structs], schema=pa.schema([("id", pa.int64()), field, pa.field("struct", inner)])), path, mode=mode,
                            data_storage_version="2.2")


@case("extension-types-2.2")
def _(path):
    generator = rng("extension-types")
    def of(name, storage, how="wide", metadata=""):
        return (pa.field(name.replace(".", "_"), storage, metadata={"ARROW:extension:name": name, "ARROW:extension:metadata": metadata}), c.column(storage, 60, how, "some", generator))
    columns = [of("arrow.uuid", pa.binary(16)), of("lance.bfloat16", pa.binary(2)), of("arrow.fixed_shape_tensor", pa.list_(pa.float32(), 4), metadata='{"shape":[2,2]}'),
               of("somebody.s", pa.int64(), metadata="kept")]
    lance.write_dataset(pa.table([array for _, array in columns], schema=pa.schema([field for field, _ in columns])), path, data_storage_version="2.2")


def write_pages(path, table, rows, storage):
    """A page of each column for every so many rows, each with layers of its own."""
    # taken, not sliced: the reference does not write each slice of a nested column
    parts = [table.take(pa.array(range(first, min(first + rows, table.num_rows)))) for first in range(0, table.num_rows, rows)]
    batches = pa.RecordBatchReader.from_batches(table.schema, [one_batch(part) for part in parts])
    lance.write_dataset(batches, path, data_storage_version=storage, data_cache_bytes=1)


for _draw in range(6):
    for _storage in ("2.2", "2.1"):
        @case(f"nested-draw-{_draw}-{_storage}", storage=_storage)
        def _(path, draw=_draw, storage=_storage):
            table = deep.random_table(rng(f"nested-draw-{draw}"), 6, 1 + draw // 2, 130 + 30 * draw, False)
            write_pages(path, table, 100, storage)


@case("nested-maps-2.2")
def _(path):
    write_pages(path, deep.random_table(rng("nested-maps"), 8, 3, 250, True), 170, "2.2")


@case("lists-chunks-2.2")
def _(path):
    """Lists that fill many chunks, one that spans several, and vectors that are stored one by one."""
    generator = rng("lists-chunks")
    rows = 2000

    def lists(item, most, share=0.1):
        return [None if generator.random() < share else [item() for _ in range(int(generator.integers(0, most)))] for _ in range(rows)]
    ints = lists(lambda: int(generator.integers(-2 ** 31, 2 ** 31)), 8)
    ints[1500] = [int(k) for k in generator.integers(-2 ** 31, 2 ** 31, 3500)]
    points = lists(lambda: {"x": int(generator.integers(-2 ** 60, 2 ** 60)), "y": None if generator.random() < 0.1 else float(generator.random())}, 4)
    vectors = [[generator.random(96).astype(np.float32).tolist() for _ in range(int(generator.integers(1, 4)))] if k % 40 == 0 else [] for k in range(rows)]
    table = pa.table({"ints": pa.array(ints, pa.list_(pa.int32())), "points": pa.array(points, pa.list_(pa.struct([("x", pa.int64()), ("y", pa.float64())]))),
                      "vectors": pa.array(vectors, pa.list_(pa.list_(pa.float32(), 96)))})
    lance.write_dataset(table, path)


@case("nested-evolution")
def _(path):
    """Leaves of one struct in several files, and in none."""
    inner = pa.struct([("u", pa.int32()), ("v", pa.string())])
    outer = pa.struct([("x", pa.int32()), ("y", pa.int32()), ("s", inner)])
    point = pa.struct([("x", pa.int32()), ("y", pa.int32())])
    generator = rng("nested-evolution")

    def maybe(value):
        return None if generator.random() < 0.25 else value()

    def a(k):
        return maybe(lambda: {"x": maybe(lambda: k), "y": k, "s": maybe(lambda: {"u": k, "v": f"v{k}"})})
    rows = [(k, a(k), maybe(lambda: [maybe(lambda: {"x": k, "y": j}) for j in range(k % 4)])) for k in range(60)]
    table = pa.table({"id": pa.array([r[0] for r in rows]), "a": pa.array([r[1] for r in rows], outer), "l": pa.array([r[2] for r in rows], pa.list_(point))})
    dataset = lance.write_dataset(table, path)
    dataset.add_columns(pa.schema([pa.field("a", pa.struct([("z", pa.string()), ("q", pa.struct([("r", pa.int32())]))]))]))
    dataset.add_columns(pa.schema([pa.field("l", pa.list_(pa.struct([("z", pa.int32())])))]))
    computed = pa.table({"a": pa.array([None if r[1] is None else {"w": -r[0]} for r in rows], pa.struct([("w", pa.int64())])),
                         "l": pa.array([None if r[2] is None else [None if p is None else {"w": float(r[0])} for p in r[2]] for r in rows],
                                       pa.list_(pa.struct([("w", pa.float64())])))})
    dataset.add_columns(computed.to_reader())
    part = pa.table({"id": pa.array([100, 101, 102]), "a": pa.array([{"y": 1}, None, {"y": None}], pa.struct([("y", pa.int32())]))})
    dataset = lance.write_dataset(part, path, mode="append")
    dataset.alter_columns({"path": "a.x", "data_type": pa.int64()})
    dataset.drop_columns(["a.s.u"])
    dataset.delete("id = 3 or id = 101")
    dataset = lance.write_dataset(part.select(["id"]), path, mode="append")
    return [dataset.version - 1]


def patch_manifest(path, extra):
    """Appends protobuf bytes to the newest manifest's message: the last value of a field counts."""
    newest = min((pathlib.Path(path) / "_versions").glob("*.manifest"))
    data = newest.read_bytes()
    (position,) = struct.unpack_from("<q", data, len(data) - 16)
    (length,) = struct.unpack_from("<I", data, position)
    message = data[position + 4:position + 4 + length] + extra
    newest.write_bytes(data[:position] + struct.pack("<I", len(message)) + message + data[-16:])


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


@case("unknown-reader-flag", reading="refused", names="flag", readable=False)
def _(path):
    lance.write_dataset(people(0, 20), path)
    patch_manifest(path, b"\x48" + varint(1 << 40))


@case("unknown-writer-flag", writing="refused")
def _(path):
    table = people(0, 20)
    lance.write_dataset(table, path)
    patch_manifest(path, b"\x50" + varint(1 << 40))
    return table


@case("unknown-manifest-field")
def _(path):
    table = people(0, 20)
    lance.write_dataset(table, path)
    patch_manifest(path, varint(9999 << 3 | 2) + b"\x05joust")
    return table


if __name__ == "__main__":
    names = sys.argv[1:] or CASES
    if not sys.argv[1:]:
        shutil.rmtree(ROOT, ignore_errors=True)
    for wanted in names:
        make(wanted)
        size = sum(f.stat().st_size for f in (ROOT / wanted).rglob("*") if f.is_file())
        print(f"{wanted:40} {size:>9,} bytes")
