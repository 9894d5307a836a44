// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import com.fasterxml.jackson.databind.JsonNode;

/// The `truncation` object of a `tokenizer.json`: how long a text may become, and which end of it is cut.
///
/// @param maxCount the most ids, those of the post-processor included
/// @param fromLeft whether the start is cut
record Truncation(int maxCount, boolean fromLeft) {
    /// A text stays as it is where the object is null.
    static Truncation parse(JsonNode node) {
        if (!node.isObject()) {
            return new Truncation(Integer.MAX_VALUE, false);
        }
        String strategy = node.path("strategy").asText("LongestFirst");
        if (!strategy.equals("LongestFirst") && !strategy.equals("OnlyFirst")) {
            throw new TokenizerException("truncation '" + strategy + "' is not supported");
        }
        String direction = node.path("direction").asText("Right");
        boolean fromLeft = switch (direction) {
            case "Right" -> false;
            case "Left" -> true;
            default -> throw new TokenizerException("truncation '" + direction + "' is not supported");
        };
        return new Truncation(Fields.number(node, "max_length"), fromLeft);
    }
}
