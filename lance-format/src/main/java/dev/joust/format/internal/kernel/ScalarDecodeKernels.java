// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The definition of each decode kernel, in loops that C2 compiles well.
public final class ScalarDecodeKernels implements DecodeKernels {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Where blocks of 8 rows go: row r, lane l is value `ORDER[r / 8] * 16 + (r % 8) * 128 + l`.
    private static final int[] ORDER = {0, 4, 2, 6, 1, 5, 3, 7};

    /// The first value of row `row` of a packed group.
    public static int rowStart(int row) {
        return ORDER[row >>> 3] * 16 + (row & 7) * 128;
    }

    @Override
    public void unpack(
            int wordBits, int bitWidth, MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset) {
        if (bitWidth == 0) {
            target.asSlice(targetOffset, GROUP_VALUES / 8L * wordBits).fill((byte) 0);
            return;
        }
        switch (wordBits) {
            case 8 -> unpack8(bitWidth, source, sourceOffset, target, targetOffset);
            case 16 -> unpack16(bitWidth, source, sourceOffset, target, targetOffset);
            case 32 -> unpack32(bitWidth, source, sourceOffset, target, targetOffset);
            case 64 -> unpack64(bitWidth, source, sourceOffset, target, targetOffset);
            default -> throw new IllegalArgumentException("words of " + wordBits + " bits");
        }
    }

    private static void unpack8(int width, MemorySegment source, long from, MemorySegment target, long to) {
        int mask = (1 << width) - 1;
        for (int row = 0; row < 8; row++) {
            int shift = row * width % 8;
            long low = from + 128L * (row * width / 8);
            long out = to + rowStart(row);
            if (shift + width <= 8) {
                for (int lane = 0; lane < 128; lane++) {
                    target.set(BYTE, out + lane, (byte) ((source.get(BYTE, low + lane) & 0xFF) >>> shift & mask));
                }
            } else {
                for (int lane = 0; lane < 128; lane++) {
                    int value = (source.get(BYTE, low + lane) & 0xFF) >>> shift
                            | source.get(BYTE, low + 128 + lane) << (8 - shift);
                    target.set(BYTE, out + lane, (byte) (value & mask));
                }
            }
        }
    }

    private static void unpack16(int width, MemorySegment source, long from, MemorySegment target, long to) {
        int mask = (1 << width) - 1;
        for (int row = 0; row < 16; row++) {
            int shift = row * width % 16;
            long low = from + 128L * (row * width / 16);
            long out = to + 2L * rowStart(row);
            if (shift + width <= 16) {
                for (int lane = 0; lane < 128; lane += 2) {
                    target.set(SHORT, out + lane, (short) ((source.get(SHORT, low + lane) & 0xFFFF) >>> shift & mask));
                }
            } else {
                for (int lane = 0; lane < 128; lane += 2) {
                    int value = (source.get(SHORT, low + lane) & 0xFFFF) >>> shift
                            | source.get(SHORT, low + 128 + lane) << (16 - shift);
                    target.set(SHORT, out + lane, (short) (value & mask));
                }
            }
        }
    }

    private static void unpack32(int width, MemorySegment source, long from, MemorySegment target, long to) {
        int mask = width == 32 ? -1 : (1 << width) - 1;
        for (int row = 0; row < 32; row++) {
            int shift = row * width % 32;
            long low = from + 128L * (row * width / 32);
            long out = to + 4L * rowStart(row);
            if (shift + width <= 32) {
                for (int lane = 0; lane < 128; lane += 4) {
                    target.set(INT, out + lane, source.get(INT, low + lane) >>> shift & mask);
                }
            } else {
                for (int lane = 0; lane < 128; lane += 4) {
                    int value = source.get(INT, low + lane) >>> shift
                            | source.get(INT, low + 128 + lane) << (32 - shift);
                    target.set(INT, out + lane, value & mask);
                }
            }
        }
    }

    private static void unpack64(int width, MemorySegment source, long from, MemorySegment target, long to) {
        long mask = width == 64 ? -1 : (1L << width) - 1;
        for (int row = 0; row < 64; row++) {
            int shift = row * width % 64;
            long low = from + 128L * (row * width / 64);
            long out = to + 8L * rowStart(row);
            if (shift + width <= 64) {
                for (int lane = 0; lane < 128; lane += 8) {
                    target.set(LONG, out + lane, source.get(LONG, low + lane) >>> shift & mask);
                }
            } else {
                for (int lane = 0; lane < 128; lane += 8) {
                    long value = source.get(LONG, low + lane) >>> shift
                            | source.get(LONG, low + 128 + lane) << (64 - shift);
                    target.set(LONG, out + lane, value & mask);
                }
            }
        }
    }

    @Override
    public void lessThan(
            int bound,
            MemorySegment levels,
            long levelsOffset,
            int levelCount,
            MemorySegment bitmap,
            long bitmapOffset) {
        int i = 0;
        for (; i + 8 <= levelCount; i += 8) {
            int bits = 0;
            for (int j = 0; j < 8; j++) {
                int level = levels.get(SHORT, levelsOffset + 2L * (i + j)) & 0xFFFF;
                bits |= (level - bound) >>> 31 << j;
            }
            bitmap.set(BYTE, bitmapOffset + (i >>> 3), (byte) bits);
        }
        if (i < levelCount) {
            int bits = 0;
            for (int j = 0; i + j < levelCount; j++) {
                int level = levels.get(SHORT, levelsOffset + 2L * (i + j)) & 0xFFFF;
                bits |= (level - bound) >>> 31 << j;
            }
            bitmap.set(BYTE, bitmapOffset + (i >>> 3), (byte) bits);
        }
    }

    @Override
    public void joinStreams(
            int wordBits,
            MemorySegment split,
            long splitOffset,
            long streamBytes,
            int valueCount,
            MemorySegment target,
            long targetOffset) {
        switch (wordBits) {
            case 32 -> {
                for (int i = 0; i < valueCount; i++) {
                    long at = splitOffset + i;
                    int value = 0;
                    for (int j = 0; j < 4; j++) {
                        value |= (split.get(BYTE, at + j * streamBytes) & 0xFF) << (8 * j);
                    }
                    target.set(INT, targetOffset + 4L * i, value);
                }
            }
            case 64 -> {
                for (int i = 0; i < valueCount; i++) {
                    long at = splitOffset + i;
                    long value = 0;
                    for (int j = 0; j < 8; j++) {
                        value |= (split.get(BYTE, at + j * streamBytes) & 0xFFL) << (8 * j);
                    }
                    target.set(LONG, targetOffset + 8L * i, value);
                }
            }
            default -> throw new IllegalArgumentException("words of " + wordBits + " bits");
        }
    }

    @Override
    public void expandRuns(
            int widthBytes,
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount) {
        long at = targetOffset;
        long end = targetOffset + valueCount * widthBytes;
        int left = skip;
        for (int run = firstRun; at < end; run++) {
            long runEnd = Math.min(end, at + (long) ((lengths.get(BYTE, run) & 0xFF) - left) * widthBytes);
            left = 0;
            expandRun(widthBytes, values, run, target, at, runEnd, end);
            at = runEnd;
        }
    }

    /// Eight bytes at a time; what is too much is the next run's to overwrite, and there is none after `end`.
    ///
    /// @param runEnd where the run ends in `target`
    /// @param end    where the last run ends
    public static void expandRun(
            int widthBytes, MemorySegment values, int run, MemorySegment target, long start, long runEnd, long end) {
        long eightBytes = switch (widthBytes) {
            case 1 -> (values.get(BYTE, run) & 0xFFL) * 0x0101010101010101L;
            case 2 -> (values.get(SHORT, 2L * run) & 0xFFFFL) * 0x0001000100010001L;
            case 4 -> (values.get(INT, 4L * run) & 0xFFFFFFFFL) * 0x0000000100000001L;
            default -> values.get(LONG, 8L * run);
        };
        long at = start;
        long lastWide = Math.min(runEnd, end - 7);
        for (; at < lastWide; at += 8) {
            target.set(LONG, at, eightBytes);
        }
        for (; at < runEnd; at += widthBytes) {
            for (int i = 0; i < widthBytes; i++) {
                target.set(BYTE, at + i, (byte) (eightBytes >>> (8 * i)));
            }
        }
    }
}
