# SPDX-License-Identifier: Apache-2.0
"""Asks the reference which code points it takes for what, and writes them beside the tokenizer's classes.

    pip install tokenizers==0.23.3 unicodedata2==18.0.0
    python make_unicode.py

other, nonspacing, combining, punctuation, numeric: what BertNormalizer drops, what it strips, what StripAccents strips, where
Punctuation and Digits split. unnormalized: what newer tables of Unicode normalize in some way and the reference leaves alone.
"""
import pathlib

import unicodedata2
from tokenizers import normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).resolve().parents[2] / "main/resources/dev/joust/embed/tokenize/unicode.txt"

clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
strip = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
accents = normalizers.StripAccents()
punctuation = pre_tokenizers.Punctuation()
digits = pre_tokenizers.Digits(individual_digits=True)
forms = {"NFC": normalizers.NFC(), "NFD": normalizers.NFD(), "NFKC": normalizers.NFKC(), "NFKD": normalizers.NFKD()}
# A mark of the lowest class after it, one of the highest before it, and marks that compose across it
settings = ["%s", "a%s\u0334", "a\u0345%s", "a%s\u0301", "a\u0327%s\u0301"]


def normalizes_otherwise(c):
    return any(form.normalize_str(s % c) != unicodedata2.normalize(name, s % c) for name, form in forms.items() for s in settings)


tests = {
    "other": lambda c: ord(c) not in (0, 0xfffd) and clean.normalize_str(c) == "",
    "nonspacing": lambda c: strip.normalize_str(c) == "",
    "combining": lambda c: accents.normalize_str(c) == "",
    "punctuation": lambda c: len(punctuation.pre_tokenize_str("x" + c + "y")) == 3,
    "numeric": lambda c: len(digits.pre_tokenize_str("x" + c + "y")) == 3,
    "unnormalized": normalizes_otherwise,
}
lines = ["# Made by make_unicode.py with tokenizers 0.23.3 and Unicode " + unicodedata2.unidata_version]
for name, test in tests.items():
    ranges = []
    for code in range(0x110000):
        if 0xd800 <= code <= 0xdfff or not test(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    lines.append(name + ":" + " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in ranges))
    print(name, len(ranges))
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text("\n".join(lines) + "\n")
