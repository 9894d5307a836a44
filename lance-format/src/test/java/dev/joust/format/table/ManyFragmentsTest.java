// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.commit.Operation;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// A table of 100,000 fragments: its manifest is large, and is all that opening it reads; a row costs what it costs in a
/// table of one fragment.
class ManyFragmentsTest {
    private static final int FRAGMENTS = 100_000;
    private static final int ROWS = 5;

    @Test
    void takingARowReadsNoMoreThanInATableOfOneFragment() throws IOException {
        MemoryObjectStore store = new MemoryObjectStore();
        ReadStats takeFromOne;
        try (Session session = Session.create()) {
            Dataset one = Dataset.create(
                    session, store, TestRows.SCHEMA, TestRows.reader(session, 0, ROWS), WriteOptions.DEFAULT);
            takeFromOne = spentOnTake(store, 3, 3);
            Fragment fragment = one.manifest().fragments().getFirst();
            Dataset table = one.commit(
                    new Operation.Append(Collections.nCopies(FRAGMENTS - 1, fragment.withId(0))));
            assertEquals(FRAGMENTS, table.manifest().fragments().size());
            assertEquals((long) FRAGMENTS * ROWS, table.countRows());
        }
        ReadStats opening = spentOnOpening(store);
        assertEquals(1, opening.listCount());
        assertTrue(opening.getCount() <= 3, opening.toString());
        assertEquals(takeFromOne, spentOnTake(store, 77_777L * ROWS + 3, 3));
    }

    private static ReadStats spentOnOpening(MemoryObjectStore store) throws IOException {
        CountingObjectStore counted = new CountingObjectStore(store);
        try (Session session = Session.create()) {
            Dataset.open(session, counted);
        }
        return counted.stats();
    }

    private static ReadStats spentOnTake(MemoryObjectStore store, long position, long id) throws IOException {
        CountingObjectStore counted = new CountingObjectStore(store);
        try (Session session = Session.create()) {
            Dataset table = Dataset.open(session, counted);
            ReadStats before = counted.stats();
            try (Batch row = table.takePositions(new long[] {position}, List.of("id"))) {
                assertEquals(id, ColumnValues.get(row.column("id"), 0));
            }
            return counted.stats().since(before);
        }
    }
}
