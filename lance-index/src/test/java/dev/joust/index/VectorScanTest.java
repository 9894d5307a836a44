// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.MemoryObjectStore;

final class VectorScanTest {
    private static final long SEED = Long.getLong("joust.seed", System.nanoTime());
    private static final int DIMENSION = 32;
    private static final int ROWS_PER_FRAGMENT = 1000;
    private static final LogicalType FLOAT32 = new LogicalType.FloatingPoint(32);
    private static final Schema SCHEMA = new Schema(
            List.of(
                    Field.nullable("id", new LogicalType.Int(32, true)),
                    Field.nullable("vector", new LogicalType.FixedSizeList(FLOAT32, DIMENSION))),
            Map.of());

    private final Random random = new Random(SEED);
    private final CountingObjectStore store = new CountingObjectStore(new MemoryObjectStore());
    private final List<float @Nullable []> vectors = new ArrayList<>();
    private final float[] query = new float[DIMENSION];
    private Session session = Session.builder().workerCount(3).build();

    @AfterEach
    void closeSession() {
        session.close();
    }

    @Test
    void everySearchFindsTheSameWhetherReadOrKeptInMemory() throws IOException {
        Dataset dataset = create(2500);
        for (int search = 1; search <= 4; search++) {
            assertNearest(dataset, RowAddressSet.EMPTY, "search " + search);
        }
    }

    @Test
    void vectorsSearchedTwiceAreReadNoMore() throws IOException {
        Dataset dataset = create(2500);
        nearest(dataset);
        nearest(dataset);
        ReadStats before = store.stats();
        nearest(dataset);
        assertEquals(0, store.stats().since(before).requestCount());
    }

    @Test
    void vectorsLargerThanTheCacheAreReadEachTime() throws IOException {
        session.close();
        session = Session.builder().vectorCacheBytes(DIMENSION * 4 * ROWS_PER_FRAGMENT - 1).build();
        Dataset dataset = create(1000);
        for (int search = 1; search <= 3; search++) {
            ReadStats before = store.stats();
            assertNearest(dataset, RowAddressSet.EMPTY, "search " + search);
            assertTrue(store.stats().since(before).bytesRead() >= 1000 * DIMENSION * 4);
        }
    }

    @Test
    void cacheKeepsToItsBytesAndSearchesGoOn() throws IOException {
        session.close();
        session = Session.builder().vectorCacheBytes(DIMENSION * 4 * ROWS_PER_FRAGMENT * 2).build();
        Dataset dataset = create(4000);
        for (int search = 1; search <= 4; search++) {
            assertNearest(dataset, RowAddressSet.EMPTY, "search " + search);
        }
    }

    @Test
    void deletedRowsAreLeftOutAlsoOfVectorsInMemory() throws IOException {
        Dataset dataset = create(2500);
        nearest(dataset);
        List<Neighbor> before = nearest(dataset);
        RowAddressSet deleted = RowAddressSet.of(
                before.get(0).rowAddress(), before.get(3).rowAddress(), before.get(5).rowAddress());
        Dataset after = dataset.deleteRows(deleted, "in a test");
        assertNearest(after, deleted, "after the deletion");
        assertNearest(dataset, RowAddressSet.EMPTY, "the version before");
        // read anew, by a session that has nothing in memory
        try (Session other = Session.create()) {
            Dataset reopened = Dataset.open(other, store);
            assertNearest(reopened, deleted, "read with deletions");
            assertNearest(reopened, deleted, "kept with deletions");
        }
    }

    @Test
    void appendedRowsAreFoundAndOnlyTheyAreRead() throws IOException {
        Dataset dataset = create(1000);
        nearest(dataset);
        nearest(dataset);
        Dataset appended = dataset.append(rows(7));
        ReadStats before = store.stats();
        assertNearest(appended, RowAddressSet.EMPTY, "appended");
        assertTrue(store.stats().since(before).bytesRead() < 20_000, store.stats().since(before).toString());
    }

    @Test
    void addressesThatDoNotPassAreLeftOut() throws IOException {
        Dataset dataset = create(2500);
        FlatSearch even = FlatSearch.of(query, DistanceType.L2, 20).where(address -> address % 2 == 0);
        for (Neighbor neighbor : VectorScan.nearest(dataset, "vector", even)) {
            assertEquals(0, neighbor.rowAddress() % 2);
        }
    }

    @Test
    void columnsThatAreNoVectorsAreRefusedByName() throws IOException {
        Dataset dataset = create(10);
        FlatSearch search = FlatSearch.of(query, DistanceType.L2, 1);
        var e = assertThrows(IllegalArgumentException.class, () -> VectorScan.nearest(dataset, "id", search));
        assertTrue(e.getMessage().contains("'id'"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> VectorScan.nearest(dataset, "nothing", search));
    }

    private Dataset create(int rowCount) throws IOException {
        for (int i = 0; i < DIMENSION; i++) {
            query[i] = random.nextInt(3);
        }
        return Dataset.create(
                session, store, SCHEMA, rows(rowCount), WriteOptions.DEFAULT.withMaxRowsPerFile(ROWS_PER_FRAGMENT));
    }

    private List<Neighbor> nearest(Dataset dataset) throws IOException {
        return VectorScan.nearest(dataset, "vector", FlatSearch.of(query, DistanceType.L2, 20));
    }

    /// Compares with a search row by row. Elements are small whole numbers: no sum of them is rounded.
    private void assertNearest(Dataset dataset, RowAddressSet deleted, String what) throws IOException {
        var expected = new TopK(20);
        for (int row = 0; row < vectors.size(); row++) {
            long address = RowAddress.of(row / ROWS_PER_FRAGMENT, row % ROWS_PER_FRAGMENT);
            float[] vector = vectors.get(row);
            if (vector != null && !deleted.contains(address)) {
                float distance = 0;
                for (int i = 0; i < DIMENSION; i++) {
                    distance += (vector[i] - query[i]) * (vector[i] - query[i]);
                }
                expected.offer(distance, address);
            }
        }
        assertEquals(expected.toSortedList(), nearest(dataset), "-Djoust.seed=" + SEED + " " + what);
    }

    /// Random rows, one in ten without a vector, remembered in `vectors`.
    private BatchReader rows(int count) {
        var rows = new ArrayList<Object[]>();
        for (int row = 0; row < count; row++) {
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = random.nextInt(3);
            }
            boolean isNull = random.nextInt(10) == 0;
            vectors.add(isNull ? null : vector);
            rows.add(new Object[] {row, isNull ? null : vector});
        }
        return new OneBatch(ColumnBuilder.batch(SCHEMA, rows, ArrowMemory.of(session)));
    }

    private static final class OneBatch implements BatchReader {
        private final Schema schema;
        private @Nullable Batch batch;

        OneBatch(Batch batch) {
            this.schema = batch.schema();
            this.batch = batch;
        }

        @Override
        public Schema schema() {
            return schema;
        }

        @Override
        public @Nullable Batch next() {
            Batch next = batch;
            batch = null;
            return next;
        }

        @Override
        public void close() {
            if (batch != null) {
                batch.close();
            }
        }
    }
}
