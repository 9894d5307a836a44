// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use against the scalar definition.
final class SqKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);
    private final SqKernels scalar = new ScalarSqKernels();
    private final SqKernels kernels = Simd.choose(
            SqKernels.class, ScalarSqKernels::new, "dev.joust.index.internal.kernel.simd.VectorSqKernels");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 191, 192, 768, 1031})
    void sumsAreThoseOfTheDefinition(int dimension) {
        for (int rows : new int[] {0, 1, 3, 4, 5, 8, 17, 130}) {
            byte[] codes = new byte[3 + rows * dimension];
            random.nextBytes(codes);
            byte[] query = new byte[dimension + 2];
            random.nextBytes(query);
            int[] expected = new int[rows];
            int[] actual = new int[rows];
            scalar.squaredL2(query, 2, codes, 3, rows, dimension, expected);
            kernels.squaredL2(query, 2, codes, 3, rows, dimension, actual);
            assertArrayEquals(expected, actual, WHAT + " " + rows);

            float[] floats = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                floats[i] = (float) random.nextGaussian();
            }
            float[] expectedDots = new float[rows];
            float[] actualDots = new float[rows];
            scalar.dots(floats, codes, 3, rows, dimension, expectedDots);
            kernels.dots(floats, codes, 3, rows, dimension, actualDots);
            assertArrayEquals(expectedDots, actualDots, 0.001f * dimension, WHAT);

            int[] ids = random.ints(rows, 0, Math.max(1, rows)).toArray();
            byte[] aligned = Arrays.copyOfRange(codes, 3, codes.length);
            scalar.squaredL2Of(query, 2, aligned, dimension, ids, rows, expected);
            kernels.squaredL2Of(query, 2, aligned, dimension, ids, rows, actual);
            assertArrayEquals(expected, actual, WHAT + " " + rows);
            scalar.dotsOf(floats, aligned, dimension, ids, rows, expectedDots);
            kernels.dotsOf(floats, aligned, dimension, ids, rows, actualDots);
            assertArrayEquals(expectedDots, actualDots, 0.001f * dimension, WHAT);
        }
    }

    @Test
    void largestDifferencesOfTheLargestDimensionFit() {
        byte[] query = new byte[SqKernels.MOST_DIMENSION];
        byte[] row = new byte[SqKernels.MOST_DIMENSION];
        Arrays.fill(row, (byte) 255);
        int[] sums = new int[1];
        kernels.squaredL2(query, 0, row, 0, 1, SqKernels.MOST_DIMENSION, sums);
        assertEquals(255 * 255 * SqKernels.MOST_DIMENSION, sums[0]);
    }
}
