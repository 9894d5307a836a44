// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// One token per piece: that of the vocabulary, or the unknown one.
///
/// @param vocabulary token to id
record WordLevel(Map<String, Integer> vocabulary, String unknownToken) implements TokenModel {
    static WordLevel parse(JsonNode node) {
        return new WordLevel(Fields.vocabulary(node.path("vocab")), node.path("unk_token").asText("<unk>"));
    }

    @Override
    public void encode(String piece, TokenIds target) {
        Integer id = vocabulary.get(piece);
        target.add(id == null ? TokenModel.unknownId(vocabulary, unknownToken) : id);
    }
}
