# SPDX-License-Identifier: Apache-2.0
"""Updates, merges and deletions by SQL: the same ones by Joust on one table and by Python on its twin."""

import datetime as dt
import decimal

import lance
import pyarrow as pa

from cases import Case
from joust import JoustFailed

D = decimal.Decimal
NAN = float("nan")


def drawn(rng, count, some):
    """A column of `some` values, one in eight null."""
    return [None if rng.random() < 0.12 else some(rng) for _ in range(count)]


def rows_of(rng, uids, ids, storage, version_of_text="row"):
    """Rows of every kind of column that an expression can look at, or that has to move along."""
    count = len(uids)
    text = [f"{version_of_text} {int(rng.integers(0, 50))}" for _ in range(count)]
    columns = {
        "uid": pa.array(uids, pa.int64()),
        "id": pa.array(ids, pa.int32()),
        "x": pa.array(drawn(rng, count, lambda r: int(r.integers(-1000, 1000))), pa.int32()),
        "small": pa.array(drawn(rng, count, lambda r: int(r.integers(-128, 128))), pa.int8()),
        "f": pa.array(drawn(rng, count, lambda r: NAN if r.random() < 0.1 else float(r.integers(-40, 40)) / 8), pa.float64()),
        "f32": pa.array(drawn(rng, count, lambda r: float(r.integers(-40, 40)) / 8), pa.float32()),
        "s": pa.array([None if rng.random() < 0.1 else t for t in text], pa.string()),
        "flag": pa.array(drawn(rng, count, lambda r: bool(r.random() < 0.5)), pa.bool_()),
        "day": pa.array(drawn(rng, count, lambda r: dt.date(2024, 1, 1) + dt.timedelta(days=int(r.integers(0, 400)))), pa.date32()),
        "at": pa.array(drawn(rng, count, lambda r: dt.datetime(2024, 1, 1) + dt.timedelta(seconds=int(r.integers(0, 10**7)))), pa.timestamp("us")),
        "dec": pa.array(drawn(rng, count, lambda r: D(int(r.integers(-10**5, 10**5))).scaleb(-2)), pa.decimal128(12, 2)),
        "l": pa.array(drawn(rng, count, lambda r: [int(v) for v in r.integers(0, 9, int(r.integers(0, 4)))]), pa.list_(pa.int64())),
        "v": pa.FixedSizeListArray.from_arrays(pa.array(rng.random(3 * count), pa.float32()), 3),
        "st": pa.array([{"a": int(rng.integers(0, 9)), "b": t} for t in text], pa.struct([("a", pa.int32()), ("b", pa.string())])),
    }
    if storage == "2.2":
        columns["bytes"] = lance.blob_array([None if rng.random() < 0.1 else t.encode() * 3 for t in text])
    table = pa.table(columns)
    if storage in ("2.0", "2.1"):
        field = pa.field("bytes", pa.large_binary(), metadata={"lance-encoding:blob": "true"})
        table = table.append_column(field, pa.array([t.encode() * 3 for t in text], pa.large_binary()))
    return table


def plain(path):
    """The rows, blobs as bytes, by uid; with their ids where those are kept."""
    dataset = lance.dataset(path)
    return dataset.scanner(blob_handling="all_binary", with_row_id=dataset.has_stable_row_ids).to_table().sort_by([("uid", "ascending"), ("s", "ascending"), ("x", "ascending")])


WHERES = ["id % 3 = 0", "x > 0 and flag", "s like 'row 1%' or f > 2", "day > date '2024-06-01'", "x is null", "st.a in (1, 2, 3)", "not (x > 0 and flag)",
          "l[1] = 2", "f = 0.5", "dec < decimal(12,2) '0'", "lower(s) = 'row 7' or length(s) > 5", "at >= timestamp '2024-03-01 00:00:00'", "id is null",
          "array_has(l, 3)", "coalesce(x, 0) = 0", "cast(x as bigint) * 3 > 1000", "true", "id = 1000000"]
SETS = [{"x": "x + 1"}, {"x": "x * 2 - id", "s": "upper(s)"}, {"s": "concat(s, '!')", "flag": "not flag"}, {"f": "f * 1.5", "f32": "f32 + x"},
        {"small": "small * 3"}, {"day": "date '2020-02-29'", "at": "'2021-01-01 10:00:00'"}, {"dec": "dec * 2"}, {"l": "[1, 2]", "v": "[1.0, 2.0, 3.5]"},
        {"s": "null", "x": "null"}, {"s": "x"}, {"x": "length(s)"}, {"f": "abs(x) / 7", "x": "coalesce(x, 5)"}, {"s": "cast(day as string)"},
        {"at": "day"}, {"flag": "x > f"}, {"x": "'12'"}, {"x": "2.9"}, {"s": "s || '-' || st.b"}]
BAD_SETS = [{"x": "x + 1.5"}, {"nosuch": "1"}, {"x": "'abc'"}, {"v": "[1, 2]"}, {"x": "nosuch + 1"}, {"x": "99999999999"}, {"uid": "lower(x)"}]


def check_twins(checks, theirs, ours, what):
    actual = lance.dataset(ours)
    actual.validate()
    checks.tables(plain(theirs), plain(ours), what)
    checks.equal(lance.dataset(theirs).count_rows(), actual.count_rows(), f"{what}: rows")


def update_case(context, storage, seed, stable=False):
    name = f"updates of {storage}{' with stable row ids' if stable else ''} {seed}"

    def run(checks):
        rng = context.numpy(name)
        table = rows_of(rng, range(300), [None if i % 17 == 5 else int(rng.integers(0, 120)) for i in range(300)], storage)
        theirs, ours = context.path(name + " theirs"), context.path(name + " ours")
        for path in (theirs, ours):
            lance.write_dataset(table, path, data_storage_version=storage, max_rows_per_file=110, enable_stable_row_ids=stable)
        for number in range(30 if context.full else 8):
            where, values = WHERES[int(rng.integers(len(WHERES)))], SETS[int(rng.integers(len(SETS)))]
            what = f"update {number}: {values} where {where}"
            options = [part for column, text in values.items() for part in ("--set", f"{column}={text}")]
            try:
                expected = lance.dataset(theirs).update(values, where)["num_rows_updated"]
            except Exception as refusal:  # whatever the reference refuses with
                checks.equal(1, context.joust.finish("update", ours, "-w", where, *options).returncode, f"{what}: exit where Python says {refusal}")
                continue
            answer = context.joust.json("update", ours, "-w", where, *options)
            checks.equal((expected, lance.dataset(theirs).version), (answer["rows_updated"], answer["version"]), what)
            check_twins(checks, theirs, ours, what)
            if rng.random() < 0.3:
                doomed = WHERES[int(rng.integers(len(WHERES) - 2))] + " and id % 5 = 1"
                expected = lance.dataset(theirs).delete(doomed)["num_deleted_rows"]
                checks.equal(expected, context.joust.json("delete", ours, "-w", doomed)["rows_deleted"], f"{what}: then delete {doomed}")
                check_twins(checks, theirs, ours, f"{what}: then delete {doomed}")
        for values in BAD_SETS:
            options = [part for column, text in values.items() for part in ("--set", f"{column}={text}")]
            refused = context.joust.finish("update", ours, *options)
            checks.equal(1, refused.returncode, f"exit of {values}")
        check_twins(checks, theirs, ours, "after refusals")
    return Case(f"changing/{name}", run)


MATCHED_CONDITIONS = ["source.x > target.x", "source.s <> target.s or target.s is null", "target.flag", "source.id % 2 = 0 and target.f is not null"]
DOOMED_CONDITIONS = ["x > 0", "s like '%1%'", "flag and id is not null", "st.a = 3"]


def merge_case(context, storage, seed):
    name = f"merges of {storage} {seed}"

    def run(checks):
        rng = context.numpy(name)
        table = rows_of(rng, range(300), [None if i % 37 == 5 else i // 2 if i < 20 else i for i in range(300)], storage)
        theirs, ours = context.path(name + " theirs"), context.path(name + " ours")
        for path in (theirs, ours):
            lance.write_dataset(table, path, data_storage_version=storage, max_rows_per_file=110)
        for number in range(30 if context.full else 10):
            keys = ["id"] if rng.random() < 0.7 else ["id", "uid"]
            count = int(rng.integers(0, 60))
            ids = [None if rng.random() < 0.05 else int(v) for v in rng.permutation(400)[:count]]
            if rng.random() < 0.2 and count:
                ids[-1] = ids[0]
            source = rows_of(rng, [i if i is not None else -number for i in ids], ids, storage, f"merge {number}")
            if rng.random() < 0.4:
                source = source.select(["uid", "id", "x", "s", "flag", "f"])
            matched = ["update", "update", "ignore", "delete", "fail"][int(rng.integers(5))]
            inserts = bool(rng.random() < 0.6)
            deletes = matched != "delete" and bool(rng.random() < 0.25)  # both at once is an internal error of the reference
            condition = MATCHED_CONDITIONS[int(rng.integers(4))] if matched == "update" and rng.random() < 0.5 else None
            doomed = DOOMED_CONDITIONS[int(rng.integers(4))] if deletes and rng.random() < 0.7 else None
            if matched == "ignore" and not inserts and not deletes:
                inserts = True
            merge = lance.dataset(theirs).merge_insert(keys)
            if matched == "update":
                merge = merge.when_matched_update_all(condition)
            elif matched == "delete":
                merge = merge.when_matched_delete()
            elif matched == "fail":
                merge = merge.when_matched_fail()
            if inserts:
                merge = merge.when_not_matched_insert_all()
            if deletes:
                merge = merge.when_not_matched_by_source_delete(doomed)
            options = ["--on", ",".join(keys), "--matched", matched, "--not-matched", "insert" if inserts else "ignore",
                       "--not-matched-by-source", "delete" if deletes else "keep",
                       *(["--matched-if", condition] if condition else []), *(["--not-matched-by-source-if", doomed] if doomed else [])]
            what = f"merge {number} of {source.num_rows} rows, {len(source.column_names)} columns: {' '.join(options)}"
            file = context.joust.file(".arrow")
            with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, source.schema) as writer:
                writer.write_table(source)
            try:
                expected = merge.execute(source)
            except Exception as refusal:  # whatever the reference refuses with
                checks.equal(1, context.joust.finish("merge", file, ours, *options).returncode, f"{what}: exit where Python says {str(refusal)[:100]}")
                check_twins(checks, theirs, ours, what)
                continue
            try:
                answer = context.joust.json("merge", file, ours, *options)
            except JoustFailed as failure:
                checks.true(False, f"{what}: {failure}")
                return
            checks.equal([expected["num_inserted_rows"], expected["num_updated_rows"], expected["num_deleted_rows"]],
                         [answer["inserted"], answer["updated"], answer["deleted"]], what)
            check_twins(checks, theirs, ours, what)
    return Case(f"changing/{name}", run)


def cases(context):
    for seed in range(5 if context.full else 1):
        for storage in ("2.0", "2.1", "2.2"):
            yield update_case(context, storage, seed)
            yield merge_case(context, storage, seed)
        yield update_case(context, "2.2", seed, stable=True)
