// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.List;

/// Cuts a filter into tokens.
final class Lexer {
    private static final List<String> SYMBOLS = List.of(
            "<=", ">=", "<>", "!=", "==", "||", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", ",", ".", "[", "]");

    private final String text;
    private final Dialect dialect;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    static List<Token> tokens(String text, Dialect dialect) {
        Lexer lexer = new Lexer(text, dialect);
        while (lexer.skipBlanks()) {
            lexer.tokens.add(lexer.token());
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", text.length()));
        return lexer.tokens;
    }

    /// Whether a token follows.
    private boolean skipBlanks() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end + 1;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw new FilterException("the comment does not end", text, at);
                }
                at = end + 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token token() {
        int start = at;
        char c = text.charAt(at);
        if (c == '\'') {
            return new Token(Token.Kind.STRING, quoted('\''), start);
        }
        if (c == '"') {
            Token.Kind kind = dialect == Dialect.LANCE ? Token.Kind.STRING : Token.Kind.QUOTED_NAME;
            return new Token(kind, quoted('"'), start);
        }
        if (c == '`') {
            return new Token(Token.Kind.QUOTED_NAME, quoted('`'), start);
        }
        if ((c == 'x' || c == 'X') && text.startsWith("'", at + 1)) {
            at++;
            return new Token(Token.Kind.BINARY, quoted('\''), start);
        }
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            at += 2;
            int digits = at;
            while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
                at++;
            }
            return new Token(Token.Kind.BINARY, text.substring(digits, at), start);
        }
        if (isDigit(at) || (c == '.' && isDigit(at + 1) && !followsName())) {
            return new Token(Token.Kind.NUMBER, number(), start);
        }
        if (Character.isUnicodeIdentifierStart(text.codePointAt(at)) || c == '_') {
            while (at < text.length() && isNamePart(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            return new Token(Token.Kind.NAME, text.substring(start, at), start);
        }
        if (c == '?') {
            at++;
            return new Token(Token.Kind.PARAMETER, "?", start);
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Token.Kind.SYMBOL, symbol, start);
            }
        }
        throw new FilterException("'" + Character.toString(text.codePointAt(at)) + "' is no operator here", text, at);
    }

    private static boolean isNamePart(int codePoint) {
        return Character.isUnicodeIdentifierPart(codePoint) || codePoint == '$' || codePoint == '@';
    }

    private boolean followsName() {
        return !tokens.isEmpty()
                && (tokens.getLast().kind() == Token.Kind.NAME
                        || tokens.getLast().kind() == Token.Kind.QUOTED_NAME);
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    /// Digits, a point, an exponent.
    private String number() {
        StringBuilder digits = new StringBuilder();
        digits(digits);
        if (at < text.length() && text.charAt(at) == '.') {
            digits.append('.');
            at++;
            digits(digits);
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int sign = at + 1 < text.length() && (text.charAt(at + 1) == '+' || text.charAt(at + 1) == '-') ? 1 : 0;
            if (isDigit(at + 1 + sign)) {
                digits.append(text, at, at + 1 + sign);
                at += 1 + sign;
                digits(digits);
            }
        }
        return digits.toString();
    }

    private void digits(StringBuilder target) {
        while (isDigit(at)) {
            target.append(text.charAt(at++));
        }
    }

    /// The quote doubled stands for itself.
    private String quoted(char quote) {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            int end = text.indexOf(quote, at);
            if (end < 0) {
                throw new FilterException("the quote " + quote + " is not closed", text, start);
            }
            value.append(text, at, end);
            at = end + 1;
            if (at >= text.length() || text.charAt(at) != quote) {
                return value.toString();
            }
            value.append(quote);
            at++;
        }
    }
}
