// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A pattern of LIKE, matched over code points in time proportional to text x pattern at most.
final class LikePattern {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    private final int[] parts;

    private LikePattern(int[] parts) {
        this.parts = parts;
    }

    /// A backslash at the end stands for itself.
    static LikePattern of(String pattern) {
        int[] points = pattern.codePoints().toArray();
        int[] parts = new int[points.length];
        int count = 0;
        for (int i = 0; i < points.length; i++) {
            int part = points[i];
            if (part == '\\' && i + 1 < points.length) {
                part = points[++i];
            } else if (part == '%') {
                part = ANY_RUN;
            } else if (part == '_') {
                part = ANY_ONE;
            }
            if (part != ANY_RUN || count == 0 || parts[count - 1] != ANY_RUN) {
                parts[count++] = part;
            }
        }
        return new LikePattern(java.util.Arrays.copyOf(parts, count));
    }

    boolean matches(String value) {
        int[] text = value.codePoints().toArray();
        int at = 0;
        int part = 0;
        // Where the last run began in the pattern, and how far it reaches in the text.
        int run = -1;
        int reached = 0;
        while (at < text.length) {
            if (part < parts.length && parts[part] == ANY_RUN) {
                run = part++;
                reached = at;
            } else if (part < parts.length && (parts[part] == ANY_ONE || parts[part] == text[at])) {
                part++;
                at++;
            } else if (run >= 0) {
                part = run + 1;
                at = ++reached;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part] == ANY_RUN) {
            part++;
        }
        return part == parts.length;
    }

    static Values.Bools evaluate(Expression.Like like, Evaluation evaluation) {
        Values operand = evaluation.evaluate(like.operand());
        Values pattern = evaluation.evaluate(like.pattern());
        if (!(operand instanceof Values.Bytes texts) || !(pattern instanceof Values.Bytes patterns)) {
            return new Values.Bools(new long[1], new long[1], true);
        }
        boolean constant = texts.constant && patterns.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] bits = new long[Values.words(count)];
        LikePattern known = patterns.constant && patterns.isValid(0) ? pattern(patterns, 0, like) : null;
        for (int row = 0; row < count; row++) {
            if (texts.isValid(row) && patterns.isValid(row)) {
                LikePattern matcher = known != null ? known : pattern(patterns, row, like);
                if (matcher.matches(text(texts, row, like))) {
                    Values.setBit(bits, row);
                }
            }
        }
        return new Values.Bools(bits, Evaluation.bothValid(texts, patterns, count), constant);
    }

    private static LikePattern pattern(Values.Bytes patterns, int row, Expression.Like like) {
        return of(text(patterns, row, like));
    }

    private static String text(Values.Bytes values, int row, Expression.Like like) {
        String text = new String(values.get(row), StandardCharsets.UTF_8);
        return like.ignoreCase() ? text.toLowerCase(Locale.ROOT) : text;
    }
}
