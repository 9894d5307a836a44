// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.util.Arrays;

/// Runs and bit-packed groups of eight, mixed: levels, dictionary indices, booleans (Parquet's Encodings document, RLE).
/// Each starts with a varint: `count << 1` and one value in whole bytes, or `groups << 1 | 1` and the groups.
final class HybridReader {
    private final byte[] bytes;
    private final int end;
    private final int bitWidth;
    private final int valueBytes;
    private final long mask;
    private int at;

    private int runLeft;
    private int runValue;
    private int packedLeft;
    private long packedBit;
    private long packedEndBit;

    /// @param bytes with slack after `end`
    HybridReader(byte[] bytes, int start, int end, int bitWidth) {
        if (bitWidth < 0 || bitWidth > 32) {
            throw new BadPageException("values of " + bitWidth + " bits");
        }
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.bitWidth = bitWidth;
        this.valueBytes = (bitWidth + 7) >>> 3;
        this.mask = (1L << bitWidth) - 1;
    }

    /// Booleans as bare bits, without runs.
    static HybridReader bits(byte[] bytes, int start, int end) {
        HybridReader reader = new HybridReader(bytes, start, end, 1);
        reader.packedLeft = Integer.MAX_VALUE;
        reader.packedBit = (long) start << 3;
        reader.packedEndBit = (long) end << 3;
        return reader;
    }

    /// Levels, each at most `max`.
    void readLevels(byte[] target, int start, int count, int max) {
        int to = start;
        int left = count;
        while (left > 0) {
            if (bitWidth > 0 && runLeft == 0 && packedLeft == 0) {
                nextRun();
            }
            int n;
            if (bitWidth == 0) {
                n = left;
                Arrays.fill(target, to, to + n, (byte) 0);
            } else if (runLeft > 0) {
                n = Math.min(left, runLeft);
                checkLevel(runValue, max);
                Arrays.fill(target, to, to + n, (byte) runValue);
                runLeft -= n;
            } else {
                n = Math.min(left, packedLeft);
                int highest = 0;
                for (int i = 0; i < n; i++) {
                    int level = packed();
                    highest = Math.max(highest, level);
                    target[to + i] = (byte) level;
                }
                checkLevel(highest, max);
                packedLeft -= n;
            }
            to += n;
            left -= n;
        }
    }

    private static void checkLevel(int level, int max) {
        if (level < 0 || level > max) {
            throw new BadPageException("a level of " + Integer.toUnsignedString(level) + ", " + max + " is the highest");
        }
    }

    /// Dictionary indices or booleans, not checked.
    void readInts(int[] target, int start, int count) {
        int to = start;
        int left = count;
        while (left > 0) {
            if (bitWidth > 0 && runLeft == 0 && packedLeft == 0) {
                nextRun();
            }
            int n;
            if (bitWidth == 0) {
                n = left;
                Arrays.fill(target, to, to + n, 0);
            } else if (runLeft > 0) {
                n = Math.min(left, runLeft);
                Arrays.fill(target, to, to + n, runValue);
                runLeft -= n;
            } else {
                n = Math.min(left, packedLeft);
                for (int i = 0; i < n; i++) {
                    target[to + i] = packed();
                }
                packedLeft -= n;
            }
            to += n;
            left -= n;
        }
    }

    private int packed() {
        long bit = packedBit;
        packedBit += bitWidth;
        if (bit + bitWidth > packedEndBit) {
            throw new BadPageException("bit-packed values end too early");
        }
        return (int) (LittleEndian.longAt(bytes, (int) (bit >>> 3)) >>> (bit & 7) & mask);
    }

    private void nextRun() {
        long header = varint();
        if ((header & 1) == 0) {
            long count = header >>> 1;
            if (count == 0 || count > Integer.MAX_VALUE || end - at < valueBytes) {
                throw new BadPageException("a run of " + count + " values at its end");
            }
            runLeft = (int) count;
            runValue = (int) (LittleEndian.longAt(bytes, at) & mask);
            at += valueBytes;
        } else {
            long groups = header >>> 1;
            if (groups == 0 || groups > Integer.MAX_VALUE >>> 3) {
                throw new BadPageException(groups + " groups of bit-packed values");
            }
            packedLeft = (int) (groups << 3);
            packedBit = (long) at << 3;
            // Some writers leave out the bytes of a last group that no value needs
            long wanted = groups * bitWidth;
            int present = (int) Math.min(wanted, end - at);
            packedEndBit = packedBit + ((long) present << 3);
            at += present;
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                throw new BadPageException("levels or indices end too early");
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BadPageException("a length of more than five bytes");
    }
}
