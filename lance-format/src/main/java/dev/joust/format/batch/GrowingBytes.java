// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Little-endian bytes that grow on the heap until a column is built.
final class GrowingBytes {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[64];
    private int size;

    int size() {
        return size;
    }

    private int grow(long byteCount) {
        long wanted = size + byteCount;
        if (wanted > LARGEST) {
            throw new IllegalArgumentException("more than 2 GiB in one column of a batch: add fewer rows at a time");
        }
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(wanted, bytes.length * 2L)));
        }
        int at = size;
        size = (int) wanted;
        return at;
    }

    void putByte(byte value) {
        int at = grow(1);
        bytes[at] = value;
    }

    void putShort(short value) {
        int at = grow(2);
        SHORT.set(bytes, at, value);
    }

    void putInt(int value) {
        int at = grow(4);
        INT.set(bytes, at, value);
    }

    void putLong(long value) {
        int at = grow(8);
        LONG.set(bytes, at, value);
    }

    void putFloats(float[] values) {
        int at = grow(values.length * 4L);
        for (int i = 0; i < values.length; i++) {
            INT.set(bytes, at + 4 * i, Float.floatToRawIntBits(values[i]));
        }
    }

    void putBytes(byte[] source, int offset, int length) {
        int at = grow(length);
        System.arraycopy(source, offset, bytes, at, length);
    }

    void putZeros(int count) {
        int at = grow(count);
        Arrays.fill(bytes, at, at + count, (byte) 0);
    }

    void clear() {
        size = 0;
    }

    /// What is here; of use until the next change.
    MemorySegment view() {
        return MemorySegment.ofArray(bytes).asSlice(0, size);
    }

    /// Copies what is here, and is empty after.
    MemorySegment moveTo(SegmentAllocator memory) {
        MemorySegment target = memory.allocate(size, 64);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, size);
        size = 0;
        return target;
    }
}
