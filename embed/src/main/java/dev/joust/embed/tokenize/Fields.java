// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// Fields of a `tokenizer.json` that must be there.
final class Fields {
    private Fields() {}

    static String text(JsonNode node, String name) {
        JsonNode field = node.path(name);
        if (!field.isTextual()) {
            throw new TokenizerException(
                    node.path("type").asText("a part of the tokenizer") + ": '" + name + "' is no text but " + shown(field));
        }
        return field.asText();
    }

    /// A count or an id: 0 or more.
    static int number(JsonNode node, String name) {
        JsonNode field = node.path(name);
        if (!field.canConvertToInt() || field.asInt() < 0) {
            throw new TokenizerException(
                    node.path("type").asText("a part of the tokenizer") + ": '" + name + "' is no count but " + shown(field));
        }
        return field.asInt();
    }

    /// The object `vocab`: token to id.
    static Map<String, Integer> vocabulary(JsonNode node) {
        Map<String, Integer> vocabulary = HashMap.newHashMap(node.size());
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().canConvertToInt() || entry.getValue().asInt() < 0) {
                throw new TokenizerException("token '" + entry.getKey() + "' has the id " + entry.getValue());
            }
            vocabulary.put(entry.getKey(), entry.getValue().asInt());
        }
        if (vocabulary.isEmpty()) {
            throw new TokenizerException("the vocabulary is empty");
        }
        return Map.copyOf(vocabulary);
    }

    private static String shown(JsonNode field) {
        return field.isMissingNode() ? "absent" : field.toString();
    }
}
