// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Collects little-endian values in a growing array. For metadata and other small pieces: data of pages goes through
/// segments. Not thread-safe.
public final class ByteSink {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteSink() {
        this(64);
    }

    public ByteSink(int initialCapacityBytes) {
        bytes = new byte[Math.max(initialCapacityBytes, 8)];
    }

    public int size() {
        return size;
    }

    public ByteSink u8(int value) {
        int at = advance(1);
        bytes[at] = (byte) value;
        return this;
    }

    public ByteSink u16(int value) {
        int at = advance(2);
        SHORT.set(bytes, at, (short) value);
        return this;
    }

    public ByteSink u32(long value) {
        int at = advance(4);
        INT.set(bytes, at, (int) value);
        return this;
    }

    public ByteSink u64(long value) {
        int at = advance(8);
        LONG.set(bytes, at, value);
        return this;
    }

    public ByteSink bytes(byte[] source) {
        return bytes(source, 0, source.length);
    }

    public ByteSink bytes(byte[] source, int offset, int length) {
        int at = advance(length);
        System.arraycopy(source, offset, bytes, at, length);
        return this;
    }

    public ByteSink bytes(MemorySegment source) {
        int length = Math.toIntExact(source.byteSize());
        int at = advance(length);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, bytes, at, length);
        return this;
    }

    /// Appends `padding` until the size is a multiple of `alignment`.
    public ByteSink align(int alignment, int padding) {
        int count = (alignment - size % alignment) % alignment;
        int at = advance(count);
        Arrays.fill(bytes, at, at + count, (byte) padding);
        return this;
    }

    /// Overwrites two bytes written before.
    public void setU16(int at, int value) {
        SHORT.set(bytes, at, (short) value);
    }

    /// Overwrites four bytes written before.
    public void setU32(int at, long value) {
        INT.set(bytes, at, (int) value);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /// What was written, as a view that the next write may detach. Heap memory: for writing out, not for kernels.
    public MemorySegment view() {
        return MemorySegment.ofArray(bytes).asSlice(0, size);
    }

    private int advance(int sizeBytes) {
        int at = size;
        size = Math.addExact(size, sizeBytes);
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 16)));
        }
        return at;
    }
}
