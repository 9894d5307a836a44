// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Copies and counts of bits, LSB first, at any bit offset.
public final class BitCopy {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private BitCopy() {}

    /// Bytes that `bitCount` bits take.
    public static long byteCount(long bitCount) {
        return (bitCount + 7) >>> 3;
    }

    public static boolean get(MemorySegment bits, long index) {
        return (bits.get(ValueLayout.JAVA_BYTE, index >>> 3) >> (index & 7) & 1) != 0;
    }

    /// Copies `count` bits. Bits of the target before `targetBit` stay; those after the last one, in its byte, are
    /// cleared.
    public static void copy(MemorySegment source, long sourceBit, MemorySegment target, long targetBit, long count) {
        long done = 0;
        while (done < count && ((targetBit + done) & 7) != 0) {
            set(target, targetBit + done, get(source, sourceBit + done));
            done++;
        }
        if (done == count) {
            return;
        }
        long targetByte = (targetBit + done) >>> 3;
        long wholeBytes = (count - done) >>> 3;
        int shift = (int) ((sourceBit + done) & 7);
        long sourceByte = (sourceBit + done) >>> 3;
        if (shift == 0) {
            MemorySegment.copy(source, sourceByte, target, targetByte, wholeBytes);
        } else {
            copyShifted(source, sourceByte, shift, target, targetByte, wholeBytes);
        }
        done += wholeBytes << 3;
        int rest = (int) (count - done);
        if (rest > 0) {
            int last = 0;
            for (int i = 0; i < rest; i++) {
                last |= get(source, sourceBit + done + i) ? 1 << i : 0;
            }
            target.set(ValueLayout.JAVA_BYTE, targetByte + wholeBytes, (byte) last);
        }
    }

    private static void copyShifted(
            MemorySegment source, long sourceByte, int shift, MemorySegment target, long targetByte, long byteCount) {
        long i = 0;
        for (; i + 8 <= byteCount && sourceByte + i + 9 <= source.byteSize(); i += 8) {
            long low = source.get(LONG, sourceByte + i) >>> shift;
            long high = (long) source.get(ValueLayout.JAVA_BYTE, sourceByte + i + 8) << (64 - shift);
            target.set(LONG, targetByte + i, low | high);
        }
        for (; i < byteCount; i++) {
            int low = (source.get(ValueLayout.JAVA_BYTE, sourceByte + i) & 0xFF) >>> shift;
            int high = source.get(ValueLayout.JAVA_BYTE, sourceByte + i + 1) << (8 - shift);
            target.set(ValueLayout.JAVA_BYTE, targetByte + i, (byte) (low | high));
        }
    }

    /// Sets `count` bits to one value, as {@link #copy} does.
    public static void fill(MemorySegment target, long targetBit, long count, boolean value) {
        long done = 0;
        while (done < count && ((targetBit + done) & 7) != 0) {
            set(target, targetBit + done, value);
            done++;
        }
        long wholeBytes = (count - done) >>> 3;
        long targetByte = (targetBit + done) >>> 3;
        target.asSlice(targetByte, wholeBytes).fill(value ? (byte) 0xFF : 0);
        int rest = (int) (count - done - (wholeBytes << 3));
        if (rest > 0) {
            target.set(ValueLayout.JAVA_BYTE, targetByte + wholeBytes, (byte) (value ? (1 << rest) - 1 : 0));
        }
    }

    /// Bits that are 0 among `count`.
    public static long countZeros(MemorySegment bits, long firstBit, long count) {
        long ones = 0;
        long i = 0;
        while (i < count && ((firstBit + i) & 7) != 0) {
            ones += get(bits, firstBit + i) ? 1 : 0;
            i++;
        }
        for (; i + 64 <= count; i += 64) {
            ones += Long.bitCount(bits.get(LONG, (firstBit + i) >>> 3));
        }
        for (; i < count; i++) {
            ones += get(bits, firstBit + i) ? 1 : 0;
        }
        return count - ones;
    }

    private static void set(MemorySegment bits, long index, boolean value) {
        int old = bits.get(ValueLayout.JAVA_BYTE, index >>> 3);
        int mask = 1 << (index & 7);
        bits.set(ValueLayout.JAVA_BYTE, index >>> 3, (byte) (value ? old | mask : old & ~mask));
    }
}
