// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTablesTest {

    @Test
    void everyReadableCaseHasItsRowsAndRowIds() {
        List<GoldenTable> tables = GoldenTables.all(GoldenTable.Reading.NOW);
        assertTrue(tables.size() > 50, () -> tables.size() + " cases");
        for (GoldenTable table : tables) {
            try (ExpectedRows rows = table.expected();
                    ExpectedRows ids = table.rowIds()) {
                assertEquals(table.rowCount(), rows.root().getRowCount(), table.toString());
                assertEquals(table.rowCount(), ids.root().getRowCount(), table.toString());
                assertEquals(2, ids.root().getFieldVectors().size(), table.toString());
            }
            for (long version : table.olderVersions()) {
                try (ExpectedRows rows = table.expected(version)) {
                    assertTrue(rows.root().getRowCount() >= 0, table.toString());
                }
            }
        }
    }

    @Test
    void everyRefusalHasAName() {
        for (GoldenTable table : GoldenTables.all(GoldenTable.Reading.REFUSED)) {
            assertFalse(table.refusedName().isEmpty(), table.toString());
        }
    }

    @Test
    void aCopyHoldsTheSameFiles(@TempDir Path folder) {
        GoldenTable table = GoldenTables.named("deletions-arrow");
        Path copy = table.copyTo(folder.resolve("copy.lance"));
        assertEquals(folder.resolve("copy.lance"), copy);
        assertEquals(table.deletionFiles().size(), copy.resolve("_deletions").toFile().list().length);
        assertEquals(table.dataFiles().size(), copy.resolve("data").toFile().list().length);
        assertEquals(table.manifests().size(), 3);
    }
}
