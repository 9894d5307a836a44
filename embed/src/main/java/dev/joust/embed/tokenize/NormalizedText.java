// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a text on its way through the normalizers. Not thread-safe.
///
/// Beside the text itself it knows how much of its start comes from the first character of the whole text as it was
/// given, since some pre-tokenizers ask: a text that lost that character has no start, even if it was a space.
final class NormalizedText {
    private String text;
    private int originLength;

    NormalizedText(String text, boolean atOrigin) {
        this.text = text;
        originLength = !atOrigin || text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
    }

    String text() {
        return text;
    }

    Piece piece() {
        return new Piece(text, originLength);
    }

    /// A change of each character by itself, or nearly so.
    void map(UnaryOperator<String> change) {
        String changed = change.apply(text);
        if (originLength > 0) {
            int mapped = change.apply(text.substring(0, originLength)).length();
            originLength = Math.clamp(mapped, Math.min(1, changed.length()), changed.length());
        }
        text = changed;
    }

    /// Leaves code points out.
    void remove(IntPredicate removed) {
        if (text.codePoints().noneMatch(removed)) {
            return;
        }
        originLength = without(text.substring(0, originLength), removed).length();
        text = without(text, removed);
    }

    private static String without(String text, IntPredicate removed) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(removed.negate()).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /// Leaves so many characters out at the start, and what follows the place `end`.
    void cut(int start, int end) {
        text = text.substring(start, end);
        originLength = Math.clamp(originLength - start, 0, text.length());
    }

    /// A text that is not empty gets `prefix`.
    void prepend(String prefix) {
        if (!text.isEmpty()) {
            text = prefix + text;
            originLength += originLength > 0 ? prefix.length() : 0;
        }
    }

    /// What replaces several characters stands where the last of them stood.
    void replace(Pattern pattern, String content) {
        Matcher matcher = pattern.matcher(text);
        if (originLength > 0 && matcher.lookingAt()) {
            int end = matcher.end();
            originLength = end > originLength ? 0 : content.length() + originLength - end;
        }
        text = matcher.reset().replaceAll(Matcher.quoteReplacement(content));
        originLength = Math.min(originLength, text.length());
    }
}
