// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.format.internal.kernel.DecodeKernels;
import dev.joust.format.internal.kernel.ScalarDecodeKernels;

/// Decode kernels by the Vector API. A packed row is 128 bytes whatever the word: one load per vector and stream, a
/// shift that is the same for all lanes, a mask.
public final class VectorDecodeKernels implements DecodeKernels {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    /// As many bytes as there are lanes; the narrowest has 8.
    private static final boolean CAN_WIDEN = LONGS.length() == 8 && INTS.length() == 16;
    private static final VectorSpecies<Byte> BYTES_OF_INTS = CAN_WIDEN ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    private static final VectorSpecies<Byte> BYTES_OF_LONGS = ByteVector.SPECIES_64;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int STEP = SHORTS.vectorByteSize();
    private static final int LEVELS_PER_VECTOR = SHORTS.length();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
    private static final int ROW_BYTES = 128;

    private final ScalarDecodeKernels scalar = new ScalarDecodeKernels();

    @Override
    public void unpack(
            int wordBits, int bitWidth, MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset) {
        if (bitWidth == 0) {
            scalar.unpack(wordBits, bitWidth, source, sourceOffset, target, targetOffset);
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

    /// Bytes are shifted in pairs, as shorts: what crosses from one byte into the other is masked away.
    private static void unpack8(int width, MemorySegment source, long from, MemorySegment target, long to) {
        int mask = (1 << width) - 1;
        for (int row = 0; row < 8; row++) {
            int shift = row * width % 8;
            long low = from + (long) ROW_BYTES * (row * width / 8);
            long out = to + ScalarDecodeKernels.rowStart(row);
            if (shift + width <= 8) {
                short keep = (short) (mask * 0x0101);
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    ShortVector.fromMemorySegment(SHORTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, (short) shift)
                            .and(keep)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            } else {
                int lowMask = (1 << (8 - shift)) - 1;
                short keepLow = (short) (lowMask * 0x0101);
                short keepHigh = (short) ((mask & ~lowMask) * 0x0101);
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    ShortVector.fromMemorySegment(SHORTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, (short) shift)
                            .and(keepLow)
                            .or(ShortVector.fromMemorySegment(SHORTS, source, low + ROW_BYTES + i, ORDER)
                                    .lanewise(VectorOperators.LSHL, (short) (8 - shift))
                                    .and(keepHigh))
                            .intoMemorySegment(target, out + i, ORDER);
                }
            }
        }
    }

    private static void unpack16(int width, MemorySegment source, long from, MemorySegment target, long to) {
        short mask = (short) ((1 << width) - 1);
        for (int row = 0; row < 16; row++) {
            int shift = row * width % 16;
            long low = from + (long) ROW_BYTES * (row * width / 16);
            long out = to + 2L * ScalarDecodeKernels.rowStart(row);
            if (shift + width <= 16) {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    ShortVector.fromMemorySegment(SHORTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, (short) shift)
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            } else {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    ShortVector.fromMemorySegment(SHORTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, (short) shift)
                            .or(ShortVector.fromMemorySegment(SHORTS, source, low + ROW_BYTES + i, ORDER)
                                    .lanewise(VectorOperators.LSHL, (short) (16 - shift)))
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            }
        }
    }

    private static void unpack32(int width, MemorySegment source, long from, MemorySegment target, long to) {
        int mask = width == 32 ? -1 : (1 << width) - 1;
        for (int row = 0; row < 32; row++) {
            int shift = row * width % 32;
            long low = from + (long) ROW_BYTES * (row * width / 32);
            long out = to + 4L * ScalarDecodeKernels.rowStart(row);
            if (shift + width <= 32) {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    IntVector.fromMemorySegment(INTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, shift)
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            } else {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    IntVector.fromMemorySegment(INTS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, shift)
                            .or(IntVector.fromMemorySegment(INTS, source, low + ROW_BYTES + i, ORDER)
                                    .lanewise(VectorOperators.LSHL, 32 - shift))
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            }
        }
    }

    private static void unpack64(int width, MemorySegment source, long from, MemorySegment target, long to) {
        long mask = width == 64 ? -1 : (1L << width) - 1;
        for (int row = 0; row < 64; row++) {
            int shift = row * width % 64;
            long low = from + (long) ROW_BYTES * (row * width / 64);
            long out = to + 8L * ScalarDecodeKernels.rowStart(row);
            if (shift + width <= 64) {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    LongVector.fromMemorySegment(LONGS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, shift)
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
                }
            } else {
                for (int i = 0; i < ROW_BYTES; i += STEP) {
                    LongVector.fromMemorySegment(LONGS, source, low + i, ORDER)
                            .lanewise(VectorOperators.LSHR, shift)
                            .or(LongVector.fromMemorySegment(LONGS, source, low + ROW_BYTES + i, ORDER)
                                    .lanewise(VectorOperators.LSHL, 64 - shift))
                            .and(mask)
                            .intoMemorySegment(target, out + i, ORDER);
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
        int whole = levelCount & ~63;
        for (int i = 0; i < whole; i += 64) {
            long bits = 0;
            for (int j = 0; j < 64; j += LEVELS_PER_VECTOR) {
                bits |= ShortVector.fromMemorySegment(SHORTS, levels, levelsOffset + 2L * (i + j), ORDER)
                                .compare(VectorOperators.ULT, (short) bound)
                                .toLong()
                        << j;
            }
            bitmap.set(LONG, bitmapOffset + (i >>> 3), bits);
        }
        scalar.lessThan(
                bound, levels, levelsOffset + 2L * whole, levelCount - whole, bitmap, bitmapOffset + (whole >>> 3));
    }

    /// Bytes of one stream become the lanes of words, one load and one widening each.
    @Override
    public void joinStreams(
            int wordBits,
            MemorySegment split,
            long splitOffset,
            long streamBytes,
            int valueCount,
            MemorySegment target,
            long targetOffset) {
        int lanes = wordBits == 32 ? INTS.length() : LONGS.length();
        int whole = CAN_WIDEN ? valueCount - valueCount % lanes : 0;
        if (whole > 0 && wordBits == 32) {
            joinInts(split, splitOffset, streamBytes, whole, target, targetOffset);
        } else if (whole > 0) {
            joinLongs(split, splitOffset, streamBytes, whole, target, targetOffset);
        }
        scalar.joinStreams(
                wordBits,
                split,
                splitOffset + whole,
                streamBytes,
                valueCount - whole,
                target,
                targetOffset + (long) whole * (wordBits / 8));
    }

    private static void joinInts(
            MemorySegment split, long from, long stream, int count, MemorySegment target, long to) {
        for (int i = 0; i < count; i += INTS.length()) {
            IntVector first = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, split, from + i, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector second = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, split, from + stream + i, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector third = (IntVector)
                    ByteVector.fromMemorySegment(BYTES_OF_INTS, split, from + 2 * stream + i, ORDER)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector fourth = (IntVector)
                    ByteVector.fromMemorySegment(BYTES_OF_INTS, split, from + 3 * stream + i, ORDER)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            first.or(second.lanewise(VectorOperators.LSHL, 8))
                    .or(third.lanewise(VectorOperators.LSHL, 16))
                    .or(fourth.lanewise(VectorOperators.LSHL, 24))
                    .intoMemorySegment(target, to + 4L * i, ORDER);
        }
    }

    private static void joinLongs(
            MemorySegment split, long from, long stream, int count, MemorySegment target, long to) {
        for (int i = 0; i < count; i += LONGS.length()) {
            LongVector value = LongVector.zero(LONGS);
            for (int j = 7; j >= 0; j--) {
                LongVector next = (LongVector)
                        ByteVector.fromMemorySegment(BYTES_OF_LONGS, split, from + j * stream + i, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2L, LONGS, 0);
                value = value.lanewise(VectorOperators.LSHL, 8).or(next);
            }
            value.intoMemorySegment(target, to + 8L * i, ORDER);
        }
    }

    /// A vector of one value is stored as often as a run needs, and the next run over what is too much.
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
        switch (widthBytes) {
            case 4 -> expandInts(values, lengths, firstRun, skip, target, targetOffset, valueCount);
            case 8 -> expandLongs(values, lengths, firstRun, skip, target, targetOffset, valueCount);
            default ->
                scalar.expandRuns(widthBytes, values, lengths, firstRun, skip, target, targetOffset, valueCount);
        }
    }

    private static void expandInts(
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount) {
        long start = targetOffset;
        long end = targetOffset + 4 * valueCount;
        int left = skip;
        for (int run = firstRun; start < end; run++) {
            long runEnd = Math.min(end, start + 4L * ((lengths.get(ValueLayout.JAVA_BYTE, run) & 0xFF) - left));
            left = 0;
            if (runEnd + STEP <= end) {
                IntVector value = IntVector.broadcast(INTS, values.get(INT, 4L * run));
                for (long at = start; at < runEnd; at += STEP) {
                    value.intoMemorySegment(target, at, ORDER);
                }
            } else {
                ScalarDecodeKernels.expandRun(4, values, run, target, start, runEnd, end);
            }
            start = runEnd;
        }
    }

    private static void expandLongs(
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount) {
        long start = targetOffset;
        long end = targetOffset + 8 * valueCount;
        int left = skip;
        for (int run = firstRun; start < end; run++) {
            long runEnd = Math.min(end, start + 8L * ((lengths.get(ValueLayout.JAVA_BYTE, run) & 0xFF) - left));
            left = 0;
            if (runEnd + STEP <= end) {
                LongVector value = LongVector.broadcast(LONGS, values.get(LONG, 8L * run));
                for (long at = start; at < runEnd; at += STEP) {
                    value.intoMemorySegment(target, at, ORDER);
                }
            } else {
                ScalarDecodeKernels.expandRun(8, values, run, target, start, runEnd, end);
            }
            start = runEnd;
        }
    }
}
