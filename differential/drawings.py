# SPDX-License-Identifier: Apache-2.0
"""Any number of drawings such as the built-in model knows: one to three coloured shapes on a background.

What is drawn follows from a seed and a number alone.
"""

import io
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SHAPE_NAMES = ["circle", "square", "triangle", "star", "heart", "cross", "ring", "moon", "arrow", "house", "tree", "fish"]
COLOR_NAMES = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white"]
SIZE_NAMES = ["small", "large"]
BG_NAMES = ["white", "black", "grey", "sky", "grass", "stripes", "gradient", "noise", "checks"]

# HSV ranges (degrees, %, %) each colour is drawn from
HSV = {
    "red": ((-8, 6), (82, 100), (72, 98)), "orange": ((22, 33), (85, 100), (92, 100)),
    "yellow": ((49, 58), (78, 100), (92, 100)), "green": ((98, 145), (62, 100), (42, 78)),
    "blue": ((212, 238), (72, 100), (62, 100)), "purple": ((270, 288), (58, 95), (48, 78)),
    "pink": ((322, 345), (32, 58), (95, 100)), "brown": ((18, 28), (58, 82), (32, 50)),
    "black": ((0, 360), (0, 25), (2, 12)), "white": ((0, 360), (0, 4), (95, 100)),
}


def hsv(h, s, v):
    h, s, v = (h % 360) / 60.0, s / 100.0, v / 100.0
    i = int(h)
    f = h - i
    p, q, t = v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f))
    r, g, b = [(v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q)][i % 6]
    return tuple(int(round(255 * x)) for x in (r, g, b))


def pick_color(name, rng):
    return hsv(*(rng.uniform(*r) for r in HSV[name]))


def scale_rgb(c, f):
    return tuple(max(0, min(255, int(x * f))) for x in c)


# --------------------------------------------------------------------------
# scenes

class Obj:
    __slots__ = ("shape", "color", "size", "col", "row", "cx", "cy", "s")

    def key(self):
        return (self.shape, self.color, self.size, self.col, self.row)


class Scene:
    __slots__ = ("objs", "bg")

    def signature(self):
        return (self.bg,) + tuple(sorted(o.key() for o in self.objs))


def place(objs, rng, keep=False):
    """Gives every object a cell of the 3x3 grid and a spot in it, without overlaps."""
    many = len(objs) > 1
    for attempt in range(200):
        done = []
        for o in objs:
            if attempt > 150:
                o.size = "small"
            lo, hi = ((0.18, 0.235) if o.size == "small" else (0.34, 0.42) if many else (0.38, 0.50))
            o.s = rng.uniform(lo, hi)
            if not keep:
                o.col, o.row = rng.randrange(3), rng.randrange(3)
            e = o.s / 2 + 0.015

            def spot(cell):
                if cell == 0:
                    return rng.uniform(e, max(e, 0.35))
                if cell == 1:
                    return rng.uniform(0.44, 0.56)
                return rng.uniform(min(1 - e, 0.65), 1 - e)
            o.cx, o.cy = spot(o.col), spot(o.row)
            if any(math.hypot(o.cx - d.cx, o.cy - d.cy) < 0.56 * (o.s + d.s) for d in done):
                break
            done.append(o)
        else:
            return True
    return False


def fits(color, bg):
    return not (color == bg)          # no white on white, no black on black


def pick_fit(rng, bg):
    while True:
        c = rng.choice(COLOR_NAMES)
        if fits(c, bg):
            return c


def sample_scene(rng):
    while True:
        sc = Scene()
        sc.bg = rng.choice(BG_NAMES)
        n = rng.choices((1, 2, 3), (0.42, 0.38, 0.20))[0]
        same = n > 1 and rng.random() < 0.28
        sc.objs = []
        for i in range(n):
            o = Obj()
            if same and i:
                o.shape, o.color = sc.objs[0].shape, sc.objs[0].color
            else:
                o.shape, o.color = rng.choice(SHAPE_NAMES), pick_fit(rng, sc.bg)
            o.size = rng.choices(SIZE_NAMES, (0.5, 0.5) if n < 3 else (0.65, 0.35))[0]
            sc.objs.append(o)
        if place(sc.objs, rng):
            return sc


# --------------------------------------------------------------------------
# drawing: every shape is a list of (polygon, tint), tint None = the object's colour

def ngon(n, rx, ry=None, x=0.0, y=0.0, a0=0.0):
    ry = rx if ry is None else ry
    return [(x + rx * math.cos(a0 + 2 * math.pi * i / n), y + ry * math.sin(a0 + 2 * math.pi * i / n))
            for i in range(n)]


def shape_parts(shape, rng):
    P = []
    if shape == "circle":
        P = [(ngon(56, 0.46), None)]
    elif shape == "square":
        k = 0.41
        P = [([(-k, -k), (k, -k), (k, k), (-k, k)], None)]
    elif shape == "triangle":
        P = [([(0, -0.45), (0.48, 0.40), (-0.48, 0.40)], None)]
    elif shape == "star":
        r = rng.uniform(0.19, 0.23)
        P = [([((0.5 if i % 2 == 0 else r) * math.sin(math.pi * i / 5),
                -(0.5 if i % 2 == 0 else r) * math.cos(math.pi * i / 5)) for i in range(10)], None)]
    elif shape == "heart":
        pts = []
        for i in range(48):
            t = 2 * math.pi * i / 48
            pts.append((0.029 * 16 * math.sin(t) ** 3,
                        -0.029 * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) - 0.06))
        P = [(pts, None)]
    elif shape == "cross":
        a, b = rng.uniform(0.13, 0.17), 0.46
        P = [([(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a)], None)]
    elif shape == "ring":
        ri = rng.uniform(0.24, 0.30)
        outer, inner = ngon(56, 0.47), ngon(56, ri)
        P = [(outer + outer[:1] + inner[:1] + inner[::-1], None)]
    elif shape == "moon":
        d, ri = rng.uniform(0.17, 0.24), 0.40
        ro = 0.47
        # the two circles (0,0,ro) and (d,0,ri) meet at x = xm
        xm = (ro * ro - ri * ri + d * d) / (2 * d)
        ym = math.sqrt(max(1e-6, ro * ro - xm * xm))
        a1, a2 = math.atan2(ym, xm), math.atan2(ym, xm - d)
        pts = [(ro * math.cos(a1 + (2 * math.pi - 2 * a1) * i / 40), ro * math.sin(a1 + (2 * math.pi - 2 * a1) * i / 40)) for i in range(41)]
        pts += [(d + ri * math.cos(-a2 - (2 * math.pi - 2 * a2) * i / 40), ri * math.sin(-a2 - (2 * math.pi - 2 * a2) * i / 40)) for i in range(41)]
        P = [([(x + 0.1, y) for x, y in pts], None)]
    elif shape == "arrow":
        a = rng.uniform(0.09, 0.13)
        P = [([(-0.48, -a), (0.06, -a), (0.06, -0.32), (0.49, 0), (0.06, 0.32), (0.06, a), (-0.48, a)], None)]
    elif shape == "house":
        w = rng.uniform(0.32, 0.38)
        P = [([(-w, -0.08), (w, -0.08), (w, 0.46), (-w, 0.46)], None),
             ([(0, -0.48), (w + 0.1, -0.06), (-w - 0.1, -0.06)], "dark"),
             ([(-0.09, 0.16), (0.07, 0.16), (0.07, 0.46), (-0.09, 0.46)], "door"),
             ([(0.14, 0.05), (0.27, 0.05), (0.27, 0.18), (0.14, 0.18)], "window")]
    elif shape == "tree":
        P = [([(-0.07, 0.10), (0.07, 0.10), (0.08, 0.49), (-0.08, 0.49)], "trunk")]
        if rng.random() < 0.5:
            P += [([(0, -0.22), (0.36, 0.24), (-0.36, 0.24)], None), ([(0, -0.49), (0.27, -0.04), (-0.27, -0.04)], None)]
        else:
            P += [(ngon(28, 0.21, x=-0.17, y=0.02), None), (ngon(28, 0.21, x=0.17, y=0.02), None),
                  (ngon(28, 0.26, x=0, y=-0.20), None)]
    elif shape == "fish":
        P = [([(-0.20, 0), (-0.49, -0.22), (-0.42, 0), (-0.49, 0.22)], None),
             (ngon(40, 0.34, rng.uniform(0.20, 0.25), x=0.13), None),
             (ngon(14, 0.05, x=0.30, y=-0.06), "eye"), (ngon(10, 0.022, x=0.31, y=-0.06), "pupil")]
    return P


def turn_of(shape, rng):
    """(rotation in radians, mirrored?)"""
    j = math.radians(rng.uniform(-10, 10))
    if shape == "arrow":
        j += rng.randrange(4) * math.pi / 2
    elif shape == "star":
        j = math.radians(rng.uniform(-36, 36))
    elif shape == "moon":
        j = math.radians(rng.uniform(-40, 40))
    elif shape in ("house", "tree"):
        j *= 0.4
    return j, rng.random() < 0.5


def lum(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def draw_object(img, o, rng, style):
    W, H = img.size
    m = min(W, H)
    px = max(8, int(round(o.s * m)))
    k = 4 if px < 60 else 3 if px < 140 else 2
    pad = 2 + px // 12
    T = px + 2 * pad
    fill = pick_color(o.color, rng)
    outline = scale_rgb(fill, 0.45) if lum(fill) > 70 else tuple(min(255, x + 95) for x in fill)
    use_outline = rng.random() < style["outline"]
    tile = Image.new("RGBA", (T * k, T * k), fill + (0,))
    d = ImageDraw.Draw(tile)
    a, mirror = turn_of(o.shape, rng)
    ca, sa = math.cos(a), math.sin(a)
    tints = {None: fill, "dark": scale_rgb(fill, 0.62) if lum(fill) > 45 else tuple(x + 60 for x in fill),
             "door": (70, 45, 25) if lum(fill) > 60 else (215, 200, 170), "window": (200, 230, 250),
             "trunk": hsv(rng.uniform(18, 28), rng.uniform(50, 75), rng.uniform(28, 42)),
             "eye": (250, 250, 250), "pupil": (10, 10, 10)}
    parts = []
    for poly, tint in shape_parts(o.shape, rng):
        q = []
        for x, y in poly:
            x = -x if mirror else x
            x, y = x * ca - y * sa, x * sa + y * ca
            q.append(((x * px + T / 2) * k, (y * px + T / 2) * k))
        parts.append((q, tints[tint], tint))
    if use_outline:
        w = max(1.0, px * rng.uniform(0.012, 0.03)) * 2 * k
        for q, _, tint in parts:
            if tint in (None, "dark", "trunk"):
                loop = q if o.shape != "ring" else None
                if loop:
                    d.line(loop + loop[:2], fill=outline + (255,), width=int(w), joint="curve")
                else:
                    half = (len(q) - 2) // 2
                    for r in (q[:half + 1], q[half + 1:]):
                        d.line(r + r[:2], fill=outline + (255,), width=int(w), joint="curve")
    for q, c, _ in parts:
        d.polygon(q, fill=c + (255,))
    tile = tile.resize((T, T), Image.BOX)
    x0, y0 = (W - m) / 2 + o.cx * m, (H - m) / 2 + o.cy * m
    at = (int(round(x0 - T / 2)), int(round(y0 - T / 2)))
    if style["shade"]:
        arr = np.asarray(tile).astype(np.float32)
        g = np.linspace(style["shade"], 2 - style["shade"], T, dtype=np.float32)
        g = g[None, :, None] if style["shade_x"] else g[:, None, None]
        arr[..., :3] = np.clip(arr[..., :3] * np.minimum(g, 1.12), 0, 255)
        tile = Image.fromarray(arr.astype(np.uint8), "RGBA")
    if style["shadow"]:
        sh = Image.new("RGBA", (T, T), (0, 0, 0, 0))
        sh.putalpha(tile.getchannel("A").point(lambda v: v * 2 // 5))
        off = max(1, px // 14)
        img.paste(sh, (at[0] + off, at[1] + off), sh)
    img.paste(tile, at, tile)


def smooth_noise(nr, W, H, cells):
    g = nr.random((max(2, H * cells // max(W, H)), max(2, W * cells // max(W, H)))).astype(np.float32)
    return np.asarray(Image.fromarray(g).resize((W, H), Image.BICUBIC))


def draw_background(bg, W, H, rng):
    nr = np.random.default_rng(rng.getrandbits(32))
    if bg in ("white", "black", "grey"):
        v = {"white": rng.randint(243, 255), "black": rng.randint(0, 14), "grey": rng.randint(112, 168)}[bg]
        return Image.new("RGB", (W, H), (v, v, v))
    yy, xx = np.mgrid[0:H, 0:W].astype(np.float32)
    if bg == "sky":
        top = np.array(hsv(rng.uniform(200, 215), rng.uniform(45, 65), rng.uniform(82, 95)), np.float32)
        bot = np.array(hsv(rng.uniform(195, 210), rng.uniform(10, 30), rng.uniform(93, 99)), np.float32)
        t = (yy / H)[..., None]
        a = top * (1 - t) + bot * t
        c = smooth_noise(nr, W, H, rng.randint(4, 7))
        c = np.clip((c - 0.55) * 3.0, 0, 0.85)[..., None]
        a = a * (1 - c) + 250 * c
    elif bg == "grass":
        base = np.array(hsv(rng.uniform(85, 110), rng.uniform(45, 65), rng.uniform(50, 72)), np.float32)
        streak = nr.random((max(1, H // rng.randint(5, 9)), W)).astype(np.float32)
        streak = np.asarray(Image.fromarray(streak).resize((W, H), Image.BILINEAR))
        f = 0.72 + 0.45 * streak + 0.25 * (smooth_noise(nr, W, H, 6) - 0.5)
        a = base[None, None] * f[..., None]
    elif bg == "stripes":
        ang = rng.choice((0.0, math.pi / 2, math.pi / 4, -math.pi / 4))
        period = min(W, H) * rng.uniform(0.09, 0.2)
        t = (xx * math.cos(ang) + yy * math.sin(ang)) / period
        c1 = np.array(hsv(rng.uniform(0, 360), rng.uniform(5, 30), rng.uniform(78, 96)), np.float32)
        c2 = c1 * rng.uniform(0.68, 0.85)
        a = np.where((np.floor(t) % 2 == 0)[..., None], c1, c2)
    elif bg == "checks":
        cell = min(W, H) * rng.uniform(0.09, 0.18)
        v1, v2 = rng.randint(195, 240), rng.randint(120, 170)
        on = (np.floor(xx / cell) + np.floor(yy / cell)) % 2 == 0
        a = np.repeat(np.where(on, v1, v2)[..., None], 3, 2)
    elif bg == "gradient":
        h = rng.uniform(0, 360)
        c1 = np.array(hsv(h, rng.uniform(25, 55), rng.uniform(75, 96)), np.float32)
        c2 = np.array(hsv(h + rng.uniform(70, 180), rng.uniform(25, 55), rng.uniform(40, 70)), np.float32)
        ang = rng.uniform(0, 2 * math.pi)
        t = (xx / W - 0.5) * math.cos(ang) + (yy / H - 0.5) * math.sin(ang)
        t = np.clip(t * 0.9 + 0.5, 0, 1)[..., None]
        a = c1 * (1 - t) + c2 * t
    else:  # noise
        q = max(1, min(W, H) // rng.randint(30, 70))
        small = nr.normal(0, rng.uniform(28, 48), ((H + q - 1) // q, (W + q - 1) // q, 1 if rng.random() < 0.5 else 3))
        a = np.repeat(np.repeat(small, q, 0), q, 1)[:H, :W] + rng.uniform(105, 155)
        a = np.broadcast_to(a, (H, W, 3))
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8), "RGB")


CANVASES = [(96, 96), (112, 96), (128, 128), (128, 160), (160, 120), (200, 150), (224, 224), (180, 240),
            (256, 256), (320, 240), (240, 320), (320, 200), (300, 400), (400, 300), (480, 360), (512, 384),
            (500, 500), (480, 480), (640, 480), (640, 360), (360, 480)]
CANVAS_W = [4, 4, 6, 5, 6, 6, 6, 5, 5, 5, 4, 4, 2, 3, 2, 1, 1, 1, 2, 1, 2]


def render(sc, rng, canvas=None):
    W, H = canvas or rng.choices(CANVASES, CANVAS_W)[0]
    style = {"outline": rng.choice((0.0, 0.0, 1.0)),
             "shade": rng.uniform(0.74, 0.9) if rng.random() < 0.3 else 0, "shade_x": rng.random() < 0.5,
             "shadow": rng.random() < 0.15 and sc.bg != "black"}
    if sc.bg not in ("white", "black", "grey"):
        style["outline"] = rng.choice((0.3, 1.0))
    img = draw_background(sc.bg, W, H, rng)
    for o in sc.objs:
        st = style
        if (o.color, sc.bg) in (("green", "grass"), ("white", "sky"), ("blue", "sky"), ("white", "checks"), ("white", "stripes")):
            st = dict(style, outline=1.0)
        draw_object(img, o, rng, st)
    if rng.random() < 0.10:
        img = img.filter(ImageFilter.GaussianBlur(min(W, H) * rng.uniform(0.002, 0.006)))
    if rng.random() < 0.25:
        f = rng.uniform(0.88, 1.08)
        img = img.point(lambda v: int(min(255, v * f)))
    return img



def drawing(seed, number):
    """The bytes of a JPEG, and what is on it: (colour, shape) pairs."""
    rng = random.Random(f"drawing/{seed}/{number}")
    scene = sample_scene(rng)
    picture = io.BytesIO()
    render(scene, rng).save(picture, "JPEG", quality=82)
    return picture.getvalue(), {(o.color, o.shape) for o in scene.objs}
