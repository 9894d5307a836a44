// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.KMeans;
import dev.joust.index.internal.vector.TestVectors;
import dev.joust.index.internal.vector.Workers;

final class ProductQuantizerTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);

    @Test
    void codesAreTransposedAsTheFormatSays() {
        PqCodes codes = PqCodes.transposed(new byte[] {1, 2, 3, 4, 5, 6}, 0, 3, 2);
        byte[] head = new byte[6];
        System.arraycopy(codes.bytes(), 0, head, 0, 6);
        assertArrayEquals(new byte[] {1, 3, 5, 2, 4, 6}, head);
        byte[] rowMajor = new byte[7];
        ProductQuantizer.transposeBack(codes.bytes(), 0, 3, 2, rowMajor, 1);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6}, rowMajor);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void codesNameTheNearestCodewords(int bits) {
        int dimension = 24;
        int subVectors = 6;
        float[] rows = TestVectors.clustered(random, 3000, dimension, 20, 0.4f);
        PqCodebook codebook = ProductQuantizer.train(
                rows, 3000, dimension, subVectors, bits, KMeans.Settings.forCodebooks(1), Workers.callerOnly());
        byte[] codes = new byte[3000 * codebook.codeBytes() + 2];
        new ProductQuantizer(codebook).encode(rows, 0, 3000, codes, 2, Workers.callerOnly());
        float[] decoded = new float[dimension];
        double error = 0;
        for (int row = 0; row < 3000; row++) {
            codebook.decode(codes, 2 + row * codebook.codeBytes(), 1, decoded, 0);
            error += TestVectors.l2(rows, row * dimension, decoded, 0, dimension);
            for (int m = 0; m < subVectors; m++) {
                double chosen = TestVectors.l2(rows, row * dimension + m * 4, decoded, m * 4, 4);
                for (int j = 0; j < codebook.codewords(); j++) {
                    int start = (m * codebook.codewords() + j) * 4;
                    double other = TestVectors.l2(rows, row * dimension + m * 4, codebook.values(), start, 4);
                    assertTrue(chosen <= other + 1e-4, WHAT);
                }
            }
        }
        double spread = 3000 * dimension * (1 + 0.4 * 0.4);
        double share = error / spread;
        assertTrue(share < (bits == 8 ? 0.05 : 0.2), () -> WHAT + " error " + share);
    }

    @ParameterizedTest
    @CsvSource({"8, L2", "8, DOT", "4, L2", "4, DOT"})
    void scanFindsWhatExactSumsOfAllRowsFind(int bits, DistanceType type) {
        for (int subVectors : new int[] {2, 16, 260}) {
            int dimension = 2 * subVectors;
            for (int rowCount : new int[] {0, 1, 5, 64, 200, 1025, 2500}) {
                float[] values = TestVectors.gaussian(random, dimension << bits);
                var codebook = new PqCodebook(dimension, subVectors, bits, values);
                byte[] rowMajor = new byte[rowCount * codebook.codeBytes()];
                random.nextBytes(rowMajor);
                PqCodes codes = PqCodes.transposed(rowMajor, 0, rowCount, codebook.codeBytes());
                long[] rowIds = LongStream.range(0, rowCount + 3).map(i -> 7 * i).toArray();
                float[] target = TestVectors.gaussian(random, dimension);
                var scan = new PqScan(codebook, type);
                scan.target(target);
                long[] some = new long[Math.ceilDiv(rowCount, 64)];
                long[] few = new long[some.length];
                for (int row = 0; row < rowCount; row++) {
                    some[row / 64] |= (long) random.nextInt(2) << row;
                    few[row / 64] |= random.nextInt(100) == 0 ? 1L << row : 0;
                }
                float[] distances = new float[rowCount];
                float[] decoded = new float[dimension];
                for (int row = 0; row < rowCount; row++) {
                    distances[row] = scan.distance(codes, row);
                    codebook.decode(rowMajor, row * codebook.codeBytes(), 1, decoded, 0);
                    double exact = type == DistanceType.DOT
                            ? 1 - TestVectors.dot(target, 0, decoded, 0, dimension)
                            : TestVectors.l2(target, 0, decoded, 0, dimension);
                    assertEquals(exact, distances[row], 1e-5 * (10 + 10 * dimension), WHAT);
                }
                float infinity = Float.POSITIVE_INFINITY;
                float middle = rowCount == 0 ? 0 : distances[0];
                for (long[] mask : new long[][] {null, some, few}) {
                    for (float[] bounds : new float[][] {{-infinity, infinity}, {middle, infinity}, {-infinity, middle}}) {
                        for (int k : new int[] {1, 10, 100}) {
                            TopK expected = new TopK(k);
                            for (int row = 0; row < rowCount; row++) {
                                if ((mask == null || (mask[row / 64] >> row & 1) != 0)
                                        && distances[row] >= bounds[0]
                                        && distances[row] < bounds[1]) {
                                    expected.offer(distances[row], rowIds[row + 3]);
                                }
                            }
                            TopK actual = new TopK(k);
                            scan.search(codes, rowIds, 3, mask, bounds[0], bounds[1], actual);
                            assertEquals(
                                    expected.toSortedList(),
                                    actual.toSortedList(),
                                    () -> WHAT + " " + subVectors + " x " + rowCount + " k " + k);
                        }
                    }
                }
            }
        }
    }

    @Test
    void nearestOfSeveralPartitionsAreFoundTogether() {
        float[] values = TestVectors.gaussian(random, 16 << 8);
        var codebook = new PqCodebook(16, 8, 8, values);
        var scan = new PqScan(codebook, DistanceType.L2);
        TopK expected = new TopK(10);
        TopK actual = new TopK(10);
        for (int partition = 0; partition < 20; partition++) {
            byte[] rowMajor = new byte[500 * 8];
            random.nextBytes(rowMajor);
            PqCodes codes = PqCodes.transposed(rowMajor, 0, 500, 8);
            long[] rowIds =
                    LongStream.range(500L * partition, 500L * partition + 500).toArray();
            scan.target(TestVectors.gaussian(random, 16));
            for (int row = 0; row < 500; row++) {
                expected.offer(scan.distance(codes, row), rowIds[row]);
            }
            scan.search(codes, rowIds, 0, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, actual);
        }
        List<Neighbor> found = actual.toSortedList();
        assertEquals(expected.toSortedList(), found, WHAT);
    }

    @Test
    void equalCodewordsAndHugeOffsetsLeaveNothingOut() {
        for (float value : new float[] {0, 1, 1e6f}) {
            float[] values = new float[4 << 8];
            Arrays.fill(values, value);
            var codebook = new PqCodebook(4, 2, 8, values);
            PqCodes codes = PqCodes.transposed(new byte[400], 0, 200, 2);
            var scan = new PqScan(codebook, DistanceType.L2);
            scan.target(new float[4]);
            TopK nearest = new TopK(5);
            scan.search(
                    codes,
                    LongStream.range(0, 200).toArray(),
                    0,
                    null,
                    Float.NEGATIVE_INFINITY,
                    Float.POSITIVE_INFINITY,
                    nearest);
            assertEquals(
                    List.of(0L, 1L, 2L, 3L, 4L),
                    nearest.toSortedList().stream().map(Neighbor::rowAddress).toList());
            assertEquals(4 * value * value, nearest.threshold());
        }
    }

    @Test
    void fewerRowsThanCodewordsAreQuantizedExactly() {
        float[] rows = TestVectors.gaussian(random, 10 * 8);
        PqCodebook codebook = ProductQuantizer.train(
                rows, 10, 8, 4, 8, KMeans.Settings.forCodebooks(1), Workers.callerOnly());
        byte[] codes = new byte[40];
        new ProductQuantizer(codebook).encode(rows, 0, 10, codes, 0, Workers.callerOnly());
        float[] decoded = new float[80];
        for (int row = 0; row < 10; row++) {
            codebook.decode(codes, row * 4, 1, decoded, row * 8);
        }
        assertArrayEquals(rows, decoded, 1e-5f);
    }

    @Test
    void shapesThatDoNotDivideAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PqCodebook(10, 3, 8, new float[2560]));
        assertThrows(IllegalArgumentException.class, () -> new PqCodebook(9, 3, 4, new float[144]));
        assertThrows(IllegalArgumentException.class, () -> new PqCodebook(10, 5, 7, new float[1280]));
        assertThrows(IllegalArgumentException.class, () -> new PqCodebook(10, 5, 8, new float[10]));
    }
}
