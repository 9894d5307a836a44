// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/// What becomes of the places where a text is split.
enum SplitBehavior {
    /// They are left out.
    REMOVED,
    /// Each is a piece.
    ISOLATED,
    /// Each belongs to the piece before it.
    MERGED_WITH_PREVIOUS,
    /// Each belongs to the piece after it.
    MERGED_WITH_NEXT,
    /// Neighbours are one piece.
    CONTIGUOUS;

    /// A stretch of the text that matches, or lies between two that do.
    private record Stretch(int start, int end, boolean isMatch) {}

    static SplitBehavior parse(JsonNode node) {
        return switch (node.asText()) {
            case "Removed" -> REMOVED;
            case "Isolated" -> ISOLATED;
            case "MergedWithPrevious" -> MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> MERGED_WITH_NEXT;
            case "Contiguous" -> CONTIGUOUS;
            default -> throw new TokenizerException("split behaviour '" + node.asText() + "' is not supported");
        };
    }

    /// Splits where `pattern` matches, or, inverted, where it doesn't.
    List<Piece> split(Piece piece, Pattern pattern, boolean inverted) {
        List<Stretch> stretches = new ArrayList<>();
        Matcher matcher = pattern.matcher(piece.text());
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                stretches.add(new Stretch(end, matcher.start(), inverted));
            }
            stretches.add(new Stretch(matcher.start(), matcher.end(), !inverted));
            end = matcher.end();
        }
        if (end < piece.text().length()) {
            stretches.add(new Stretch(end, piece.text().length(), inverted));
        }
        return pieces(piece, stretches);
    }

    /// Splits at every code point of that kind.
    List<Piece> split(Piece piece, IntPredicate splits) {
        String text = piece.text();
        List<Stretch> stretches = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (splits.test(codePoint)) {
                if (i > end) {
                    stretches.add(new Stretch(end, i, false));
                }
                stretches.add(new Stretch(i, next, true));
                end = next;
            }
            i = next;
        }
        if (end < text.length()) {
            stretches.add(new Stretch(end, text.length(), false));
        }
        return pieces(piece, stretches);
    }

    private List<Piece> pieces(Piece piece, List<Stretch> stretches) {
        List<Piece> pieces = new ArrayList<>(stretches.size());
        int start = 0;
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            boolean isLast = i + 1 == stretches.size();
            boolean endsPiece = isLast || switch (this) {
                case REMOVED, ISOLATED -> true;
                case MERGED_WITH_PREVIOUS -> stretch.isMatch || !stretches.get(i + 1).isMatch;
                case MERGED_WITH_NEXT -> !stretch.isMatch || stretches.get(i + 1).isMatch;
                case CONTIGUOUS -> stretch.isMatch != stretches.get(i + 1).isMatch;
            };
            if (endsPiece) {
                boolean kept = this != REMOVED || !stretch.isMatch;
                if (kept && start < stretch.end) {
                    pieces.add(piece.slice(start, stretch.end));
                }
                start = stretch.end;
            }
        }
        return pieces;
    }
}
