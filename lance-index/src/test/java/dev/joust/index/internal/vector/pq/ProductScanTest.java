// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.TestVectors;

/// Holds scans with one table for all partitions against exact distances of all rows.
final class ProductScanTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String WHAT = "-Djoust.seed=" + SEED;
    private static final int PARTITIONS = 3;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Random random = new Random(SEED);

    /// @param offset of all vectors from zero
    /// @param spread of centroids; codewords have one of 1
    @ParameterizedTest
    @CsvSource({"8, 0, 1", "8, 1000, 3", "8, 0, 1e5", "8, 0, 1e-6", "8, 0, 1e20", "4, 0, 1", "4, -50, 10"})
    void whatIsFoundInPartitionsIsWhatExactDistancesOfAllRowsFind(int bits, float offset, float spread) {
        for (int rowCount : new int[] {0, 1, 65, 1100}) {
            compare(bits, 2, rowCount, offset, spread);
            compare(bits, 16, rowCount, offset, spread);
        }
        compare(bits, 260, 100, offset, spread);
    }

    private void compare(int bits, int subVectors, int rowCount, float offset, float spread) {
        int dimension = 2 * subVectors;
        var codebook = new PqCodebook(dimension, subVectors, bits, TestVectors.gaussian(random, dimension << bits));
        float[] centroids = moved(TestVectors.gaussian(random, PARTITIONS * dimension), offset, spread);
        float[] query = moved(TestVectors.gaussian(random, dimension), offset, spread);
        var terms = new ResidualTerms(codebook, centroids, PARTITIONS);
        PqScan single = new PqScan(codebook, DistanceType.L2);
        PqCodes[] codes = new PqCodes[PARTITIONS];
        float[][] ofRows = new float[PARTITIONS][];
        float[][] distances = new float[PARTITIONS][rowCount];
        for (int partition = 0; partition < PARTITIONS; partition++) {
            byte[] rowMajor = new byte[rowCount * codebook.codeBytes()];
            random.nextBytes(rowMajor);
            codes[partition] = PqCodes.transposed(rowMajor, 0, rowCount, codebook.codeBytes());
            ofRows[partition] = terms.ofRows(partition, codes[partition]);
            float[] residual = new float[dimension];
            terms.residual(query, partition, residual);
            single.target(residual);
            for (int row = 0; row < rowCount; row++) {
                float distance = codebook.distance(residual, codes[partition].bytes(), row, rowCount);
                assertEquals(single.distance(codes[partition], row), distance, 1e-5 * distance, WHAT);
                distances[partition][row] = distance;
            }
        }
        var scan = new ProductScan(terms);
        scan.query(moved(TestVectors.gaussian(random, dimension), offset, spread)); // is forgotten
        scan.query(query);
        float middle = rowCount == 0 ? 0 : distances[0][0];
        for (int k : new int[] {1, 10, 300}) {
            for (int oneIn : new int[] {1, 2, 100}) {
                for (float[] range : new float[][] {{-INFINITY, INFINITY}, {middle, INFINITY}, {-INFINITY, middle}}) {
                    TopK expected = new TopK(k);
                    TopK actual = new TopK(k);
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        long first = 10_000L * partition;
                        long[] rowIds = LongStream.range(first, first + rowCount).toArray();
                        long[] mask = oneIn == 1 ? null : mask(rowCount, oneIn);
                        for (int row = 0; row < rowCount; row++) {
                            float distance = distances[partition][row];
                            if (distance >= range[0]
                                    && distance < range[1]
                                    && (mask == null || (mask[row / 64] >>> row & 1) != 0)) {
                                expected.offer(distance, rowIds[row]);
                            }
                        }
                        scan.search(
                                partition,
                                codes[partition],
                                ofRows[partition],
                                rowIds,
                                mask,
                                range[0],
                                range[1],
                                actual);
                    }
                    assertEquals(
                            expected.toSortedList(),
                            actual.toSortedList(),
                            () -> WHAT + " " + subVectors + " x " + rowCount + " k " + k + " one in " + oneIn);
                }
            }
        }
    }

    private long[] mask(int rowCount, int oneIn) {
        long[] mask = new long[Math.ceilDiv(rowCount, 64)];
        for (int row = 0; row < rowCount; row++) {
            mask[row / 64] |= random.nextInt(oneIn) == 0 ? 1L << row : 0;
        }
        return mask;
    }

    private static float[] moved(float[] values, float offset, float spread) {
        for (int i = 0; i < values.length; i++) {
            values[i] = offset + spread * values[i];
        }
        return values;
    }
}
