// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

/// Whole numbers as differences, bit-packed in blocks (DELTA_BINARY_PACKED).
///
///     varint block size, varint mini-blocks per block, varint count, zigzag first value
///     then blocks: zigzag lowest difference, u8 width per mini-block, mini-blocks
final class DeltaReader {
    private final byte[] bytes;
    private final int end;
    private final int miniBlockCount;
    private final int miniBlockValues;
    private final int valueCount;
    private int at;

    private int valuesRead;
    private long value;
    private long lowest;
    private int miniBlock;
    private int widthsAt;
    private int inMiniBlock;
    private int bitWidth;
    private long bit;

    /// @param bytes with slack after `end`
    DeltaReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        long blockValues = varint();
        long miniBlocks = varint();
        long count = varint();
        value = zigzag(varint());
        if (blockValues <= 0 || blockValues > 1 << 20 || miniBlocks <= 0 || miniBlocks > blockValues
                || blockValues % miniBlocks != 0 || blockValues / miniBlocks % 8 != 0) {
            throw new BadPageException("differences in blocks of " + blockValues + " values, " + miniBlocks + " mini-blocks each");
        }
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new BadPageException("a count of " + count + " differences");
        }
        miniBlockCount = (int) miniBlocks;
        miniBlockValues = (int) (blockValues / miniBlocks);
        miniBlock = miniBlockCount;
        valueCount = (int) count;
    }

    int valueCount() {
        return valueCount;
    }

    long next() {
        if (valuesRead >= valueCount) {
            throw new BadPageException("more values are asked for than the " + valueCount + " that it has");
        }
        if (valuesRead++ == 0) {
            return value;
        }
        if (inMiniBlock == 0) {
            nextMiniBlock();
        }
        inMiniBlock--;
        long delta = 0;
        if (bitWidth > 0) {
            int byteAt = (int) (bit >>> 3);
            int shift = (int) (bit & 7);
            delta = LittleEndian.longAt(bytes, byteAt) >>> shift;
            if (shift + bitWidth > 64) {
                delta |= (bytes[byteAt + 8] & 0xFFL) << (64 - shift);
            }
            if (bitWidth < 64) {
                delta &= (1L << bitWidth) - 1;
            }
            bit += bitWidth;
        }
        value += lowest + delta;
        return value;
    }

    private void nextMiniBlock() {
        if (miniBlock == miniBlockCount) {
            lowest = zigzag(varint());
            widthsAt = at;
            if (end - at < miniBlockCount) {
                throw new BadPageException("a block of differences is cut short");
            }
            at += miniBlockCount;
            miniBlock = 0;
        }
        bitWidth = bytes[widthsAt + miniBlock++] & 0xFF;
        if (bitWidth > 64) {
            throw new BadPageException("differences of " + bitWidth + " bits");
        }
        int wanted = Math.min(miniBlockValues, valueCount - valuesRead + 1);
        long needed = ((long) wanted * bitWidth + 7) >>> 3;
        if (end - at < needed) {
            throw new BadPageException("a mini-block of differences is cut short");
        }
        inMiniBlock = miniBlockValues;
        bit = (long) at << 3;
        at = (int) Math.min(end, at + (((long) miniBlockValues * bitWidth) >>> 3));
    }

    /// Where the bytes after the last value start; after all values are read.
    int end() {
        return at;
    }

    private static long zigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end) {
                throw new BadPageException("differences end too early");
            }
            byte next = bytes[at++];
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new BadPageException("a number of more than ten bytes");
    }
}
