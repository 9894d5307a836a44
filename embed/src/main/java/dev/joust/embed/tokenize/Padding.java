// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// How texts of a batch are brought to one length: the `padding` object of a `tokenizer.json`.
///
/// @param fixedCount the length of all, or 0 for that of the longest in the batch
/// @param multipleOf the length is rounded up to a multiple of that; 1 if it is not
/// @param fromLeft   whether what fills up stands before the text
/// @param id         what fills up
/// @param typeId     its type
public record Padding(int fixedCount, int multipleOf, boolean fromLeft, int id, int typeId) {
    /// Null where the file pads nothing.
    static @Nullable Padding parse(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        JsonNode strategy = node.path("strategy");
        int fixedCount;
        if (strategy.path("Fixed").isInt()) {
            fixedCount = Fields.number(strategy, "Fixed");
        } else if (strategy.asText().equals("BatchLongest")) {
            fixedCount = 0;
        } else {
            throw new TokenizerException("padding '" + strategy + "' is not supported");
        }
        String direction = node.path("direction").asText("Right");
        boolean fromLeft = switch (direction) {
            case "Right" -> false;
            case "Left" -> true;
            default -> throw new TokenizerException("padding '" + direction + "' is not supported");
        };
        int multipleOf = node.path("pad_to_multiple_of").isNumber() ? Fields.number(node, "pad_to_multiple_of") : 0;
        return new Padding(fixedCount, Math.max(1, multipleOf), fromLeft, Fields.number(node, "pad_id"),
                node.path("pad_type_id").asInt());
    }

    /// The length that texts get of which the longest has so many ids. It may be longer still than a fixed length.
    int count(int longest) {
        int count = fixedCount == 0 ? longest : fixedCount;
        return Math.toIntExact(((long) count + multipleOf - 1) / multipleOf * multipleOf);
    }

    /// `values` with `filler` up to that length.
    int[] fill(int[] values, int count, int filler) {
        if (values.length >= count) {
            return values;
        }
        int[] filled = new int[count];
        Arrays.fill(filled, filler);
        System.arraycopy(values, 0, filled, fromLeft ? count - values.length : 0, values.length);
        return filled;
    }
}
