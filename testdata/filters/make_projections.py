#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks the reference what expressions over the rows of make_filters.py and a few nested columns come to.

pip install -r ../requirements.txt; python make_projections.py
Writes beside this script: projection_rows.arrow; projections.arrow, a column per expression, called after it; and
projections_refused.txt, the expressions that the reference refuses, a line each. String views, which tables do not store,
are strings.
"""
import pathlib
import re
import sys
import tempfile

import lance
import pyarrow as pa

import make_filters

HERE = pathlib.Path(__file__).parent

# between them a bar; two are an operator
EXPRESSIONS = re.split(r"(?<!\|)\|(?!\|)", """
i32|i8 * 2|i8 + i16|u8 + 1|i64 + 1|f32 + 1|f32 * 2.5|f16 * 2|f16 + f16|f16 + f32|f32 + f64|i32 + f32|i64 + f32|u64 + 1|u64 + i64|u32 + i32|u8 + i8
u16 + i16|dec + 1|dec * 2|dec + dec|dec * dec|dec / 2|dec - 1|dec % 2|dec + f64|dec + i64|dec + u8|dec + f32|dec - i32|dec * i32|i32 - dec|u8 * dec
i32 / 3|i64 * 1000000000|i64 * i64|i8 * i8|-i8|-f16|-dec|-f64|f16 + i32|f16 * 1.5|u64 - u8|u64 * i32|u32 * u64|f64 % 2|f64 / 0|f32 / 0|i64 / -1|u8 - u8|u8 - i8
(i32 + 1) * 2|(i8 + 1) * 2|2 * i8|1 + i8 + 1|i8 * -1|-(i8 + i16)|i32 / 0|i32 % 0|i32 + 1.5|i8 + 1.0|u8 - 300|-u8|i32 + b|s + 1|i32 + s|i32 + '1'|b + 1
ts - ts_s|ts - ts|d32 - date '2024-01-01'|d32 - d64|ts + dur|dur + dur|dur - dur|ts_ns - ts|ts_utc - ts|ts - d32|d32 + 1|ts + 1|dur * 2|tz - ts_utc
i32 > 5|b AND NOT b|i32 > 5 AND b|s LIKE 'h%'|i32 IS NULL|i32 IN (1000)|i32 BETWEEN 1 AND 2|b > false|not b|not i32|i32 and b|b = 1|dic = 'a'|ts = ts_s|ts > d32
s || 'x'|ls || 'x'|concat(s, 'x')|concat(s, i32)|concat(i32, f64)|s || i32|s || null|dic || 'x'|concat_ws('-', s, i32, s)|i32 || i32
lower(s)|upper(ls)|length(s)|char_length(ls)|octet_length(s)|length(bin)|bit_length(s)|length(dic)|btrim(s)|ltrim(s)|rtrim(s)|btrim(s, 'a')|ltrim(s, 'ha')|rtrim(s, 'o')
starts_with(s, 'h')|ends_with(s, 'o')|contains(s, 'e')|replace(s, 'l', 'L')|replace(s, '', 'x')|reverse(s)|repeat(s, 2)|repeat(s, -1)|lpad(s, 10)|rpad(s, 10, '.')|lpad(s, 3)
left(s, 2)|right(s, 2)|left(s, -2)|right(s, -2)|initcap(s)|split_part(s, 'l', 1)|split_part(s, 'l', -1)|strpos(s, 'l')|ascii(s)|lower(i32)|upper(b)
regexp_like(s, 'h.l')|regexp_like(s, '^H', 'i')|regexp_like(ls, 'o')|regexp_replace(s, 'l', 'L')|regexp_replace(s, '[a-z]', '#', 'g')|regexp_like(s, '(')
coalesce(i32, 0)|coalesce(i8, i16, 5)|coalesce(s, 'none')|coalesce(f32, i32)|nullif(i32, 1000)|nullif(s, 'a')|nvl(i32, 0)|nvl2(i32, 1, 2)|coalesce(u8, i8)|coalesce(dec, 1)
coalesce(null, i32)|coalesce(i32, 1.5)|coalesce(d32, ts)|coalesce(b, false)|coalesce(ts, ts_s)|nullif(f64, 0)|nullif(i8, i16)|nullif(s, ls)|greatest(i8, i16)|least(i8, i16)
greatest(s, 'b')|coalesce(st.x, 0)|is_valid(s)|abs(i32)|abs(f32)|abs(dec)|abs(u8)|abs(i8)|abs(i8 - 1)|abs(s)|round(f64)|round(f32)|round(i32)|round(f64, 1)|round(dec)|round(dec, 1)
round(f32, 1)|round(i32, -2)|round(f64, -1)|round(u8)|signum(i32)|sqrt(i32)|sqrt(f32)|power(i32, 2)|isnan(f32)|isnan(i32)|iszero(f64)|trunc(f64, 1)
date_part('year', ts)|date_part('month', d32)|date_part('day', ts_utc)|date_part('hour', ts)|date_part('second', ts)|date_part('dow', ts)|date_part('doy', ts)|date_part('week', ts)
date_part('quarter', ts)|date_part('epoch', ts)|date_part('hour', tz)|date_part('millisecond', ts)|date_part('microsecond', ts)|date_part('nanosecond', ts)|date_part('isodow', ts)
date_part('epoch', d32)|date_part('hour', t32)|date_part('YEAR', ts)|date_part('nosuch', ts)|date_trunc('day', ts)|date_trunc('month', d32)|date_trunc('hour', ts_s)
date_trunc('hour', tz)|date_trunc('week', ts)|date_trunc('quarter', ts)|date_trunc('year', ts)|date_trunc('second', ts)|date_trunc('minute', ts_ns)|date_trunc('day', tz)|date_trunc('decade', ts)
to_timestamp(i32)|to_timestamp(ts)|to_timestamp_millis(i32)|to_timestamp_seconds(i32)|to_timestamp_micros(i32)|to_date(i8)
st.x|st.x + 1|st['x']|st.y.z|st['y']['z']|l[1]|l[2] + 1|l[0]|l[-1]|l[i8]|lstr[1]|lstr[1] || 'z'|v[1]|v[1] * 2|v[3]|l[1] = 1|v[1] > 3|st.nosuch|st.x = '5'
array_length(l)|array_length(v)|array_length(lstr)|cardinality(l)|array_has(l, 1)|array_has(lstr, '1')|array_contains(l, 1)|array_has(l, i8)|array_has_any(l, [1,2])
array_has_all(l, [1,2])|array_has_any(lstr, ['1','2'])|array_position(l, 1)|array_element(l, 1)|array_has(l, 'a')|array_length(s)|array_has(v, 1)
cast(i32 as bigint)|try_cast(i32 as tinyint)|cast(i32 as tinyint)|try_cast(f64 as int)|try_cast(f64 as bigint)|cast(f64 as int)|cast(f64 as float)|cast(f32 as double)|cast(i32 as float)
cast(i32 as double)|cast(i32 as string)|cast(f64 as string)|cast(f32 as string)|cast(f16 as string)|cast(b as string)|cast(b as int)|cast(i8 as boolean)|cast(f32 as boolean)
try_cast(s as int)|try_cast(s as double)|try_cast(s as boolean)|try_cast(s as date)|try_cast(s as timestamp)|cast(s as binary)|cast(bin as string)|cast(d32 as string)|cast(d64 as string)
cast(ts as string)|cast(ts_s as string)|cast(ts_ns as string)|cast(ts_utc as string)|cast(tz as string)|cast(t32 as string)|cast(t64 as string)|cast(ts as date)|cast(tz as date)
cast(d32 as timestamp)|cast(d64 as date)|cast(ts as timestamp(0))|cast(ts as timestamp(3))|cast(ts as timestamp(9))|cast(ts as timestamp(4))|cast(ts as datetime)|cast(ts as bigint)
cast(d32 as int)|cast(d32 as bigint)|cast(i32 as date)|cast(i32 as timestamp)|cast(dec as int)|cast(dec as double)|cast(dec as string)|cast(dec as decimal(5,1))|cast(dec as decimal(12,4))
cast(dec as decimal(3,2))|cast(i32 as decimal(10,2))|try_cast(i32 as decimal(5,2))|cast(dec as float)|cast(i32 as decimal)|cast(i32 as int unsigned)|try_cast(i32 as int unsigned)
try_cast(i32 as bigint unsigned)|try_cast(i32 as tinyint unsigned)|cast(u64 as double)|try_cast(u64 as bigint)|cast(u64 as string)|cast(u64 as float)|cast(ls as string)
cast(s as varchar)|cast(s as text)|cast(i32 as real)|cast(i32 as bool)|cast(i32 as integer)|cast(fsb as binary)|cast(lbin as binary)|cast(dic as string)|try_cast(dic as int)|cast(st as string)
case when b then 1 else 2 end|i8 & 1|substr(s, 2)|extract(year from ts)|nosuch(s)|nosuch
""".strip().replace("\n", "|"))


def rows() -> pa.Table:
    n = 16
    nested = pa.struct([("x", pa.int32()), ("y", pa.struct([("z", pa.string())]))])
    more = {
        "st": pa.array([{"x": i, "y": {"z": str(i)}} if i % 3 else None for i in range(n)], nested),
        "l": pa.array([list(range(i % 4)) if i % 5 else None for i in range(n)], pa.list_(pa.int32())),
        "lstr": pa.array([[str(k) for k in range(i % 4)] if i % 5 else None for i in range(n)], pa.list_(pa.string())),
        "dic": pa.array(["a", "b", None, "c"] * 4).dictionary_encode(),
        "tz": pa.array([None if i % 4 == 0 else i * 10**15 for i in range(n)], pa.timestamp("ns", "+02:00")),
        "dur": pa.array([None if i % 4 == 0 else i * 10**6 for i in range(n)], pa.duration("us")),
    }
    table = make_filters.rows()
    for name, column in more.items():
        table = table.append_column(name, column)
    return table


def stored(column):
    column = column.combine_chunks()
    return column.cast(pa.string()) if column.type == pa.string_view() else column


def main() -> None:
    table = rows()
    answers, refused = {}, []
    with tempfile.TemporaryDirectory() as folder:
        dataset = lance.write_dataset(table, folder + "/t.lance", data_storage_version="2.2")
        for text in dict.fromkeys(EXPRESSIONS):
            try:
                answers[text] = stored(dataset.to_table(columns={"o": text})["o"])
            except Exception:  # whatever the reference refuses with
                refused.append(text)
    for name, rows_of in (("projection_rows", table), ("projections", pa.table(answers))):
        with pa.OSFile(str(HERE / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, rows_of.schema) as writer:
            writer.write_table(rows_of)
    (HERE / "projections_refused.txt").write_text("\n".join(refused) + "\n", encoding="utf-8")
    print(len(answers), "answered,", len(refused), "refused, lance", lance.__version__, file=sys.stderr)


if __name__ == "__main__":
    main()
