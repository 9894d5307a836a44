// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.function.UnaryOperator;

/// A part of a text that no token will reach across.
///
/// @param originLength how much of its start comes from the first character of the whole text as it was given
record Piece(String text, int originLength) {
    /// Whether it starts where the whole text starts.
    boolean isAtOrigin() {
        return originLength > 0;
    }

    /// This part with a prefix, which belongs to its first character.
    Piece after(String prefix) {
        return new Piece(prefix + text, originLength == 0 ? 0 : prefix.length() + originLength);
    }

    /// A change of each character by itself.
    Piece map(UnaryOperator<String> change) {
        return new Piece(change.apply(text), change.apply(text.substring(0, originLength)).length());
    }

    /// A part of this part.
    Piece slice(int start, int end) {
        return new Piece(text.substring(start, end), Math.clamp(originLength - start, 0, end - start));
    }
}
