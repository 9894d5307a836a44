// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Goes through the fields of one protobuf message, by its wire format alone: enough to leave parts of a graph out.
/// Not thread-safe.
final class ProtoFields {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int fieldStart;
    private int number;
    private int valueStart;
    private boolean isBytes;

    ProtoFields(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        position = start;
    }

    /// Goes to the next field; false after the last.
    ///
    /// @throws IllegalArgumentException if the bytes are no such message
    boolean next() {
        if (position == end) {
            return false;
        }
        fieldStart = position;
        long tag = varint();
        number = (int) (tag >>> 3);
        isBytes = (tag & 7) == BYTES;
        long length = switch ((int) (tag & 7)) {
            case VARINT -> {
                varint();
                yield 0;
            }
            case FIXED64 -> 8;
            case BYTES -> varint();
            case FIXED32 -> 4;
            default -> throw damaged();
        };
        if (length < 0 || length > end - position) {
            throw damaged();
        }
        valueStart = position;
        position += (int) length;
        return true;
    }

    int number() {
        return number;
    }

    /// The field's content as a message of its own.
    ProtoFields message() {
        if (!isBytes) {
            throw damaged();
        }
        return new ProtoFields(bytes, valueStart, position);
    }

    String text() {
        if (!isBytes) {
            throw damaged();
        }
        return new String(bytes, valueStart, position - valueStart, StandardCharsets.UTF_8);
    }

    /// The text of the first field of that number, or nothing.
    String textOf(int wanted) {
        while (next()) {
            if (number == wanted) {
                return text();
            }
        }
        return "";
    }

    /// The field as it stands, tag and all.
    void copyTo(ByteArrayOutputStream target) {
        target.write(bytes, fieldStart, position - fieldStart);
    }

    static void writeMessage(int number, byte[] content, ByteArrayOutputStream target) {
        writeVarint((long) number << 3 | BYTES, target);
        writeVarint(content.length, target);
        target.writeBytes(content);
    }

    private static void writeVarint(long value, ByteArrayOutputStream target) {
        long rest = value;
        while (rest >= 0x80) {
            target.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        target.write((int) rest);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == end) {
                throw damaged();
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private IllegalArgumentException damaged() {
        return new IllegalArgumentException("no ONNX graph, or one that was cut short: damaged at byte " + position);
    }
}
