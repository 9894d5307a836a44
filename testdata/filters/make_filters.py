#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks the reference which rows pass which filter, and writes rows.arrow and cases.tsv beside this script.

pip install -r ../requirements.txt; python make_filters.py
A line of cases.tsv: filter, tab, row numbers with commas between, or "error" where the reference refuses.
Rows and filters are fixed, so that a second run gives the same files.
"""
import datetime as dt
import decimal
import pathlib
import sys
import tempfile

import lance
import pyarrow as pa

HERE = pathlib.Path(__file__).parent
D = decimal.Decimal
NAN, INF = float("nan"), float("inf")


def rows() -> pa.Table:
    n = 16
    ints = [0, 1, -1, 2, 3, 5, 7, 100, 127, -128, 42, 43, None, 10, 20, None]
    small = [0, 1, 2, 3, 255, 200, 100, 50, 25, 12, 6, None, 3, 9, 10, None]
    floats = [0.0, -0.0, 1.5, -1.5, NAN, INF, -INF, 0.1, 100.25, 3.0, 2.5, None, 1e30, -1e-30, 7.0, None]
    words = ["", "a", "A", "hello", "Hello World", "naïve", "100%", "under_score", "back\\slash", "a'b", "日本語", None,
             "line\nbreak", "zebra", "hell", None]
    day = dt.date(2024, 1, 1)
    start = dt.datetime(2024, 1, 3, 12, 30, 15)
    days = [day + dt.timedelta(days=i * 10 - 30) if i % 5 else None for i in range(n)]
    times = [start + dt.timedelta(hours=i * 7) if i % 6 else None for i in range(n)]
    clock = [dt.time(i, 30, 15) if i % 4 else None for i in range(n)]
    decimals = [D(i * 25 - 100).scaleb(-2) if i % 7 else None for i in range(n)]
    blobs = [bytes([i, 97]) if i % 5 else None for i in range(n)]
    columns = {
        "i8": pa.array(ints, pa.int8()),
        "i16": pa.array([None if v is None else v * 100 for v in ints], pa.int16()),
        "i32": pa.array([None if v is None else v * 1000 for v in ints], pa.int32()),
        "i64": pa.array([None if v is None else v * 10**12 for v in ints], pa.int64()),
        "u8": pa.array(small, pa.uint8()),
        "u16": pa.array(small, pa.uint16()),
        "u32": pa.array([None if v is None else v * 10**7 for v in small], pa.uint32()),
        "u64": pa.array([None if v is None else 2**64 - 1 - v for v in small], pa.uint64()),
        "f16": pa.array([None if v is None else v if abs(v) < 60000 or v != v else INF for v in floats], pa.float16()),
        "f32": pa.array(floats, pa.float32()),
        "f64": pa.array(floats, pa.float64()),
        "b": pa.array([None if i % 5 == 4 else i % 3 == 0 for i in range(n)], pa.bool_()),
        "s": pa.array(words, pa.string()),
        "ls": pa.array(words, pa.large_string()),
        "bin": pa.array(blobs, pa.binary()),
        "lbin": pa.array(blobs, pa.large_binary()),
        "fsb": pa.array(blobs, pa.binary(2)),
        "d32": pa.array(days, pa.date32()),
        "d64": pa.array(days, pa.date64()),
        "t32": pa.array(clock, pa.time32("s")),
        "t64": pa.array(clock, pa.time64("us")),
        "ts": pa.array(times, pa.timestamp("us")),
        "ts_s": pa.array(times, pa.timestamp("s")),
        "ts_ns": pa.array(times, pa.timestamp("ns")),
        "ts_utc": pa.array(times, pa.timestamp("us", "UTC")),
        "dec": pa.array(decimals, pa.decimal128(10, 2)),
        "v": pa.FixedSizeListArray.from_arrays(pa.array([float(i) for i in range(2 * n)], pa.float32()), 2),
        "Mixed": pa.array(range(n), pa.int32()),
        "mixed2": pa.array(range(n), pa.int32()),
        "MIXED2": pa.array(range(100, 100 + n), pa.int32()),
        "my col": pa.array(range(n), pa.int32()),
        "select": pa.array(range(n), pa.int32()),
        "same": pa.array(small, pa.int64()),
    }
    return pa.table(columns)


def filters() -> list[str]:
    out = []
    for c in ["i8", "i16", "i32", "i64", "f16", "f32", "f64"]:
        out += [f"{c} > 1", f"{c} <= 0", f"{c} = -1", f"{c} != 2", f"{c} BETWEEN 1 AND 100", f"{c} IN (0, 1, 100)"]
    for c in ["u8", "u16", "u32", "u64"]:
        out += [f"{c} >= 3", f"{c} < 100", f"{c} = 3", f"{c} <> 3", f"{c} IN (3, NULL)"]
    for c in ["i32", "u64", "f32", "b", "s", "ls", "bin", "fsb", "d32", "d64", "t32", "t64", "ts", "ts_utc", "dec", "v"]:
        out += [f"{c} IS NULL", f"{c} IS NOT NULL"]
    out += """
i8 = 127
i8 = 128
i8 > -128
i8 < -128
i8 > -129
i8 >= 1.0
i32 = 3000.0
i32 = 1e3
i32 = '3000'
u8 = 300
u8 = -1
u8 > -1
u64 = 18446744073709551615
u64 > 9223372036854775807
u64 < 18446744073709551616
i64 = 100000000000000
i64 = 9223372036854775808
f32 = 0.1
f64 = 0.1
f16 = 0.1
f32 = 0
f32 = -0.0
f64 > 0
f64 >= 0
f64 < 0
f64 = 'x'
f32 > 1e30
f64 > 1e30
f64 = 3
f64 IN (3, 1.5, 0.1)
isnan(f64)
NOT isnan(f32)
f64 = f64
f64 != f64
f32 = f64
f32 < f64
f16 = f32
i8 < i16
i32 = i8
i64 > u64
i8 = u8
u8 = u16
i8 > f32
same = u8
s = ls
b = true
b = false
b
NOT b
b IS TRUE
b IS FALSE
b IS NOT TRUE
b IS NOT FALSE
b != true
b = NULL
b IN (true)
b AND i32 > 0
b OR i32 > 0
b AND NULL
b OR NULL
NOT (b OR i32 > 0)
NOT (b AND i32 > 0)
NOT (i32 > 0)
NOT i32 > 0
NOT NOT b
i32 > 0 AND i32 < 5000 OR s = 'a'
i32 > 0 AND (i32 < 5000 OR s = 'a')
s = 'a' OR i32 > 0 AND i32 < 5000
i32 = NULL
i32 != NULL
NULL
true
false
1 = 1
1 = 2
1 < 2 AND b
i32
i32 IN (1000, 2000)
i32 IN (1000, NULL)
i32 NOT IN (1000, 2000)
i32 NOT IN (1000, NULL)
i32 IN ()
i32 IN (NULL)
i32 NOT BETWEEN 0 AND 5000
i32 BETWEEN 5000 AND 0
i32 BETWEEN NULL AND 5000
i32 NOT BETWEEN NULL AND 5000
1000 = i32
1000 < i32
0 <= i32
5 BETWEEN 1 AND i8
i32 IS DISTINCT FROM 1000
i32 IS NOT DISTINCT FROM 1000
i32 IS DISTINCT FROM NULL
i32 IS NOT DISTINCT FROM NULL
i32 == 1000
(i32 = 1000)
((i32) = (1000))
s = 'hello'
s = "hello"
s != 'hello'
s > 'a'
s < 'a'
s >= 'hello'
s = ''
s = 'a''b'
s = 'naïve'
s = '日本語'
s IN ('a', 'A', 'hello')
s NOT IN ('a', 'A', 'hello')
s IN ("a", "b")
s BETWEEN 'a' AND 'hello'
ls = 'hello'
ls > 'hello'
ls IN ('a', 'zebra')
s = 1
s = NULL
s LIKE 'hel%'
s LIKE '%o%'
s LIKE '_'
s LIKE '__'
s LIKE '%'
s LIKE ''
s LIKE 'HELLO%'
s ILIKE 'HELLO%'
s ILIKE '%É%'
s ILIKE '%Ï%'
s NOT LIKE 'hel%'
s NOT ILIKE 'HEL%'
s LIKE '100\\%'
s LIKE '%\\%%'
s LIKE 'under\\_score'
s LIKE 'under_score'
s LIKE 'back\\\\slash'
s LIKE 'back\\slash'
s LIKE '%\\\\%'
s LIKE '日__'
s LIKE '%ï%'
s LIKE 'line%break'
s LIKE 'line_break'
s LIKE NULL
s LIKE 'a!%' ESCAPE '!'
ls LIKE '%e%'
i32 LIKE '1%'
s LIKE s
s LIKE ls
length(s) < 5
length(s) = 3
char_length(s) = 3
lower(s) = 'hello world'
upper(s) = 'A'
upper(s) LIKE 'HELL%'
starts_with(s, 'hel')
ends_with(s, 'o')
contains(s, 'e')
trim(s) = 'a'
s || 'x' = 'ax'
concat(s, 'x') = 'ax'
coalesce(s, 'none') = 'none'
coalesce(i32, 0) = 0
abs(i32) = 1000
abs(f64) = 1.5
round(f64) = 2
i32 + 1 = 1001
i32 + i32 = 2000
i32 - 1 < 0
i32 * 2 > 10000
i32 / 2000 = 1
i32 / 0 = 1
i32 % 2000 = 0
i32 % 2000 = 1000
-i32 > 0
- i32 = 1000
i8 + 1 > 127
i8 * i8 > 100
i8 + i16 > 1000
u8 - 1 > 100
u8 + 1 = 4
u8 / 2 = 1
f64 * 2 = 3
f64 / 0 > 0
f64 + 1 > 2.5
f32 + 0.1 > 1.5
i32 * 1.5 > 1000
i32 + f64 > 1000
i32 > i32 - 1
2 + 3 * 4 = 14
(2 + 3) * 4 = 20
10 - 2 - 3 = 5
100 / 10 / 5 = 2
7 / 2 = 3
-7 / 2 = -3
-7 % 3 = -1
i32 = 500 + 500
bin = X'0161'
bin = 0x0161
bin > X'05'
fsb = X'0161'
lbin = X'0161'
bin = 'a'
d32 = date '2023-12-12'
d32 > date '2024-01-01'
d32 < '2024-01-01'
d32 >= cast('2024-01-01' as date)
d64 > date '2024-01-01'
d32 = d64
d32 IN (date '2023-12-12', date '2024-01-01')
d32 BETWEEN date '2023-12-01' AND date '2024-01-31'
ts > timestamp '2024-01-04 00:00:00'
ts > '2024-01-04 00:00:00'
ts = timestamp '2024-01-03 19:30:15'
ts = timestamp '2024-01-03T19:30:15'
ts < timestamp '2024-01-05'
ts > date '2024-01-05'
ts_s > timestamp '2024-01-04 00:00:00'
ts_s = timestamp '2024-01-03 19:30:15.5'
ts_ns > timestamp '2024-01-04 00:00:00'
ts_utc > timestamp '2024-01-04 00:00:00'
ts_utc > timestamp '2024-01-04 00:00:00Z'
ts = ts_s
ts = ts_ns
ts > d32
ts > 5
t32 > '05:00:00'
t64 > cast('05:00:00' as time)
dec = 1.5
dec > 0
dec = 1
dec = decimal(10,2) '1.50'
dec > decimal(10,2) '0'
dec < decimal(10,2) '-0.5'
dec = '1.50'
dec = dec
dec > i32
cast(i32 as bigint) = 1000
cast(i32 as double) > 999.5
cast(f64 as int) = 1
cast(s as int) = 100
try_cast(s as int) = 100
cast(i32 as string) = '1000'
cast(i8 as float) = 100
v IS NOT NULL
v = 1
Mixed = 3
mixed = 3
MIXED = 3
`Mixed` = 3
`mixed` = 3
mixed2 = 3
MIXED2 = 103
Mixed2 = 3
`my col` = 3
my col = 3
`select` = 3
select = 3
"my col" = 3
I32 = 1000
nosuch = 1
s.x = 1
i33 = 1
i32 >
i32 > > 1
(i32 > 1
i32 > 1)
i32 = 'abc
i32 & 1 = 1
i32 ^ 1 = 1
CASE WHEN b THEN true ELSE false END
i32 = ANY(v)
EXISTS (SELECT 1)
i32 IN (SELECT 1)
nosuchfunction(i32) = 1
length(i32) = 1
i32 > 1; i32 < 2
i32 > 1 -- comment
i32 > /* comment */ 1
i32 > ?
i32 > 1_000
i32 > 1E3
i32 > .5
f64 > .5
f64 > 1.
f64 > +1
i32 is null
I32 Is Not Null And B
i32 IS NULL = true
(i32 > 0) = true
(i32 > 0) IS NULL
(i32 > 0) = (s IS NOT NULL)
i32 > 0 = true
s IS NULL AND i32 IS NULL
s IS NULL OR i32 IS NULL
NOT s IS NULL
is_valid(s)
nullif(i32, 1000) IS NULL
NOT i32 > 2.0
NOT f16 = 0.1
NOT f32 = 0.1
NOT (u8 <= 1000000000000 AND b)
NOT u64 = -1
NOT i32 IN (1000, 2000)
NOT f32 IN (0.1, 1.5)
f16 <= 1e30
f16 < 65519
f32 < 1e39
b IS DISTINCT FROM NULL AND upper(s) <= 'b'
(b IS DISTINCT FROM NULL) AND upper(s) <= 'b'
0 < (1 * u64)
2 >= (u16 + (7 * u64))
(u64 - i32) > u8
f64 = f64 * 0
f64 < f64 * f64
f32 - f32 = 0
f64 * 0 = 0
_rowid = 3
_rowid IN (1, 2)
_rowaddr > 10
""".strip("\n").split("\n")
    return list(dict.fromkeys(out))


def main() -> None:
    table = rows()
    numbered = table.append_column("row_number", pa.array(range(table.num_rows), pa.int32()))
    with tempfile.TemporaryDirectory() as folder:
        ds = lance.write_dataset(numbered, folder + "/t.lance")
        lines = []
        for text in filters():
            try:
                found = ds.to_table(columns=["row_number"], filter=text)["row_number"].to_pylist()
                counted = ds.count_rows(filter=text)
                assert counted == len(found), (text, counted, found)
                answer = ",".join(map(str, found))
            except AssertionError:
                raise
            except Exception:  # whatever the reference refuses with
                answer = "error"
            lines.append(f"{text}\t{answer}")
    with pa.OSFile(str(HERE / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    (HERE / "cases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "filters, lance", lance.__version__, file=sys.stderr)


if __name__ == "__main__":
    main()
