// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Columns added, changed and dropped; what files that costs, and what happens when others write meanwhile.
class ColumnChangesTest {
    private static final LogicalType INT64 = new LogicalType.Int(64, true);
    private static final LogicalType INT32 = new LogicalType.Int(32, true);
    private static final Schema TWICE = Schema.of(Field.nullable("twice", INT64));

    private Session session;
    private MemoryObjectStore store;
    private Dataset dataset;

    @BeforeEach
    void create() throws IOException {
        session = Session.create();
        store = new MemoryObjectStore();
        dataset = Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 50),
                WriteOptions.DEFAULT.withMaxRowsPerFile(10));
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// Twice the id.
    private static Batch twice(Batch ids, BufferSources memory) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ids.rowCount(); i++) {
            rows.add(new Object[] {2 * (Long) ColumnValues.get(ids.column("id"), i)});
        }
        return ColumnBuilder.batch(TWICE, rows, memory);
    }

    private static RowAddressSet addresses(long... addresses) {
        RowAddressSet.Builder builder = RowAddressSet.builder();
        LongStream.of(addresses).forEach(builder::add);
        return builder.build();
    }

    private static List<Map<String, @Nullable Object>> rows(Dataset version, String... columns) throws IOException {
        return TestRows.rows(version.scan(ScanOptions.ALL.withColumns(columns)));
    }

    private BatchReader numbers(Schema schema, int count) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Object[] {100 + i});
        }
        return TestRows.reader(session, schema, rows);
    }

    @Test
    void aNullColumnCostsNoDataFile() throws IOException {
        int files = store.list(dev.joust.io.ObjectPath.of("data")).size();
        ReadStats before = store.stats();
        Dataset wider = dataset.evolution().addNullColumns(Schema.of(Field.nullable("later", INT32)));
        ReadStats cost = store.stats().since(before);
        assertEquals(files, store.list(dev.joust.io.ObjectPath.of("data")).size());
        assertEquals(0, cost.getCount(), "nothing is read");
        assertEquals(2, cost.putCount(), "transaction and manifest");
        assertNull(rows(wider, "later").getFirst().get("later"));
        assertEquals(dataset.manifest().fragments(), wider.manifest().fragments());
    }

    @Test
    void aNullColumnThatHoldsNoNullsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> dataset.evolution().addNullColumns(Schema.of(Field.required("later", INT32))));
    }

    @Test
    void computedValuesStandBesideTheirRowsAlsoWhereOthersAreDeleted() throws IOException {
        Dataset holes = dataset.deleteRows(
                addresses(0, 3, RowAddress.of(2, 9), RowAddress.of(4, 0), RowAddress.of(4, 1)), "some");
        Dataset wider = holes.evolution().addColumns(TWICE, List.of("id"), ColumnChangesTest::twice);
        for (Map<String, @Nullable Object> row : rows(wider, "id", "twice")) {
            assertEquals(2 * (Long) row.get("id"), row.get("twice"));
        }
        assertEquals(45, wider.countRows());
        for (Fragment fragment : wider.manifest().fragments()) {
            assertEquals(2, fragment.files().size());
            assertEquals(10, fragment.physicalRowCount());
        }
        assertEquals(
                List.of(20L), TestRows.rows(wider.scan(ScanOptions.ALL.withColumns("twice").withPredicate(
                                TestRows.whereId(id -> id == 10)))).stream()
                        .map(row -> row.get("twice"))
                        .toList());
    }

    @Test
    void aRequiredColumnHasValuesInDeletedSlotsToo() throws IOException {
        long[] wholeBatch = LongStream.range(0, 9).toArray();
        Dataset holes = dataset.deleteRows(addresses(wholeBatch), "some");
        Schema required = Schema.of(Field.required("number", INT32));
        Dataset wider = holes.evolution().addColumns(numbers(required, 41));
        assertEquals(100, rows(wider, "number").getFirst().get("number"));
        assertEquals(140, rows(wider, "number").getLast().get("number"));
        // Deleted rows are read with the others before they are left out.
        assertEquals(41, wider.countRows());
    }

    @Test
    void fewerOrMoreValuesThanRowsAreRefused() {
        Schema number = Schema.of(Field.nullable("number", INT32));
        assertThrows(IllegalArgumentException.class, () -> dataset.evolution().addColumns(numbers(number, 49)));
        assertThrows(IllegalArgumentException.class, () -> dataset.evolution().addColumns(numbers(number, 51)));
    }

    @Test
    void aNullInARequiredColumnIsRefused() {
        Schema required = Schema.of(Field.required("number", INT64));
        assertThrows(IllegalArgumentException.class, () -> dataset.evolution().addColumns(required, List.of("id"), (ids, memory) ->
                ColumnBuilder.batch(
                        Schema.of(Field.nullable("number", INT64)),
                        java.util.Collections.nCopies(ids.rowCount(), new Object[] {null}),
                        memory)));
    }

    @Test
    void onlyWhatOthersAppendedIsComputedWhenAChangeIsDoneAgain() throws IOException {
        AtomicInteger rowsComputed = new AtomicInteger();
        AtomicInteger appends = new AtomicInteger();
        Dataset wider = dataset.evolution().addColumns(TWICE, List.of("id"), (ids, memory) -> {
            rowsComputed.addAndGet(ids.rowCount());
            if (appends.getAndIncrement() == 0) {
                dataset.append(TestRows.reader(session, 50, 5));
            }
            return twice(ids, memory);
        });
        assertEquals(55, rowsComputed.get());
        assertEquals(108L, rows(wider, "twice").getLast().get("twice"));
        assertEquals(3, wider.version());
    }

    @Test
    void streamedValuesSurviveDeletesByOthersButNotAppends() throws IOException {
        Schema number = Schema.of(Field.nullable("number", INT32));
        Dataset old = dataset;
        dataset.deleteRows(addresses(5), "one");
        Dataset wider = old.evolution().addColumns(numbers(number, 50));
        assertEquals(106, rows(wider, "number").get(5).get("number"));
        Dataset older = wider;
        wider.append(TestRows.reader(session, 50, 5));
        CommitConflictException lost = assertThrows(
                CommitConflictException.class,
                () -> older.evolution().addColumns(numbers(Schema.of(Field.nullable("other", INT32)), 49)));
        assertTrue(lost.getMessage().contains("give them again"), lost.getMessage());
    }

    @Test
    void aFieldIsAddedToAStructThatIsThere() throws IOException {
        Schema point = Schema.of(new Field(
                Field.UNASSIGNED, "point", new LogicalType.Struct(), true, List.of(Field.nullable("x", INT32)), Map.of()));
        Schema further = Schema.of(new Field(
                Field.UNASSIGNED, "point", new LogicalType.Struct(), true, List.of(Field.nullable("y", INT32)), Map.of()));
        Dataset one = dataset.evolution().addNullColumns(point);
        Dataset two = one.evolution().addNullColumns(further);
        Field both = two.schema().field("point").orElseThrow();
        assertEquals(List.of("x", "y"), both.children().stream().map(Field::name).toList());
        assertThrows(IllegalArgumentException.class, () -> two.evolution().addNullColumns(further));
        Dataset dropped = two.evolution().dropColumns(List.of("point.x"));
        assertEquals(
                List.of("y"),
                dropped.schema().field("point").orElseThrow().children().stream().map(Field::name).toList());
        assertTrue(dropped.evolution().dropColumns(List.of("point.y")).schema().field("point").isEmpty());
    }

    @Test
    void aColumnOfANameThatIsThereIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> dataset.evolution().addNullColumns(Schema.of(Field.nullable("id", INT32))));
    }

    @Test
    void renamingAndDroppingTouchNoDataFile() throws IOException {
        ReadStats before = store.stats();
        Dataset renamed = dataset.evolution().alterColumns(List.of(ColumnAlteration.of("name").rename("title")));
        Dataset dropped = renamed.evolution().dropColumns(List.of("vector"));
        ReadStats cost = store.stats().since(before);
        assertEquals(0, cost.getCount());
        assertEquals(4, cost.putCount(), "two transactions and two manifests");
        assertEquals(List.of("id", "title"), dropped.schema().fields().stream().map(Field::name).toList());
        assertEquals("name 1", rows(dropped, "title").get(1).get("title"));
    }

    @Test
    void notAllColumnsCanBeDropped() {
        assertThrows(IllegalArgumentException.class, () -> dataset.evolution().dropColumns(List.of("id", "name", "vector")));
    }

    @Test
    void aColumnWithNullsCantBeMadeNonNullable() throws IOException {
        assertThrows(
                IllegalArgumentException.class,
                () -> dataset.evolution().alterColumns(List.of(ColumnAlteration.of("name").setNullable(false))));
        Dataset without = dataset.deleteRows(
                addresses(LongStream.range(0, 50).filter(id -> id % 7 == 0)
                        .map(id -> RowAddress.of(id / 10, (int) (id % 10))).toArray()),
                "nulls");
        Dataset tight = without.evolution().alterColumns(List.of(ColumnAlteration.of("name").setNullable(false)));
        assertTrue(!tight.schema().field("name").orElseThrow().nullable());
        assertEquals("name 1", rows(tight, "name").getFirst().get("name"));
    }

    @Test
    void aNullThatIsAppendedMeanwhileIsSeenWhenAColumnIsTightened() throws IOException {
        Dataset without = dataset.deleteRows(
                addresses(LongStream.range(0, 50).filter(id -> id % 7 == 0)
                        .map(id -> RowAddress.of(id / 10, (int) (id % 10))).toArray()),
                "nulls");
        without.append(TestRows.reader(session, 56, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> without.evolution().alterColumns(List.of(ColumnAlteration.of("name").setNullable(false))));
    }

    @Test
    void aCastGivesTheColumnANewIdAndFile() throws IOException {
        int before = dataset.schema().field("id").orElseThrow().id();
        Dataset narrow = dataset.evolution().alterColumns(List.of(ColumnAlteration.of("id").castTo(INT32)));
        Field id = narrow.schema().field("id").orElseThrow();
        assertTrue(id.id() > before);
        assertEquals(INT32, id.type());
        assertEquals(49, rows(narrow, "id").getLast().get("id"));
        assertEquals(2, narrow.manifest().fragments().getFirst().files().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> narrow.evolution().alterColumns(List.of(ColumnAlteration.of("id").castTo(new LogicalType.Utf8(false)))));
    }

    @Test
    void aValueThatDoesNotFitFailsTheCast() throws IOException {
        Dataset more = dataset.append(TestRows.reader(session, 1000, 1));
        IllegalArgumentException tooLarge = assertThrows(
                IllegalArgumentException.class,
                () -> more.evolution().alterColumns(List.of(ColumnAlteration.of("id").castTo(new LogicalType.Int(8, true)))));
        assertEquals("column 'id': 1000 does not fit into int8", tooLarge.getMessage());
        assertEquals(2, more.refresh().version());
    }

    @Test
    void metadataIsSetReplacedAndDeleted() throws IOException {
        Dataset set = dataset.updateConfig(MetadataUpdate.set("a", "b"))
                .updateTableMetadata(MetadataUpdate.set("t", "u"))
                .updateSchemaMetadata(MetadataUpdate.set("s", "v"))
                .updateFieldMetadata(Map.of("name", MetadataUpdate.set("f", "w")));
        assertEquals(Map.of("a", "b"), set.config());
        assertEquals(Map.of("t", "u"), set.manifest().tableMetadata());
        assertEquals(Map.of("s", "v"), set.schema().metadata());
        assertEquals(Map.of("f", "w"), set.schema().field("name").orElseThrow().metadata());
        Dataset changed = set.updateConfig(MetadataUpdate.set("c", "d").delete("a"))
                .updateSchemaMetadata(MetadataUpdate.replaceAll(Map.of("x", "y")))
                .updateFieldMetadata(Map.of("name", MetadataUpdate.replaceAll(Map.of())));
        assertEquals(Map.of("c", "d"), changed.config());
        assertEquals(Map.of("x", "y"), changed.schema().metadata());
        assertEquals(Map.of(), changed.schema().field("name").orElseThrow().metadata());
    }

    @Test
    void truncatingReadsAndWritesNoRows() throws IOException {
        ReadStats before = store.stats();
        Dataset empty = dataset.deleteAllRows();
        ReadStats cost = store.stats().since(before);
        assertEquals(0, cost.getCount());
        assertEquals(0, empty.countRows());
        assertEquals(List.of(), TestRows.ids(empty));
        assertEquals(5, TestRows.ids(empty.append(TestRows.reader(session, 7, 5))).size());
    }
}
