// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

/// A piece of a filter.
///
/// @param text     a name, symbol or number as written, a string without its quotes, a binary in hex digits
/// @param position of its first character
record Token(Kind kind, String text, int position) {
    enum Kind {
        NAME,
        QUOTED_NAME,
        STRING,
        NUMBER,
        BINARY,
        SYMBOL,
        PARAMETER,
        END
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
        return kind == Kind.NAME && text.equalsIgnoreCase(word);
    }

    String describe() {
        return kind == Kind.END ? "the end" : "'" + text + "'";
    }
}
