// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// A pattern of LIKE, matched over UTF-8 in time proportional to text x pattern at most.
final class LikePattern {
    /// What is between two `%`: bytes, and a mark for any one character. Of the first and the last the text must begin
    /// and end with a match, of the others it must have one behind the other.
    private final List<Run> runs;

    private LikePattern(List<Run> runs) {
        this.runs = runs;
    }

    /// @param bytes all of the run, where it has no `_`; else null
    private record Run(int[] parts, byte @Nullable [] bytes) {
        private static final int ANY_ONE = -1;

        static Run of(List<Integer> parts) {
            int[] all = parts.stream().mapToInt(Integer::intValue).toArray();
            byte[] bytes = new byte[all.length];
            for (int i = 0; i < all.length; i++) {
                if (all[i] == ANY_ONE) {
                    return new Run(all, null);
                }
                bytes[i] = (byte) all[i];
            }
            return new Run(all, bytes);
        }

        /// Where a match that begins at `at` ends; -1 if none does.
        int endOfMatch(byte[] data, int at, int end) {
            if (bytes != null) {
                return TextFunctions.isAt(data, at, end, bytes) ? at + bytes.length : -1;
            }
            int next = at;
            for (int part : parts) {
                if (next >= end || (part != ANY_ONE && (byte) part != data[next])) {
                    return -1;
                }
                next = part == ANY_ONE ? nextCharacter(data, next, end) : next + 1;
            }
            return next;
        }

        /// Where the first match at or behind `start` ends; -1 if there is none.
        int endOfFirstMatch(byte[] data, int start, int end) {
            if (bytes != null) {
                int at = TextFunctions.indexOf(data, start, end, bytes);
                return at < 0 ? -1 : at + bytes.length;
            }
            for (int at = start; at < end; at = nextCharacter(data, at, end)) {
                int matched = endOfMatch(data, at, end);
                if (matched >= 0) {
                    return matched;
                }
            }
            return -1;
        }

        /// Whether a match ends where the text does, and begins at or behind `start`.
        boolean endsWith(byte[] data, int start, int end) {
            if (bytes != null) {
                return end - start >= bytes.length && TextFunctions.isAt(data, end - bytes.length, end, bytes);
            }
            int at = end;
            for (int i = parts.length - 1; i >= 0; i--) {
                at--;
                while (parts[i] == ANY_ONE && at > start && TextFunctions.continues(data[at])) {
                    at--;
                }
                if (at < start || (parts[i] != ANY_ONE && (byte) parts[i] != data[at])) {
                    return false;
                }
            }
            return true;
        }

        private static int nextCharacter(byte[] data, int at, int end) {
            int next = at + 1;
            while (next < end && TextFunctions.continues(data[next])) {
                next++;
            }
            return next;
        }
    }

    /// A backslash at the end stands for itself.
    ///
    /// @param pattern in UTF-8
    static LikePattern of(byte[] pattern) {
        List<Run> runs = new ArrayList<>();
        List<Integer> parts = new ArrayList<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i] == '\\' && i + 1 < pattern.length) {
                parts.add(Byte.toUnsignedInt(pattern[++i]));
            } else if (pattern[i] == '%') {
                runs.add(Run.of(parts));
                parts.clear();
            } else {
                parts.add(pattern[i] == '_' ? Run.ANY_ONE : Byte.toUnsignedInt(pattern[i]));
            }
        }
        runs.add(Run.of(parts));
        return new LikePattern(List.copyOf(runs));
    }

    /// @param data a text in UTF-8 from `start` to `end`
    boolean matches(byte[] data, int start, int end) {
        int at = runs.getFirst().endOfMatch(data, start, end);
        if (runs.size() == 1) {
            return at == end;
        }
        for (int i = 1; at >= 0 && i < runs.size() - 1; i++) {
            at = runs.get(i).endOfFirstMatch(data, at, end);
        }
        return at >= 0 && runs.getLast().endsWith(data, at, end);
    }

    static Values.Bools evaluate(Expression.Like like, Evaluation evaluation) {
        if (!(evaluation.evaluate(like.operand()) instanceof Values.Bytes operand)
                || !(evaluation.evaluate(like.pattern()) instanceof Values.Bytes pattern)) {
            return new Values.Bools(new long[1], new long[1], true);
        }
        Values.Bytes texts = like.ignoreCase() ? TextFunctions.lower(operand) : operand;
        Values.Bytes patterns = like.ignoreCase() ? TextFunctions.lower(pattern) : pattern;
        boolean constant = texts.constant && patterns.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] bits = new long[Values.words(count)];
        byte[] data = texts.data();
        LikePattern known = patterns.constant && patterns.isValid(0) ? of(patterns.get(0)) : null;
        for (int row = 0; row < count; row++) {
            if (texts.isValid(row) && patterns.isValid(row)) {
                LikePattern matcher = known != null ? known : of(patterns.get(row));
                if (matcher.matches(data, texts.start(row), texts.end(row))) {
                    Values.setBit(bits, row);
                }
            }
        }
        return new Values.Bools(bits, Evaluation.bothValid(texts, patterns, count), constant);
    }
}
