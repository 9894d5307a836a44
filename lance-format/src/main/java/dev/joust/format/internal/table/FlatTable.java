// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.ByteBuffer;

/// A table of a flatbuffer, read field by field: as much of the Arrow IPC metadata as a deletion file needs.
/// Reading outside the buffer is an {@link IndexOutOfBoundsException}.
///
///     table:   i32 distance back to the vtable | fields
///     vtable:  u16 size | u16 size of the table | u16 offset of each field in the table, 0 = left out
///
/// @param buffer   little endian
/// @param position of the table
record FlatTable(ByteBuffer buffer, int position) {
    private static final int FIRST_FIELD = 4;

    /// The table that the buffer's first word points at.
    static FlatTable root(ByteBuffer buffer) {
        return new FlatTable(buffer, buffer.getInt(0));
    }

    /// Position of field `index` in the buffer, 0 if it was left out.
    int field(int index) {
        int vtable = position - buffer.getInt(position);
        int entry = FIRST_FIELD + 2 * index;
        if (entry + 2 > Short.toUnsignedInt(buffer.getShort(vtable))) {
            return 0;
        }
        int offset = Short.toUnsignedInt(buffer.getShort(vtable + entry));
        return offset == 0 ? 0 : position + offset;
    }

    long i64(int index) {
        int at = field(index);
        return at == 0 ? 0 : buffer.getLong(at);
    }

    int i32(int index) {
        int at = field(index);
        return at == 0 ? 0 : buffer.getInt(at);
    }

    int u8(int index) {
        int at = field(index);
        return at == 0 ? 0 : buffer.get(at) & 0xFF;
    }

    boolean has(int index) {
        return field(index) != 0;
    }

    FlatTable table(int index) {
        int at = required(index);
        return new FlatTable(buffer, at + buffer.getInt(at));
    }

    /// Position of the first element of a vector.
    int vectorStart(int index) {
        int at = required(index);
        return at + buffer.getInt(at) + 4;
    }

    int vectorLength(int index) {
        return has(index) ? buffer.getInt(vectorStart(index) - 4) : 0;
    }

    FlatTable tableOfVector(int index, int element) {
        int at = vectorStart(index) + 4 * element;
        return new FlatTable(buffer, at + buffer.getInt(at));
    }

    String string(int index) {
        int start = vectorStart(index);
        int length = buffer.getInt(start - 4);
        if (length < 0 || length > buffer.limit() - start) {
            throw new IndexOutOfBoundsException("string of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        buffer.get(start, bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    private int required(int index) {
        int at = field(index);
        if (at == 0) {
            throw new IndexOutOfBoundsException("field " + index + " is left out");
        }
        return at;
    }
}
