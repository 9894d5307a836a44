// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One JSON text (RFC 8259) as a JSONB value, byte for byte as the reference stores it: keys in the order of their
/// bytes, whole numbers that fit 64 bits as such in the fewest bytes, all others as floats. The layout stands at
/// {@link JsonbText}. Text of nothing but blanks is null.
public final class JsonbEncoder {
    private static final int MAX_DEPTH = 500;
    private static final int SCALAR_HEADER = 1 << 29;
    private static final int OBJECT_HEADER = 2 << 29;
    private static final int ARRAY_HEADER = 4 << 29;
    private static final byte UNSIGNED = 0x50;
    private static final byte SIGNED = 0x40;
    private static final byte FLOAT = 0x60;
    private static final byte INFINITY = 0x20;
    private static final byte NEGATIVE_INFINITY = 0x30;
    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String text;
    private int at;

    private JsonbEncoder(String text) {
        this.text = text;
    }

    /// A value as an entry of its container: its code, and its bytes.
    @SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
    private record Entry(int code, byte[] bytes) {
        static final Entry NULL = new Entry(0, new byte[0]);
        static final Entry FALSE = new Entry(3, new byte[0]);
        static final Entry TRUE = new Entry(4, new byte[0]);

        static Entry string(byte[] utf8) {
            return new Entry(1, utf8);
        }

        static Entry number(byte[] bytes) {
            return new Entry(2, bytes);
        }

        static Entry container(byte[] bytes) {
            return new Entry(5, bytes);
        }

        boolean isContainer() {
            return code == 5;
        }

        int word() {
            return code << 28 | bytes.length;
        }
    }

    /// @throws IllegalArgumentException saying where the text is no JSON
    public static byte[] of(String json) {
        JsonbEncoder encoder = new JsonbEncoder(json);
        encoder.skipBlanks();
        Entry value = encoder.at == json.length() ? Entry.NULL : encoder.value(0);
        encoder.skipBlanks();
        if (encoder.at < json.length()) {
            throw encoder.bad("the end");
        }
        return value.isContainer() ? value.bytes() : container(SCALAR_HEADER, List.of(value));
    }

    private IllegalArgumentException bad(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new IllegalArgumentException("no JSON: " + found + " at character " + at + " instead of " + expected);
    }

    private static byte[] container(int header, List<Entry> entries) {
        long length = 4 + 4L * entries.size();
        for (Entry entry : entries) {
            length += entry.bytes().length;
        }
        if (length > 0x0FFF_FFFF) {
            throw new IllegalArgumentException("JSON of " + length + " bytes; a value has less than 2^28");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length).putInt(header);
        entries.forEach(entry -> bytes.putInt(entry.word()));
        entries.forEach(entry -> bytes.put(entry.bytes()));
        return bytes.array();
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        skipBlanks();
        if (peek() != c) {
            throw bad("'" + c + "'");
        }
        at++;
    }

    /// Whether `c` comes, which is passed then.
    private boolean pass(char c) {
        skipBlanks();
        boolean found = peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    private Entry value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("JSON of more than " + MAX_DEPTH + " levels");
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> Entry.string(string());
            case 't' -> word("true", Entry.TRUE);
            case 'f' -> word("false", Entry.FALSE);
            case 'n' -> word("null", Entry.NULL);
            default -> Entry.number(number());
        };
    }

    private Entry word(String word, Entry entry) {
        if (!text.startsWith(word, at)) {
            throw bad(word);
        }
        at += word.length();
        return entry;
    }

    private Entry array(int depth) {
        expect('[');
        List<Entry> items = new ArrayList<>();
        if (!pass(']')) {
            do {
                items.add(value(depth + 1));
            } while (pass(','));
            expect(']');
        }
        return Entry.container(container(ARRAY_HEADER | items.size(), items));
    }

    private Entry object(int depth) {
        expect('{');
        Map<byte[], Entry> members = new TreeMap<>(Arrays::compareUnsigned);
        if (!pass('}')) {
            do {
                skipBlanks();
                if (peek() != '"') {
                    throw bad("a key");
                }
                byte[] key = string();
                expect(':');
                if (members.put(key, value(depth + 1)) != null) {
                    throw new IllegalArgumentException(
                            "no JSON to be stored: two members are named '" + new String(key, StandardCharsets.UTF_8) + "'");
                }
            } while (pass(','));
            expect('}');
        }
        List<Entry> entries = new ArrayList<>();
        members.keySet().forEach(key -> entries.add(Entry.string(key)));
        entries.addAll(members.values());
        return Entry.container(container(OBJECT_HEADER | members.size(), entries));
    }

    private byte[] string() {
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            char c = peek();
            if (c < ' ') {
                throw bad("a character of a string");
            }
            at++;
            value.append(c == '\\' ? escaped() : c);
        }
        at++;
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i)) && !Character.isSurrogatePair(value.charAt(i++), i < value.length() ? value.charAt(i) : 0)) {
                throw new IllegalArgumentException("no JSON to be stored: half a surrogate pair in the string before character " + at);
            }
        }
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length() || !text.substring(at, at + 4).chars().allMatch(JsonbEncoder::isHex)) {
                    throw bad("four hexadecimal digits");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> {
                at--;
                throw bad("an escape");
            }
        };
    }

    private static boolean isHex(int c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    private byte[] number() {
        int start = at;
        at += peek() == '-' ? 1 : 0;
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        boolean whole = true;
        if (peek() == '.') {
            whole = false;
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            at++;
            at += peek() == '+' || peek() == '-' ? 1 : 0;
            digits();
        }
        String number = text.substring(start, at);
        return whole ? whole(number) : real(Double.parseDouble(number));
    }

    private void digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw bad("a value");
        }
    }

    /// Zero is one byte, other whole numbers are signed only if they are negative.
    private static byte[] whole(String number) {
        if (number.length() > 40) {
            return real(Double.parseDouble(number));
        }
        BigInteger value = new BigInteger(number);
        if (value.signum() == 0) {
            return new byte[1];
        }
        if (value.signum() > 0 ? value.compareTo(MAX_UNSIGNED) > 0 : value.bitLength() > 63) {
            return real(Double.parseDouble(number));
        }
        int bits = value.signum() > 0 ? value.bitLength() : value.bitLength() + 1;
        int width = bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
        byte[] all = ByteBuffer.allocate(8).putLong(value.longValue()).array();
        return ByteBuffer.allocate(1 + width)
                .put(value.signum() > 0 ? UNSIGNED : SIGNED)
                .put(all, 8 - width, width)
                .array();
    }

    private static byte[] real(double value) {
        if (Double.isInfinite(value)) {
            return new byte[] {value > 0 ? INFINITY : NEGATIVE_INFINITY};
        }
        return ByteBuffer.allocate(9).put(FLOAT).putDouble(value).array();
    }
}
