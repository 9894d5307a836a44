# SPDX-License-Identifier: Apache-2.0
"""Trains a small tokenizer of every kind on text in many languages, and keeps what the reference makes of 5,000 lines.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 faker==40.54.0
    python make_tokenizers.py                 writes tokenizers/ among the test's resources
    python make_tokenizers.py show NAME LINE  prints what the reference makes of one line
    python make_tokenizers.py other FOLDER    the same tokenizers with 5,000 other lines, any code points among them
    python make_tokenizers.py pairs           what the reference makes of the lines two by two, by the tokenizers as they are
    python make_tokenizers.py pair NAME PAIR  prints what the reference makes of two lines

lines.txt.gz     the lines, one JSON string each
NAME.json.gz     the tokenizer
NAME.ids.gz      per line the CRC-32 (big endian) of its ids in decimal, joined by spaces
NAME.pairs.gz    for lines 0 and 1, 2 and 3, ... the same of the pair's ids and, behind them, types; of pair i cut as `cut` says, and
                 of the word "refused" where the reference does not cut it so
"""
import collections
import gzip
import json
import pathlib
import random
import string
import struct
import sys
import tempfile
import unicodedata
import zlib

import sentencepiece
from faker import Faker
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/joust/embed/golden/tokenizers"
LOCALES = """ar_AA az_AZ bg_BG bn_BD cs_CZ da_DK de_DE el_GR en_GB en_US es_ES et_EE fa_IR fi_FI fil_PH fr_FR ga_IE gu_IN he_IL hi_IN hr_HR
hu_HU hy_AM it_IT ja_JP ka_GE ko_KR lt_LT lv_LV mt_MT ne_NP nl_NL no_NO or_IN pl_PL pt_BR ro_RO ru_RU sk_SK sl_SI sq_AL sv_SE ta_IN th_TH
tr_TR uk_UA vi_VN yo_NG zh_CN zh_TW zu_ZA""".split()
SCRIPTS = [(0x21, 0x7e), (0xa1, 0xff), (0x100, 0x24f), (0x250, 0x2ff), (0x370, 0x3ff), (0x400, 0x52f), (0x531, 0x58f), (0x591, 0x5f4), (0x600, 0x6ff),
           (0x700, 0x74f), (0x780, 0x7bf), (0x900, 0x97f), (0x980, 0x9ff), (0xa00, 0xa7f), (0xb80, 0xbff), (0xc80, 0xcff), (0xd80, 0xdff), (0xe01, 0xe5b),
           (0xe80, 0xedf), (0xf00, 0xfff), (0x1000, 0x109f), (0x10a0, 0x10ff), (0x1100, 0x11ff), (0x1200, 0x137f), (0x13a0, 0x13ff), (0x1780, 0x17ff),
           (0x1800, 0x18af), (0x1e00, 0x1eff), (0x1f00, 0x1fff), (0x2010, 0x205e), (0x2070, 0x20bf), (0x2100, 0x218b), (0x2190, 0x22ff), (0x2460, 0x24ff),
           (0x2500, 0x27bf), (0x3000, 0x30ff), (0x3105, 0x312f), (0x3130, 0x318e), (0x3200, 0x33ff), (0x4e00, 0x9fff), (0xa000, 0xa48c), (0xac00, 0xd7a3),
           (0xf900, 0xfaff), (0xfb00, 0xfdff), (0xfe10, 0xfe6f), (0xff01, 0xffee), (0x10330, 0x1034a), (0x10400, 0x1044f), (0x1d400, 0x1d7ff),
           (0x1f100, 0x1f2ff), (0x1f300, 0x1faff), (0x20000, 0x2a6d6)]
SPACES = [" "] * 30 + ["  ", "   ", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b", "\u2060", "\ufeff"]
MARKS = [chr(c) for c in list(range(0x300, 0x370)) + list(range(0x483, 0x48a)) + list(range(0x591, 0x5be)) + list(range(0x64b, 0x660)) + list(range(0x1ab0, 0x1abf)) + list(range(0x20d0, 0x20f1)) + [0x3099, 0x309a, 0xfe20, 0xfe0f]]
CONTROLS = [chr(c) for c in list(range(0, 0x20)) + list(range(0x7f, 0xa0)) + [0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfffd, 0xfff9, 0xfffe, 0xffff, 0xe000, 0xf8ff, 0xe0001, 0xf0000, 0x10ffff]]
SPECIAL = ["<s>", "</s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]", "<|endoftext|>", "<|startoftext|>", "<0x41>", "##a", "\u2581", "\u2581\u2581", "Added Word", "added", "extra"]
EMOJI = ["\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\U0001f1ef\U0001f1f5\U0001f1fa", "1\ufe0f\u20e3", "#\ufe0f\u20e3", "\u2764\ufe0f", "\u2764",
         "\U0001f469\U0001f3fe\u200d\U0001f680", "\U0001f600", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\u00a9\ufe0f", "\u263a\ufe0e", "\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1"]
CODE = ["x = [1, 2.5e-3, 0x1F]", "SELECT * FROM t WHERE a <> 'b';", "https://example.org/a?b=c&d=%20#e", "mail.me+now@example.co.uk", "C:\\dir\\file.txt", "don't we'll I'VE they're He'D SHE'S it'M", "if (a && !b) { return c[i++]; }",
        "1,234,567.89 \u20ac", "+49 (0)30 123-456", "12:30:59.999", "2026-11-22T02:33:00Z", "#hash_tag @user_name", "...!?!\u2026\u2014\u2013-", "a_b-c.d/e", "$100 \u00a3200 100% \u2030", "snake_case camelCase PascalCase", "\u00bd \u00b2 \u2460 \u2167 \u0663", "\ufb01ne \ufb02y \ufdfa \u3392 \u1e9b\u0323"]


def lines(seed, count, any_code_point=False):
    rng = random.Random(seed)
    fakers = []
    for locale in LOCALES:
        faker = Faker(locale)
        faker.seed_instance(rng.randrange(1 << 30))
        fakers.append(faker)

    def character(first, last):
        while True:
            c = rng.randint(first, last)
            if not 0xd800 <= c <= 0xdfff and (any_code_point or unicodedata.category(chr(c)) != "Cn"):
                return chr(c)

    def language():
        faker = rng.choice(fakers)
        kind = rng.randrange(6)
        if kind == 0:
            return faker.name()
        if kind == 1:
            return faker.address()
        if kind == 2:
            return faker.company()
        return faker.sentence(nb_words=rng.randint(3, 14))

    def script_word():
        first, last = rng.choice(SCRIPTS)
        return "".join(character(first, last) for _ in range(rng.randint(1, 8)))

    def marked():
        return "".join(c + "".join(rng.choice(MARKS) for _ in range(rng.choice([0, 0, 1, 2, 3]))) for c in rng.choice([language, script_word])()[:20])

    def changed():
        text = language()
        change = rng.randrange(7)
        if change < 4:
            return unicodedata.normalize(["NFC", "NFD", "NFKC", "NFKD"][change], text)
        return [text.upper(), text.lower(), text.title()][change - 4]

    def noise():
        return "".join(rng.choice([rng.choice(CONTROLS), rng.choice(string.printable), rng.choice(SPACES), rng.choice(string.ascii_letters)]) for _ in range(rng.randint(1, 20)))

    def anything():
        return "".join(character(0, 0x10ffff if rng.random() < .3 else 0xffff) for _ in range(rng.randint(1, 12)))

    def digits():
        return "".join(rng.choice("0123456789\u0661\u0967\u00b2\u00bd\u4e00\U0001d7d8 .,") for _ in range(rng.randint(1, 12)))

    parts = [language] * 10 + [script_word] * 5 + [marked, marked, changed, changed, noise, anything, digits]
    parts += [lambda: rng.choice(EMOJI), lambda: rng.choice(EMOJI) * 3, lambda: rng.choice(CODE), lambda: rng.choice(CODE), lambda: rng.choice(SPECIAL), lambda: rng.choice(SPACES) * rng.randint(1, 4)]
    result = ["", " ", "a", "\u2581", "  a  b  ", "\n", "a" * 400, "\u00e9" * 120, "ab" * 150 + " c", "\u4e2d" * 150, " " * 60, "\x00", "\u0301", "\u200d"]
    while len(result) < count:
        text = "".join(rng.choice(parts)() + rng.choice(SPACES + [""] * 4) for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 6])))
        result.append(text[:rng.choice([400, 80, 30])])
    return result


def trained(tokenizer, trainer, texts):
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def common(texts, count):
    """The texts without rare characters: the unigram trainer keeps every one it sees."""
    counts = collections.Counter(c for text in texts for c in text)
    keep = {c for c, _ in counts.most_common(count)}
    return ["".join(c for c in text if c in keep) for text in texts]


def charsmap(rule):
    with tempfile.TemporaryDirectory() as folder:
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(["a b c d e"] * 50), model_prefix=folder + "/m", vocab_size=12, model_type="char",
                                                 normalization_rule_name=rule, minloglevel=2)
        from sentencepiece import sentencepiece_model_pb2
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString(pathlib.Path(folder + "/m.model").read_bytes())
        return proto.normalizer_spec.precompiled_charsmap


def template(before, after, ids, type_id=0):
    return processors.TemplateProcessing(single=f"{before} $A:{type_id} {after}".strip(), pair="$A $B", special_tokens=ids)


def with_unigram_bytes(tokenizer, keep_out=()):
    """Gives a unigram model the tokens of bytes, which its trainer doesn't know."""
    data = json.loads(tokenizer.to_str())
    data["model"]["vocab"] += [[f"<0x{b:02X}>", -30.0] for b in range(256) if b not in keep_out]
    data["model"]["byte_fallback"] = True
    return Tokenizer.from_str(json.dumps(data))


def with_bytes(tokenizer, keep_out=()):
    data = json.loads(tokenizer.to_str())
    vocab = data["model"]["vocab"]
    for b in range(256):
        if b not in keep_out:
            vocab.setdefault(f"<0x{b:02X}>", len(vocab))
    data["model"]["byte_fallback"] = True
    return Tokenizer.from_str(json.dumps(data))


def kinds(texts):
    """Every tokenizer by its name."""
    bert_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    roberta_special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t = trained(t, trainers.WordPieceTrainer(vocab_size=1600, limit_alphabet=700, special_tokens=bert_special, show_progress=False), texts)
    t.post_processor = template("[CLS]", "[SEP]", [("[CLS]", 2), ("[SEP]", 3)])
    yield "bert-uncased", t

    t = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=12))
    t.normalizer = normalizers.BertNormalizer(lowercase=False, handle_chinese_chars=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t = trained(t, trainers.WordPieceTrainer(vocab_size=1200, limit_alphabet=600, special_tokens=bert_special, show_progress=False), texts)
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    t.enable_truncation(16)
    t.enable_padding(length=20, pad_id=0, pad_token="[PAD]")
    yield "bert-cased-cut", t

    t = Tokenizer(models.WordPiece(unk_token="[UNK]", continuing_subword_prefix="@@"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Nmt(), normalizers.Lowercase(), normalizers.StripAccents(), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous"), pre_tokenizers.Digits(individual_digits=True)])
    t = trained(t, trainers.WordPieceTrainer(vocab_size=1200, limit_alphabet=600, continuing_subword_prefix="@@", special_tokens=bert_special, show_progress=False), texts)
    t.post_processor = template("", "[SEP] [SEP]", [("[SEP]", 3)], 1)
    t.enable_truncation(24, direction="left")
    t.enable_padding(direction="left", pad_to_multiple_of=8, pad_id=0, pad_token="[PAD]")
    yield "wordpiece-left", t

    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t = trained(t, trainers.BpeTrainer(vocab_size=1400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"], show_progress=False), texts)
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    yield "gpt2", t

    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    t = trained(t, trainers.BpeTrainer(vocab_size=1200, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=roberta_special, show_progress=False), texts)
    data = json.loads(t.to_str())
    data["added_tokens"][4]["lstrip"] = True
    data["model"]["merges"] = [" ".join(pair) for pair in data["model"]["merges"]]
    data["post_processor"] = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": True}
    yield "roberta", Tokenizer.from_str(json.dumps(data))

    t = Tokenizer(models.BPE(ignore_merges=True))
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t = trained(t, trainers.BpeTrainer(vocab_size=1400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|startoftext|>", "<|endoftext|>"], show_progress=False), texts)
    t.add_tokens(["Added Word", " extra"])
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template("<|startoftext|>", "", [("<|startoftext|>", 0)])])
    yield "llama3", t

    t = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    t = trained(t, trainers.BpeTrainer(vocab_size=1400, end_of_word_suffix="</w>", initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|startoftext|>", "<|endoftext|>"], show_progress=False), texts)
    data = json.loads(t.to_str())
    for c in sorted(pre_tokenizers.ByteLevel.alphabet()):
        data["model"]["vocab"].setdefault(c + "</w>", len(data["model"]["vocab"]))
    data["post_processor"] = {"type": "RobertaProcessing", "sep": ["<|endoftext|>", 1], "cls": ["<|startoftext|>", 0], "trim_offsets": False, "add_prefix_space": False}
    data["truncation"] = {"direction": "Right", "max_length": 77, "strategy": "LongestFirst", "stride": 0}
    yield "clip", Tokenizer.from_str(json.dumps(data))

    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    t = trained(t, trainers.BpeTrainer(vocab_size=1200, limit_alphabet=500, max_token_length=12, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False), [w for line in texts for w in line.split()])
    t = with_bytes(t)
    t.post_processor = template("<s>", "", [("<s>", 1)])
    yield "llama2", t

    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Replace(" ", "\u2581")
    t.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    t = trained(t, trainers.BpeTrainer(vocab_size=900, limit_alphabet=400, max_token_length=9, special_tokens=["<pad>", "<unk>"], show_progress=False), [w for line in texts for w in line.split()])
    yield "gemma-some-bytes", with_bytes(t, keep_out=set(range(0xe0, 0xe4)))

    t = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##", fuse_unk=False))
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t = trained(t, trainers.BpeTrainer(vocab_size=1300, limit_alphabet=500, continuing_subword_prefix="##", special_tokens=["[UNK]"], show_progress=False), texts)
    yield "bpe-continuing", t

    t = Tokenizer(models.BPE(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.Strip(right=False), normalizers.Replace(Regex(r"\p{Han}|[\w&&[^\p{L}]]+"), ""), normalizers.ByteLevel()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split("\u0120", "merged_with_next"), pre_tokenizers.Split(Regex("[.,!?]+"), "contiguous"), pre_tokenizers.Split(Regex("\\p{Lu}"), "merged_with_next"), pre_tokenizers.FixedLength(9)])
    t = trained(t, trainers.BpeTrainer(vocab_size=1000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<unk>"], show_progress=False), texts)
    yield "byte-normalizer", t

    nfkc = charsmap("nmt_nfkc")
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Precompiled(nfkc), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "\u2581")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t = trained(t, trainers.UnigramTrainer(vocab_size=1600, unk_token="<unk>", special_tokens=roberta_special, show_progress=False), common(texts, 400))
    t.post_processor = template("<s>", "</s>", [("<s>", 0), ("</s>", 2)])
    yield "xlm-roberta", t

    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Precompiled(charsmap("nmt_nfkc_cf"))
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    t = trained(t, trainers.UnigramTrainer(vocab_size=1300, unk_token="<unk>", special_tokens=["<pad>", "</s>", "<unk>"], show_progress=False), common(texts, 400))
    t.post_processor = template("", "</s>", [("</s>", 1)])
    t.enable_truncation(64)
    t.enable_padding(length=64, pad_id=1, pad_token="</s>")
    yield "t5-siglip", t

    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Nmt()])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    t = trained(t, trainers.UnigramTrainer(vocab_size=1000, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False), [w for line in common(texts, 400) for w in line.split()])
    t = with_unigram_bytes(t)
    t.add_special_tokens(["<s>", "[SEP]"])
    yield "unigram-bytes", t

    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.BertNormalizer(strip_accents=True, lowercase=False)
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.CharDelimiterSplit("a"), pre_tokenizers.Metaspace("_", prepend_scheme="first")])
    t = trained(t, trainers.UnigramTrainer(vocab_size=900, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False), common(texts, 400))
    yield "unigram-some-bytes", with_unigram_bytes(t, keep_out=set(range(0xf0, 0xf8)))

    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.NFC()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("removed")])
    t = trained(t, trainers.WordLevelTrainer(vocab_size=2500, special_tokens=["<unk>", "<mask>"], show_progress=False), texts)
    data = json.loads(t.to_str())
    token = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False}
    data["added_tokens"] += [dict(token, id=9000, content="Added Word", single_word=True), dict(token, id=9001, content="Extra", lstrip=True, rstrip=True),
                             dict(token, id=9002, content="add"), dict(token, id=9003, content="added w", rstrip=True), dict(token, id=9004, content="</s>", normalized=False, lstrip=True)]
    yield "wordlevel-added", Tokenizer.from_str(json.dumps(data))


PAIRS = {"bert-uncased": "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", "wordpiece-left": "$B:1 [SEP]:2 $A:0 [SEP]:3", "llama3": "<|startoftext|>:0 $A:0 <|startoftext|>:1 $B:1", "llama2": "<s> $A <s>:1 $B:1",
         "xlm-roberta": "<s> $A </s> </s> $B </s>", "t5-siglip": "$A </s> $B </s>"}


def with_pair(name, tokenizer):
    """The template of pairs that such a model has, in place of a plain one."""
    if name not in PAIRS:
        return tokenizer
    data = json.loads(tokenizer.to_str())
    steps = data["post_processor"].get("processors", [data["post_processor"]])
    step = next(s for s in steps if s["type"] == "TemplateProcessing")
    whole = processors.TemplateProcessing(single="$A", pair=PAIRS[name], special_tokens=[(t["id"], t["ids"][0]) for t in step["special_tokens"].values()])
    step["pair"] = json.loads(whole.__getstate__())["pair"]
    return Tokenizer.from_str(json.dumps(data))


def cut(tokenizer, i):
    """How pair i is cut: in turn as the file says, and in each way to 8 tokens and more, either end."""
    if i % 4 == 0:
        return None
    return {"max_length": 8 + i // 8 % 60, "strategy": ["longest_first", "only_first", "only_second"][i % 4 - 1], "direction": ["right", "left"][i // 4 % 2]}


def pair_sums(tokenizer, all_lines):
    own = tokenizer.truncation
    sums = b""
    for i in range(len(all_lines) // 2):
        encoding = pair_encoding(tokenizer, own, all_lines, i)
        text = " ".join(map(str, encoding.ids + encoding.type_ids)) if encoding is not None else "refused"
        sums += struct.pack(">I", zlib.crc32(text.encode()))
    return sums


def pair_encoding(tokenizer, own, all_lines, i):
    how = cut(tokenizer, i) or own
    if how:
        tokenizer.enable_truncation(**how)
    else:
        tokenizer.no_truncation()
    try:
        return tokenizer.encode(all_lines[2 * i], all_lines[2 * i + 1])
    except Exception as e:
        assert "Truncation error" in str(e), e
        return None


def packed(data):
    return gzip.compress(data, 9, mtime=0)


def checksum(tokenizer, text):
    return struct.pack(">I", zlib.crc32(" ".join(map(str, tokenizer.encode(text).ids)).encode()))


def write(folder, tokenizers, all_lines):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lines.txt.gz").write_bytes(packed("\n".join(map(json.dumps, all_lines)).encode()))
    for name, tokenizer in tokenizers:
        tokenizer = with_pair(name, tokenizer)
        (folder / (name + ".json.gz")).write_bytes(packed(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False).encode()))
        sums = b"".join(checksum(tokenizer, line) for line in all_lines)
        (folder / (name + ".ids.gz")).write_bytes(packed(sums))
        (folder / (name + ".pairs.gz")).write_bytes(packed(pair_sums(tokenizer, all_lines)))
        print(name, tokenizer.get_vocab_size(), len(all_lines))


def kept_lines(folder):
    return list(map(json.loads, gzip.decompress((folder / "lines.txt.gz").read_bytes()).decode().split("\n")))


def kept():
    for path in sorted(OUT.glob("*.json.gz")):
        yield path.name.removesuffix(".json.gz"), Tokenizer.from_str(gzip.decompress(path.read_bytes()).decode())


if len(sys.argv) == 1:
    for old in OUT.glob("*.gz"):
        old.unlink()
    write(OUT, kinds(lines(1, 6000)), lines(2, 5000))
elif sys.argv[1] == "other":
    write(pathlib.Path(sys.argv[2]), kept(), lines(3, 5000, any_code_point=True))
elif sys.argv[1] == "pairs":
    for name, tokenizer in kept():
        tokenizer = with_pair(name, tokenizer)
        (OUT / (name + ".json.gz")).write_bytes(packed(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False).encode()))
        (OUT / (name + ".pairs.gz")).write_bytes(packed(pair_sums(tokenizer, kept_lines(OUT))))
elif sys.argv[1] == "pair":
    folder = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else OUT
    tokenizer = dict(kept())[sys.argv[2]]
    encoding = pair_encoding(tokenizer, tokenizer.truncation, kept_lines(folder), int(sys.argv[3]))
    print(cut(tokenizer, int(sys.argv[3])), encoding if encoding is None else (encoding.ids, encoding.type_ids))
else:
    folder = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else OUT
    text = kept_lines(folder)[int(sys.argv[3])]
    encoding = dict(kept())[sys.argv[2]].encode(text)
    print(ascii(text), encoding.ids, list(map(ascii, encoding.tokens)), sep="\n")
