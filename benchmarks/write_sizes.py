# SPDX-License-Identifier: Apache-2.0
"""Writes the same columns by Joust and by the reference, one file for each column, kind, row count and version, and
compares what they take: bytes of pages and their metadata, pages, and the chunks a reader fetches one by one.

Rows come from Arrow files that both read, so that both see the same cuts. Every file of Joust is read back by the
reference, which compares it with the rows."""
import argparse
import json
import pathlib
import shutil
import struct
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa

import harness

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "differential"))
import joust  # noqa: E402
import loop  # noqa: E402

SEED = 20261121
VERSIONS = ["2.1", "2.2"]
ROWS = [7, 1024, 20_000, 200_000]
BATCH_ROWS = 8192
FOOTER_BYTES = 40


# ---------------------------------------------------------------- columns

WORDS = ("the of and to in is was he for it with as his on be at by had not are but from or have an they which one you were all her "
         "she there would their we him been has when who will no more if out so up said what its about than into them can only other "
         "time new some could these two may first then do any like my now over such our man me even most made after also did many off "
         "before must well back through years much where your way down should because long each just state those people too mister how "
         "little good world make very year still see own work men day get here old between both life being under three never know same "
         "last another while us might great go since against right came take used himself few house american use place during high "
         "without again home around small however found mrs part school thought went say general once upon war left every").split()
CJK = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从"


def ids(n, rng):
    return np.arange(n)


def sentence(rng, least, most):
    return " ".join(WORDS[i] for i in np.minimum(rng.zipf(1.3, rng.integers(least, most + 1)) - 1, len(WORDS) - 1))


def some(make, most=200_000):
    """Text that is slow to make, of no more rows than that."""
    return lambda n, rng: pa.array([make(rng) for _ in range(min(n, most))])


def every(make):
    def column(n, rng):
        return pa.array([make(rng, i) for i in range(n)])
    return column


def document(rng, i):
    return json.dumps({"id": i, "user": f"user{rng.integers(5000)}", "tags": [WORDS[k] for k in rng.integers(0, 100, rng.integers(0, 4))],
                       "score": round(float(rng.random()), 4), "active": bool(rng.integers(2))})


def cases():
    """Name to a maker of a column: (row count, random source) -> array."""
    def decimal(bits, n, values):
        width = bits // 8
        raw = b"".join(int(value).to_bytes(width, "little", signed=True) for value in values)
        kind = pa.decimal128(20, 2) if bits == 128 else pa.decimal256(40, 2)
        return pa.Array.from_buffers(kind, n, [None, aligned(raw)])

    def aligned(raw):
        """The reference reads decimals in place."""
        buffer = pa.allocate_buffer(len(raw))
        np.frombuffer(buffer, np.uint8)[:] = np.frombuffer(raw, np.uint8)
        return buffer

    def lists(n, rng, items, most=8):
        lengths = rng.integers(0, most + 1, n)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), items(int(offsets[-1]), rng))

    def vectors(n, rng, dimension, kind=np.float32):
        if kind == np.int8:
            values = rng.integers(-128, 128, n * dimension).astype(np.int8)
        else:
            values = rng.standard_normal(n * dimension).astype(kind)
        return pa.FixedSizeListArray.from_arrays(pa.array(values), dimension)

    def fixed_bytes(n, rng, width, pool=None):
        if pool:
            items = rng.integers(0, 256, (pool, width)).astype(np.uint8)
            raw = items[rng.integers(0, pool, n)].tobytes()
        else:
            raw = rng.bytes(n * width)
        return pa.Array.from_buffers(pa.binary(width), n, [None, pa.py_buffer(raw)])

    ints = {
        "int8 full range": lambda n, rng: pa.array(rng.integers(-128, 128, n), pa.int8()),
        "uint8 small": lambda n, rng: pa.array(rng.integers(0, 10, n), pa.uint8()),
        "int16 full range": lambda n, rng: pa.array(rng.integers(-32768, 32768, n), pa.int16()),
        "uint16 small": lambda n, rng: pa.array(rng.integers(0, 1000, n), pa.uint16()),
        "int32 full range": lambda n, rng: pa.array(rng.integers(-2**31, 2**31, n), pa.int32()),
        "int32 small": lambda n, rng: pa.array(rng.integers(0, 100_000, n), pa.int32()),
        "int32 around zero": lambda n, rng: pa.array(rng.integers(-100, 100, n), pa.int32()),
        "int32 10 values": lambda n, rng: pa.array(rng.integers(0, 10, n) * 7_000_003, pa.int32()),
        "int32 runs": lambda n, rng: pa.array(np.repeat(rng.integers(0, 2**30, n // 20 + 1), 20)[:n], pa.int32()),
        "int32 short runs": lambda n, rng: pa.array(np.repeat(rng.integers(0, 2**30, n // 3 + 1), 3)[:n], pa.int32()),
        "int64 full range": lambda n, rng: pa.array(rng.integers(-2**63, 2**63, n, dtype=np.int64)),
        "int64 id": lambda n, rng: pa.array(np.arange(n)),
        "int64 large ids": lambda n, rng: pa.array(np.cumsum(rng.integers(1, 1000, n)) + (1 << 40)),
        "int64 sorted, repeated": lambda n, rng: pa.array(np.sort(rng.integers(0, n // 4 + 1, n))),
        "int64 5 values": lambda n, rng: pa.array(rng.choice(rng.integers(-2**62, 2**62, 5), n)),
        "int64 3000 values": lambda n, rng: pa.array(rng.choice(rng.integers(-2**62, 2**62, 3000), n)),
        "int64 runs": lambda n, rng: pa.array(np.repeat(rng.integers(0, 2**62, n // 50 + 1), 50)[:n]),
        "uint64 hashes": lambda n, rng: pa.array(rng.integers(0, 2**64, n, dtype=np.uint64)),
        "int64 all equal": lambda n, rng: pa.array(np.full(n, 1 << 50)),
        "int64 mostly zero": lambda n, rng: pa.array(np.where(rng.random(n) < 0.98, 0, rng.integers(0, 2**40, n))),
    }
    floats = {
        "halffloat": lambda n, rng: pa.array(rng.standard_normal(n).astype(np.float16)),
        "float normal": lambda n, rng: pa.array(rng.standard_normal(n).astype(np.float32)),
        "float in 0 to 1": lambda n, rng: pa.array(rng.random(n).astype(np.float32)),
        "double normal": lambda n, rng: pa.array(rng.standard_normal(n)),
        "double in 0 to 1": lambda n, rng: pa.array(rng.random(n)),
        "double prices": lambda n, rng: pa.array(np.round(rng.random(n) * 100, 2)),
        "double whole": lambda n, rng: pa.array(rng.integers(0, 1000, n).astype(np.float64)),
        "decimal128 prices": lambda n, rng: decimal(128, n, rng.integers(0, 10_000_000, n)),
        "decimal128 few": lambda n, rng: decimal(128, n, rng.integers(0, 50, n)),
        "decimal256": lambda n, rng: decimal(256, n, rng.integers(0, 10**15, n)),
        "bool": lambda n, rng: pa.array(rng.random(n) < 0.5),
        "bool rare": lambda n, rng: pa.array(rng.random(n) < 0.01),
        "timestamp us sorted": lambda n, rng: pa.array(np.cumsum(rng.integers(0, 10**6, n)) + 1_700_000_000_000_000, pa.timestamp("us", "UTC")),
        "timestamp s": lambda n, rng: pa.array(rng.integers(1_600_000_000, 1_700_000_000, n), pa.timestamp("s")),
        "date32": lambda n, rng: pa.array(rng.integers(18_000, 20_000, n).astype(np.int32), pa.date32()),
        "time64 us": lambda n, rng: pa.array(rng.integers(0, 86_400_000_000, n), pa.time64("us")),
        "duration ns": lambda n, rng: pa.array(rng.integers(-10**9, 10**9, n), pa.duration("ns")),
    }
    texts = {
        "string short": every(lambda rng, i: f"{rng.integers(36**4):x}"),
        "string letters": every(lambda rng, i: "abcdefghij"[int(rng.integers(10))]),
        "string codes": every(lambda rng, i: f"AB-{rng.integers(1000):03d}-{'XYZ'[int(rng.integers(3))]}"),
        "string 12 values": lambda n, rng: pa.array([WORDS[i] for i in rng.integers(0, 12, n)]),
        "string 2000 values": lambda n, rng: pa.array([f"customer-{i * 7919 % 100_003:06d}" for i in rng.integers(0, 2000, n)]),
        "string sorted": lambda n, rng: pa.array([f"key-{i:010d}" for i in range(n)]),
        "string words": some(lambda rng: sentence(rng, 4, 12)),
        "string sentences": some(lambda rng: sentence(rng, 20, 60), 50_000),
        "string pages": some(lambda rng: sentence(rng, 200, 900), 20_000),
        "string paths": every(lambda rng, i: f"s3://pictures/{rng.integers(1 << 60):015x}/{i:07d}.jpg"),
        "string urls": every(lambda rng, i: f"https://www.{WORDS[int(rng.integers(100))]}.com/{WORDS[int(rng.integers(100))]}/{WORDS[int(rng.integers(100))]}?id={rng.integers(10**6)}"),
        "string uuids": every(lambda rng, i: (lambda h: f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}")(rng.bytes(16).hex())),
        "string json": every(document),
        "string cjk": some(lambda rng: "".join(CJK[i] for i in rng.integers(0, len(CJK), rng.integers(5, 40)))),
        "string mostly empty": every(lambda rng, i: sentence(rng, 1, 5) if rng.random() < 0.05 else ""),
        "string runs": lambda n, rng: pa.array([f"host-{i // 100:05d}.example.org" for i in range(n)]),
        "large_string words": lambda n, rng: some(lambda rng: sentence(rng, 4, 12))(n, rng).cast(pa.large_string()),
        "binary hashes": lambda n, rng: pa.array([rng.bytes(20) for _ in range(n)]),
        "binary 1 KB": lambda n, rng: pa.array([rng.bytes(1000) for _ in range(min(n, 20_000))]),
        "binary words": lambda n, rng: some(lambda rng: sentence(rng, 4, 12))(n, rng).cast(pa.binary()),
        "fixed_size_binary:16": lambda n, rng: fixed_bytes(n, rng, 16),
        "fixed_size_binary:16 few": lambda n, rng: fixed_bytes(n, rng, 16, 100),
        "fixed_size_binary:32": lambda n, rng: fixed_bytes(n, rng, 32),
        "fixed_size_binary:300": lambda n, rng: fixed_bytes(n, rng, 300),
    }
    nested = {
        "vector 16 x float": lambda n, rng: vectors(n, rng, 16),
        "vector 128 x float": lambda n, rng: vectors(min(n, 50_000), rng, 128),
        "vector 64 x int8": lambda n, rng: vectors(n, rng, 64, np.int8),
        "vector 4 x halffloat": lambda n, rng: vectors(n, rng, 4, np.float16),
        "list<int32>": lambda n, rng: lists(n, rng, lambda k, r: pa.array(r.integers(0, 1000, k), pa.int32())),
        "list<int64> full range": lambda n, rng: lists(n, rng, lambda k, r: pa.array(r.integers(-2**63, 2**63, k, dtype=np.int64))),
        "list<string>": lambda n, rng: lists(n, rng, lambda k, r: pa.array([WORDS[i] for i in r.integers(0, len(WORDS), k)]), 4),
        "list<float> of one length": lambda n, rng: pa.ListArray.from_arrays(pa.array(np.arange(n + 1, dtype=np.int32) * 3), pa.array(rng.random(3 * n).astype(np.float32))),
        "list<list<int32>>": lambda n, rng: lists(n, rng, lambda k, r: lists(k, r, lambda m, s: pa.array(s.integers(0, 100, m), pa.int32()), 3), 3),
        "list<int32> mostly empty": lambda n, rng: lists_of(np.where(rng.random(n) < 0.9, 0, rng.integers(1, 5, n)), rng),
        "list<int32> mostly null": lambda n, rng: with_nulls(lists(n, rng, lambda k, r: pa.array(r.integers(0, 1000, k), pa.int32())), rng, 0.95),
        "struct": lambda n, rng: pa.StructArray.from_arrays(
            [pa.array(rng.integers(0, 1000, n)), pa.array(rng.standard_normal(n)), pa.array([WORDS[i] for i in rng.integers(0, len(WORDS), n)])], ["a", "b", "c"]),
    }

    def lists_of(lengths, rng):
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(rng.integers(0, 1000, int(offsets[-1])), pa.int32()))

    def with_nulls(array, rng, share):
        import pyarrow.compute as pc
        if pa.types.is_list(array.type):
            lengths = np.diff(array.offsets.to_numpy())
            nulls = rng.random(len(array)) < share
            keep = np.repeat(~nulls, lengths)
            offsets = np.concatenate([[0], np.cumsum(np.where(nulls, 0, lengths))]).astype(np.int32)
            return pa.ListArray.from_arrays(pa.array(offsets), array.values.filter(pa.array(keep)), mask=pa.array(nulls))
        if pa.types.is_struct(array.type):
            return pa.StructArray.from_arrays([array.field(i) for i in range(array.type.num_fields)], fields=list(array.type), mask=pa.array(rng.random(len(array)) < share))
        return pc.if_else(pa.array(rng.random(len(array)) >= share), array, pa.scalar(None, array.type))

    every_case = ints | floats | texts | nested
    for name, shares in (("int32 small", (0.01, 0.5, 0.99)), ("int64 full range", (0.1, 0.9)), ("int64 5 values", (0.1,)), ("double normal", (0.1, 0.9)),
                         ("bool", (0.1,)), ("string words", (0.01, 0.5, 0.99)), ("string 12 values", (0.1,)), ("string paths", (0.1,)), ("string pages", (0.5,)), ("vector 16 x float", (0.1,)),
                         ("vector 128 x float", (0.1,)), ("list<int32>", (0.1, 0.5)), ("list<string>", (0.1,)), ("struct", (0.1,)), ("timestamp s", (0.1,)),
                         ("decimal128 prices", (0.2,)), ("int64 id", (0.05,)), ("int64 all equal", (0.1, 0.9)), ("int32 runs", (0.1,))):
        for share in shares:
            make = every_case[name]
            every_case[f"{name}, {share:.0%} null"] = lambda n, rng, make=make, share=share: with_nulls(make(n, rng), rng, share)
    return every_case


ENCODINGS = {
    "lz4": {"compression": "lz4"}, "zstd": {"compression": "zstd"}, "none": {"compression": "none"}, "fsst": {"compression": "fsst"},
    "zstd, no bss": {"compression": "zstd", "bss": "off"},
}


def encoded_cases():
    """Columns with the metadata that asks for an encoding."""
    known = cases()
    for name in ("double prices", "float normal", "int64 id", "int32 small", "timestamp us sorted", "string words", "string urls", "string sentences", "string pages", "int32 runs", "list<int32>"):
        for encoding, keys in ENCODINGS.items():
            if encoding == "fsst" and not name.startswith("string") or encoding == "zstd, no bss" and name.startswith("string"):
                continue
            yield f"{name} [{encoding}]", known[name], {f"lance-encoding:{key}": value for key, value in keys.items()}


def annotate(field, metadata):
    """Compression is asked for at the leaf."""
    if pa.types.is_list(field.type):
        return field.with_type(pa.list_(annotate(field.type.value_field, metadata)))
    return field.with_metadata(metadata)


# ---------------------------------------------------------------- files

def fields(message):
    """Numbers and values of a protobuf message: integers, or bytes."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 0:
            value, at = varint(message, at)
        elif key & 7 == 2:
            length, at = varint(message, at)
            value, at = message[at:at + length], at + length
        elif key & 7 == 1:
            value, at = message[at:at + 8], at + 8
        else:
            value, at = message[at:at + 4], at + 4
        yield key >> 3, value


def varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def packed(message):
    at = 0
    while at < len(message):
        value, at = varint(message, at)
        yield value


def first(message, number, default=b""):
    return next((value for key, value in fields(message) if key == number), default)


NAMES = {1: "flat", 2: "variable", 3: "constant", 4: "ool", 5: "inline", 6: "fsst", 7: "dictionary", 8: "rle", 9: "bss", 10: "general", 11: "fsl", 12: "packed", 13: "vpacked"}


def compression(message):
    """The tree of a CompressiveEncoding, in short."""
    for kind, value in fields(message):
        inner = {4: 3, 6: 2, 9: 1, 10: 3, 11: 2}.get(kind)
        extra = ""
        if kind == 10:
            extra = {1: "lz4", 2: "zstd"}.get(first(first(value, 1), 1, 0), "?") + ":"
        if kind == 1:
            extra = str(first(value, 1, 0))
        return NAMES.get(kind, str(kind)) + (f"({extra}{compression(first(value, inner))})" if inner else extra)
    return "?"


def describe(layout):
    """Layout and compression of a page, in short, and its chunk count by bytes of chunk words (0 if it has none)."""
    for kind, value in fields(layout):
        if kind == 1:
            wide = first(value, 10, 0)
            dictionary = first(value, 4)
            text = "mini " + compression(first(value, 3)) + (f" D({compression(dictionary)})" if dictionary else "")
            for number, name in ((1, "rep"), (2, "def")):
                if first(value, number):
                    text += f" {name} {compression(first(value, number))}"
            return text, 4 if wide else 2
        if kind == 2:
            return "constant", 0
        if kind == 3:
            return "zip " + compression(first(value, 7)), 0
        return "blob", 0
    return "?", 0


def measure(path):
    """Bytes, pages, chunks and encodings of the columns of a data file."""
    data = pathlib.Path(path).read_bytes()
    columns_at, table_at, _, _, count = struct.unpack_from("<QQQII", data, len(data) - FOOTER_BYTES)
    result = {"file": len(data), "bytes": 0, "pages": 0, "chunks": 0, "encodings": []}
    for column in range(count):
        at, size = struct.unpack_from("<QQ", data, table_at + 16 * column)
        result["bytes"] += size
        for number, page in fields(data[at:at + size]):
            if number != 2:
                continue
            result["pages"] += 1
            sizes = list(packed(first(page, 2)))
            result["bytes"] += sum(sizes)
            any_message = first(first(first(page, 4), 2), 1)
            text, word = describe(first(any_message, 2))
            result["chunks"] += sizes[0] // word if word else 0
            if text not in result["encodings"]:
                result["encodings"].append(text)
    return result


def data_file(folder):
    found = list(pathlib.Path(folder, "data").glob("*.lance"))
    assert len(found) == 1, found
    return found[0]


# ---------------------------------------------------------------- comparison

def run(options):
    import lance

    chosen = [(name, make, {}) for name, make in cases().items()] + list(encoded_cases())
    chosen = [case for case in chosen if options.only in case[0]]
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="write-sizes-", dir=options.scratch))
    ours = loop.JoustLoop(scratch / "joust", options.kernels)
    rows = []
    try:
        for name, make, metadata in chosen:
            for n in options.rows:
                if metadata and n not in (20_000, 200_000):
                    continue
                array = make(n, np.random.default_rng(SEED))
                field = pa.field("c", array.type)
                field = annotate(field, metadata) if metadata else field
                table = pa.table([array.cast(field.type)], schema=pa.schema([field]))
                source = scratch / "rows.arrow"
                with pa.OSFile(str(source), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
                    writer.write_table(table, max_chunksize=BATCH_ROWS)
                # of slices, the reference would count all that they are slices of
                copied = pa.Table.from_batches([batch.take(np.arange(len(batch))) for batch in table.to_batches(max_chunksize=BATCH_ROWS)], table.schema)
                for version in options.versions:
                    theirs = scratch / "theirs.lance"
                    mine = scratch / "ours.lance"
                    shutil.rmtree(theirs, ignore_errors=True)
                    shutil.rmtree(mine, ignore_errors=True)
                    lance.write_dataset(copied, str(theirs), data_storage_version=version)
                    ours.run("import", source, mine, "--storage-version", version)
                    row = {"kind": name, "asked": n, "rows": len(table), "version": version, "ours": measure(data_file(mine)), "theirs": measure(data_file(theirs))}
                    row["ratio"] = round(row["ours"]["bytes"] / row["theirs"]["bytes"], 4)
                    row["wrong"] = wrong(mine, table, options)
                    rows.append(row)
                    if options.verbose or row["ratio"] > 1.05 or row["wrong"]:
                        print(f"{name:34} {len(table):7} {version} {row['ours']['bytes']:10} {row['theirs']['bytes']:10} {row['ratio']:.3f} "
                              f"pages {row['ours']['pages']}/{row['theirs']['pages']} chunks {row['ours']['chunks']}/{row['theirs']['chunks']} "
                              f"{row['ours']['encodings']} / {row['theirs']['encodings']} {row['wrong'] or ''}", flush=True)
    finally:
        ours.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    return rows


def wrong(folder, table, options):
    """What the reference finds wrong with a table of ours, by scan, take and validation."""
    if options.no_read:
        return None
    import lance
    try:
        dataset = lance.dataset(str(folder))
        dataset.validate()
        if not dataset.to_table().combine_chunks().equals(table.combine_chunks()):
            return "scan differs"
        picked = np.unique(np.random.default_rng(SEED).integers(0, len(table), 40))
        if not dataset.take(picked).combine_chunks().equals(table.take(picked).combine_chunks()):
            return "take differs"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return f"{type(error).__name__}: {str(error)[:300]}"
    return None


def report(result):
    rows = result["rows"]
    lines = ["# Size of what is written, beside the reference", "",
             "Each column alone in a file, written by both from the same Arrow file in batches of 8,192 rows; bytes of its pages with their",
             "metadata, Joust's over the reference's. Pages and chunks are what a reader fetches one by one.", "",
             harness.about_run(result), "", f"Command: `{result['command']}`", ""]
    for version in VERSIONS:
        of = [row for row in rows if row["version"] == version]
        if not of:
            continue
        ours, theirs = sum(row["ours"]["bytes"] for row in of), sum(row["theirs"]["bytes"] for row in of)
        over = [row for row in of if row["ratio"] > 1.05]
        mean = float(np.exp(np.mean([np.log(row["ratio"]) for row in of])))
        lines += [f"**{version}**: {len(of)} files, {ours:,} bytes beside {theirs:,}: {ours / theirs:.3f} in total, geometric mean of the ratios {mean:.3f}, "
                  f"worst {max(row['ratio'] for row in of):.3f}, over 1.05: {len(over)}; wrong when read back: {sum(1 for row in of if row['wrong'])}. "
                  f"Chunks {sum(row['ours']['chunks'] for row in of):,} beside {sum(row['theirs']['chunks'] for row in of):,}, "
                  f"pages {sum(row['ours']['pages'] for row in of):,} beside {sum(row['theirs']['pages'] for row in of):,}.", ""]
    counts = sorted({row["asked"] for row in rows})
    lines += ["| column | " + " | ".join(f"{version}, {n:,} rows" for version in VERSIONS for n in counts) + " | as (2.2, most rows) | the reference |",
              "|---|" + "---|" * (len(VERSIONS) * len(counts) + 2)]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        cells = []
        for version in VERSIONS:
            for n in counts:
                row = next((row for row in rows if (row["kind"], row["asked"], row["version"]) == (kind, n, version)), None)
                cells.append("" if row is None else f"{row['ratio']:.2f}")
        last = [row for row in rows if row["kind"] == kind][-1]
        lines.append(f"| {kind} | " + " | ".join(cells) + f" | {'; '.join(last['ours']['encodings'])} | {'; '.join(last['theirs']['encodings'])} |")
    return "\n".join(lines) + "\n"


def command(options):
    """What makes the same figures again."""
    words = ["benchmarks/write-sizes"]
    if options.rows != ROWS:
        words += ["--rows", *map(str, options.rows)]
    if options.versions != VERSIONS:
        words += ["--versions", *options.versions]
    if options.only:
        words += ["--only", repr(options.only)]
    return " ".join([*words, "--out benchmarks/results"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=ROWS)
    parser.add_argument("--versions", nargs="*", default=VERSIONS)
    parser.add_argument("--only", default="", help="kinds whose name has this text")
    parser.add_argument("--kernels", default="simd")
    parser.add_argument("--no-read", action="store_true", help="do not let the reference read what was written")
    parser.add_argument("--verbose", action="store_true", help="print every file, not only those over 1.05")
    parser.add_argument("--scratch", help="where to write")
    parser.add_argument("--out", type=pathlib.Path, help="folder of the report")
    options = parser.parse_args()
    started = time.strftime("%Y-%m-%d %H:%M", time.gmtime()) + " UTC"
    rows = run(options)
    result = {"started": started, "command": command(options), "machine": harness.machine(), "versions": harness.python_versions(), "rows": rows}
    text = report(result)
    if options.out:
        (options.out / "write-sizes.md").write_text(text)
        head = json.dumps({key: value for key, value in result.items() if key != "rows"}, indent=1)
        each = ",\n".join("  " + json.dumps(row) for row in rows)
        (options.out / "write-sizes.json").write_text(head.removesuffix("\n}") + ',\n "rows": [\n' + each + "\n ]\n}\n")
    print("\n".join(text.splitlines()[:14]))
    return 1 if any(row["wrong"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
