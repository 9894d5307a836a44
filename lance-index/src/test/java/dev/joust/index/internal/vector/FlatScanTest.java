// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;

/// Holds scans of partitions against distances worked out one by one, before and after their rows are laid out in pieces.
final class FlatScanTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String WHAT = "-Djoust.seed=" + SEED;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @EnumSource(
            value = DistanceType.class,
            names = {"L2", "COSINE", "DOT"})
    void eachSearchOfARowFindsTheNearestThatCount(DistanceType type) {
        for (int dimension : new int[] {1, 63, 64, 100, 128, 200}) {
            for (int rowCount : new int[] {0, 1, 1023, 2100}) {
                float[] values = TestVectors.gaussian(random, rowCount * dimension);
                for (int i = rowCount / 2 * dimension; i < values.length; i++) {
                    values[i] += 3; // far away
                }
                float[] query = TestVectors.gaussian(random, dimension);
                double[] exact = new double[rowCount];
                for (int row = 0; row < rowCount; row++) {
                    exact[row] = distance(type, query, values, row * dimension);
                }
                long[] rowIds = LongStream.range(100, 100 + rowCount).toArray();
                FlatRows rows = new FlatRows(values.clone(), rowCount, dimension);
                for (int k : new int[] {1, 10, 50}) {
                    compare(rows, rowIds, exact, new FlatScan(type, query), k, null, -INFINITY, INFINITY);
                    compare(rows, rowIds, exact, new FlatScan(type, query), k, mask(rowCount), -INFINITY, INFINITY);
                    float middle = rowCount == 0 ? 0 : (float) exact[rowCount / 2];
                    compare(rows, rowIds, exact, new FlatScan(type, query), k, null, middle, INFINITY);
                    compare(rows, rowIds, exact, new FlatScan(type, query), k, mask(rowCount), -INFINITY, middle);
                }
                assertArrayEquals(values, rows.rows(), WHAT);
            }
        }
    }

    /// Rows are found in the order of their exact distances, as far as those differ.
    private static void compare(
            FlatRows rows, long[] rowIds, double[] exact, FlatScan scan, int k, long[] mask, float lower, float upper) {
        TopK nearest = new TopK(k);
        scan.search(rows, rowIds, mask, lower, upper, nearest);
        List<Neighbor> found = nearest.toSortedList();
        double rounding = 1e-4 * (1 + Math.abs(Float.isInfinite(lower) ? Float.isInfinite(upper) ? 0 : upper : lower));
        double[] counted = LongStream.range(0, exact.length)
                .filter(row -> mask == null || (mask[(int) row / 64] >>> row & 1) != 0)
                .mapToDouble(row -> exact[(int) row])
                .filter(distance -> distance - lower > rounding && upper - distance > rounding)
                .sorted()
                .toArray();
        String what = WHAT + " " + rows.rowCount() + " k " + k;
        for (int i = 0; i < Math.min(k, counted.length); i++) {
            Neighbor neighbor = found.get(i);
            double distance = exact[(int) neighbor.rowAddress() - 100];
            assertEquals(distance, neighbor.distance(), 1e-5 * (1 + Math.abs(distance)), what);
            if (lower == -INFINITY) {
                assertEquals(counted[i], neighbor.distance(), 2e-4 * (1 + Math.abs(distance)), what);
            }
        }
        for (Neighbor neighbor : found) {
            int row = (int) neighbor.rowAddress() - 100;
            assertEquals(1, mask == null ? 1 : mask[row / 64] >>> row & 1, what);
        }
    }

    private long[] mask(int rowCount) {
        long[] mask = new long[Math.ceilDiv(rowCount, 64)];
        for (int word = 0; word < mask.length; word++) {
            mask[word] = random.nextLong();
        }
        return mask;
    }

    private static double distance(DistanceType type, float[] query, float[] rows, int start) {
        double dot = TestVectors.dot(query, 0, rows, start, query.length);
        return switch (type) {
            case L2 -> TestVectors.l2(query, 0, rows, start, query.length);
            case DOT -> 1 - dot;
            default ->
                1
                        - dot
                                / (ScalarDistanceKernels.norm(query)
                                        * Math.sqrt(TestVectors.dot(rows, start, rows, start, query.length)));
        };
    }
}
