// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

import dev.joust.search.expr.Types.Family;

/// Works out calls of functions on strings.
final class TextFunctions {
    /// Characters that one string of a result may have.
    private static final int MOST_CHARACTERS = 1 << 26;

    private TextFunctions() {}

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        return switch (call.function()) {
            case LENGTH, OCTET_LENGTH, BIT_LENGTH -> lengths(call, evaluation);
            case LOWER -> lower(texts(call.operands().getFirst(), evaluation));
            case UPPER -> upper(texts(call.operands().getFirst(), evaluation));
            case REVERSE -> mapped(texts(call.operands().getFirst(), evaluation), TextFunctions::reversed);
            case INITCAP -> mapped(texts(call.operands().getFirst(), evaluation), TextFunctions::capitalized);
            case STARTS_WITH, ENDS_WITH, CONTAINS -> found(call, evaluation);
            case CONCAT, CONCAT_WS, JOIN -> joined(call, evaluation);
            case REGEXP_LIKE, REGEXP_REPLACE -> Regexps.evaluate(call, evaluation);
            case STRPOS, ASCII -> numbers(call, evaluation);
            default -> rowwise(call, evaluation);
        };
    }

    /// The values of an argument as strings; null where it has no value in any row.
    static Values.Bytes texts(Expression argument, Evaluation evaluation) {
        Family family = Types.family(argument.type());
        Values values = family == Family.TEXT || family == Family.BINARY || family == Family.NULL
                ? evaluation.evaluate(argument)
                : evaluation.evaluate(new Expression.Cast(argument, Expression.TEXT, false));
        return values instanceof Values.Bytes bytes ? bytes : Values.Bytes.of(new byte[1][0], new long[1], true);
    }

    static String text(Values.Bytes texts, int row) {
        return new String(texts.get(row), StandardCharsets.UTF_8);
    }

    private static Values lengths(Expression.Call call, Evaluation evaluation) {
        Expression argument = call.operands().getFirst();
        Values.Bytes texts = texts(argument, evaluation);
        boolean characters =
                call.function() == Functions.LENGTH && Types.family(argument.type()) != Family.BINARY;
        int unit = call.function() == Functions.BIT_LENGTH ? 8 : 1;
        long[] lengths = new long[texts.starts.length - 1];
        byte[] data = characters && !isAscii(texts) ? texts.data() : null;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (long) (texts.starts[i + 1] - texts.starts[i]) * unit;
            for (int at = texts.starts[i]; data != null && at < texts.starts[i + 1]; at++) {
                lengths[i] -= continues(data[at]) ? 1 : 0;
            }
        }
        return new Values.Longs(lengths, texts.valid, texts.constant);
    }

    /// Whether a byte of UTF-8 is not the first of its character.
    static boolean continues(byte value) {
        return (value & 0xc0) == 0x80;
    }

    private static boolean isAscii(Values.Bytes texts) {
        byte[] data = texts.data();
        int end = texts.starts[texts.starts.length - 1];
        byte all = 0;
        for (int i = 0; i < end; i++) {
            all |= data[i];
        }
        return all >= 0;
    }

    static Values.Bytes lower(Values.Bytes texts) {
        return isAscii(texts) ? flipped(texts, 'A', 'Z') : mapped(texts, text -> text.toLowerCase(Locale.ROOT));
    }

    private static Values.Bytes upper(Values.Bytes texts) {
        return isAscii(texts) ? flipped(texts, 'a', 'z') : mapped(texts, text -> text.toUpperCase(Locale.ROOT));
    }

    /// The letters between two of ASCII in the other case, all rows at once: each stays where it is.
    private static Values.Bytes flipped(Values.Bytes texts, char first, char last) {
        byte[] flipped = texts.data().clone();
        for (int i = 0; i < flipped.length; i++) {
            byte value = flipped[i];
            flipped[i] = (byte) (value >= first && value <= last ? value ^ ('a' ^ 'A') : value);
        }
        return new Values.Bytes(flipped, texts.starts, texts.valid, texts.constant);
    }

    private static Values.Bytes mapped(Values.Bytes texts, UnaryOperator<String> change) {
        byte[][] results = new byte[texts.starts.length - 1][];
        for (int i = 0; i < results.length; i++) {
            String text = texts.isValid(i) ? text(texts, i) : "";
            results[i] = change.apply(text).getBytes(StandardCharsets.UTF_8);
        }
        return Values.Bytes.of(results, texts.valid, texts.constant);
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    /// Letters that begin a word large, the others small; words are made of letters and digits.
    private static String capitalized(String text) {
        StringBuilder result = new StringBuilder(text.length());
        boolean inside = false;
        for (int point : text.codePoints().toArray()) {
            result.appendCodePoint(inside ? Character.toLowerCase(point) : Character.toUpperCase(point));
            inside = Character.isLetterOrDigit(point);
        }
        return result.toString();
    }

    private static Values found(Expression.Call call, Evaluation evaluation) {
        Values.Bytes texts = texts(call.operands().get(0), evaluation);
        Values.Bytes parts = texts(call.operands().get(1), evaluation);
        boolean constant = texts.constant && parts.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(texts, parts, count);
        long[] bits = new long[Values.words(count)];
        byte[] known = parts.constant && parts.isValid(0) ? parts.get(0) : null;
        byte[] data = texts.data();
        for (int row = 0; row < count; row++) {
            if (valid != null && !Values.bit(valid, row)) {
                continue;
            }
            byte[] part = known == null ? parts.get(row) : known;
            int start = texts.start(row);
            int end = texts.end(row);
            boolean found =
                    switch (call.function()) {
                        case STARTS_WITH -> isAt(data, start, end, part);
                        case ENDS_WITH -> isAt(data, Math.max(start, end - part.length), end, part);
                        default -> indexOf(data, start, end, part) >= 0;
                    };
            if (found) {
                Values.setBit(bits, row);
            }
        }
        return new Values.Bools(bits, valid, constant);
    }

    /// Whether bytes from `at` on, before `end`, are `part`.
    static boolean isAt(byte[] data, int at, int end, byte[] part) {
        return end - at >= part.length && Arrays.equals(data, at, at + part.length, part, 0, part.length);
    }

    /// Where `part` is between `start` and `end`; -1 for nowhere. In UTF-8 a string is where its bytes are: no
    /// character's bytes are inside another's.
    static int indexOf(byte[] data, int start, int end, byte[] part) {
        if (part.length == 0) {
            return start;
        }
        byte first = part[0];
        for (int at = start; at <= end - part.length; at++) {
            if (data[at] == first && isAt(data, at, end, part)) {
                return at;
            }
        }
        return -1;
    }

    private static Values joined(Expression.Call call, Evaluation evaluation) {
        List<Values.Bytes> parts = new ArrayList<>();
        boolean constant = true;
        for (Expression operand : call.operands()) {
            Values.Bytes part = texts(operand, evaluation);
            parts.add(part);
            constant &= part.constant;
        }
        int count = constant ? 1 : evaluation.rowCount();
        byte[][] results = new byte[count][];
        long[] valid = new long[Values.words(count)];
        boolean separated = call.function() == Functions.CONCAT_WS;
        for (int row = 0; row < count; row++) {
            java.io.ByteArrayOutputStream joined = new java.io.ByteArrayOutputStream();
            boolean anyNull = false;
            boolean first = true;
            for (Values.Bytes part : separated ? parts.subList(1, parts.size()) : parts) {
                if (!part.isValid(row)) {
                    anyNull = true;
                    continue;
                }
                if (separated && !first && parts.getFirst().isValid(row)) {
                    joined.writeBytes(parts.getFirst().get(row));
                }
                first = false;
                joined.writeBytes(part.get(row));
            }
            results[row] = joined.toByteArray();
            boolean isNull = separated ? !parts.getFirst().isValid(row) : anyNull && call.function() == Functions.JOIN;
            if (!isNull) {
                Values.setBit(valid, row);
            }
        }
        return Values.Bytes.of(results, valid, constant);
    }

    private static Values numbers(Expression.Call call, Evaluation evaluation) {
        List<Values.Bytes> arguments =
                call.operands().stream().map(operand -> texts(operand, evaluation)).toList();
        Values.Bytes last = arguments.getLast();
        boolean constant = arguments.getFirst().constant && last.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(arguments.getFirst(), last, count);
        long[] results = new long[count];
        for (int row = 0; row < count; row++) {
            if (valid == null || Values.bit(valid, row)) {
                String text = text(arguments.getFirst(), row);
                if (call.function() == Functions.ASCII) {
                    results[row] = text.isEmpty() ? 0 : text.codePointAt(0);
                } else {
                    int index = text.indexOf(text(last, row));
                    results[row] = index < 0 ? 0 : text.codePointCount(0, index) + 1;
                }
            }
        }
        return new Values.Longs(results, valid, constant);
    }

    /// Functions of several arguments, row by row.
    private static Values rowwise(Expression.Call call, Evaluation evaluation) {
        List<Values> arguments = new ArrayList<>();
        boolean constant = true;
        for (Expression operand : call.operands()) {
            Values argument = Types.family(operand.type()) == Family.WHOLE
                    ? evaluation.load(operand, Expression.INT64)
                    : texts(operand, evaluation);
            arguments.add(argument);
            constant &= argument.constant;
        }
        int count = constant ? 1 : evaluation.rowCount();
        byte[][] results = new byte[count][];
        long[] valid = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            results[row] = new byte[0];
            boolean all = true;
            for (Values argument : arguments) {
                all &= argument.isValid(row);
            }
            if (all) {
                results[row] = result(call.function(), arguments, row).getBytes(StandardCharsets.UTF_8);
                Values.setBit(valid, row);
            }
        }
        return Values.Bytes.of(results, valid, constant);
    }

    private static String result(Functions function, List<Values> arguments, int row) {
        String text = string(arguments, 0, row);
        return switch (function) {
            case TRIM -> trimmed(text, arguments, row, true, true);
            case LTRIM -> trimmed(text, arguments, row, true, false);
            case RTRIM -> trimmed(text, arguments, row, false, true);
            case REPLACE -> replaced(text, string(arguments, 1, row), string(arguments, 2, row));
            case REPEAT -> {
                long times = Math.max(0, number(arguments, 1, row));
                requireSize(times, text.length());
                yield text.repeat((int) times);
            }
            case LPAD, RPAD -> padded(function, text, arguments, row);
            case LEFT -> {
                int length = text.codePointCount(0, text.length());
                yield characters(text, 0, kept(number(arguments, 1, row), length));
            }
            case RIGHT -> {
                int length = text.codePointCount(0, text.length());
                yield characters(text, length - kept(number(arguments, 1, row), length), length);
            }
            case SPLIT_PART -> part(text, string(arguments, 1, row), number(arguments, 2, row));
            default -> throw new IllegalArgumentException("no function of strings: " + function);
        };
    }

    private static String string(List<Values> arguments, int index, int row) {
        return text((Values.Bytes) arguments.get(index), row);
    }

    private static long number(List<Values> arguments, int index, int row) {
        return ((Values.Longs) arguments.get(index)).get(row);
    }

    private static void requireSize(long count, long length) {
        if (length > 0 && count > MOST_CHARACTERS / length) {
            throw new IllegalArgumentException("a string of more than " + MOST_CHARACTERS + " characters would be made");
        }
    }

    /// Blanks alone where no characters are named: tabs and line ends stay.
    private static String trimmed(String text, List<Values> arguments, int row, boolean left, boolean right) {
        String wanted = arguments.size() == 1 ? " " : string(arguments, 1, row);
        int start = 0;
        int end = text.length();
        while (left && start < end && wanted.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && wanted.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static String replaced(String text, String part, String other) {
        long parts = part.isEmpty() ? text.length() + 1L : text.length() / part.length();
        requireSize(parts + 1, Math.max(1, other.length()));
        return text.replace(part, other);
    }

    private static int kept(long wanted, int length) {
        return (int) Math.min(length, wanted >= 0 ? wanted : Math.max(0, length + wanted));
    }

    private static String characters(String text, int start, int end) {
        return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    }

    private static String padded(Functions function, String text, List<Values> arguments, int row) {
        long wanted = Math.max(0, number(arguments, 1, row));
        int length = text.codePointCount(0, text.length());
        if (wanted <= length) {
            return characters(text, 0, (int) wanted);
        }
        String fill = arguments.size() == 2 ? " " : string(arguments, 2, row);
        if (fill.isEmpty()) {
            return text;
        }
        requireSize(wanted, 1);
        int missing = (int) wanted - length;
        int fillLength = fill.codePointCount(0, fill.length());
        String padding = characters(fill.repeat(missing / fillLength + 1), 0, missing);
        return function == Functions.LPAD ? padding + text : text + padding;
    }

    /// Counted from 1, from the end where the number is negative; empty where there is none.
    private static String part(String text, String separator, long number) {
        if (number == 0) {
            throw new IllegalArgumentException("parts are counted from 1, not 0");
        }
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = separator.isEmpty() ? -1 : text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        long index = number > 0 ? number - 1 : parts.size() + number;
        return index >= 0 && index < parts.size() ? parts.get((int) index) : "";
    }
}
