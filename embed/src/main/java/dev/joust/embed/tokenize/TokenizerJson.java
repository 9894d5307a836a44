// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/// A tokenizer as a `tokenizer.json` describes it, with the ids that the `tokenizers` package gives for one text
/// or two.
///
///     text -> added tokens -> normalizer -> added tokens -> pre-tokenizer -> model -> truncation -> post-processor
///
/// Models: BPE, WordPiece, WordLevel, Unigram. Normalizers: NFC, NFD, NFKC, NFKD, Lowercase, StripAccents,
/// BertNormalizer, Strip, Replace, Prepend, Nmt, Precompiled, ByteLevel, Sequence. Pre-tokenizers: BertPreTokenizer,
/// Whitespace, WhitespaceSplit, ByteLevel, Metaspace, Punctuation, Digits, Split, CharDelimiterSplit, FixedLength,
/// Sequence. Post-processors: BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel, Sequence. Anything
/// else, dropout among it, is refused by name. Immutable and thread-safe.
public final class TokenizerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AddedTokens rawTokens;
    private final Normalizer normalizer;
    private final AddedTokens normalizedTokens;
    private final PreTokenizer preTokenizer;
    private final TokenModel model;
    private final SpecialTokens specialTokens;
    private final Map<String, Integer> addedIds;
    private final Truncation truncation;
    private final @Nullable Padding padding;

    private TokenizerJson(TokenizerJson other, Truncation truncation) {
        model = other.model;
        normalizer = other.normalizer;
        addedIds = other.addedIds;
        rawTokens = other.rawTokens;
        normalizedTokens = other.normalizedTokens;
        preTokenizer = other.preTokenizer;
        specialTokens = other.specialTokens;
        padding = other.padding;
        this.truncation = truncation;
    }

    private TokenizerJson(JsonNode root) {
        model = TokenModel.parse(root.path("model"));
        normalizer = Normalizer.parse(root.path("normalizer"));
        JsonNode added = root.path("added_tokens");
        addedIds = AddedTokens.ids(added, model.vocabulary());
        rawTokens = AddedTokens.parse(added, false, normalizer, addedIds);
        normalizedTokens = AddedTokens.parse(added, true, normalizer, addedIds);
        preTokenizer = PreTokenizer.parse(root.path("pre_tokenizer"));
        specialTokens = SpecialTokens.parse(root.path("post_processor"));
        truncation = Truncation.parse(root.path("truncation"));
        padding = Padding.parse(root.path("padding"));
    }

    /// @throws TokenizerException if the bytes are no such file, or need what is not supported
    public static TokenizerJson parse(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.path("model").isObject()) {
                throw new TokenizerException("no tokenizer: there is no 'model' in it");
            }
            return new TokenizerJson(root);
        } catch (JsonProcessingException e) {
            throw new TokenizerException("no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new TokenizerException("no tokenizer: " + e.getMessage(), e);
        }
    }

    /// The same without the file's own limit of ids per text, for models whose other files set one; of two texts that are
    /// too long the longer one is cut first.
    public TokenizerJson withoutLimit() {
        return with(new Truncation(Integer.MAX_VALUE, truncation.fromLeft(), Truncation.Strategy.LONGEST_FIRST));
    }

    TokenizerJson with(Truncation other) {
        return new TokenizerJson(this, other);
    }

    /// The ids of a text, cut and filled up as the file itself says: `Tokenizer.encode(text).ids` of the reference.
    public int[] encode(String text) {
        return encodeBatch(List.of(text)).getFirst().ids();
    }

    /// Texts as one batch, cut and filled up as the file itself says; in order.
    ///
    /// @throws IllegalArgumentException if the file's limit has no room for the post-processor's own tokens
    public List<Encoding> encodeBatch(List<String> texts) {
        List<Encoding> encodings = texts.stream()
                .map(text -> encodeText(text, Integer.MAX_VALUE))
                .toList();
        return filled(encodings);
    }

    /// Two texts as a model of pairs takes them, a question and a passage, cut and filled up as the file itself says:
    /// `Tokenizer.encode(first, second)` of the reference.
    ///
    /// @throws IllegalArgumentException if the file has no place for a second text, or its limit no room for what
    /// surrounds the texts or for the one that isn't cut
    public Encoding encodePair(String first, String second) {
        return filled(List.of(encodePair(first, second, Integer.MAX_VALUE))).getFirst();
    }

    /// As {@link #encodePair(String, String)}, at most `maxCount` ids and not filled up.
    public Encoding encodePair(String first, String second, int maxCount) {
        TokenTemplate template = specialTokens.pair();
        if (template == null) {
            throw new IllegalArgumentException("the post-processor has no template for two texts");
        }
        int limit = room(maxCount, template);
        int[] firstIds = ids(first, Integer.MAX_VALUE);
        int[] secondIds = ids(second, Integer.MAX_VALUE);
        int[] lengths = truncation.lengths(firstIds.length, secondIds.length, limit);
        return template.fill(cut(firstIds, lengths[0]), cut(secondIds, lengths[1]));
    }

    private int[] cut(int[] ids, int count) {
        return truncation.fromLeft()
                ? Arrays.copyOfRange(ids, ids.length - count, ids.length) : Arrays.copyOf(ids, count);
    }

    private List<Encoding> filled(List<Encoding> encodings) {
        Padding filling = padding;
        if (filling == null || encodings.isEmpty()) {
            return encodings;
        }
        int longest = encodings.stream().mapToInt(encoding -> encoding.ids().length).max().orElseThrow();
        int count = filling.count(longest);
        return encodings.stream()
                .map(encoding -> new Encoding(
                        filling.fill(encoding.ids(), count, filling.id()),
                        filling.fill(encoding.attentionMask(), count, 0),
                        filling.fill(encoding.typeIds(), count, filling.typeId())))
                .toList();
    }

    /// The ids of a text, at most `maxCount` and at most as many as the file allows, not filled up: what is too much
    /// is cut where the file says, at the end of the text if it doesn't, and what the post-processor adds stays. (A file that
    /// cuts only the second of two texts has the reference refuse a single one that is too long; here it is cut.)
    ///
    /// @throws IllegalArgumentException if `maxCount` has no room for the post-processor's own tokens
    public int[] encode(String text, int maxCount) {
        return encodeText(text, maxCount).ids();
    }

    /// As {@link #encode(String, int)}, with the types of the tokens.
    public Encoding encodeText(String text, int maxCount) {
        int limit = room(maxCount, specialTokens.single());
        int[] ids = ids(text, truncation.fromLeft() ? Integer.MAX_VALUE : limit);
        return specialTokens.single().fill(cut(ids, Math.min(limit, ids.length)));
    }

    /// How many ids of texts the template and the limits leave room for.
    private int room(int maxCount, TokenTemplate template) {
        int most = Math.min(maxCount, truncation.maxCount());
        if (most < template.tokenCount()) {
            throw new IllegalArgumentException("no room in " + most + " tokens for the " + template.tokenCount()
                    + " that surround every text");
        }
        return most - template.tokenCount();
    }

    /// The ids of the text itself, at least the first `enough`.
    private int[] ids(String text, int enough) {
        TokenIds ids = new TokenIds(enough);
        String given = wellFormed(text);
        rawTokens.split(given, (start, end) -> encodePart(given.substring(start, end), start == 0, ids), ids::add);
        return ids.toArray();
    }

    /// How the file fills up texts of a batch, if it does.
    public Optional<Padding> padding() {
        return Optional.ofNullable(padding);
    }

    /// The most ids per text that the file allows; {@link Integer#MAX_VALUE} where it doesn't say.
    public int maxTokenCount() {
        return truncation.maxCount();
    }

    /// The id of a token, added ones included.
    public OptionalInt idOf(String token) {
        Integer id = addedIds.getOrDefault(token, model.vocabulary().get(token));
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private void encodePart(String part, boolean atOrigin, TokenIds ids) {
        NormalizedText text = new NormalizedText(part, atOrigin);
        normalizer.normalize(text);
        Piece whole = text.piece();
        normalizedTokens.split(whole.text(), (start, end) -> encodePieces(whole.slice(start, end), ids), ids::add);
    }

    private void encodePieces(Piece part, TokenIds ids) {
        for (Piece piece : preTokenizer.split(part)) {
            if (ids.isFull()) {
                return;
            }
            if (!piece.text().isEmpty()) {
                model.encode(piece.text(), ids);
            }
        }
    }

    /// Halves of surrogate pairs have no UTF-8: they become U+FFFD.
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(codePoint -> codePoint >= 0xD800 && codePoint <= 0xDFFF ? 0xFFFD : codePoint)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
