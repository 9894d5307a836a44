// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use against the scalar definition.
final class ElementKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    private final Random random = new Random(SEED);
    private final ElementKernels scalar = new ScalarElementKernels();
    private final ElementKernels kernels = Simd.choose(
            ElementKernels.class,
            ScalarElementKernels::new,
            "dev.joust.index.internal.kernel.simd.VectorElementKernels");

    @Test
    void every16BitFloatIsWidenedExactly() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment source = arena.allocate(2L << 16);
            for (int i = 0; i < 1 << 16; i++) {
                source.set(ValueLayout.JAVA_SHORT, 2L * i, (short) i);
            }
            float[] values = new float[1 << 16];
            kernels.float16(source, 0, values.length, values);
            for (int i = 0; i < values.length; i++) {
                float expected = Float.float16ToFloat((short) i);
                if (Float.isNaN(expected)) {
                    assertEquals(expected, values[i]);
                } else {
                    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(values[i]), "of " + i);
                }
            }
        }
    }

    @Test
    void elementsAreThoseOfTheDefinition() {
        try (Arena arena = Arena.ofShared()) {
            for (int count : new int[] {0, 1, 7, 8, 15, 16, 17, 33, 100, 257}) {
                for (int misalignment : new int[] {0, 1, 3}) {
                    MemorySegment source = randomBytes(arena, misalignment + 2L * count);
                    float[] expected = new float[count];
                    float[] actual = new float[count];
                    scalar.int8(source, misalignment, count, expected);
                    kernels.int8(source, misalignment, count, actual);
                    assertArrayEquals(expected, actual);
                    scalar.uint8(source, misalignment, count, expected);
                    kernels.uint8(source, misalignment, count, actual);
                    assertArrayEquals(expected, actual);
                    scalar.float16(source, misalignment, count, expected);
                    kernels.float16(source, misalignment, count, actual);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @Test
    void bitsThatDifferAreCounted() {
        try (Arena arena = Arena.ofShared()) {
            for (int dimension : new int[] {1, 7, 8, 9, 16, 63, 64, 65, 128, 200}) {
                byte[] query = new byte[dimension];
                random.nextBytes(query);
                MemorySegment rows = randomBytes(arena, 3 + 9L * dimension);
                float[] distances = new float[9];
                kernels.hamming(query, rows, 3, 9, distances);
                for (int row = 0; row < 9; row++) {
                    int expected = 0;
                    for (int i = 0; i < dimension; i++) {
                        byte value = rows.get(ValueLayout.JAVA_BYTE, 3 + (long) row * dimension + i);
                        expected += Integer.bitCount((query[i] ^ value) & 0xff);
                    }
                    assertEquals(expected, distances[row], "-Djoust.seed=" + SEED + " dimension " + dimension);
                }
            }
        }
    }

    private MemorySegment randomBytes(Arena arena, long count) {
        MemorySegment segment = arena.allocate(Math.max(1, count));
        for (long i = 0; i < count; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return segment;
    }
}
