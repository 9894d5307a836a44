// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Little-endian bytes of a page that is being made.
final class GrowingBytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[1024];
    private int size;

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    void clear() {
        size = 0;
    }

    /// Room for so many bytes; where they go.
    int grow(long count) {
        long wanted = size + count;
        if (wanted > LARGEST) {
            throw new IllegalArgumentException("one row of more than 2 GiB in one column");
        }
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(wanted, bytes.length * 2L)));
        }
        int at = size;
        size = (int) wanted;
        return at;
    }

    void putByte(int value) {
        int at = grow(1);
        bytes[at] = (byte) value;
    }

    void putInt(int value) {
        int at = grow(4);
        INT.set(bytes, at, value);
    }

    void putLong(long value) {
        int at = grow(8);
        LONG.set(bytes, at, value);
    }

    void setInt(int at, int value) {
        INT.set(bytes, at, value);
    }

    void put(MemorySegment source, long offset, long length) {
        int at = grow(length);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, at, (int) length);
    }

    void put(byte[] source, int start, int length) {
        int at = grow(length);
        System.arraycopy(source, start, bytes, at, length);
    }

    void putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            putByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        putByte((int) rest);
    }
}
