// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.sq;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.TestVectors;
import dev.joust.index.internal.vector.Workers;

final class ScalarQuantizerTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);

    @Test
    void levelsAreCutOffAsTheFormatSays() {
        var quantizer = new ScalarQuantizer(-1, 1);
        byte[] codes = new byte[7];
        quantizer.encode(new float[] {0.5f, 1, -1.2f, -1, 0, 3, -0.999f}, 0, 7, codes, 0);
        assertArrayEquals(new byte[] {(byte) 191, (byte) 255, 0, 0, 127, (byte) 255, 0}, codes);
    }

    @Test
    void equalBoundsMakeAllCodesZero() {
        ScalarQuantizer quantizer = ScalarQuantizer.train(new float[] {2, 2, 2}, 0, 3);
        byte[] codes = {1, 1, 1};
        quantizer.encode(new float[] {2, 2, 7}, 0, 3, codes, 0);
        assertArrayEquals(new byte[3], codes);
        assertEquals(0, quantizer.step());
        assertThrows(IllegalArgumentException.class, () -> new ScalarQuantizer(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new ScalarQuantizer(0, Double.NaN));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAMMING")
    void scanFindsWhatDistancesOfAllRowsFind(DistanceType type) {
        for (int dimension : new int[] {1, 16, 37, 128}) {
            for (int rowCount : new int[] {0, 1, 70, 1024, 2500}) {
                float[] rows = TestVectors.gaussian(random, rowCount * dimension + 1);
                ScalarQuantizer quantizer = ScalarQuantizer.train(rows, 0, rows.length);
                byte[] codes = new byte[rowCount * dimension + 5];
                quantizer.encode(rows, 0, rowCount, dimension, codes, 5, Workers.callerOnly());
                float[] query = TestVectors.gaussian(random, dimension);
                float[] decoded = new float[dimension];
                byte[] queryCode = new byte[dimension];
                quantizer.encode(query, 0, dimension, queryCode, 0);
                float[] quantizedQuery = new float[dimension];
                quantizer.decode(queryCode, 0, dimension, quantizedQuery, 0);
                long[] rowIds = LongStream.range(0, rowCount + 1).map(i -> 5 * i).toArray();
                long[] mask = LongStream.generate(random::nextLong)
                        .limit(Math.ceilDiv(rowCount, 64))
                        .toArray();
                float[] exact = new float[rowCount];
                for (int row = 0; row < rowCount; row++) {
                    quantizer.decode(codes, 5 + row * dimension, dimension, decoded, 0);
                    exact[row] = type == DistanceType.DOT
                            ? (float) (1 - TestVectors.dot(query, 0, decoded, 0, dimension))
                            : (float) TestVectors.l2(quantizedQuery, 0, decoded, 0, dimension);
                }
                for (long[] some : new long[][] {null, mask}) {
                    var scan = new SqScan(quantizer, dimension, type);
                    scan.target(query);
                    TopK actual = new TopK(20);
                    scan.search(
                            codes,
                            5,
                            rowCount,
                            rowIds,
                            1,
                            some,
                            Float.NEGATIVE_INFINITY,
                            Float.POSITIVE_INFINITY,
                            actual);
                    TopK expected = new TopK(20);
                    for (int row = 0; row < rowCount; row++) {
                        if (some == null || (some[row / 64] >> row & 1) != 0) {
                            expected.offer(exact[row], rowIds[row + 1]);
                        }
                    }
                    assertEquals(expected.size(), actual.size());
                    for (int i = 0; i < expected.size(); i++) {
                        var found = actual.toSortedList().get(i);
                        assertEquals(
                                expected.toSortedList().get(i).distance(),
                                found.distance(),
                                1e-4f * dimension,
                                WHAT);
                        int row = (int) (found.rowAddress() / 5) - 1;
                        assertEquals(exact[row], found.distance(), 1e-4f * dimension, WHAT);
                    }
                }
            }
        }
    }
}
