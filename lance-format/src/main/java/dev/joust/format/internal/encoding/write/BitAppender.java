// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A growing bitmap, LSB first. Bits behind the end are 0. Not thread-safe.
final class BitAppender {
    private byte[] bytes;
    private int bitCount;

    BitAppender(int initialCapacityBytes) {
        bytes = new byte[Math.max(16, initialCapacityBytes)];
    }

    int bitCount() {
        return bitCount;
    }

    /// The bitmap itself, at least `bitCount` bits long.
    byte[] bytes() {
        return bytes;
    }

    /// Appends `count` bits of `source` from its bit `startBit`.
    void append(MemorySegment source, long startBit, int count) {
        reserve(count);
        int done = 0;
        if ((bitCount & 7) == 0 && (startBit & 7) == 0) {
            int whole = count >>> 3;
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, startBit >>> 3, bytes, bitCount >>> 3, whole);
            bitCount += whole << 3;
            done = whole << 3;
        }
        while (done < count) {
            int take = Math.min(8, count - done);
            int bits = bitsAt(source, startBit + done, take);
            int shift = bitCount & 7;
            bytes[bitCount >>> 3] |= (byte) (bits << shift);
            if (shift + take > 8) {
                bytes[(bitCount >>> 3) + 1] |= (byte) (bits >>> (8 - shift));
            }
            bitCount += take;
            done += take;
        }
    }

    /// Appends `count` ones.
    void appendOnes(int count) {
        reserve(count);
        int end = bitCount + count;
        while (bitCount < end && (bitCount & 7) != 0) {
            bytes[bitCount >>> 3] |= (byte) (1 << (bitCount & 7));
            bitCount++;
        }
        if (bitCount < end) {
            Arrays.fill(bytes, bitCount >>> 3, end >>> 3, (byte) 0xFF);
            if ((end & 7) != 0) {
                bytes[end >>> 3] |= (byte) ((1 << (end & 7)) - 1);
            }
            bitCount = end;
        }
    }

    private void reserve(int count) {
        int needed = Math.addExact(bitCount, count) / 8 + 2;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
    }

    private static int bitsAt(MemorySegment source, long startBit, int count) {
        long index = startBit >>> 3;
        int shift = (int) (startBit & 7);
        int bits = (source.get(ValueLayout.JAVA_BYTE, index) & 0xFF) >>> shift;
        if (shift + count > 8) {
            bits |= (source.get(ValueLayout.JAVA_BYTE, index + 1) & 0xFF) << (8 - shift);
        }
        return bits & (1 << count) - 1;
    }
}
