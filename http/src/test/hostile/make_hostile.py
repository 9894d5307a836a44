# SPDX-License-Identifier: Apache-2.0
"""Makes hostile.zip: files that nobody may store as pictures, each made to do harm or to be refused.

    pip install pillow==13.0.0 numpy==2.4.6
    python make_hostile.py

The first part of an entry's name says why it is refused: wrong (no picture, or one of a kind that is not read), cut,
bomb (claims or inflates to far more than it is), exif, polyglot (a picture and something else), damaged.
"""
import io
import pathlib
import random
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/joust/http/hostile.zip"
FILES = {}
rng = np.random.default_rng(20261122)
y, x = np.mgrid[0:40, 0:60]
PICTURE = Image.fromarray(np.stack([128 + 100 * np.sin(x / 9 + y / 7 + c) for c in range(3)], -1).astype(np.uint8))


def add(name, data):
    assert name not in FILES and len(data) > 0, name
    FILES[name] = bytes(data)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, bits=8, colour=2, before=b"", after=b""):
    header = struct.pack(">IIBBBBB", width & 0xffffffff, height & 0xffffffff, bits, colour, 0, 0, 0)
    idat = chunk(b"IDAT", data) if data is not None else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + idat + after + chunk(b"IEND", b"")


def segment(marker, data):
    return bytes([0xff, marker]) + struct.pack(">H", len(data) + 2) + data


def after_start(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def riff(*chunks):
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) & 1) for k, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def u24(value):
    return struct.pack("<I", value)[:3]


def tiff(entries, data=b"", following=0):
    """`entries` are (tag, type, count, value or offset); `data` is behind the directory."""
    table = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + struct.pack("<I", following) + data


def tiff_page(width=60, height=40, **changes):
    tags = {"width": (256, 4, 1, width), "height": (257, 4, 1, height), "bits": (258, 3, 1, 8), "compression": (259, 3, 1, 1),
            "colours": (262, 3, 1, 1), "offset": (273, 4, 1, 200), "samples": (277, 3, 1, 1), "rows": (278, 4, 1, height),
            "bytes": (279, 4, 1, 2400)}
    tags |= changes
    return tiff([t for t in tags.values() if t]).ljust(200, b"\0") + bytes(2400)


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as jar:
        for name in ("META-INF/MANIFEST.MF", "Evil.class"):
            jar.writestr(zipfile.ZipInfo(name), b"\xca\xfe\xba\xbe" * 10)
    return out.getvalue()


JPEG = encoded(PICTURE, "JPEG")
PROGRESSIVE = encoded(PICTURE, "JPEG", progressive=True)
PNG = encoded(PICTURE, "PNG")
GIF = encoded(PICTURE.quantize(50), "GIF")
BMP = encoded(PICTURE, "BMP")
WEBP = encoded(PICTURE, "WEBP", quality=80)
LOSSLESS = encoded(PICTURE, "WEBP", lossless=True)
TIFF = encoded(PICTURE, "TIFF", compression="tiff_lzw")


def wrong():
    add("wrong/text", b"just words, however often one calls them a picture\n" * 20)
    add("wrong/page", b"<!DOCTYPE html><html><script>alert(1)</script></html>")
    add("wrong/drawing", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    add("wrong/document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
    add("wrong/archive", archive())
    add("wrong/program", b"MZ\x90\0" + bytes(200))
    add("wrong/binary", b"\x7fELF\2\1\1" + bytes(200))
    add("wrong/class", b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(100))
    add("wrong/gzip", b"\x1f\x8b\x08" + bytes(100))
    add("wrong/film", b"\0\0\0\x20ftypisom" + bytes(100))
    add("wrong/heif", b"\0\0\0\x18ftypheic" + bytes(100))
    add("wrong/avif", encoded(PICTURE, "AVIF"))
    add("wrong/jpeg2000", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100))
    add("wrong/jpegxl", b"\xff\x0a" + bytes(100))
    add("wrong/photoshop", b"8BPS\0\1" + bytes(100))
    add("wrong/icon", encoded(PICTURE, "ICO"))
    add("wrong/sound", b"RIFF" + struct.pack("<I", 100) + b"WAVEfmt " + bytes(92))
    add("wrong/big-tiff", b"II+\0\x08\0\0\0" + bytes(100))
    add("wrong/one-byte", b"\xff")
    add("wrong/zeros", bytes(5000))
    add("wrong/noise", rng.integers(0, 256, 5000, dtype=np.uint8).tobytes())
    add("wrong/letters-of-a-bitmap", b"BM is what this text starts with, and it is no bitmap for that")


def cut():
    whole = {"baseline.jpg": JPEG, "progressive.jpg": PROGRESSIVE, "inks.jpg": encoded(PICTURE.convert("CMYK"), "JPEG"), "plain.png": PNG,
             "plain.gif": GIF, "films.gif": encoded(PICTURE, "GIF", save_all=True, append_images=[PICTURE.rotate(90)]), "plain.bmp": BMP,
             "lossy.webp": WEBP, "lossless.webp": LOSSLESS, "alpha.webp": encoded(PICTURE.convert("RGBA"), "WEBP"), "strips.tif": TIFF,
             "fax.tif": encoded(PICTURE.convert("1"), "TIFF", compression="group4")}
    for name, data in whole.items():
        add(f"cut/half-{name}", data[:len(data) // 2])
        add(f"cut/last-byte-{name}", data[:-1])
        add(f"cut/header-of-{name}", data[:30])


def bombs():
    add("bomb/50000.png", png(50000, 50000, zlib.compress(bytes(100000))))
    add("bomb/most.png", png(-1, -1, zlib.compress(b"0")))
    add("bomb/no-room.png", png(6000, 6000, zlib.compress(bytes(1000)), 16, 6))
    add("bomb/no-width.png", png(0, 10, zlib.compress(bytes(100))))
    zeros = zlib.compress(bytes(64 << 20), 9)
    add("bomb/pixels.png", png(4, 4, zeros))
    add("bomb/profile.png", png(4, 4, zlib.compress(bytes(52)), before=chunk(b"iCCP", b"x\0\0" + zeros)))
    add("bomb/text.png", png(4, 4, zlib.compress(bytes(52)), after=chunk(b"zTXt", b"x\0\0" + zeros)))
    add("bomb/unicode.png", png(4, 4, zlib.compress(bytes(52)), after=chunk(b"iTXt", b"x\0\1\0en\0x\0" + zeros)))
    add("bomb/canvas.gif", GIF[:6] + b"\xff" * 4 + GIF[10:])
    at = GIF.index(b"," + bytes(4) + struct.pack("<HH", 60, 40))
    add("bomb/picture.gif", GIF[:at + 5] + b"\xff" * 4 + GIF[at + 9:])
    for name, width, height in (("huge", 2**31 - 1, 2**31 - 1), ("wide", 200000, 1), ("negative", -60, 40), ("lowest", 60, -2**31), ("none", 0, 0)):
        add(f"bomb/{name}.bmp", BMP[:18] + struct.pack("<ii", width, height) + BMP[26:])
    add("bomb/colours.bmp", encoded(PICTURE.quantize(9), "BMP")[:46] + b"\xff\xff\xff\x7f" + encoded(PICTURE.quantize(9), "BMP")[50:])
    runs = b"BM" + struct.pack("<IHHI", 1100, 0, 0, 1078) + struct.pack("<IiiHHIIiiII", 40, 6000, 6000, 1, 8, 1, 0x7fffffff, 0, 0, 0, 0)
    add("bomb/runs.bmp", runs + bytes(1024) + b"\0\1")
    add("bomb/canvas.webp", riff((b"VP8X", bytes(4) + u24(16383) + u24(16383)), (b"VP8L", LOSSLESS[20:])))
    add("bomb/lossless.webp", riff((b"VP8L", b"\x2f" + struct.pack("<I", 0x0fffffff) + bytes(40))))
    add("bomb/lossy.webp", WEBP[:26] + struct.pack("<HH", 16383, 16383) + WEBP[30:])
    inner = riff((b"VP8X", bytes(4) + u24(59) + u24(39)))[12:]
    for _ in range(3000):
        inner = b"ANMF" + struct.pack("<I", 16 + len(inner)) + bytes(16) + inner if len(inner) < 200000 else inner
    add("bomb/frames-in-frames.webp", b"RIFF" + struct.pack("<I", 4 + len(inner)) + b"WEBP" + inner)
    add("bomb/huge.tif", tiff_page(0xffffffff, 0xffffffff))
    add("bomb/strips.tif", tiff_page(rows=(278, 4, 1, 1), offset=(273, 4, 0xffffffff, 8), bytes=(279, 4, 0xffffffff, 8)))
    add("bomb/far-strip.tif", tiff_page(offset=(273, 4, 1, 0xfffffff0)))
    add("bomb/long-strip.tif", tiff_page(bytes=(279, 4, 1, 0xffffffff)))
    add("bomb/no-rows.tif", tiff_page(rows=(278, 4, 1, 0)))
    add("bomb/no-room.tif", tiff_page(6000, 6000, compression=(259, 3, 1, 8), bytes=(279, 4, 1, 100)))
    add("bomb/tile.tif", tiff_page(tile_width=(322, 4, 1, 1 << 20), tile_height=(323, 4, 1, 1 << 20), tile=(324, 4, 1, 200), tile_bytes=(325, 4, 1, 2400)))
    add("bomb/samples.tif", tiff_page(samples=(277, 3, 1, 65535)))
    frame = JPEG.index(b"\xff\xc0")
    huge = bytearray(JPEG)
    huge[frame + 5:frame + 9] = b"\xff" * 4
    add("bomb/huge.jpg", huge)
    inside = tiff_page(compression=(259, 3, 1, 7), bytes=(279, 4, 1, len(JPEG)))[:200]
    add("bomb/jpeg-in.tif", inside + huge)
    roomy = bytearray(JPEG)
    roomy[frame + 5:frame + 9] = struct.pack(">HH", 6000, 6000)
    add("bomb/no-room.jpg", roomy)
    scan = PROGRESSIVE.rindex(b"\xff\xda")
    add("bomb/scans.jpg", PROGRESSIVE[:-2] + PROGRESSIVE[scan:-2] * 2000 + PROGRESSIVE[-2:])
    add("bomb/comments.jpg", after_start(JPEG, segment(0xfe, bytes(65533)) * 300))


def exif():
    def block(entries, following=0, data=b""):
        return b"Exif\0\0" + tiff(entries, data, following)

    add("exif/many.jpg", after_start(JPEG, segment(0xe1, b"Exif\0\0" + bytes(65000)) * 20))
    add("exif/large.png", png(4, 4, zlib.compress(bytes(52)), before=chunk(b"eXIf", tiff([]) + bytes(2 << 20))))
    whole = (b"VP8X", bytes([8, 0, 0, 0]) + u24(59) + u24(39))
    add("exif/large.webp", riff(whole, (b"VP8L", LOSSLESS[20:]), (b"EXIF", tiff([]) + bytes(2 << 20))))
    add("exif/circle.jpg", after_start(JPEG, segment(0xe1, block([(0x112, 3, 1, 6)], 8))))
    add("exif/circle-within.jpg", after_start(JPEG, segment(0xe1, block([(0x8769, 4, 1, 8)]))))
    add("exif/circle.png", png(4, 4, zlib.compress(bytes(52)), before=chunk(b"eXIf", tiff([(0x112, 3, 1, 6)], b"", 8))))
    add("exif/circle.tif", tiff([(256, 4, 1, 60)], b"", 8))
    add("exif/claims.jpg", after_start(JPEG, segment(0xe1, block([(0x10f, 2, 0xffffffff, 8)]))))
    add("exif/claims-within.jpg", after_start(JPEG, segment(0xe1, block(
        [(0x8769, 4, 1, 26)], 0, struct.pack("<HHHII", 1, 0x9003, 2, 0x7fffffff, 8) + bytes(4)))))


def polyglots():
    jar = archive()
    for name, data in (("gifar.gif", GIF), ("jar.jpg", JPEG), ("jar.png", PNG), ("jar.webp", WEBP), ("jar.bmp", BMP), ("jar.tif", TIFF)):
        add(f"polyglot/{name}", data + jar)
    add("polyglot/jar-in-comment.jpg", after_start(JPEG, segment(0xfe, jar)))
    page = b"<html><body><script>alert(document.domain)</script></body></html>"
    add("polyglot/page-in-text.png", png(4, 4, zlib.compress(bytes(52)), before=chunk(b"tEXt", b"Comment\0" + page)))
    add("polyglot/page-in-pixels.png", png(30, 20, b"\x78\x01\x01" + struct.pack("<HH", 1820, 1820 ^ 0xffff) + page.ljust(1820, b"\0")
                                           + struct.pack(">I", zlib.adler32(page.ljust(1820, b"\0")))))
    add("polyglot/page-behind.png", PNG + page)
    add("polyglot/page-in-comment.jpg", after_start(JPEG, segment(0xfe, page)))
    add("polyglot/page-in-comment.gif", GIF[:-1] + b"!\xfe" + bytes([len(page)]) + page + b"\0;")
    add("polyglot/page-in.webp", riff((b"VP8L", LOSSLESS[20:]), (b"XMP ", page)))
    add("polyglot/page-behind.bmp", BMP + page)
    add("polyglot/php-in-exif.jpg", encoded(PICTURE, "JPEG", exif=php()))
    add("polyglot/php-behind.gif", GIF + b"<?php system($_GET['c']); ?>")
    add("polyglot/document-in-comment.jpg", after_start(JPEG, segment(0xfe, b"%PDF-1.4\n1 0 obj <<>> endobj trailer <<>>")))
    add("polyglot/document-behind.png", PNG + b"\n%PDF-1.4\n1 0 obj <<>> endobj")
    add("polyglot/script.gif", GIF[:6] + b"/*" + GIF[8:10] + GIF[10:] + b"*/=alert(1);")
    add("polyglot/script.jpg", JPEG[:4] + b"/*" + JPEG[6:20] + bytes(0x2f2a - 16) + JPEG[20:-2] + b"*/=alert(1)" + JPEG[-2:])
    add("polyglot/script-behind.jpg", JPEG + b"*/=alert(1)//")
    add("polyglot/shell-behind.jpg", JPEG + b"\n#!/bin/sh\nrm -r /\n")
    add("polyglot/gzip-behind.png", PNG + b"\x1f\x8b\x08" + bytes(40))
    add("polyglot/rar-behind.jpg", JPEG + b"Rar!\x1a\x07\0" + bytes(40))
    add("polyglot/binary-behind.gif", GIF + b"\x7fELF\2\1\1" + bytes(100))
    add("polyglot/class-behind.bmp", BMP + b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(100))


def php():
    block = Image.Exif()
    block[0x010e] = "<?php system($_GET['c']); ?>"
    return block


def damaged():
    add("damaged/checksum.png", PNG[:40] + bytes([PNG[40] ^ 1]) + PNG[41:])
    add("damaged/no-pixels.png", png(4, 4, None))
    add("damaged/no-zlib.png", png(4, 4, b"no zlib stream at all"))
    add("damaged/few-rows.png", png(100, 100, zlib.compress(bytes(15000))))
    add("damaged/no-palette.png", png(4, 4, zlib.compress(bytes(20)), 8, 3))
    add("damaged/depth.png", png(4, 4, zlib.compress(bytes(52)), 7, 2))
    add("damaged/no-frame.jpg", b"\xff\xd8\xff\xda\0\x08\1\1\0\0\x3f\0" + bytes(50) + b"\xff\xd9")
    add("damaged/no-scan.jpg", JPEG[:JPEG.index(b"\xff\xda")] + b"\xff\xd9")
    frame = JPEG.index(b"\xff\xc0")
    end = frame + 2 + struct.unpack(">H", JPEG[frame + 2:frame + 4])[0]
    add("damaged/two-frames.jpg", JPEG[:frame] + JPEG[frame:end] * 2 + JPEG[end:])
    for name, at, value in (("lossless", 1, 0xc3), ("arithmetic", 1, 0xc9), ("deep", 4, 12), ("sampling", 11, 0), ("components", 9, 2), ("height", 6, 0)):
        changed = bytearray(JPEG)
        changed[frame + at] = value
        if name == "height":
            changed[frame + 5] = 0
        add(f"damaged/{name}.jpg", changed)
    add("damaged/neat-end.jpg", JPEG[:len(JPEG) // 2] + b"\xff\xd9")
    add("damaged/no-picture.gif", GIF[:13] + b";")
    at = GIF.index(b"," + bytes(4) + struct.pack("<HH", 60, 40))
    add("damaged/code-bits.gif", GIF[:at + 10] + b"\x0c" + GIF[at + 11:])
    add("damaged/few-pixels.gif", GIF[:at + 11] + b"\x20" + GIF[at + 12:at + 12 + 32] + b"\0;")
    add("damaged/no-picture.webp", riff((b"VP8X", bytes(4) + u24(59) + u24(39))))
    add("damaged/canvas.webp", riff((b"VP8X", bytes(4) + u24(9) + u24(9)), (b"VP8L", LOSSLESS[20:])))
    add("damaged/few-bytes.webp", riff((b"VP8L", LOSSLESS[20:20 + 60])))
    add("damaged/no-key-frame.webp", WEBP[:20] + bytes([WEBP[20] | 1]) + WEBP[21:])
    add("damaged/jpeg-inside.bmp", BMP[:30] + struct.pack("<I", 4) + BMP[34:])
    add("damaged/pixels-before-file.bmp", BMP[:10] + bytes(4) + BMP[14:])
    add("damaged/compression.tif", tiff_page(compression=(259, 3, 1, 50000)))
    add("damaged/floats.tif", tiff_page(kind=(339, 3, 1, 3)))
    add("damaged/no-offsets.tif", tiff_page(offset=None))
    add("damaged/lzw.tif", tiff_page(compression=(259, 3, 1, 5)).replace(bytes(2400), bytes(random.Random(5).randbytes(2400))))


for make in (wrong, cut, bombs, exif, polyglots, damaged):
    make()
OUT.parent.mkdir(parents=True, exist_ok=True)
with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for name, data in sorted(FILES.items()):
        out.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
print(len(FILES), OUT.stat().st_size)
