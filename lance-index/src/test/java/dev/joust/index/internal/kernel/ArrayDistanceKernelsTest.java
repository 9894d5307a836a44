// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use, and the scalar ones, against sums in double precision.
final class ArrayDistanceKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);
    private final ArrayDistanceKernels scalar = new ScalarArrayDistanceKernels();
    private final ArrayDistanceKernels kernels = Simd.choose(
            ArrayDistanceKernels.class,
            ScalarArrayDistanceKernels::new,
            "dev.joust.index.internal.kernel.simd.VectorArrayDistanceKernels");

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 128, 255, 768, 1031})
    void sumsAreThoseOfDoublePrecision(int dimension) {
        for (ArrayDistanceKernels some : new ArrayDistanceKernels[] {scalar, kernels}) {
            for (int rows : new int[] {1, 3, 4, 5, 9, 64, 130}) {
                float[] values = floats(5 + rows * dimension);
                float[] query = floats(dimension + 1);
                float[] l2 = new float[rows];
                float[] dots = new float[rows];
                some.squaredL2(query, 1, values, 5, rows, dimension, l2);
                some.dots(query, 1, values, 5, rows, dimension, dots);
                for (int row = 0; row < rows; row++) {
                    double exactL2 = 0;
                    double exactDot = 0;
                    double magnitude = 0;
                    for (int i = 0; i < dimension; i++) {
                        double q = query[1 + i];
                        double v = values[5 + row * dimension + i];
                        exactL2 += (q - v) * (q - v);
                        exactDot += q * v;
                        magnitude += Math.abs(q * v);
                    }
                    double relative = (dimension + 8) * 0x1p-23;
                    assertEquals(exactL2, l2[row], relative * exactL2, WHAT);
                    assertEquals(exactDot, dots[row], relative * magnitude, WHAT);
                }
                // of chosen rows the same sums, but for the order in which lanes are added before and after compilation
                float[] aligned = Arrays.copyOfRange(values, 5, values.length);
                int[] ids = random.ints(rows, 0, rows).toArray();
                float[] expectedL2 = new float[rows];
                float[] expectedDots = new float[rows];
                for (int i = 0; i < rows; i++) {
                    expectedL2[i] = l2[ids[i]];
                    expectedDots[i] = dots[ids[i]];
                }
                float[] actual = new float[rows];
                some.squaredL2Of(query, 1, aligned, dimension, ids, rows, actual);
                assertArrayEquals(expectedL2, actual, 1e-5f * dimension, WHAT);
                some.dotsOf(query, 1, aligned, dimension, ids, rows, actual);
                assertArrayEquals(expectedDots, actual, 1e-5f * dimension, WHAT);
            }
        }
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
