# SPDX-License-Identifier: Apache-2.0
"""Makes odd-sizes.zip: 200 PNGs of odd sizes and kinds, and what a model sees of each by the reference implementation.

    pip install pillow==13.0.0 numpy==2.4.6
    python make_odd_sizes.py

Entries: NUMBER-KIND-WIDTHxHEIGHT.png; and of the same name with .crop the pixels (12 x 12, red, green, blue) after
CLIPImageProcessor's steps: convert("RGB"), shorter edge to 12 by a bicubic filter, the longer int(12 * long / short), the
central 12 x 12; with .square after SiglipImageProcessor's: convert("RGB"), both edges to 12 by a bicubic filter.
"""
import io
import pathlib
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/joust/embed/golden/odd-sizes.zip"
EDGE = 12
COUNT = 200
SEED = 20261122
KINDS = ("rgb", "grey", "palette", "palette-clear", "alpha", "grey-alpha", "bits1", "bits2", "bits4", "deep", "deep-alpha", "deep-grey",
         "interlaced")
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, raw, interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def rows(array):
    return b"".join(b"\0" + row.tobytes() for row in array)


def packed(array, bits):
    raw = b""
    for row in array:
        groups = np.concatenate([row, np.zeros(-len(row) % (8 // bits), np.uint8)]).reshape(-1, 8 // bits)
        raw += b"\0" + bytes(sum(int(v) << (8 - bits * (i + 1)) for i, v in enumerate(group)) for group in groups)
    return raw


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, **options)
    return out.getvalue()


def scene(rng, width, height, channels):
    """Steps rather than noise: they compress, and every filter rings at them."""
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for _ in range(channels):
        a, b, c, d = rng.uniform(0.02, 0.3, 4)
        plane = ((x * a + y * b).astype(int) * 53 + (x * c - y * d).astype(int) * 31) % 256
        planes.append(plane)
    return np.stack(planes, -1).astype(np.uint8)


def made(rng, kind, width, height):
    """The PNG, and the pixels that are meant where Pillow reads others."""
    s = {channels: scene(rng, width, height, channels) for channels in (1, 2, 3, 4)}
    if kind == "rgb":
        return saved(Image.fromarray(s[3])), None
    if kind == "grey":
        return saved(Image.fromarray(s[1][:, :, 0])), None
    if kind == "palette":
        return saved(Image.fromarray(s[3]).quantize(int(rng.integers(2, 257)))), None
    if kind == "palette-clear":
        return saved(Image.fromarray(s[3]).quantize(40), transparency=bytes(rng.integers(0, 256, 20, dtype=np.uint8))), None
    if kind == "alpha":
        return saved(Image.fromarray(s[4], "RGBA")), None
    if kind == "grey-alpha":
        return saved(Image.fromarray(s[2], "LA")), None
    if kind.startswith("bits"):
        bits = int(kind[4:])
        return png(width, height, bits, 0, packed(s[1][:, :, 0] >> (8 - bits), bits)), None
    if kind == "interlaced":
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        parts = [s[3][y::dy, x::dx] for x, y, dx, dy in passes]
        return png(width, height, 8, 2, b"".join(rows(part) for part in parts if part.size), 1), None
    channels = {"deep": 3, "deep-alpha": 4, "deep-grey": 1}[kind]
    deep = s[channels].astype(np.uint16) * 256 + s[channels][::-1, ::-1]
    data = png(width, height, 16, {1: 0, 3: 2, 4: 6}[channels], rows(deep.astype(">u2")))
    # Of 16 bits of grey Pillow keeps the lower 8 and makes everything above them white; the upper 8 are meant
    return data, Image.fromarray(s[1][:, :, 0]) if channels == 1 else None


def size(rng, number):
    shape = number % 5
    if shape == 0:
        return (1, int(rng.integers(1, 200))) if number % 2 else (int(rng.integers(1, 200)), 1)
    if shape == 1:
        return int(rng.choice(PRIMES)), int(rng.choice(PRIMES))
    if shape == 2:
        long, short = int(rng.integers(60, 250)), int(rng.integers(2, 9))
        return (long, short) if number % 2 else (short, long)
    if shape == 3:
        return int(rng.integers(9, 16)), int(rng.integers(9, 16))
    return int(rng.integers(1, 70)), int(rng.integers(1, 70))


def crop(image):
    width, height = image.size
    short, long = min(width, height), max(width, height)
    scaled = int(EDGE * long / short)
    image = image.resize((EDGE, scaled) if width <= height else (scaled, EDGE), Image.BICUBIC)
    left, top = (image.width - EDGE) // 2, (image.height - EDGE) // 2
    return image.crop((left, top, left + EDGE, top + EDGE)).tobytes()


def main():
    rng = np.random.default_rng(SEED)
    with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        def keep(name, data):
            out.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)

        for number in range(COUNT):
            kind = KINDS[number % len(KINDS)]
            width, height = size(rng, number)
            data, meant = made(rng, kind, width, height)
            image = (meant or Image.open(io.BytesIO(data))).convert("RGB")
            assert image.size == (width, height)
            name = f"{number:03}-{kind}-{width}x{height}"
            keep(name + ".png", data)
            keep(name + ".crop", crop(image))
            keep(name + ".square", image.resize((EDGE, EDGE), Image.BICUBIC).tobytes())
    print(COUNT, OUT.stat().st_size)


main()
