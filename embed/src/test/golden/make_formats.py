# SPDX-License-Identifier: Apache-2.0
"""Makes the golden pictures of every format that is read, with Pillow's pixels as truth.

    pip install pillow==13.0.0 numpy==2.4.6
    python make_formats.py

formats/NAME         a small picture
formats/NAME.rgb     its pixels, red, green and blue, upright and without alpha
formats/facts.json   by NAME: width, height, takenAt, camera, and how far a sample may be from Pillow's at most and on
                     average: 0 where nothing is lost, some levels where two decoders of one standard may differ
"""
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "resources/dev/joust/embed/golden/formats"
WIDTH, HEIGHT = 37, 29
EXACT = (0, 0)
# Other roundings of the cosine transform, and other ways between pixels that share a colour
LOSSY = (6, 1)
# Colours are shared by 2 x 2 pixels: smoothed by Pillow, repeated here
WEBP_LOSSY = (24, 4)
# Colour management in 8 bits, twice
PROFILE = (3, 1)

# Tables of few colours, which Pillow makes into one of more
PRINTER = (12, 2)

FACTS = {}
rng = np.random.default_rng(20261122)


def scene(channels=3, width=WIDTH, height=HEIGHT):
    """Smooth, so that what is lost is small, and unlike itself from every side."""
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    planes = [128 + 110 * np.sin(2.2 * x * (c + 1) + 1.7 * y + c) * (1 - 0.5 * y) for c in range(channels)]
    return np.clip(np.stack(planes, -1) + rng.normal(0, 1, (height, width, channels)), 0, 255).astype(np.uint8)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def keep(name, data, tolerance=EXACT, image=None, taken=None, camera=None):
    image = image or Image.open(io.BytesIO(data))
    image.seek(0)
    pixels = ImageOps.exif_transpose(image).convert("RGB")
    (OUT / name).write_bytes(data)
    (OUT / (name + ".rgb")).write_bytes(pixels.tobytes())
    FACTS[name] = {"width": pixels.width, "height": pixels.height, "takenAt": taken, "camera": camera,
                   "largest": tolerance[0], "mean": tolerance[1]}


def exif(orientation=None, taken=None, make=None, model=None, modified=None):
    block = Image.Exif()
    for tag, value in ((0x0112, orientation), (0x010f, make), (0x0110, model), (0x0132, modified)):
        if value is not None:
            block[tag] = value
    if taken:
        block.get_ifd(0x8769)[0x9003] = taken
    return block


def icc(name, red, green, blue, gamma):
    """A profile of three primaries (XYZ, adapted to D50) and a gamma, made by hand."""
    def fixed(values):
        return b"".join(struct.pack(">i", round(v * 65536)) for v in values)
    text = name.encode("ascii")
    description = b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {b"desc": description, b"wtpt": b"XYZ " + bytes(4) + fixed((0.9642, 1, 0.8249)), b"cprt": b"text" + bytes(4) + b"none\0"}
    if red:
        tags |= {b"rXYZ": b"XYZ " + bytes(4) + fixed(red), b"gXYZ": b"XYZ " + bytes(4) + fixed(green),
                 b"bXYZ": b"XYZ " + bytes(4) + fixed(blue), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    else:
        tags[b"kTRC"] = curve
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        value += bytes(-len(value) % 4)
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value
    size = start + len(data)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", b"RGB " if red else b"GRAY", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(4) + bytes(4) + bytes(8) + bytes(8) + bytes(4)
    header += fixed((0.9642, 1, 0.8249)) + bytes(128)
    return header[:128] + struct.pack(">I", len(tags)) + table + data


ADOBE_RGB = icc("wide", (0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 2.2)
DISPLAY_P3 = icc("screen", (0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407), 2.2)
GREY_18 = icc("grey", None, None, None, 1.8)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# It says when it was made
SRGB = SRGB[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + SRGB[36:]


def printer():
    """A profile of four inks by tables of 3 x 3 x 3 x 3 colours: as they are meant to be seen, and as they are on paper,
    which is yellowish and whose black is grey."""
    steps = np.linspace(0, 1, 3)
    inks = np.stack(np.meshgrid(steps, steps, steps, steps, indexing="ij"), -1).reshape(-1, 4)
    light = ((1 - 0.9 * inks[:, :3]) * (1 - inks[:, 3:])) ** 2.2
    xyz = light @ np.array([(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)])
    f = xyz / (0.9642, 1, 0.8249)
    f = np.where(f > 216 / 24389, np.cbrt(f), (24389 / 27 * f + 16) / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], -1)

    def table(colours):
        codes = np.clip(np.round(colours * (652.8, 256, 256) + (0, 32768, 32768)), 0, 65535).astype(">u2")
        unit = struct.pack(">9i", *(round(v) for v in np.eye(3).reshape(-1) * 65536))
        line = struct.pack(">HH", 0, 65535)
        return b"mft2" + bytes(4) + bytes([4, 3, 3, 0]) + unit + struct.pack(">HH", 2, 2) + 4 * line + codes.tobytes() + 3 * line

    text = b"inks"
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78),
            b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
            b"A2B0": table(lab), b"A2B1": table(lab * (0.74, 0.75, 0.75) + (18, 0, 4))}
    index, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        value += bytes(-len(value) % 4)
        index += tag + struct.pack(">II", start + len(data), len(value))
        data += value
    header = struct.pack(">I4sI4s4s4s", start + len(data), b"none", 0x02100000, b"prtr", b"CMYK", b"Lab ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(24) + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + data


def in_srgb(image, profile):
    return ImageCms.profileToProfile(image, io.BytesIO(profile), io.BytesIO(SRGB), outputMode="RGB")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def riff(*chunks):
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) & 1) for k, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(order, entries, data, big=False):
    """One page; `data` stands at byte 8. As a BigTIFF it stands at byte 16, and numbers of kind 16 have 64 bits."""
    e = ">" if order == b"MM" else "<"
    number, offset, slot, header = ("Q", "Q", 8, 16) if big else ("H", "I", 4, 8)
    base = header + len(data)
    base += -base % (8 if big else 2)
    table_size = struct.calcsize("=" + number) + len(entries) * (4 + 2 * slot) + slot
    table, extra = b"", b""
    for tag, kind, values in sorted(entries):
        raw = b"".join(struct.pack(e + {1: "B", 3: "H", 4: "I", 16: "Q"}[kind], v) for v in values)
        table += struct.pack(e + "HH" + offset, tag, kind, len(values))
        if len(raw) > slot:
            table += struct.pack(e + offset, base + table_size + len(extra))
            extra += raw
        else:
            table += raw.ljust(slot, b"\0")
    start = order + (struct.pack(e + "HHHQ", 43, 8, 0, base) if big else struct.pack(e + "HI", 42, base)) + data
    return start.ljust(base, b"\0") + struct.pack(e + number, len(entries)) + table + bytes(slot) + extra


def jpegs():
    picture = Image.fromarray(scene())
    for orientation in range(1, 9):
        keep(f"orientation-{orientation}.jpg", encoded(picture, "JPEG", quality=92, subsampling=0, exif=exif(orientation)), LOSSY)
    keep("camera.jpg", encoded(picture, "JPEG", quality=92, exif=exif(6, "2019:07:14 18:05:33", "Canon", "Canon EOS 5D")), LOSSY,
         taken="2019-07-14T18:05:33", camera="Canon EOS 5D")
    keep("phone.jpg", encoded(picture, "JPEG", quality=92, progressive=True, exif=exif(
        None, None, "Fairphone\0", " FP4 ", "2024:02:29 00:00:01")), LOSSY, taken="2024-02-29T00:00:01", camera="Fairphone FP4")
    keep("no-clock.jpg", encoded(picture, "JPEG", quality=92, exif=exif(None, "0000:00:00 00:00:00", None, "X")), LOSSY, camera="X")
    keep("bad-orientation.jpg", encoded(picture, "JPEG", quality=92, exif=exif(77)), LOSSY)
    inks = Image.fromarray(scene(4), "CMYK")
    keep("cmyk.jpg", encoded(inks, "JPEG", quality=95), LOSSY)
    keep("cmyk-progressive.jpg", encoded(inks, "JPEG", quality=95, progressive=True), LOSSY)
    # The same four planes, declared to be YCCK: Adobe's transform is the 12th byte of its segment
    marked = bytearray(encoded(inks, "JPEG", quality=95))
    at = marked.index(b"Adobe")
    marked[at + 11] = 2
    keep("ycck.jpg", bytes(marked), LOSSY)
    bare = encoded(inks, "JPEG", quality=95)
    at = bare.index(b"\xff\xee")
    keep("cmyk-unmarked.jpg", bare[:at] + bare[at + 2 + struct.unpack(">H", bare[at + 2:at + 4])[0]:], LOSSY)
    for name, profile in (("adobe-rgb", ADOBE_RGB), ("display-p3", DISPLAY_P3)):
        data = encoded(picture, "JPEG", quality=92, subsampling=0, icc_profile=profile)
        keep(f"{name}.jpg", data, (8, 2), in_srgb(Image.open(io.BytesIO(data)), profile))
    padded = DISPLAY_P3 + bytes(150_000)
    padded = struct.pack(">I", len(padded)) + padded[4:]
    data = encoded(picture, "JPEG", quality=92, subsampling=0, icc_profile=padded)
    keep("profile-in-segments.jpg", data, (8, 2), in_srgb(Image.open(io.BytesIO(data)), DISPLAY_P3))
    grey = Image.fromarray(scene(1)[:, :, 0])
    data = encoded(grey, "JPEG", quality=92, icc_profile=GREY_18)
    keep("grey-profile.jpg", data, LOSSY, in_srgb(Image.open(io.BytesIO(data)), GREY_18))
    keep("profile-of-other-kind.jpg", encoded(grey, "JPEG", quality=92, icc_profile=DISPLAY_P3), LOSSY)


def pngs():
    picture = Image.fromarray(scene())
    keep("orientation-6.png", encoded(picture, "PNG", exif=exif(6, "2001:01:01 01:01:01", "A", "B")),
         taken="2001-01-01T01:01:01", camera="A B")
    keep("adobe-rgb.png", encoded(picture, "PNG", icc_profile=ADOBE_RGB), PROFILE, in_srgb(picture, ADOBE_RGB))
    keep("srgb.png", encoded(picture, "PNG", icc_profile=SRGB))
    grey = Image.fromarray(scene(1)[:, :, 0])
    keep("grey-profile.png", encoded(grey, "PNG", icc_profile=GREY_18), PROFILE, in_srgb(grey, GREY_18))
    whole = encoded(picture, "PNG")
    broken = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile" * 40))
    keep("broken-profile.png", whole[:33] + broken + whole[33:])
    for bits in (2, 4):
        rows = (scene(1)[:, :, 0] >> (8 - bits)).astype(np.uint8)
        raw = b""
        for row in rows:
            value = np.concatenate([row, np.zeros(-len(row) % (8 // bits), np.uint8)]).reshape(-1, 8 // bits)
            raw += b"\0" + bytes(sum(int(v) << (8 - bits * (i + 1)) for i, v in enumerate(group)) for group in value)
        header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, 0, 0, 0, 0))
        keep(f"grey{bits}.png", b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(raw)) + png_chunk(b"IEND", b""))


def gifs():
    picture = Image.fromarray(scene()).quantize(120)
    keep("plain.gif", encoded(picture, "GIF", interlace=False))
    keep("interlaced.gif", encoded(picture, "GIF", interlace=True))
    keep("transparent.gif", encoded(picture, "GIF", transparency=7, comment="a comment" * 50))
    others = [Image.fromarray(np.roll(scene(), 5 * i, 1)).quantize(200) for i in range(1, 4)]
    keep("animated.gif", encoded(picture, "GIF", save_all=True, append_images=others, loop=0, duration=50))
    keep("black-and-white.gif", encoded(Image.fromarray(scene()).convert("1"), "GIF"))
    noise = Image.fromarray(rng.integers(0, 256, (90, 110), dtype=np.uint8))
    keep("noise.gif", encoded(noise, "GIF"))
    # A picture that is smaller than its canvas and lies off its corner
    whole = encoded(picture, "GIF", interlace=False)
    at = whole.index(b",\0\0\0\0" + struct.pack("<HH", WIDTH, HEIGHT))
    keep("off-corner.gif", whole[:6] + struct.pack("<HH", 50, 40) + whole[10:at + 1] + struct.pack("<HH", 5, 7) + whole[at + 5:])
    keep("beyond-canvas.gif", whole[:6] + struct.pack("<HH", 10, 10) + whole[10:])


def bmps():
    picture = Image.fromarray(scene())
    keep("rgb24.bmp", encoded(picture, "BMP"))
    keep("palette8.bmp", encoded(picture.quantize(100), "BMP"))
    keep("black-and-white.bmp", encoded(picture.convert("1"), "BMP"))
    keep("rgba32.bmp", encoded(Image.fromarray(scene(4), "RGBA"), "BMP"))
    pixels = scene()

    def bmp(bits, rows, height, compression=0, extra=b"", header=40):
        offset = 14 + header + len(extra)
        info = struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(rows), 2835, 2835, 0, 0)
        return b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + info + extra + rows

    def padded(row):
        return row + bytes(-len(row) % 4)

    top_down = b"".join(padded(row[:, ::-1].tobytes()) for row in pixels)
    keep("top-down.bmp", bmp(24, top_down, -HEIGHT))
    five = (pixels >> 3).astype(np.uint16)
    rgb555 = five[:, :, 0] << 10 | five[:, :, 1] << 5 | five[:, :, 2]
    keep("rgb555.bmp", bmp(16, b"".join(padded(row.astype("<u2").tobytes()) for row in rgb555[::-1]), HEIGHT))
    rgb565 = five[:, :, 0] << 11 | (pixels[:, :, 1].astype(np.uint16) >> 2) << 5 | five[:, :, 2]
    keep("rgb565.bmp", bmp(16, b"".join(padded(row.astype("<u2").tobytes()) for row in rgb565[::-1]), HEIGHT, 3,
                           struct.pack("<III", 0xf800, 0x7e0, 0x1f)))
    indices = (pixels[:, :, 0] >> 6).astype(np.uint8)
    colours = b"".join(bytes([i, 255 - i, 40 * i % 256, 0]) for i in range(256))
    runs = b""
    for row in indices[::-1]:
        x = 0
        while x < WIDTH:
            n = 1
            while x + n < WIDTH and row[x + n] == row[x]:
                n += 1
            runs += bytes([n, row[x]])
            x += n
        runs += b"\0\0"
    keep("rle8.bmp", bmp(8, runs + b"\0\1", HEIGHT, 1, colours))
    os2 = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24)
    keep("os2.bmp", b"BM" + struct.pack("<IHHI", 26 + len(top_down), 0, 0, 26) + os2 +
         b"".join(padded(row[:, ::-1].tobytes()) for row in pixels[::-1]))


def webps():
    picture = Image.fromarray(scene())
    clear = Image.fromarray(scene(4), "RGBA")
    keep("lossy.webp", encoded(picture, "WEBP", quality=90), WEBP_LOSSY)
    keep("lossy-grey.webp", encoded(Image.fromarray(scene(1)[:, :, 0]), "WEBP", quality=90), (1, 0.5))
    keep("lossy-alpha.webp", encoded(clear, "WEBP", quality=90, exact=True), WEBP_LOSSY)
    keep("lossless.webp", encoded(picture, "WEBP", lossless=True))
    keep("lossless-alpha.webp", encoded(clear, "WEBP", lossless=True, exact=True))
    palette = Image.fromarray((scene() // 64 * 80).astype(np.uint8))
    keep("lossless-few-colours.webp", encoded(palette, "WEBP", lossless=True))
    keep("exif.webp", encoded(picture, "WEBP", lossless=True, exif=exif(8, "2020:12:31 23:59:59", "Nikon", "D5")),
         taken="2020-12-31T23:59:59", camera="Nikon D5")
    keep("display-p3.webp", encoded(picture, "WEBP", lossless=True, icc_profile=DISPLAY_P3), PROFILE, in_srgb(picture, DISPLAY_P3))
    others = [Image.fromarray(np.roll(scene(), 5 * i, 1)) for i in range(1, 3)]
    keep("animated.webp", encoded(picture, "WEBP", save_all=True, append_images=others, lossless=True))
    simple = encoded(picture, "WEBP", lossless=True)
    chunk = simple[12:]
    frame = struct.pack("<I", 2)[:3] + struct.pack("<I", 3)[:3] + struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3] + bytes(4)
    keep("off-corner.webp", riff((b"VP8X", bytes([2, 0, 0, 0]) + struct.pack("<I", 49)[:3] + struct.pack("<I", 39)[:3]),
                                 (b"ANIM", bytes(6)), (b"ANMF", frame + chunk)))


def tiffs():
    picture = Image.fromarray(scene())
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
        keep(f"rgb-{compression}.tif", encoded(picture, "TIFF", compression=None if compression == "raw" else compression))
    keep("rgb-jpeg.tif", encoded(picture, "TIFF", compression="jpeg", quality=92), LOSSY)
    keep("predictor.tif", encoded(picture, "TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
    bilevel = picture.convert("1")
    for compression in ("group3", "group4", "tiff_ccitt", "packbits"):
        keep(f"bilevel-{compression}.tif", encoded(bilevel, "TIFF", compression=compression))
    keep("palette.tif", encoded(picture.quantize(100), "TIFF", compression="tiff_lzw"))
    grey = Image.fromarray(scene(1)[:, :, 0])
    keep("grey.tif", encoded(grey, "TIFF"))
    keep("min-is-white.tif", encoded(grey, "TIFF", tiffinfo={262: 0}))
    keep("alpha.tif", encoded(Image.fromarray(scene(4), "RGBA"), "TIFF", compression="tiff_lzw"))
    keep("cmyk.tif", encoded(Image.fromarray(scene(4), "CMYK"), "TIFF", compression="tiff_lzw"))
    keep("pages.tif", encoded(picture, "TIFF", save_all=True, append_images=[grey, bilevel]))
    keep("orientation-5.tif", encoded(picture, "TIFF", tiffinfo={274: 5, 271: "Scan", 272: "Scan 1", 306: "1999:05:04 03:02:01"}),
         taken="1999-05-04T03:02:01", camera="Scan 1")
    keep("adobe-rgb.tif", encoded(picture, "TIFF", icc_profile=ADOBE_RGB), PROFILE, in_srgb(picture, ADOBE_RGB))
    deep = scene().astype(np.uint16) * 257

    raw = deep.astype(">u2").tobytes()
    keep("big-endian16.tif", tiff(b"MM", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [16] * 3), (259, 3, [1]), (262, 3, [2]),
         (273, 4, [8]), (277, 3, [3]), (278, 3, [HEIGHT]), (279, 4, [len(raw)])], raw), image=Image.fromarray((deep >> 8).astype(np.uint8)))
    pixels = np.asarray(picture)
    planes = [zlib.compress(np.ascontiguousarray(pixels[:, :, c]).tobytes()) for c in range(3)]
    keep("planar.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [8]), (262, 3, [2]),
         (273, 4, [8, 8 + len(planes[0]), 8 + len(planes[0] + planes[1])]), (277, 3, [3]), (278, 3, [HEIGHT]),
         (279, 4, [len(p) for p in planes]), (284, 3, [2])], b"".join(planes)), image=picture)
    clear = scene(4)
    clear[:, :, :3] = clear[:, :, :3].astype(int) * clear[:, :, 3:] // 255
    keep("premultiplied.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 4), (259, 3, [1]), (262, 3, [2]),
         (273, 4, [8]), (277, 3, [4]), (278, 3, [HEIGHT]), (279, 4, [clear.size]), (338, 3, [1])], clear.tobytes()))
    tiles, offsets, sizes = b"", [], []
    for y in range(0, HEIGHT, 16):
        for x in range(0, WIDTH, 16):
            tile = np.zeros((16, 16, 3), np.uint8)
            part = pixels[y:y + 16, x:x + 16]
            tile[:part.shape[0], :part.shape[1]] = part
            data = zlib.compress(tile.tobytes())
            offsets.append(8 + len(tiles))
            sizes.append(len(data))
            tiles += data
    keep("tiles.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [8]), (262, 3, [2]), (277, 3, [3]),
         (322, 3, [16]), (323, 3, [16]), (324, 4, offsets), (325, 4, sizes)], tiles), image=picture)


def programs():
    """What programs and cameras write and Pillow does not, or rarely."""
    picture = Image.fromarray(scene())
    pixels = np.asarray(picture)
    # The printer's settings of a Mac, as Photoshop keeps them
    plist = b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "">\n<plist version="1.0"><dict/></plist>\n\n'
    resource = b"Photoshop 3.0\x008BIM\x03\xea\0\0" + struct.pack(">I", len(plist)) + plist
    whole = encoded(picture, "JPEG", quality=92)
    keep("photoshop.jpg", whole[:2] + b"\xff\xed" + struct.pack(">H", 2 + len(resource)) + resource + whole[2:], LOSSY)
    # A webcam's, without the tables that everybody knows
    bare, at = whole[:2], 2
    while whole[at + 1] != 0xda:
        end = at + 2 + struct.unpack(">H", whole[at + 2:at + 4])[0]
        bare += b"" if whole[at + 1] == 0xc4 else whole[at:end]
        at = end
    keep("no-tables.jpg", bare + whole[at:], LOSSY, image=Image.open(io.BytesIO(whole)))
    inks = Image.fromarray(scene(4), "CMYK")
    profile = printer()
    data = encoded(inks, "JPEG", quality=95, icc_profile=profile)
    keep("printer.jpg", data, PRINTER, in_srgb(Image.open(io.BytesIO(data)), profile))
    data = encoded(inks, "TIFF", compression="tiff_lzw", icc_profile=profile)
    keep("printer.tif", data, PRINTER, in_srgb(inks, profile))
    keep("cmyk-jpeg.tif", encoded(inks, "TIFF", compression="jpeg", quality=95), LOSSY)
    deep = scene().astype(np.uint16) * 255 + rng.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint16)
    differences = deep.copy()
    differences[:, 1:] -= deep[:, :-1]
    raw = zlib.compress(differences.astype("<u2").tobytes())
    keep("predictor16.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [16] * 3), (259, 3, [8]), (262, 3, [2]),
         (273, 4, [8]), (277, 3, [3]), (278, 3, [HEIGHT]), (279, 4, [len(raw)]), (317, 3, [2])], raw),
         image=Image.fromarray((deep >> 8).astype(np.uint8)))
    grey = deep[:, :, 0].copy()
    keep("predictor16-lzw.tif", encoded(Image.fromarray(grey), "TIFF", compression="tiff_lzw", tiffinfo={317: 2}),
         image=Image.fromarray((grey >> 8).astype(np.uint8)))
    raw = pixels.tobytes()
    keep("big.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [1]), (262, 3, [2]),
         (273, 16, [16]), (277, 3, [3]), (278, 3, [HEIGHT]), (279, 16, [len(raw)])], raw, big=True))
    half = 15 * WIDTH * 3
    keep("big-strips.tif", tiff(b"MM", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [1]), (262, 3, [2]),
         (273, 16, [16, 16 + half]), (274, 3, [6]), (277, 3, [3]), (278, 3, [15]), (279, 16, [half, len(raw) - half])], raw, big=True),
         image=picture.transpose(Image.Transpose.ROTATE_270))
    stream = encoded(picture, "JPEG", quality=92, subsampling=0)
    keep("old-jpeg.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [6]), (262, 3, [6]),
         (273, 4, [8]), (277, 3, [3]), (278, 3, [HEIGHT]), (279, 4, [len(stream)]), (512, 3, [1]), (513, 4, [8]),
         (514, 4, [len(stream)]), (530, 3, [1, 1])], stream), LOSSY, image=Image.open(io.BytesIO(stream)))
    keep("no-strip-size.tif", tiff(b"II", [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [8] * 3), (259, 3, [1]), (262, 3, [2]),
         (273, 4, [8]), (277, 3, [3]), (278, 3, [HEIGHT])], raw), image=picture)
    rows = b"".join(row[:, ::-1].tobytes() + bytes(-3 * WIDTH % 4) for row in pixels[::-1])
    for header in (64, 16):
        info = struct.pack("<IiiHHIIiiII", header, WIDTH, HEIGHT, 1, 24, 0, len(rows), 2835, 2835, 0, 0).ljust(header, b"\0")[:header]
        keep(f"os2-{header}.bmp", b"BM" + struct.pack("<IHHI", 14 + header + len(rows), 0, 0, 14 + header) + info + rows, image=picture)


OUT.mkdir(parents=True, exist_ok=True)
for old in OUT.iterdir():
    old.unlink()
for make in (jpegs, pngs, gifs, bmps, webps, tiffs, programs):
    make()
(OUT / "facts.json").write_text("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in sorted(FACTS.items())) + "\n}\n")
print(len(FACTS), sum(f.stat().st_size for f in OUT.iterdir()))
