// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// The third stage: one piece of text to token ids. Immutable and thread-safe.
interface TokenModel {
    void encode(String piece, TokenIds target);

    /// Token to id, without the added tokens.
    Map<String, Integer> vocabulary();

    /// The `model` object of a `tokenizer.json`.
    static TokenModel parse(JsonNode node) {
        // Files older than the tag hold a BPE model exactly when there are merges
        String type = node.path("type").asText(node.has("merges") ? "BPE" : "");
        return switch (type) {
            case "BPE" -> BytePairEncoding.parse(node);
            default -> throw new TokenizerException("tokenizer model '" + type + "' is not supported");
        };
    }
}
