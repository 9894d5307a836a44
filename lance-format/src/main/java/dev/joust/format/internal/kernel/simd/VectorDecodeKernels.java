// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int STEP = SHORTS.vectorByteSize();
    private static final int LEVELS_PER_VECTOR = SHORTS.length();
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
}
