// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/// Bitmaps in Arrow's order: bit `i` is bit `i & 7` of byte `i >>> 3`. All ranges are the caller's to check.
public final class Bits {
    private Bits() {}

    public static long byteCount(long bitCount) {
        return (bitCount + 7) >>> 3;
    }

    public static boolean get(MemorySegment bits, long bitIndex) {
        return (bits.get(ValueLayout.JAVA_BYTE, bitIndex >>> 3) >> (bitIndex & 7) & 1) != 0;
    }

    public static void set(MemorySegment bits, long bitIndex) {
        long byteIndex = bitIndex >>> 3;
        bits.set(
                ValueLayout.JAVA_BYTE,
                byteIndex,
                (byte) (bits.get(ValueLayout.JAVA_BYTE, byteIndex) | 1 << (bitIndex & 7)));
    }

    /// A bitmap of zeros.
    public static MemorySegment allocate(SegmentAllocator memory, long bitCount) {
        return memory.allocate(byteCount(bitCount), 8).fill((byte) 0);
    }

    /// How many of the first `bitCount` bits are set.
    public static int countSet(MemorySegment bits, int bitCount) {
        int count = 0;
        int wholeBytes = bitCount >>> 3;
        int wholeLongs = wholeBytes >>> 3;
        for (int i = 0; i < wholeLongs; i++) {
            count += Long.bitCount(bits.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i << 3));
        }
        for (int i = wholeLongs << 3; i < wholeBytes; i++) {
            count += Integer.bitCount(bits.get(ValueLayout.JAVA_BYTE, i) & 0xff);
        }
        int rest = bitCount & 7;
        if (rest != 0) {
            count += Integer.bitCount(bits.get(ValueLayout.JAVA_BYTE, wholeBytes) & ((1 << rest) - 1));
        }
        return count;
    }

    /// Copies `bitCount` bits to bits of `target` that are zero.
    public static void copy(MemorySegment source, long sourceBit, MemorySegment target, long targetBit, long bitCount) {
        long done = 0;
        if ((sourceBit & 7) == 0 && (targetBit & 7) == 0) {
            MemorySegment.copy(source, sourceBit >>> 3, target, targetBit >>> 3, bitCount >>> 3);
            done = bitCount & ~7L;
        } else if ((targetBit & 7) == 0) {
            int shift = (int) (sourceBit & 7);
            long from = sourceBit >>> 3;
            long to = targetBit >>> 3;
            for (; done + 8 <= bitCount; done += 8, from++, to++) {
                int low = (source.get(ValueLayout.JAVA_BYTE, from) & 0xff) >>> shift;
                int high = source.get(ValueLayout.JAVA_BYTE, from + 1) << (8 - shift);
                target.set(ValueLayout.JAVA_BYTE, to, (byte) (low | high));
            }
        }
        for (; done < bitCount; done++) {
            if (get(source, sourceBit + done)) {
                set(target, targetBit + done);
            }
        }
    }
}
