// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

class DatasetTest {
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

    private Dataset create(int count, WriteOptions options) throws IOException {
        return Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, count, 100), options);
    }

    private Dataset create(int count) throws IOException {
        return create(count, WriteOptions.DEFAULT);
    }

    private Dataset createInFragments(int count, int rowsPerFragment) throws IOException {
        return create(count, WriteOptions.DEFAULT.withMaxRowsPerFile(rowsPerFragment));
    }

    private static List<Long> range(long start, long end) {
        return LongStream.range(start, end).boxed().toList();
    }

    private static RowAddressSet rows(long fragment, int... offsets) {
        RowAddressSet.Builder rows = RowAddressSet.builder();
        for (int offset : offsets) {
            rows.add(RowAddress.of(fragment, offset));
        }
        return rows.build();
    }

    @Test
    void rowsComeBackInOrderOverFragmentsAndVersions() throws IOException {
        Dataset first = createInFragments(250, 100);
        assertEquals(3, first.manifest().fragments().size());
        Dataset second = first.append(TestRows.reader(session, 250, 50));
        assertEquals(range(0, 300), TestRows.ids(second));
        assertEquals(range(0, 250), TestRows.ids(first));
        assertEquals(300, Dataset.open(session, store).countRows());
        assertEquals(range(0, 250), TestRows.ids(Dataset.openAt(session, store, 1)));
        assertEquals(2, first.refresh().version());
        List<VersionInfo> versions = second.versions();
        assertEquals(
                List.of("Overwrite", "Append"),
                versions.stream().map(VersionInfo::operation).toList());
        assertEquals(
                List.of(250L, 300L), versions.stream().map(VersionInfo::rowCount).toList());
        assertThrows(NoSuchFileException.class, () -> Dataset.openAt(session, store, 3));
    }

    @Test
    void valuesOfEveryColumnComeBack() throws IOException {
        try (Batch batch = create(30).takePositions(new long[] {7, 8}, List.of("id", "name", "vector"))) {
            assertNull(ColumnValues.get(batch.column("name"), 0));
            assertEquals("name 8", ColumnValues.get(batch.column("name"), 1));
            assertEquals("[8.0, 8.5, -8.0, 1.0]", describe(ColumnValues.get(batch.column("vector"), 1)));
        }
    }

    private static String describe(Object value) {
        return value instanceof float[] floats ? java.util.Arrays.toString(floats) : String.valueOf(value);
    }

    @Test
    void tablesOfNoRowsAreTables() throws IOException {
        Dataset empty = create(0);
        assertEquals(0, empty.countRows());
        assertEquals(List.of(), TestRows.ids(empty));
        Dataset appended = empty.append(TestRows.reader(session, 0, 0)).append(TestRows.reader(session, 5, 1));
        assertEquals(3, appended.version());
        assertEquals(List.of(5L), TestRows.ids(appended));
        assertEquals(0L, appended.manifest().maxFragmentId());
    }

    @Test
    void columnsThatAreNotWrittenAreRefusedAlsoWithoutRows() throws IOException {
        Field entries = Field.required("entries", new LogicalType.Struct())
                .withChildren(List.of(
                        Field.required("key", new LogicalType.Utf8(false)),
                        Field.nullable("value", new LogicalType.Utf8(false))));
        Schema maps = new Schema(List.of(Field.nullable("m", new LogicalType.Map()).withChildren(List.of(entries))), Map.of());
        WriteOptions older = WriteOptions.DEFAULT.withFileVersion(FileVersion.V2_1);
        var refusal = assertThrows(
                UnsupportedFormatException.class,
                () -> Dataset.create(session, store, maps, TestRows.reader(session, maps, List.of()), older));
        assertTrue(refusal.getMessage().contains("'m'"), refusal.getMessage());
        assertEquals(List.of(), store.list(ObjectPath.ROOT));
    }

    private static List<String> fileVersions(Dataset table) {
        return table.manifest().fragments().stream()
                .flatMap(fragment -> fragment.files().stream())
                .map(file -> file.majorVersion() + "." + file.minorVersion())
                .toList();
    }

    @Test
    void aTableKeepsTheVersionOfFilesThatItWasMadeWith() throws IOException {
        for (FileVersion version : List.of(FileVersion.V2_0, FileVersion.V2_1, FileVersion.V2_2)) {
            try (MemoryObjectStore own = new MemoryObjectStore()) {
                Dataset.create(
                        session,
                        own,
                        TestRows.SCHEMA,
                        TestRows.reader(session, 0, 10),
                        WriteOptions.DEFAULT.withFileVersion(version));
                Dataset opened = Dataset.open(session, own);
                String label = version.label();
                assertEquals(label, opened.manifest().dataFormatVersion());
                Dataset appended = opened.append(TestRows.reader(session, 10, 5));
                assertEquals(List.of(label, label), fileVersions(appended));
                Dataset deleted = appended.deleteRows(rows(1, 0), "one");
                assertEquals(label, deleted.manifest().dataFormatVersion());
                assertEquals(14, deleted.countRows());
                Dataset overwritten = deleted.overwrite(TestRows.SCHEMA, TestRows.reader(session, 0, 3));
                assertEquals(List.of(label), fileVersions(overwritten));
                assertEquals(label, overwritten.manifest().dataFormatVersion());
                assertEquals(range(0, 3), TestRows.ids(Dataset.open(session, own)));
            }
        }
    }

    @Test
    void overwritingMayChangeTheVersionOfFiles() throws IOException {
        Dataset table = create(10, WriteOptions.DEFAULT.withFileVersion(FileVersion.V2_0));
        Dataset newer = table.withOptions(WriteOptions.DEFAULT.withFileVersion(FileVersion.V2_2))
                .overwrite(TestRows.SCHEMA, TestRows.reader(session, 0, 3));
        assertEquals(List.of("2.2"), fileVersions(newer));
        assertEquals("2.2", newer.refresh().manifest().dataFormatVersion());
    }

    @Test
    void aTableIsNotCreatedTwice() throws IOException {
        create(1);
        assertThrows(IllegalArgumentException.class, () -> create(1));
    }

    @Test
    void deletedRowsAreGoneAndFragmentsWithoutRowsToo() throws IOException {
        Dataset deleted = createInFragments(300, 100)
                .deleteRows(rows(0, 3, 5, 99), "some")
                .deleteRows(rows(1, 0), "one");
        assertEquals(296, deleted.countRows());
        List<Long> expected = new ArrayList<>(range(0, 300));
        expected.removeAll(List.of(3L, 5L, 99L, 100L));
        assertEquals(expected, TestRows.ids(deleted));
        RowAddressSet.Builder second = RowAddressSet.builder();
        for (int i = 0; i < 100; i++) {
            second.add(RowAddress.of(1, i)).add(RowAddress.of(2, i));
        }
        Dataset one = deleted.deleteRows(second.build(), "fragments");
        assertEquals(1, one.manifest().fragments().size());
        assertEquals(97, TestRows.ids(one).size());
        Dataset more = one.append(TestRows.reader(session, 1000, 1));
        assertEquals(3, more.manifest().fragments().getLast().id(), "ids of fragments are not given again");
        Dataset again = more.deleteRows(rows(0, 3), "what is deleted already");
        assertEquals(more.countRows(), again.countRows());
        assertEquals(more.version() + 1, again.version());
    }

    @Test
    void addressesOutsideTheTableAreTheCallersMistake() throws IOException {
        Dataset table = create(10).deleteRows(rows(0, 4), "");
        assertThrows(IllegalArgumentException.class, () -> table.deleteRows(rows(0, 10), ""));
        assertThrows(IllegalArgumentException.class, () -> table.deleteRows(rows(1, 0), ""));
        for (long address : new long[] {RowAddress.of(0, 4), RowAddress.of(0, 10), RowAddress.of(7, 0), -1}) {
            assertThrows(IllegalArgumentException.class, () -> table.take(new long[] {address}, List.of("id")));
        }
        assertThrows(IllegalArgumentException.class, () -> table.takePositions(new long[] {9}, List.of("id")));
        assertThrows(IllegalArgumentException.class, () -> table.scan(ScanOptions.ALL.withColumns("nope")));
    }

    @Test
    void limitAndOffsetCountLiveRows() throws IOException {
        Dataset table = createInFragments(300, 100).deleteRows(rows(0, 0, 1, 50), "");
        List<Long> all = TestRows.ids(table);
        for (int offset : new int[] {0, 1, 48, 96, 97, 98, 200, 296, 297, 400}) {
            for (int limit : new int[] {0, 1, 49, 100, 1000}) {
                List<Long> expected = all.stream().skip(offset).limit(limit).toList();
                ScanOptions scan =
                        ScanOptions.ALL.withColumns("id").withOffset(offset).withLimit(limit);
                assertEquals(expected, TestRows.ids(table.scan(scan)), offset + ", " + limit);
                ScanOptions filtered = scan.withPredicate(TestRows.whereId(_ -> true)).withBatchRowCount(7);
                assertEquals(expected, TestRows.ids(table.scan(filtered)), offset + ", " + limit);
            }
        }
    }

    @Test
    void whatOffsetAndLimitLeaveOutIsNotRead() throws IOException {
        createInFragments(300, 100);
        try (Session cold = Session.create()) {
            Dataset opened = Dataset.open(cold, store);
            ReadStats before = store.stats();
            assertEquals(300, opened.countRows());
            assertEquals(0, store.stats().since(before).requestCount());
            ScanOptions one = ScanOptions.ALL.withColumns("id").withOffset(150).withLimit(1);
            assertEquals(List.of(150L), TestRows.ids(opened.scan(one)));
            assertTrue(
                    store.stats().since(before).getCount() <= 3,
                    () -> "one file's tail, what its page says of itself, and a piece of the page: "
                            + store.stats().since(before));
        }
    }

    @Test
    void openingCostsOneListingAndOneGet() throws IOException {
        create(10).append(TestRows.reader(session, 10, 1));
        ReadStats before = store.stats();
        Dataset.open(session, store);
        ReadStats cost = store.stats().since(before);
        assertEquals(1, cost.listCount());
        assertEquals(1, cost.getCount());
        assertEquals(2, cost.requestCount());
    }

    @Test
    void appendingThroughAFreshHandleCostsThreePuts() throws IOException {
        Dataset table = create(10);
        ReadStats before = store.stats();
        table.append(TestRows.reader(session, 10, 1));
        ReadStats cost = store.stats().since(before);
        assertEquals(3, cost.requestCount(), cost.toString());
        assertEquals(3, cost.putCount());
        before = store.stats();
        table.refresh()
                .withOptions(WriteOptions.DEFAULT.withTransactionFile(false))
                .append(TestRows.reader(session, 11, 1));
        assertEquals(2, store.stats().since(before).putCount());
    }

    @Test
    void predicatesSelectRowsAndOtherColumnsComeAlong() throws IOException {
        Dataset table = createInFragments(1000, 400).deleteRows(rows(1, 10, 20), "");
        for (int modulus : new int[] {1, 2, 3, 50, 999}) {
            ScanOptions scan = ScanOptions.ALL.withPredicate(TestRows.whereId(id -> id % modulus == 0));
            List<Long> expected = range(0, 1000).stream()
                    .filter(id -> id % modulus == 0 && id != 410 && id != 420)
                    .toList();
            var found = TestRows.rows(table.scan(scan.withBatchRowCount(64)));
            assertEquals(expected, found.stream().map(row -> row.get("id")).toList());
            for (var row : found) {
                long id = (Long) row.get("id");
                assertEquals(id % 7 == 0 ? null : "name " + id, row.get("name"));
            }
            var names = TestRows.rows(table.scan(scan.withColumns("name")));
            assertEquals(expected.size(), names.size());
            assertEquals(Set.of("name"), names.getFirst().keySet());
        }
    }

    @Test
    void aFailingPredicateEndsTheScanWithItsError() throws IOException {
        Dataset table = createInFragments(300, 100);
        RowPredicate failing = TestRows.whereId(id -> {
            if (id == 250) {
                throw new ArithmeticException("row 250");
            }
            return true;
        });
        assertThrows(
                ArithmeticException.class,
                () -> TestRows.rows(table.scan(ScanOptions.ALL.withPredicate(failing))));
        assertEquals(0, ArrowMemory.of(session).allocatedBytes());
    }

    @Test
    void rowIdsAndAddressesComeLast() throws IOException {
        Dataset table = createInFragments(20, 10).deleteRows(rows(1, 2), "");
        try (BatchReader reader =
                table.scan(ScanOptions.ALL.withColumns("id").withRowIds().withRowAddresses())) {
            assertEquals(
                    List.of("id", "_rowid", "_rowaddr"),
                    reader.schema().fields().stream().map(Field::name).toList());
            for (var row : TestRows.rows(reader)) {
                long id = (Long) row.get("id");
                String address = String.valueOf(RowAddress.of(id / 10, (int) (id % 10)));
                assertEquals(address, String.valueOf(row.get("_rowaddr")));
                assertEquals(address, String.valueOf(row.get("_rowid")));
            }
        }
        assertEquals(
                19,
                TestRows.rows(table.scan(ScanOptions.ALL.withColumns("_rowid"))).size());
    }

    @Test
    void takesAnswerInTheOrderAskedOverFragments() throws IOException {
        Dataset table = createInFragments(300, 100).deleteRows(rows(0, 0), "");
        long[] addresses = {
            RowAddress.of(2, 5), RowAddress.of(0, 7), RowAddress.of(2, 4), RowAddress.of(0, 7), RowAddress.of(1, 99)
        };
        try (Batch batch = table.take(addresses, List.of("name", "id", "vector", "_rowaddr"))) {
            assertArrayEquals(new Object[] {205L, 7L, 204L, 7L, 199L}, column(batch, "id"));
            assertArrayEquals(new Object[] {"name 205", null, "name 204", null, "name 199"}, column(batch, "name"));
            assertEquals("[199.0, 199.5, -199.0, 1.0]", describe(column(batch, "vector")[4]));
            assertEquals(String.valueOf(addresses[4]), String.valueOf(column(batch, "_rowaddr")[4]));
        }
        try (Batch batch = table.takePositions(new long[] {298, 0, 98, 99}, List.of("id"))) {
            assertArrayEquals(new Object[] {299L, 1L, 99L, 100L}, column(batch, "id"));
        }
        try (Batch none = table.take(new long[0], List.of("id", "name"))) {
            assertEquals(0, none.rowCount());
        }
        assertEquals(0, ArrowMemory.of(session).allocatedBytes());
    }

    private static Object[] column(Batch batch, String name) {
        Object[] values = new Object[batch.rowCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ColumnValues.get(batch.column(name), i);
        }
        return values;
    }

    @Test
    void updatesReplaceRowsInOneVersion() throws IOException {
        Dataset table = create(10);
        Dataset updated = table.replaceRows(rows(0, 2, 3), TestRows.reader(session, 100, 2));
        assertEquals(table.version() + 1, updated.version());
        assertEquals(List.of(0L, 1L, 4L, 5L, 6L, 7L, 8L, 9L, 100L, 101L), TestRows.ids(updated));
    }

    @Test
    void overwritingReplacesSchemaAndRows() throws IOException {
        Dataset table = create(10);
        Schema other = Schema.of(Field.nullable("n", new LogicalType.Int(32, true)));
        Dataset replaced = table.overwrite(
                other, TestRows.reader(session, other, List.of(new Object[] {1}, new Object[] {2})));
        assertEquals(2, replaced.countRows());
        assertEquals(1, replaced.manifest().fragments().getFirst().id());
        assertEquals(List.of("n"), replaced.schema().fields().stream().map(Field::name).toList());
        assertEquals(range(0, 10), TestRows.ids(table));
    }

    @Test
    void columnsThatAnAppendLeavesOutAreNull() throws IOException {
        Schema ids = Schema.of(TestRows.SCHEMA.fields().getFirst());
        Dataset appended = create(2)
                .append(TestRows.reader(session, ids, List.of(new Object[] {7L}, new Object[] {8L})));
        var rows = TestRows.rows(appended.scan(ScanOptions.ALL));
        assertEquals(List.of(0L, 1L, 7L, 8L), rows.stream().map(row -> row.get("id")).toList());
        assertNull(rows.get(3).get("name"));
        assertNull(rows.get(3).get("vector"));
        try (Batch taken = appended.take(new long[] {RowAddress.of(1, 1), 1}, List.of("name", "vector"))) {
            assertArrayEquals(new Object[] {null, "name 1"}, column(taken, "name"));
        }
    }

    @Test
    void columnsThatDoNotFitAreRefusedByName() throws IOException {
        Dataset table = create(2);
        Field id = TestRows.SCHEMA.fields().get(0);
        Field name = TestRows.SCHEMA.fields().get(1);
        assertRefused(table, "'id'", Schema.of(name));
        assertRefused(table, "'extra'", Schema.of(id, Field.nullable("extra", name.type())));
        assertRefused(table, "'id' is int64", Schema.of(Field.required("id", new LogicalType.Int(32, true))));
        assertEquals(1, table.refresh().version());
    }

    private void assertRefused(Dataset table, String named, Schema schema) {
        var error = assertThrows(
                IllegalArgumentException.class, () -> table.append(TestRows.reader(session, schema, List.of())));
        assertTrue(error.getMessage().contains(named), error.getMessage());
    }

    @Test
    void closingAScanEarlyLeavesNothingBehind() throws IOException, InterruptedException {
        Dataset table = createInFragments(3000, 50);
        for (int batches = 0; batches < 4; batches++) {
            try (BatchReader reader = table.scan(ScanOptions.ALL.withBatchRowCount(10))) {
                for (int i = 0; i < batches; i++) {
                    reader.next().close();
                }
            }
            // Batches under way are freed when they are done.
            for (int i = 0; i < 1000 && ArrowMemory.of(session).allocatedBytes() > 0; i++) {
                Thread.sleep(10);
            }
            assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        }
    }

    @Test
    void stableRowIdsGoOnFromVersionToVersion() throws IOException {
        Dataset table = create(10, WriteOptions.DEFAULT.withStableRowIds(true))
                .append(TestRows.reader(session, 10, 5))
                .deleteRows(rows(0, 9), "");
        assertEquals(15, table.manifest().nextRowId());
        var found = TestRows.rows(table.scan(ScanOptions.ALL.withRowIds()));
        assertEquals(14, found.size());
        for (var row : found) {
            assertEquals(String.valueOf(row.get("id")), String.valueOf(row.get("_rowid")));
        }
    }

    @Test
    void columnsThatNoFileHasAreNullOrDamage() throws IOException {
        Dataset table = create(3);
        List<Field> fields = new ArrayList<>(table.schema().fields());
        fields.add(Field.nullable("added", new LogicalType.Utf8(false)).withId(7));
        Dataset nullable = table.commit(project(fields));
        for (var row : TestRows.rows(nullable.scan(ScanOptions.ALL))) {
            assertNull(row.get("added"));
        }
        fields.set(3, Field.required("added", new LogicalType.Utf8(false)).withId(7));
        Dataset required = nullable.commit(project(fields));
        var error = assertThrows(
                CorruptFileException.class, () -> TestRows.rows(required.scan(ScanOptions.ALL)));
        assertTrue(error.getMessage().contains("'added'"), error.getMessage());
        assertEquals(List.of(0L, 1L, 2L), TestRows.ids(required));
    }

    private static Operation project(List<Field> fields) {
        return new Operation.Project(StoredSchema.of(new Schema(fields, Map.of())), true, Bytes.EMPTY);
    }

    @Test
    void restoringBringsAnOlderVersionBack() throws IOException {
        Dataset first = create(3);
        Dataset second = first.append(TestRows.reader(session, 3, 2)).deleteRows(rows(0, 0), "");
        Dataset restored = second.commit(new Operation.Restore(1, Bytes.EMPTY));
        assertEquals(List.of(0L, 1L, 2L), TestRows.ids(restored));
        assertEquals(4, restored.version());
        assertEquals(2, restored.append(TestRows.reader(session, 9, 1)).manifest().maxFragmentId());
    }

    @Test
    void aFragmentThatSaysMoreRowsThanItsFileHasIsDamage() throws IOException {
        Dataset table = create(3);
        Fragment fragment = table.manifest().fragments().getFirst();
        Fragment larger = new Fragment(
                0, fragment.files(), null, 1L << 31, null, null, null, Bytes.EMPTY);
        Dataset damaged = table.commit(new Operation.Append(List.of(larger)));
        assertThrows(CorruptFileException.class, () -> TestRows.ids(damaged));
        assertThrows(
                CorruptFileException.class, () -> damaged.take(new long[] {RowAddress.of(1, 5)}, List.of("id")));
    }
}
