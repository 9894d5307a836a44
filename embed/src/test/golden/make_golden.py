# SPDX-License-Identifier: Apache-2.0
"""Makes the golden files of the embed module with the reference implementations.

    pip install tokenizers==0.23.3 pillow==13.0.0 numpy==2.4.6
    python make_golden.py

token-ids*.json  texts and the ids that `tokenizers` gives, for the built-in tokenizer and for a variant of it
pictures/        small pictures of many kinds and, as NAME.rgb, their centre as Pillow resizes and crops it (64 x 64 x RGB)
"""
import io
import json
import pathlib
import random
import struct
import unicodedata
import zlib

import numpy as np
from PIL import Image, ImageCms
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE.parent.parent / "main/resources/dev/joust/embed/tiny-clip"
OUT = HERE.parent / "resources/dev/joust/embed/golden"
EDGE = 64


def texts():
    rng = random.Random(20261121)
    fixed = [
        "", " ", "a", "A", "a red star", "A RED Star!!", "  a\t\tred \n star  ", "don't we'll I'm they've he'd she's you're",
        "'s 't 're''ve '", "it's 3 o'clock, 12:30", "x1y22z333", "...!?!", "a_b-c+d", "<|startoftext|>", "<|endoftext|>",
        "a<|endoftext|>b", "a <|startoftext|> b <|endoftext|>", "<|STARTOFTEXT|>", "<|endoftext", "</w>", "a</w> b",
        "\u00e9t\u00e9", "e\u0301te\u0301", "\u212b \u00c5 A\u030a", "\ufb01ne", "\u0130stanbul \u0131", "\u03a3\u03c3\u03c2 \u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03a3",
        "STRASSE stra\u00dfe \u1e9e", "\u01c4 \u01c5 \u01c6", "\u4e2d\u6587\u5b57\u7b26", "\u65e5\u672c\u8a9e\u306e\u30c6\u30b9\u30c8", "\ud55c\uad6d\uc5b4 \ud55c", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u064a\u064e", "\u05e2\u05d1\u05e8\u05d9\u05ea",
        "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0e44\u0e17\u0e22", "\U0001f534 red", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea\U0001f3fd", "\u2460\u00bd\u0663\u2167", "\U0001d400\U0001d41a\U0001d7d8",
        "\x00", "a\x00b", "\x07\x1b[31mred\x1b[0m", "\x1c\x1d\x1e\x1f", "\x85\xa0\u1680\u2000\u2028\u2029\u202f\u205f\u3000x", "a\u200bb\ufeffc\u00add\u180ee",
        "\ufffd\uffff", "\ue000\U0010ffff", "\u0345\u0300a", "a" * 500, "ab " * 400, "!" * 300, "\u00e9" * 200, "1" * 100,
        "the " * 61, "the " * 62, "the " * 63, "red " * 31 + "circle" * 40, "word" + " " * 2000 + "word", "\u0f71\u0f72\u0f74", "\u1e9b\u0323", "q\u0307\u0323",
    ]
    words = "a the red orange yellow green blue purple pink brown black white circle square triangle star heart cross ring moon arrow house tree fish small large picture of in on and photo crimson disc meadow zebra unknownish".split()
    for _ in range(150):
        n = rng.randint(1, 25)
        parts = [rng.choice(words) for _ in range(n)]
        parts = [p.upper() if rng.random() < .1 else p.capitalize() if rng.random() < .1 else p for p in parts]
        fixed.append(rng.choice([" ", "  ", ", ", "-", "'", " \t"]).join(parts))
    ranges = [(0x20, 0x7e), (0xa0, 0x24f), (0x250, 0x36f), (0x370, 0x52f), (0x590, 0x6ff), (0x900, 0xdff), (0x1e00, 0x1fff),
              (0x2000, 0x2bff), (0x3000, 0x30ff), (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xfb00, 0xfdff), (0x1f300, 0x1f6ff), (0x1d400, 0x1d7ff), (0, 0x1f)]
    for _ in range(250):
        pool = rng.sample(ranges, rng.randint(1, 3))
        chars = []
        while len(chars) < rng.randint(1, 40):
            c = chr(rng.randint(*rng.choice(pool)))
            # letters newer than the regex library's tables would compare Unicode versions, not tokenizers
            if unicodedata.category(c) != "Cn":
                chars.append(c if rng.random() > .15 else " ")
        fixed.append("".join(chars))
    return fixed


def token_ids():
    all_texts = texts()
    write("token-ids.json", Tokenizer.from_file(str(MODEL / "tokenizer.json")), all_texts)
    variant = json.loads((MODEL / "tokenizer.json").read_text())
    variant["model"]["merges"] = [" ".join(m) for m in variant["model"]["merges"]]
    start, end = variant["added_tokens"]
    start["normalized"] = True
    token = dict(special=False, single_word=False, lstrip=False, rstrip=False, normalized=True)
    variant["added_tokens"] += [
        dict(token, id=942, content="Red Star", lstrip=True, rstrip=True),
        dict(token, id=943, content="ring", single_word=True),
        dict(token, id=944, content="blu"), dict(token, id=945, content="blue fi", rstrip=True),
        dict(token, id=946, content="[X]", normalized=False, lstrip=True)]
    variant["pre_tokenizer"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    variant["post_processor"] = {"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<|startoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<|startoftext|>": {"id": "<|startoftext|>", "ids": [940], "tokens": ["<|startoftext|>"]}, "<|endoftext|>": {"id": "<|endoftext|>", "ids": [941], "tokens": ["<|endoftext|>"]}}}
    variant["truncation"] = {"direction": "Right", "max_length": 20, "strategy": "LongestFirst", "stride": 0}
    text = json.dumps(variant)
    (OUT / "tokenizer-variant.json").write_text(text)
    extra = ["a red star b", "red  star", "xred starx", "a ring of rings, ring", "blue fish", "blue  fi  sh blubb", "a [x] [X] b[X]", "RED STAR ring", "the blu ring.", "ring_ _ring 1ring \u00e9ring ring\u0301"]
    write("token-ids-variant.json", Tokenizer.from_str(text), all_texts + extra)


def write(name, tokenizer, all_texts):
    lines = [json.dumps({"text": t, "ids": tokenizer.encode(t).ids}) for t in all_texts]
    (OUT / name).write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(name, len(lines))


def scene(width, height, channels, rng):
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for _ in range(channels):
        a, b, c = rng.uniform(2, 40, 3)
        plane = 128 + 80 * np.sin(x / a + y / b) + 40 * ((x // c + y // c) % 2) + rng.normal(0, 12, (height, width))
        planes.append(np.clip(plane, 0, 255))
    return np.stack(planes, -1).astype(np.uint8)


def expected(image, resample):
    w, h = image.size
    size = (EDGE, int(EDGE * h / w)) if w <= h else (int(EDGE * w / h), EDGE)
    resized = image.convert("RGB").resize(size, resample)
    left, top = (size[0] - EDGE) // 2, (size[1] - EDGE) // 2
    return np.asarray(resized.crop((left, top, left + EDGE, top + EDGE)))


def png(array, bits, interlace, raw):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    h, w, c = array.shape
    header = struct.pack(">IIBBBBB", w, h, bits, {1: 0, 2: 4, 3: 2, 4: 6}[c], 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def png16(array):
    """A PNG of 16 bits per sample, which Pillow cannot write for colour."""
    return png(array, 16, 0, b"".join(b"\0" + row.astype(">u2").tobytes() for row in array))


def interlaced_png(array):
    """The seven passes of Adam7, which Pillow cannot write."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b"".join(b"\0" + row.tobytes() for x, y, dx, dy in passes for row in array[y::dy, x::dx])
    return png(array, 8, 1, raw)


def without_segment(jpeg, marker):
    at = jpeg.index(bytes([0xff, marker]))
    length = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    return jpeg[:at] + jpeg[at + 2 + length:]


def pictures():
    rng = np.random.default_rng(20261121)
    folder = OUT / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()

    def keep(name, data, resample=Image.BICUBIC, image=None):
        (folder / name).write_bytes(data)
        (folder / (name + ".rgb")).write_bytes(expected(image or Image.open(io.BytesIO(data)), resample).tobytes())

    def encoded(image, kind, **options):
        out = io.BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    for w, h in [(64, 64), (64, 97), (131, 64), (65, 63), (1, 1), (1, 40), (200, 3), (17, 23), (99, 101), (257, 129), (143, 311), (63, 64), (88, 444), (444, 88), (65, 200), (30, 90)]:
        keep(f"rgb-{w}x{h}.png", encoded(Image.fromarray(scene(w, h, 3, rng)), "PNG"))
    keep("bilinear-101x77.png", encoded(Image.fromarray(scene(101, 77, 3, rng)), "PNG"), Image.BILINEAR)
    keep("lanczos-101x77.png", encoded(Image.fromarray(scene(101, 77, 3, rng)), "PNG"), Image.LANCZOS)
    grey = Image.fromarray(scene(83, 71, 1, rng)[:, :, 0])
    colour = Image.fromarray(scene(91, 75, 3, rng))
    alpha = Image.fromarray(scene(75, 91, 4, rng), "RGBA")
    keep("grey8.png", encoded(grey, "PNG"))
    keep("grey1.png", encoded(grey.convert("1"), "PNG"))
    for bits in (2, 4):
        palette = grey.quantize(1 << bits)
        keep(f"palette{bits}.png", encoded(palette, "PNG", bits=bits))
    keep("palette8.png", encoded(colour.quantize(200), "PNG"))
    keep("palette8-transparent.png", encoded(colour.quantize(200), "PNG", transparency=3))
    keep("grey-alpha8.png", encoded(alpha.convert("LA"), "PNG"))
    keep("rgb-alpha8.png", encoded(alpha, "PNG"))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    keep("rgb-profile-gamma.png", encoded(colour, "PNG", icc_profile=profile))
    deep = {c: scene(67, 72, c, rng).astype(np.uint16) * 257 + rng.integers(0, 99, (72, 67, c), dtype=np.uint16) * (c > 0) for c in (1, 2, 3, 4)}
    deep = {c: np.minimum(a, 65535) for c, a in deep.items()}
    for c, a in deep.items():
        # Of 16 bits the upper 8; for grey Pillow clips at 255 instead, which whitens everything
        top = (a >> 8).astype(np.uint8)
        image = Image.fromarray(top[:, :, 0] if c < 3 else top[:, :, :3])
        keep({1: "grey16.png", 2: "grey-alpha16.png", 3: "rgb16.png", 4: "rgb-alpha16.png"}[c], png16(a), image=image)
    keep("interlaced.png", interlaced_png(scene(77, 90, 3, rng)))

    smooth = Image.fromarray(np.asarray(Image.fromarray(scene(40, 30, 3, rng)).resize((201, 153), Image.BICUBIC)))
    keep("baseline-420.jpg", encoded(smooth, "JPEG", quality=85))
    keep("baseline-444.jpg", encoded(smooth, "JPEG", quality=85, subsampling=0))
    keep("baseline-422.jpg", encoded(smooth, "JPEG", quality=85, subsampling=1))
    keep("progressive.jpg", encoded(smooth, "JPEG", quality=85, progressive=True))
    keep("grey.jpg", encoded(smooth.convert("L"), "JPEG", quality=85))
    keep("rgb-adobe.jpg", encoded(smooth, "JPEG", quality=90, keep_rgb=True))
    keep("profile.jpg", encoded(smooth, "JPEG", quality=85, icc_profile=profile))
    keep("broken-profile.jpg", encoded(smooth, "JPEG", quality=85, icc_profile=b"\0" * 300))
    exif = Image.Exif()
    exif[0x010e] = "a scene"
    keep("exif.jpg", encoded(smooth, "JPEG", quality=85, exif=exif, comment="no comment"))
    keep("no-jfif-444.jpg", without_segment(encoded(smooth, "JPEG", quality=85, subsampling=0), 0xe0))
    keep("no-jfif-420.jpg", without_segment(encoded(smooth, "JPEG", quality=85), 0xe0))
    keep("restart-markers.jpg", encoded(smooth, "JPEG", quality=85, restart_marker_blocks=3))
    keep("optimised-q30.jpg", encoded(smooth, "JPEG", quality=30, optimize=True))
    keep("trailing-bytes.jpg", encoded(smooth, "JPEG", quality=85) + b"PK\3\4 and so on" * 20)
    print("pictures", sum(1 for f in folder.iterdir() if f.suffix == ".rgb"))


token_ids()
pictures()
