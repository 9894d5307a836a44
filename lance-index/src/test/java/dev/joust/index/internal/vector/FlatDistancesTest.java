// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.index.DistanceType;
import dev.joust.index.VectorElement;

final class FlatDistancesTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @EnumSource
    void distancesAreThoseOfDoublePrecision(VectorElement element) {
        for (int dimension : new int[] {1, 3, 16, 17, 100, 768, 9000}) {
            for (int rowCount : new int[] {0, 1, 5, 40}) {
                double[][] rows = new double[rowCount][dimension];
                double[] query = new double[dimension];
                for (int i = 0; i < dimension; i++) {
                    query[i] = (float) (3 * random.nextGaussian());
                }
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment vectors =
                            arena.allocate(8 + (long) rowCount * dimension * element.widthBytes(), 8);
                    for (int row = 0; row < rowCount; row++) {
                        for (int i = 0; i < dimension; i++) {
                            long offset = 8 + ((long) row * dimension + i) * element.widthBytes();
                            rows[row][i] = put(element, vectors, offset, 3 * random.nextGaussian());
                        }
                    }
                    for (DistanceType type : List.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT)) {
                        float[] distances = new float[rowCount];
                        new FlatDistances(element, type, query).distances(vectors, 8, rowCount, distances);
                        for (int row = 0; row < rowCount; row++) {
                            double expected = exact(type, query, rows[row]);
                            double tolerance = type == DistanceType.COSINE ? 1e-5 : 1e-6 * (1 + dimension / 500.0) * (1 + magnitude(query, rows[row]));
                            if (Double.isNaN(expected)) {
                                assertTrue(Float.isNaN(distances[row]), WHAT);
                            } else {
                                assertEquals(expected, distances[row], tolerance, WHAT + " " + type);
                            }
                        }
                    }
                }
            }
        }
    }

    /// What was put, which is rounded.
    private static double put(VectorElement element, MemorySegment vectors, long offset, double value) {
        switch (element) {
            case FLOAT16 -> {
                short bits = Float.floatToFloat16((float) value);
                vectors.set(ValueLayout.JAVA_SHORT, offset, bits);
                return Float.float16ToFloat(bits);
            }
            case FLOAT32 -> vectors.set(ValueLayout.JAVA_FLOAT, offset, (float) value);
            case FLOAT64 -> {
                vectors.set(ValueLayout.JAVA_DOUBLE, offset, value);
                return value;
            }
            case INT8 -> {
                vectors.set(ValueLayout.JAVA_BYTE, offset, (byte) Math.round(value));
                return Math.round(value);
            }
            case UINT8 -> {
                int number = (int) Math.abs(40 * value);
                vectors.set(ValueLayout.JAVA_BYTE, offset, (byte) number);
                return number & 0xff;
            }
        }
        return (float) value;
    }

    private static double magnitude(double[] query, double[] row) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            double both = Math.abs(query[i]) + Math.abs(row[i]);
            sum += both * both;
        }
        return sum;
    }

    private static double exact(DistanceType type, double[] query, double[] row) {
        double l2 = 0;
        double dot = 0;
        double norm = 0;
        double queryNorm = 0;
        for (int i = 0; i < query.length; i++) {
            l2 += (query[i] - row[i]) * (query[i] - row[i]);
            dot += query[i] * row[i];
            norm += row[i] * row[i];
            queryNorm += query[i] * query[i];
        }
        return switch (type) {
            case L2 -> l2;
            case DOT -> 1 - dot;
            case COSINE -> norm > 0 ? 1 - dot / Math.sqrt(norm * queryNorm) : Double.NaN;
            case HAMMING -> throw new IllegalArgumentException("of bits");
        };
    }
}
