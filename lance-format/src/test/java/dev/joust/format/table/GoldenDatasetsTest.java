// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.PlainRows;
import dev.joust.io.Durability;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Tables that the reference wrote, against what the reference reads from them.
class GoldenDatasetsTest {
    private Session session;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    static List<GoldenTable> tables() {
        return GoldenTables.all();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyVersionReadsAsTheReferenceReadsIt(GoldenTable table) throws IOException {
        ObjectStore store = new LocalObjectStore(table.table(), Durability.NONE);
        switch (table.reading()) {
            case NOW -> assertReads(table, store);
            case REFUSED -> assertRefused(table, store);
            case LATER -> {
                try {
                    assertReads(table, store);
                } catch (UnsupportedFormatException e) {
                    assertTrue(e.getMessage().length() > 10, e.getMessage());
                }
            }
        }
    }

    private void assertReads(GoldenTable table, ObjectStore store) throws IOException {
        Dataset latest = Dataset.open(session, store);
        assertEquals(table.version(), latest.version());
        assertEquals(table.rowCount(), latest.countRows());
        for (int batchRowCount : new int[] {8192, 37}) {
            ScanOptions scan = ScanOptions.ALL.withBatchRowCount(batchRowCount);
            try (ExpectedRows rows = table.expected();
                    PlainRows expected = new PlainRows(rows)) {
                compare(latest.scan(scan), expected.root(), table.name());
            }
            if (java.nio.file.Files.exists(table.folder().resolve("row-ids.arrow"))) {
                try (ExpectedRows expected = table.rowIds()) {
                    compare(
                            latest.scan(
                                    scan.withColumns(List.of()).withRowIds().withRowAddresses()),
                            expected.root(),
                            table.name() + " row ids");
                }
            }
        }
        for (long version : table.olderVersions()) {
            try (ExpectedRows rows = table.expected(version);
                    PlainRows expected = new PlainRows(rows)) {
                compare(
                        Dataset.openAt(session, store, version).scan(ScanOptions.ALL),
                        expected.root(),
                        table.name() + " version " + version);
            }
        }
    }

    private void assertRefused(GoldenTable table, ObjectStore store) {
        var error = assertThrows(UnsupportedFormatException.class, () -> {
            try (BatchReader reader = Dataset.open(session, store).scan(ScanOptions.ALL)) {
                reader.next();
            }
        });
        assertTrue(
                error.getMessage().toLowerCase(Locale.ROOT).contains(table.refusedName()),
                table.name() + ": " + error.getMessage());
    }

    private void compare(BatchReader actual, VectorSchemaRoot expected, String what) throws IOException {
        try (actual) {
            int row = 0;
            for (Batch next = actual.next(); next != null; next = actual.next()) {
                try (Batch batch = next;
                        VectorSchemaRoot root = ArrowBatches.toArrow(
                                batch, ArrowMemory.of(session).allocator())) {
                    assertTrue(batch.rowCount() > 0, what);
                    assertEquals(
                            expected.getSchema().getFields().stream()
                                    .map(field -> field.getName())
                                    .toList(),
                            root.getSchema().getFields().stream()
                                    .map(field -> field.getName())
                                    .toList(),
                            what);
                    for (int i = 0; i < expected.getFieldVectors().size(); i++) {
                        FieldVector wanted = expected.getVector(i);
                        FieldVector found = root.getVector(i);
                        RangeEqualsVisitor visitor = new RangeEqualsVisitor(wanted, found, (left, right) -> true);
                        assertEquals(
                                wanted.getField().getType(), found.getField().getType(), what);
                        if (!visitor.rangeEquals(new Range(row, 0, batch.rowCount()))) {
                            for (int k = 0; k < batch.rowCount(); k++) {
                                assertEquals(
                                        String.valueOf(wanted.getObject(row + k)),
                                        String.valueOf(found.getObject(k)),
                                        what + ", " + wanted.getName() + ", row " + (row + k));
                            }
                            assertTrue(false, what + ": column " + wanted.getName() + " differs from row " + row);
                        }
                    }
                    row += batch.rowCount();
                }
            }
            assertEquals(expected.getRowCount(), row, what);
        }
    }
}
