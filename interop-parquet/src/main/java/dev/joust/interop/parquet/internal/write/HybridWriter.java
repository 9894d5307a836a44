// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

/// Writes levels and dictionary indices as runs and bit-packed groups of eight (Parquet's Encodings document, RLE).
final class HybridWriter {
    private static final int GROUP = 8;

    private HybridWriter() {}

    /// Appends the first `count` values, each of `bitWidth` bits.
    static void write(int[] values, int count, int bitWidth, GrowingBytes target) {
        int literalsAt = 0;
        int at = 0;
        while (at < count) {
            int end = at + 1;
            while (end < count && values[end] == values[at]) {
                end++;
            }
            // A group that is begun has to be filled before a run
            int fill = (GROUP - (at - literalsAt) % GROUP) % GROUP;
            if (end - at - fill >= GROUP) {
                literals(values, literalsAt, at + fill, bitWidth, target);
                target.putVarint((long) (end - at - fill) << 1);
                for (int bits = 0; bits < bitWidth; bits += 8) {
                    target.putByte(values[at] >>> bits);
                }
                literalsAt = end;
            }
            at = end;
        }
        literals(values, literalsAt, count, bitWidth, target);
    }

    private static void literals(int[] values, int start, int end, int bitWidth, GrowingBytes target) {
        if (start == end) {
            return;
        }
        int groups = (end - start + GROUP - 1) / GROUP;
        target.putVarint((long) groups << 1 | 1);
        long bits = 0;
        int bitCount = 0;
        for (int i = start; i < start + groups * GROUP; i++) {
            bits |= (i < end ? values[i] & 0xFFFF_FFFFL : 0) << bitCount;
            bitCount += bitWidth;
            while (bitCount >= 8) {
                target.putByte((int) bits);
                bits >>>= 8;
                bitCount -= 8;
            }
        }
    }
}
