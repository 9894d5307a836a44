// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.index.DistanceType;
import dev.joust.io.kernel.Simd;

/// Holds the kernels in use (SIMD in one run of these tests, scalar in another) against sums in double precision,
/// and against the scalar definition.
final class DistanceKernelsTest {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    private final DistanceKernels scalar = new ScalarDistanceKernels();
    private final DistanceKernels kernels = Simd.choose(
            DistanceKernels.class,
            ScalarDistanceKernels::new,
            "dev.joust.index.internal.kernel.simd.VectorDistanceKernels");

    @Test
    void kernelsAreThoseThisRunIsAbout() {
        boolean simd = System.getProperty("joust.test.kernels", "").equals("simd");
        assertEquals(simd, Simd.isActive());
        assertEquals(simd, kernels.getClass() != ScalarDistanceKernels.class);
    }

    static Stream<Integer> dimensions() {
        return Stream.of(1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 255, 256, 257, 383, 768, 1031);
    }

    @ParameterizedTest
    @MethodSource("dimensions")
    void distancesAreThoseOfDoublePrecision(int dimension) {
        var random = new Random(SEED);
        for (int rowCount : new int[] {0, 1, 3, 4, 5, 16, 17, 130}) {
            for (int misalignment : new int[] {0, 1, 4, 60}) {
                float[] query = randomVector(random, dimension);
                float[] rows = randomVector(random, dimension * rowCount);
                for (DistanceType type : List.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT)) {
                    String what = "-Djoust.seed=" + SEED + " " + type + " " + rowCount + " rows at " + misalignment;
                    float[] actual = distances(kernels, type, query, rows, rowCount, misalignment);
                    float[] defined = distances(scalar, type, query, rows, rowCount, misalignment);
                    for (int row = 0; row < rowCount; row++) {
                        double[] exact = exact(type, query, rows, row);
                        assertEquals(exact[0], actual[row], exact[1], what);
                        assertEquals(exact[0], defined[row], exact[1], what);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAMMING")
    void rowsOutsideTheCountAreLeftAlone(DistanceType type) {
        var random = new Random(SEED);
        float[] query = randomVector(random, 20);
        float[] distances = new float[12];
        Arrays.fill(distances, 77);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment rows = segment(arena, randomVector(random, 20 * 12), 0);
            kernels.distances(type, query, rows, 0, 9, distances);
        }
        assertEquals(77, distances[9]);
        assertEquals(77, distances[11]);
    }

    /// But for the order in which lanes are added, which compiled code may choose otherwise than interpreted code.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAMMING")
    void sameVectorIsAsFarWhereverItStands(DistanceType type) {
        var random = new Random(SEED);
        for (int dimension : new int[] {5, 16, 100, 768}) {
            float[] query = randomVector(random, dimension);
            float[] vector = randomVector(random, dimension);
            float[] rows = new float[dimension * 23];
            for (int row = 0; row < 23; row++) {
                System.arraycopy(vector, 0, rows, row * dimension, dimension);
            }
            float[] distances = distances(kernels, type, query, rows, 23, 0);
            double rounding = 2 * exact(type, query, vector, 0)[1];
            for (float distance : distances) {
                assertEquals(distances[0], distance, rounding, "-Djoust.seed=" + SEED + " dimension " + dimension);
            }
        }
    }

    @Test
    void extremesAreWhatFloatArithmeticMakesOfThem() {
        float max = Float.MAX_VALUE;
        float inf = Float.POSITIVE_INFINITY;
        for (int dimension : new int[] {4, 16, 19, 256, 300}) {
            for (int place : new int[] {0, dimension - 1}) {
                // value in the row, in the query, and the three distances
                float[][] cases = {
                    {Float.NaN, 1, Float.NaN, Float.NaN, Float.NaN},
                    {1, Float.NaN, Float.NaN, Float.NaN, Float.NaN},
                    {inf, 1, inf, Float.NaN, -inf},
                    {-inf, 1, inf, Float.NaN, inf},
                    {max, -1, inf, 1, max},
                    {max, max, 0, Float.NaN, -inf},
                    {0, 0, 0, Float.NaN, 1},
                    {0, 1, 1, Float.NaN, 1},
                    {1, 0, 1, Float.NaN, 1},
                    {Float.MIN_VALUE, 1, 1, Float.NaN, 1},
                    {2, 2, 0, 0, -3},
                    {-2, 2, 16, 2, 5},
                };
                for (float[] values : cases) {
                    float[] query = new float[dimension];
                    float[] rows = new float[dimension * 6];
                    query[place] = values[1];
                    for (int row = 0; row < 6; row++) {
                        rows[row * dimension + place] = values[0];
                    }
                    DistanceType[] types = {DistanceType.L2, DistanceType.COSINE, DistanceType.DOT};
                    for (int i = 0; i < types.length; i++) {
                        float[] expected = new float[6];
                        Arrays.fill(expected, values[2 + i]);
                        String what = types[i] + " of " + Arrays.toString(values) + " at " + place + " of " + dimension;
                        assertArrayEquals(expected, distances(kernels, types[i], query, rows, 6, 0), what);
                        assertArrayEquals(expected, distances(scalar, types[i], query, rows, 6, 0), what);
                    }
                }
            }
        }
    }

    @Test
    void zeroVectorHasNoCosine() {
        float[] distances = distances(kernels, DistanceType.COSINE, new float[] {1, 2, 3}, new float[15], 5, 0);
        for (float distance : distances) {
            assertTrue(Float.isNaN(distance));
        }
    }

    @Test
    void selectionFindsWhatIsAtMostTheThreshold() {
        var random = new Random(SEED);
        for (int count : new int[] {0, 1, 15, 63, 64, 65, 127, 128, 1000, 1024}) {
            for (float threshold : new float[] {0, 0.5f, 2, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = switch (random.nextInt(10)) {
                        case 0 -> Float.NaN;
                        case 1 -> threshold;
                        case 2 -> Float.POSITIVE_INFINITY;
                        case 3 -> -0.0f;
                        default -> random.nextFloat();
                    };
                }
                int[] expected = IntStream.range(0, count)
                        .filter(i -> values[i] <= threshold)
                        .toArray();
                int[] indices = new int[count];
                int found = kernels.selectAtMost(values, count, threshold, indices);
                assertArrayEquals(expected, Arrays.copyOf(indices, found), "-Djoust.seed=" + SEED);
            }
        }
    }

    /// The distance in double precision, and how far a sum of so many floats may be from it.
    private static double[] exact(DistanceType type, float[] query, float[] rows, int row) {
        double l2 = 0;
        double dot = 0;
        double absoluteDot = 0;
        double queryNorm = 0;
        double rowNorm = 0;
        for (int i = 0; i < query.length; i++) {
            double q = query[i];
            double v = rows[row * query.length + i];
            l2 += (q - v) * (q - v);
            dot += q * v;
            absoluteDot += Math.abs(q * v);
            queryNorm += q * q;
            rowNorm += v * v;
        }
        double norms = Math.sqrt(queryNorm) * Math.sqrt(rowNorm);
        double relative = (query.length + 8) * 0x1p-24;
        return switch (type) {
            case L2 -> new double[] {l2, 2 * relative * l2};
            case DOT -> new double[] {1 - dot, relative * (absoluteDot + 1)};
            case COSINE -> new double[] {1 - dot / norms, 2 * relative * (absoluteDot / norms + 1)};
            case HAMMING -> throw new IllegalArgumentException("of bytes");
        };
    }

    private static float[] distances(
            DistanceKernels kernels, DistanceType type, float[] query, float[] rows, int rowCount, int misalignment) {
        try (Arena arena = Arena.ofShared()) {
            float[] distances = new float[rowCount];
            kernels.distances(type, query, segment(arena, rows, misalignment), misalignment, rowCount, distances);
            return distances;
        }
    }

    /// Exactly as long as the rows need, so that a read past the end is an exception.
    private static MemorySegment segment(Arena arena, float[] values, int misalignment) {
        MemorySegment segment = arena.allocate(4L * values.length + misalignment, 64);
        for (int i = 0; i < values.length; i++) {
            segment.set(FLOAT, misalignment + 4L * i, values[i]);
        }
        return segment;
    }

    private static float[] randomVector(Random random, int count) {
        float[] vector = new float[count];
        for (int i = 0; i < count; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
