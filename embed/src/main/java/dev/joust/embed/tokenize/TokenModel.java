// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// The third stage: one piece of text to token ids. Immutable and thread-safe.
interface TokenModel {
    /// @throws TokenizerException if a part of it has no token, and neither has what is unknown
    void encode(String piece, TokenIds target);

    /// Token to id, without the added tokens.
    Map<String, Integer> vocabulary();

    /// The `model` object of a `tokenizer.json`.
    static TokenModel parse(JsonNode node) {
        String type = node.path("type").asText(untagged(node));
        return switch (type) {
            case "BPE" -> BytePairEncoding.parse(node);
            case "WordPiece" -> WordPiece.parse(node);
            case "WordLevel" -> WordLevel.parse(node);
            case "Unigram" -> Unigram.parse(node);
            default -> throw new TokenizerException("tokenizer model '" + type + "' is not supported");
        };
    }

    /// Files older than the tag tell the model by what it has.
    private static String untagged(JsonNode node) {
        if (node.has("merges")) {
            return "BPE";
        }
        return node.path("vocab").isArray() ? "Unigram" : node.has("max_input_chars_per_word") ? "WordPiece" : "";
    }

    /// The id of the unknown token: a file may lack it as long as nothing is unknown.
    static int unknownId(Map<String, Integer> vocabulary, String token) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new TokenizerException("a text has parts without a token, and the unknown token '" + token
                    + "' is not in the vocabulary");
        }
        return id;
    }
}
