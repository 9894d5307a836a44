// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import com.fasterxml.jackson.databind.JsonNode;

/// The `truncation` object of a `tokenizer.json`: how long a text or two may become, and what of them is cut.
///
/// @param maxCount the most ids, those of the post-processor included
/// @param fromLeft whether the start of a text is cut
record Truncation(int maxCount, boolean fromLeft, Strategy strategy) {
    /// Which text of a pair is cut; a single one is the first.
    enum Strategy {
        /// The longer one, and both where that isn't enough.
        LONGEST_FIRST("LongestFirst"),
        /// The first alone.
        ONLY_FIRST("OnlyFirst"),
        /// The second alone.
        ONLY_SECOND("OnlySecond");

        private final String code;

        Strategy(String code) {
            this.code = code;
        }

        static Strategy fromCode(String code) {
            for (Strategy strategy : values()) {
                if (strategy.code.equals(code)) {
                    return strategy;
                }
            }
            throw new TokenizerException("truncation '" + code + "' is not supported");
        }
    }

    /// A text stays as it is where the object is null.
    static Truncation parse(JsonNode node) {
        if (!node.isObject()) {
            return new Truncation(Integer.MAX_VALUE, false, Strategy.LONGEST_FIRST);
        }
        Strategy strategy = Strategy.fromCode(node.path("strategy").asText("LongestFirst"));
        String direction = node.path("direction").asText("Right");
        boolean fromLeft = switch (direction) {
            case "Right" -> false;
            case "Left" -> true;
            default -> throw new TokenizerException("truncation '" + direction + "' is not supported");
        };
        return new Truncation(Fields.number(node, "max_length"), fromLeft, strategy);
    }

    /// How many ids two texts keep that may have so many together.
    ///
    /// @return of the first and of the second
    /// @throws IllegalArgumentException if the one that is to be cut would have to lose all
    int[] lengths(int first, int second, int together) {
        long excess = (long) first + second - together;
        if (excess <= 0) {
            return new int[] {first, second};
        }
        if (together == 0) {
            return new int[2];
        }
        return switch (strategy) {
            case LONGEST_FIRST -> longestFirst(first, second, together);
            case ONLY_FIRST -> new int[] {without(excess, first, "first"), second};
            case ONLY_SECOND -> new int[] {first, without(excess, second, "second")};
        };
    }

    private static int without(long excess, int count, String which) {
        if (count <= excess) {
            throw new IllegalArgumentException("the texts have " + excess + " tokens too many, and the " + which
                    + ", which alone is cut, has " + count);
        }
        return (int) (count - excess);
    }

    /// The shorter text stays whole if it is at most half of what there is; else each gets a half, and the longer one the odd token.
    private static int[] longestFirst(int first, int second, int together) {
        int shorter = Math.min(first, second);
        int longer = Math.max(shorter, together - shorter);
        if (shorter > together || (long) shorter + longer > together) {
            shorter = together / 2;
            longer = shorter + together % 2;
        }
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }
}
