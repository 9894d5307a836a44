// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// A tokenizer as a `tokenizer.json` describes it, with the ids that the `tokenizers` package gives for one text.
///
///     text -> added tokens -> normalizer -> added tokens -> pre-tokenizer -> model -> truncation -> post-processor
///
/// Supported: byte-level BPE with the normalizers, pre-tokenizers and post-processors of CLIP's and GPT-2's files.
/// Anything else is refused by name. Padding is the model's matter, not the tokenizer's. Immutable and thread-safe.
public final class TokenizerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AddedTokens rawTokens;
    private final Normalizer normalizer;
    private final AddedTokens normalizedTokens;
    private final PreTokenizer preTokenizer;
    private final TokenModel model;
    private final SpecialTokens specialTokens;
    private final Map<String, Integer> addedIds;
    private final int maxTokenCount;

    private TokenizerJson(JsonNode root) {
        normalizer = Normalizer.parse(root.path("normalizer"));
        rawTokens = AddedTokens.parse(root.path("added_tokens"), false, normalizer);
        normalizedTokens = AddedTokens.parse(root.path("added_tokens"), true, normalizer);
        preTokenizer = PreTokenizer.parse(root.path("pre_tokenizer"));
        model = TokenModel.parse(root.path("model"));
        specialTokens = SpecialTokens.parse(root.path("post_processor"));
        addedIds = new java.util.HashMap<>();
        root.path("added_tokens").forEach(node -> addedIds.put(node.path("content").asText(), node.path("id").asInt()));
        maxTokenCount = maxTokenCount(root.path("truncation"));
    }

    /// @throws TokenizerException if the bytes are no such file, or need what is not supported
    public static TokenizerJson parse(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.path("model").isObject()) {
                throw new TokenizerException("no tokenizer: there is no 'model' in it");
            }
            return new TokenizerJson(root);
        } catch (IOException e) {
            throw new TokenizerException("no tokenizer: " + e.getMessage(), e);
        }
    }

    private static int maxTokenCount(JsonNode truncation) {
        if (!truncation.isObject()) {
            return Integer.MAX_VALUE;
        }
        String direction = truncation.path("direction").asText("Right");
        if (!direction.equals("Right")) {
            throw new TokenizerException("truncation '" + direction + "' is not supported");
        }
        return truncation.path("max_length").asInt(Integer.MAX_VALUE);
    }

    /// The ids of a text, cut as the file itself says.
    public int[] encode(String text) {
        return encode(text, Integer.MAX_VALUE);
    }

    /// The ids of a text, at most `maxCount` and at most as many as the file allows: what is too much is cut at the
    /// end of the text, and what the post-processor adds stays.
    ///
    /// @throws IllegalArgumentException if `maxCount` has no room for the post-processor's own tokens
    public int[] encode(String text, int maxCount) {
        int limit = Math.min(maxCount, maxTokenCount) - specialTokens.count();
        if (limit < 0) {
            throw new IllegalArgumentException("no room in " + maxCount + " tokens for the " + specialTokens.count()
                    + " that surround every text");
        }
        TokenIds ids = new TokenIds(limit);
        rawTokens.split(wellFormed(text), part -> encodeNormalized(normalizer.normalize(part), ids), ids::add);
        return ids.toArray(specialTokens.prefix(), specialTokens.suffix());
    }

    /// The id of a token, added ones included.
    public OptionalInt idOf(String token) {
        Integer id = addedIds.getOrDefault(token, model.vocabulary().get(token));
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private void encodeNormalized(String text, TokenIds ids) {
        normalizedTokens.split(text, part -> encodePieces(part, ids), ids::add);
    }

    private void encodePieces(String text, TokenIds ids) {
        for (String piece : preTokenizer.split(text)) {
            if (ids.isFull()) {
                return;
            }
            model.encode(piece, ids);
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
