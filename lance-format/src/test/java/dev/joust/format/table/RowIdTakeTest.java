// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.arrow.vector.UInt8Vector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnValues;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Rows taken by their stable ids, in tables that the reference wrote, deleted from and updated.
class RowIdTakeTest {
    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset open(GoldenTable golden) throws IOException {
        return Dataset.open(session, new LocalObjectStore(golden.table(), Durability.NONE));
    }

    private static List<Long> ids(GoldenTable golden) {
        List<Long> ids = new ArrayList<>();
        try (ExpectedRows rows = golden.rowIds()) {
            UInt8Vector column = (UInt8Vector) rows.root().getVector("_rowid");
            for (int i = 0; i < rows.root().getRowCount(); i++) {
                ids.add(column.get(i));
            }
        }
        return ids;
    }

    @Test
    void everyIdFindsTheRowThatTheReferenceGivesIt() throws IOException {
        for (String name : List.of("stable-row-ids", "fragments", "fragments-0.1")) {
            GoldenTable golden = GoldenTables.all().stream()
                    .filter(table -> table.name().equals(name) && table.toString().startsWith("14."))
                    .findFirst()
                    .orElseThrow();
            Dataset table = open(golden);
            List<Long> ids = ids(golden);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(5));
            long[] wanted = order.stream().mapToLong(ids::get).toArray();
            String column = table.schema().fields().getFirst().name();
            try (ExpectedRows expected = golden.expected();
                    Batch batch = table.takeRowIds(wanted, List.of(column, "_rowid"))) {
                assertEquals(ids.size(), batch.rowCount());
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(wanted[i], ((Number) value(batch, "_rowid", i)).longValue(), name);
                    assertEquals(
                            expected.root().getVector(column).getObject(order.get(i)), value(batch, column, i), name);
                }
            }
        }
    }

    private static Object value(Batch batch, String column, int row) {
        @Nullable Object value = ColumnValues.get(batch.column(column), row);
        return value == null ? "null" : value;
    }

    @Test
    void whereRowsAreIsWorkedOutOnce() throws IOException {
        GoldenTable golden = GoldenTables.named("stable-row-ids");
        Dataset table = open(golden);
        long[] one = {ids(golden).getFirst()};
        table.takeRowIds(one, List.of("id")).close();
        long cached = session.metadataCache().sizeBytes();
        table.takeRowIds(one, List.of("id")).close();
        assertEquals(cached, session.metadataCache().sizeBytes());
    }

    @Test
    void idsOfDeletedRowsAndOfNoneAreRefused() throws IOException {
        GoldenTable golden = GoldenTables.named("stable-row-ids");
        Dataset table = open(golden);
        List<Long> ids = ids(golden);
        Map<Long, Integer> known = new HashMap<>();
        ids.forEach(id -> known.put(id, 1));
        int refused = 0;
        for (long id = 0; id < Collections.max(ids) + 3; id++) {
            if (!known.containsKey(id)) {
                long[] gone = {id};
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class, () -> table.takeRowIds(gone, List.of("id")));
                assertTrue(e.getMessage().startsWith("no row has id"), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused >= 3, refused + " ids without rows");
    }
}
