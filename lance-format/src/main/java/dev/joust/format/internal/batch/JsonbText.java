// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;

/// One JSONB value as text, the way the reference prints it: no spaces, keys in the order stored.
///
///      u32 BE  kind of the value in the top three bits (4 array, 2 object, 1 a single value), number of its items below
///      u32 BE [items]  entries: kind (0 null, 1 string, 2 number, 3 false, 4 true, 5 container) in bits 28 to 30,
///                      length of its bytes below; of an object first those of all keys, then those of all values
///      bytes   of the entries, in that order: UTF-8, a number (its kind in a byte, then big-endian), a container
public final class JsonbText {
    private static final int MAX_DEPTH = 500;
    private static final int LENGTH_MASK = 0x0FFF_FFFF;

    private final ByteBuffer bytes;
    private final StringBuilder text = new StringBuilder();

    private JsonbText(byte[] jsonb) {
        bytes = ByteBuffer.wrap(jsonb);
    }

    /// @throws CorruptFileException without file and offset: the caller knows them
    public static String of(byte[] jsonb) {
        JsonbText printer = new JsonbText(jsonb);
        try {
            printer.container(0, jsonb.length, 0);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new CorruptFileException("a JSONB value of " + jsonb.length + " bytes ends too early");
        }
        return printer.text.toString();
    }

    private static CorruptFileException corrupt(String problem) {
        return new CorruptFileException("a JSONB value: " + problem);
    }

    private void container(int start, int end, int depth) {
        if (depth > MAX_DEPTH) {
            throw corrupt("more than " + MAX_DEPTH + " levels of nesting");
        }
        int header = bytes.getInt(start);
        int count = header & LENGTH_MASK;
        int kind = header >>> 29;
        long entryCount = kind == 2 ? 2L * count : count;
        if (kind != 4 && kind != 2 && (kind != 1 || count > 1)) {
            throw corrupt("header " + Integer.toHexString(header));
        }
        if (start + 4 + 4L * Math.max(entryCount, kind == 1 ? 1 : 0) > end) {
            throw corrupt(entryCount + " entries in " + (end - start) + " bytes");
        }
        switch (kind) {
            case 1 -> value(start + 4, start + 8, end, depth);
            case 4 -> array(start + 4, count, end, depth);
            default -> object(start + 4, count, end, depth);
        }
    }

    private void array(int entriesAt, int count, int end, int depth) {
        text.append('[');
        int at = entriesAt + 4 * count;
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",");
            at = value(entriesAt + 4 * i, at, end, depth);
        }
        text.append(']');
    }

    private void object(int entriesAt, int count, int end, int depth) {
        text.append('{');
        int keyAt = entriesAt + 8 * count;
        int valueAt = keyAt;
        for (int i = 0; i < count; i++) {
            valueAt = Math.addExact(valueAt, bytes.getInt(entriesAt + 4 * i) & LENGTH_MASK);
        }
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",");
            keyAt = value(entriesAt + 4 * i, keyAt, end, depth);
            text.append(':');
            valueAt = value(entriesAt + 4 * (count + i), valueAt, end, depth);
        }
        text.append('}');
    }

    /// Prints the value of an entry; returns the offset after its bytes.
    private int value(int entryAt, int at, int end, int depth) {
        int entry = bytes.getInt(entryAt);
        int length = entry & LENGTH_MASK;
        if (at > end || length > end - at) {
            throw corrupt(length + " bytes at " + at + " of " + end);
        }
        switch ((entry >>> 28) & 7) {
            case 0 -> text.append("null");
            case 1 -> string(new String(bytes.array(), at, length, StandardCharsets.UTF_8));
            case 2 -> number(at, length);
            case 3 -> text.append("false");
            case 4 -> text.append("true");
            case 5 -> container(at, at + length, depth + 1);
            default -> throw new UnsupportedFormatException("JSONB entry " + Integer.toHexString(entry) + " is not read");
        }
        return at + length;
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private void number(int at, int length) {
        int kind = bytes.get(at) & 0xFF;
        switch (kind) {
            case 0x00 -> text.append('0');
            case 0x10, 0x20, 0x30 -> text.append("null"); // not a number, the infinities: JSON has none of them
            case 0x40 -> text.append(integer(at + 1, length - 1));
            case 0x50 -> {
                long value = integer(at + 1, length - 1);
                long unsigned = length - 1 == 8 ? value : value & ((1L << (8 * (length - 1))) - 1);
                text.append(Long.toUnsignedString(unsigned));
            }
            case 0x60 -> {
                if (length != 9) {
                    throw corrupt("a float of " + (length - 1) + " bytes");
                }
                real(bytes.getDouble(at + 1));
            }
            default -> throw new UnsupportedFormatException("JSONB number of kind " + Integer.toHexString(kind) + " is not read");
        }
    }

    private long integer(int at, int length) {
        return switch (length) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            case 8 -> bytes.getLong(at);
            default -> throw corrupt("an integer of " + length + " bytes");
        };
    }

    /// The shortest digits that are this number: plain from 1e-5 to below 1e16, else with an exponent.
    private void real(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            text.append("null");
            return;
        }
        double size = Math.abs(value);
        BigDecimal digits = new BigDecimal(Double.toString(size)).stripTrailingZeros();
        if (digits.precision() == 2) { // Java does not say 5e-324 where 4.9e-324 is closer
            BigDecimal one = digits.round(new MathContext(1));
            digits = one.doubleValue() == size ? one.stripTrailingZeros() : digits;
        }
        text.append(Math.copySign(1, value) < 0 ? "-" : "");
        if (size == 0 || (size >= 1e-5 && size < 1e16)) {
            String plain = size == 0 ? "0" : digits.toPlainString();
            text.append(plain).append(plain.contains(".") ? "" : ".0");
            return;
        }
        String significant = digits.unscaledValue().toString();
        int exponent = significant.length() - 1 - digits.scale();
        text.append(significant.charAt(0));
        if (significant.length() > 1) {
            text.append('.').append(significant, 1, significant.length());
        }
        text.append('e').append(exponent < 0 ? "-" : "+").append(Math.abs(exponent));
    }
}
