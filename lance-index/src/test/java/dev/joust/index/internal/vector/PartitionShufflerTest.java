// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionShufflerTest {
    private static final int PARTITIONS = 7;
    private static final int CODE_BYTES = 5;

    /// With 0 bytes of memory 1024 rows are held at a time, the rest lies in runs.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1024, 1025, 5000})
    void rowsComeBackByPartitionInTheOrderInWhichTheyCame(int rowCount) throws IOException {
        Random random = new Random(rowCount);
        List<List<Long>> expectedIds = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            expectedIds.add(new ArrayList<>());
        }
        try (PartitionShuffler shuffler = new PartitionShuffler(PARTITIONS, Long.BYTES + CODE_BYTES, 0)) {
            for (int first = 0; first < rowCount; first += 300) {
                int count = Math.min(300, rowCount - first);
                int[] partitions = new int[count];
                long[] ids = new long[count];
                byte[] codes = new byte[count * CODE_BYTES];
                for (int row = 0; row < count; row++) {
                    partitions[row] = random.nextInt(PARTITIONS - 1); // the last one stays empty
                    ids[row] = (long) first + row;
                    fill(codes, row, ids[row]);
                    expectedIds.get(partitions[row]).add(ids[row]);
                }
                shuffler.add(partitions, ids, codes, count);
            }
            shuffler.finish();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int size = shuffler.sizes()[partition];
                long[] ids = new long[size];
                byte[] codes = new byte[size * CODE_BYTES];
                shuffler.read(partition, ids, codes);
                assertArrayEquals(expectedIds.get(partition).stream().mapToLong(id -> id).toArray(), ids);
                byte[] expectedCodes = new byte[size * CODE_BYTES];
                for (int row = 0; row < size; row++) {
                    fill(expectedCodes, row, ids[row]);
                }
                assertArrayEquals(expectedCodes, codes);
            }
            assertEquals(0, shuffler.sizes()[PARTITIONS - 1]);
        }
    }

    private static void fill(byte[] codes, int row, long id) {
        for (int i = 0; i < CODE_BYTES; i++) {
            codes[row * CODE_BYTES + i] = (byte) (id * 31 + i);
        }
    }
}
