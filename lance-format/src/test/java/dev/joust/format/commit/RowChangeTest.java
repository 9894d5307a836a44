// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CommitConflictException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowChange;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

class RowChangeTest {
    private Session session;
    private MemoryObjectStore store;

    @BeforeEach
    void open() {
        session = Session.create();
        store = new MemoryObjectStore();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset create(int count, int rowsPerFragment) throws IOException {
        return Dataset.create(
                session,
                store,
                TestRows.SCHEMA,
                TestRows.reader(session, 0, count, 100),
                WriteOptions.DEFAULT.withStableRowIds(true).withMaxRowsPerFile(rowsPerFragment));
    }

    private static long[] addresses(long... fragmentAndOffset) {
        long[] addresses = new long[fragmentAndOffset.length / 2];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = RowAddress.of(fragmentAndOffset[2 * i], (int) fragmentAndOffset[2 * i + 1]);
        }
        return addresses;
    }

    /// Values of column `id` by row id.
    private Map<Long, Long> valuesById(Dataset table) throws IOException {
        Map<Long, Long> values = new TreeMap<>();
        for (var row : TestRows.rows(table.scan(ScanOptions.ALL.withRowIds()))) {
            values.put((Long) row.get("_rowid"), (Long) row.get("id"));
        }
        return values;
    }

    @Test
    void rowsWrittenAgainKeepTheirIdsAndNewOnesGetFresh() throws IOException {
        Dataset table = create(20, 10);
        RowChange change = RowChange.of(addresses(1, 5, 0, 2), RowAddressSet.of(addresses(0, 0)), table.manifest());
        Dataset after = table.replaceRows(change, TestRows.reader(session, 100, 3));
        Map<Long, Long> expected = new TreeMap<>();
        LongStream.range(0, 20).forEach(id -> expected.put(id, id));
        expected.remove(0L);
        expected.put(15L, 100L);
        expected.put(2L, 101L);
        expected.put(20L, 102L);
        assertEquals(expected, valuesById(after));
        assertEquals(21, after.manifest().nextRowId());
        Fragment added = after.manifest().fragments().getLast();
        assertEquals(List.of(1L, 1L, 2L), Manifests.versions(added, added.createdAtVersions()));
        assertEquals(List.of(2L, 2L, 2L), Manifests.versions(added, added.lastUpdatedAtVersions()));
        assertEquals(expected, valuesById(Dataset.open(session, store)));
    }

    @Test
    void movedRowsMayFillSeveralFragmentsAndNewOnesFollow() throws IOException {
        Dataset table = create(30, 10);
        long[] moved = new long[15];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = RowAddress.of(i % 3, i / 3);
        }
        Dataset after = table.withOptions(WriteOptions.DEFAULT.withMaxRowsPerFile(10))
                .replaceRows(RowChange.of(moved, RowAddressSet.EMPTY, table.manifest()), TestRows.reader(session, 100, 25));
        assertEquals(6, after.manifest().fragments().size());
        Map<Long, Long> values = valuesById(after);
        assertEquals(40, values.size());
        for (int i = 0; i < moved.length; i++) {
            assertEquals(100L + i, values.get(10L * (i % 3) + i / 3));
        }
        for (int i = 15; i < 25; i++) {
            assertEquals(100L + i, values.get(30L + i - 15));
        }
    }

    @Test
    void rowsThatAreGoneCantBeWrittenAgain() throws IOException {
        Dataset table = create(10, 10).deleteRows(RowAddressSet.of(addresses(0, 3)), "");
        RowChange gone = RowChange.of(addresses(0, 3), RowAddressSet.EMPTY, table.manifest());
        var error = assertThrows(
                IllegalArgumentException.class, () -> table.replaceRows(gone, TestRows.reader(session, 0, 1)));
        assertTrue(error.getMessage().contains("deleted"), error.getMessage());
        RowChange twice = RowChange.of(addresses(0, 4, 0, 4), RowAddressSet.EMPTY, table.manifest());
        assertThrows(IllegalArgumentException.class, () -> table.replaceRows(twice, TestRows.reader(session, 0, 2)));
        RowChange tooMany = RowChange.of(addresses(0, 4, 0, 5), RowAddressSet.EMPTY, table.manifest());
        assertThrows(IllegalArgumentException.class, () -> table.replaceRows(tooMany, TestRows.reader(session, 0, 1)));
    }

    @Test
    void updatesOfDifferentRowsGoTogetherAndTheirRowsKeepTheirIds() throws IOException {
        Dataset table = create(10, 10);
        Dataset mine = table.replaceRows(
                RowChange.of(addresses(0, 1), RowAddressSet.EMPTY, table.manifest()), TestRows.reader(session, 100, 2));
        Dataset both = table.replaceRows(
                RowChange.of(addresses(0, 2, 0, 7), RowAddressSet.EMPTY, table.manifest()),
                TestRows.reader(session, 200, 3));
        assertEquals(mine.version() + 1, both.version());
        Map<Long, Long> values = valuesById(both);
        assertEquals(12, values.size());
        assertEquals(100L, values.get(1L));
        assertEquals(200L, values.get(2L));
        assertEquals(201L, values.get(7L));
        assertEquals(101L, values.get(10L));
        assertEquals(202L, values.get(11L));
        assertEquals(12, both.manifest().nextRowId());
        var error = assertThrows(
                CommitConflictException.class,
                () -> table.replaceRows(
                        RowChange.of(addresses(0, 7), RowAddressSet.EMPTY, table.manifest()),
                        TestRows.reader(session, 300, 1)));
        assertTrue(error.retryable());
    }

    @Test
    void aWholeTableIsDeletedButNotWhatOthersAddedMeanwhile() throws IOException {
        Dataset table = create(10, 5);
        table.append(TestRows.reader(session, 10, 3));
        Dataset after = table.deleteAllRows();
        assertEquals(List.of(10L, 11L, 12L), TestRows.ids(after));
        List<Long> ids = new ArrayList<>(valuesById(after).keySet());
        assertEquals(List.of(10L, 11L, 12L), ids);
    }
}
