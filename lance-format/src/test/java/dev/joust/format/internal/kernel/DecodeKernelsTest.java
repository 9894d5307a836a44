// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.internal.kernel.simd.VectorDecodeKernels;

class DecodeKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 7);

    private final DecodeKernels scalar = new ScalarDecodeKernels();
    private final DecodeKernels vector = new VectorDecodeKernels();

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void everyWidthUnpacksAsTheFormulaSays(int wordBits) {
        Random random = new Random(SEED);
        for (int width = 0; width <= wordBits; width++) {
            byte[] bytes = new byte[DecodeKernels.packedGroupBytes(width)];
            random.nextBytes(bytes);
            MemorySegment packed = Arena.ofAuto().allocate(bytes.length + 3L);
            MemorySegment.copy(bytes, 0, packed, ValueLayout.JAVA_BYTE, 3, bytes.length);
            byte[] expected = unpackByFormula(bytes, wordBits, width);
            assertArrayEquals(expected, unpack(scalar, packed, wordBits, width), "scalar, width " + width);
            assertArrayEquals(expected, unpack(vector, packed, wordBits, width), "vector, width " + width);
        }
    }

    private static byte[] unpack(DecodeKernels kernels, MemorySegment packed, int wordBits, int width) {
        int size = 128 * wordBits;
        MemorySegment target = Arena.ofAuto().allocate(size + 10L).fill((byte) 0x5a);
        kernels.unpack(wordBits, width, packed, 3, target, 5);
        assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, 4), "byte before the target");
        assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, 5L + size), "byte after the target");
        return target.asSlice(5, size).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Bit by bit, as file format 4.2 defines it.
    private static byte[] unpackByFormula(byte[] packed, int wordBits, int width) {
        int[] order = {0, 4, 2, 6, 1, 5, 3, 7};
        int lanes = 1024 / wordBits;
        int wordBytes = wordBits / 8;
        byte[] target = new byte[128 * wordBits];
        for (int row = 0; row < wordBits; row++) {
            for (int lane = 0; lane < lanes; lane++) {
                int index = order[row / 8] * 16 + row % 8 * 128 + lane;
                for (int bit = 0; bit < width; bit++) {
                    int b = row * width + bit;
                    int word = lanes * (b / wordBits) + lane;
                    int inWord = b % wordBits;
                    int value = packed[word * wordBytes + inWord / 8] >> inWord % 8 & 1;
                    target[index * wordBytes + bit / 8] |= (byte) (value << bit % 8);
                }
            }
        }
        return target;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 63, 64, 65, 127, 128, 1000, 1024})
    void levelsBelowABoundBecomeBits(int count) {
        Random random = new Random(SEED + count);
        for (int bound : new int[] {1, 2, 3, 65535}) {
            MemorySegment levels = Arena.ofAuto().allocate(2L * count + 2);
            for (int i = 0; i < count; i++) {
                int level = random.nextInt(8) == 0 ? 65535 : random.nextInt(4);
                levels.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i + 1, (short) level);
            }
            int bytes = (count + 7) / 8;
            byte[] expected = new byte[bytes];
            for (int i = 0; i < count; i++) {
                int level = levels.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i + 1) & 0xFFFF;
                expected[i / 8] |= (byte) (level < bound ? 1 << i % 8 : 0);
            }
            for (DecodeKernels kernels : new DecodeKernels[] {scalar, vector}) {
                MemorySegment bitmap = Arena.ofAuto().allocate(bytes + 2L).fill((byte) 0x5a);
                kernels.lessThan(bound, levels, 1, count, bitmap, 1);
                assertArrayEquals(expected, bitmap.asSlice(1, bytes).toArray(ValueLayout.JAVA_BYTE));
                assertEquals(0x5a, bitmap.get(ValueLayout.JAVA_BYTE, bytes + 1L));
            }
        }
    }
}
