// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnValues;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Tables of releases long gone, beyond their rows: those are for {@link GoldenDatasetsTest}.
class OldTablesTest {
    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset open(String writer, String name) throws IOException {
        GoldenTable golden = GoldenTables.all().stream()
                .filter(table -> table.toString().equals(writer + "/" + name))
                .findFirst()
                .orElseThrow();
        return Dataset.open(session, new LocalObjectStore(golden.table(), Durability.NONE));
    }

    @Test
    void rowsThatNobodyCountedAreCounted() throws IOException {
        Dataset table = open("0.7.5", "sample-deletions");
        assertEquals(90, table.countRows());
        assertEquals(List.of(100L, 90L), table.versions().stream().map(VersionInfo::rowCount).toList());
        assertEquals(10, table.manifest().fragments().getFirst().deletedRowCount());
    }

    @Test
    void rowsThatWereCountedWronglyAreCountedAgain() throws IOException {
        Dataset table = open("0.8.0", "sample-migrated");
        assertEquals(92, table.countRows());
        assertEquals(100, table.manifest().fragments().getFirst().physicalRowCount());
        try (Batch last = table.takePositions(new long[] {91}, List.of("x"))) {
            assertEquals(1, last.rowCount());
        }
    }

    @Test
    void schemaAndVersionsNeedNoDataFiles() throws IOException {
        Dataset table = open("0.5.9", "sample-files-missing");
        assertEquals(List.of("id"), table.schema().fields().stream().map(field -> field.name()).toList());
        assertEquals(3, table.versions().size());
        UnsupportedFormatException refused = assertThrows(UnsupportedFormatException.class, table::countRows);
        assertTrue(refused.getMessage().contains("does not say how many rows"), refused.getMessage());
    }

    /// An id that two files of a fragment have means the first: so the reference reads it, until it writes.
    @Test
    void ofTwoFilesWithOneFieldTheFirstIsRead() throws IOException {
        Dataset table = open("0.10.5", "sample-corrupt-schema");
        try (Batch batch = table.takePositions(new long[] {3}, List.of("b"))) {
            assertEquals(9L, ((Number) ColumnValues.get(batch.columns().getFirst(), 0)).longValue());
        }
    }

    @Test
    void tablesOf01FilesAreNotWrittenTo() throws IOException {
        Dataset table = open("0.16.0", "fragments");
        UnsupportedFormatException refused = assertThrows(
                UnsupportedFormatException.class,
                () -> table.deleteRows(RowAddressSet.of(RowAddress.of(0, 0)), "one row"));
        assertTrue(refused.getMessage().contains("0.1"), refused.getMessage());
    }

    /// Without a version in the manifest, the files say it, or else a flag.
    @Test
    void tablesWithoutAVersionAreOfTheirFiles() throws IOException {
        assertEquals("0.1", open("0.15.0", "sample-v1-no-files").manifest().dataFormatVersion());
        assertEquals("0.1", open("0.15.0", "sample-v1-with-files").manifest().dataFormatVersion());
        assertEquals("2.2", open("0.15.0", "sample-v2-no-files").manifest().dataFormatVersion());
        assertEquals("2.0", open("0.15.0", "sample-v2-with-files").manifest().dataFormatVersion());
    }
}
