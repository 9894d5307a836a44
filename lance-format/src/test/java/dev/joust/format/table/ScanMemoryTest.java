// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

class ScanMemoryTest {
    private static final int DIMENSION = 512;
    private static final int ROW_COUNT = 6_000;
    private static final Schema SCHEMA = Schema.of(
            Field.required("id", new LogicalType.Int(64, true)),
            Field.nullable("vector", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), DIMENSION)));

    private final MemoryObjectStore store = new MemoryObjectStore();

    /// 12 MB in all.
    private void create(int rowsPerFragment, FileVersion version) throws IOException {
        try (Session session = Session.create()) {
            List<Object[]> rows = new ArrayList<>();
            for (long id = 0; id < ROW_COUNT; id++) {
                float[] vector = new float[DIMENSION];
                vector[(int) (id % DIMENSION)] = id;
                rows.add(new Object[] {id, vector});
            }
            Dataset.create(
                    session,
                    store,
                    SCHEMA,
                    TestRows.reader(session, SCHEMA, rows),
                    WriteOptions.DEFAULT.withMaxRowsPerFile(rowsPerFragment).withFileVersion(version));
        }
    }

    /// A table four times as large as the memory for batches, in a few large fragments and in many small ones.
    @ParameterizedTest
    @CsvSource({"6000,V2_1", "1000,V2_1", "50,V2_1", "6000,V2_0", "1000,V2_0", "50,V2_0"})
    void aScanStaysWithinTheSessionsBatchMemory(int rowsPerFragment, FileVersion version) throws IOException {
        create(rowsPerFragment, version);
        try (Session session = Session.builder().batchMemoryBytes(3 << 20).build()) {
            Dataset table = Dataset.open(session, store);
            assertEquals(ROW_COUNT, TestRows.ids(table.scan(ScanOptions.ALL)).size());
            ScanOptions filtered = ScanOptions.ALL.withPredicate(TestRows.whereId(id -> id % 3 == 0));
            assertEquals(ROW_COUNT / 3, TestRows.ids(table.scan(filtered)).size());
            ScanOptions smallBatches = ScanOptions.ALL.withBatchRowCount(10);
            assertEquals(ROW_COUNT, TestRows.ids(table.scan(smallBatches)).size());
            assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        }
    }

    @Test
    void batchesAreCutByBytes() throws IOException {
        create(ROW_COUNT, FileVersion.V2_1);
        try (Session session = Session.create();
                BatchReader scan = Dataset.open(session, store).scan(ScanOptions.ALL.withBatchBytes(100_000))) {
            int rows = 0;
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                rows += batch.rowCount();
                int rowCount = batch.rowCount();
                assertTrue((rowCount >= 40 && rowCount <= 50) || rows == ROW_COUNT, () -> rowCount + " rows of 2 KB");
                batch.close();
            }
            assertEquals(ROW_COUNT, rows);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V2_0", "V2_1"})
    @Timeout(60)
    void aScanEndsWhenItsSessionIsClosed(FileVersion version) throws IOException {
        create(ROW_COUNT, version);
        for (int i = 0; i < 20; i++) {
            Session session = Session.create();
            BatchReader scan = Dataset.open(session, store).scan(ScanOptions.ALL.withBatchRowCount(50));
            Objects.requireNonNull(scan.next()).close();
            session.close();
            try (scan) {
                for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                    batch.close();
                }
            } catch (IOException | IllegalStateException | RejectedExecutionException e) {
                // what was under way may have come through; what was not can't
            }
        }
    }
}
