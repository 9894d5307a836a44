// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.search.internal.rows.RowBatches;

/// Updates, merges and deletions of rows by SQL, on tables of each version of files.
class ChangesTest {
    record Row(@Nullable Integer id, @Nullable Integer x, @Nullable String s) {}

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private int count;

    @AfterEach
    void close() {
        session.close();
    }

    private Table table(FileVersion version, Row... rows) {
        ConnectOptions options = ConnectOptions.DEFAULT.withWriteOptions(
                WriteOptions.DEFAULT.withFileVersion(version).withMaxRowsPerFile(3));
        return Database.over(store, session, options).createTable("t" + count++, List.of(rows));
    }

    private static List<String> rows(Table table) {
        return table.query().toMaps().stream().map(row -> new TreeMap<>(row).values().toString()).toList();
    }

    private Table four() {
        return table(FileVersion.V2_2, new Row(1, 10, "a"), new Row(2, 20, "b"), new Row(3, 30, "c"), new Row(null, 40, "d"));
    }

    @Test
    void updatedRowsTakeWhatTheExpressionsSayAndMoveToTheEnd() {
        for (FileVersion version : List.of(FileVersion.V2_0, FileVersion.V2_1, FileVersion.V2_2)) {
            Table table = table(version, new Row(1, 10, "a"), new Row(2, 20, "b"), new Row(3, 30, "c"), new Row(null, 40, "d"));
            assertEquals(
                    new UpdateResult(2, 1, 2), table.update("id > ?", Map.of("x", "x * 2 + id", "s", "upper(s) || '!'"), 1));
            assertEquals(List.of("[1, a, 10]", "[null, d, 40]", "[2, B!, 42]", "[3, C!, 63]"), rows(table));
            assertEquals(4, table.update(Map.of("s", "null")).updatedCount());
            assertEquals(List.of("[1, null, 10]", "[null, null, 40]", "[2, null, 42]", "[3, null, 63]"), rows(table));
            assertEquals(new UpdateResult(0, 1, 4), table.update("x > 1000", Map.of("x", "1")));
        }
    }

    @Test
    void valuesAreCastToTheColumnAndRefusedWhereTheyDoNotFit() {
        Table table = four();
        table.update("id = 1", Map.of("x", "'7'", "s", "x"));
        table.update("id = 2", Map.of("x", "2.9"));
        assertEquals(List.of("[3, c, 30]", "[null, d, 40]", "[1, 10, 7]", "[2, b, 2]"), rows(table));
        assertThrows(IllegalArgumentException.class, () -> table.update(Map.of("x", "'q'")));
        assertThrows(IllegalArgumentException.class, () -> table.update(Map.of("x", "99999999999")));
        assertThrows(IllegalArgumentException.class, () -> table.update(Map.of("x", "cast(x as bigint) * 1000000000")));
        assertThrows(IllegalArgumentException.class, () -> table.update(Map.of("nope", "1")));
        assertThrows(IllegalArgumentException.class, () -> table.update(Map.of()));
        assertEquals(3, table.version());
    }

    @Test
    void deletionsKeepRowsForWhichTheConditionIsNull() {
        Table table = four();
        assertEquals(1, table.delete("id <> 1 and x > 20"));
        assertEquals(List.of("[1, a, 10]", "[2, b, 20]", "[null, d, 40]"), rows(table));
        assertEquals(0, table.delete("false"));
        assertEquals(0, table.delete("id = 100"));
        assertEquals(3, table.delete("true"));
        assertEquals(0, table.countRows());
        assertEquals(0, table.delete("true"));
    }

    private static MergeResult result(long inserted, long updated, long deleted, long version) {
        return new MergeResult(inserted, updated, deleted, 1, version);
    }

    private static List<Row> source(Row... rows) {
        return List.of(rows);
    }

    @Test
    void matchedRowsAreUpdatedWhereTheConditionIsTrue() {
        Table table = four();
        Merge merge = table.merge("id")
                .whenMatchedUpdateIf("source.x > target.x and target.s <> 'b'")
                .whenNotMatchedInsertAll();
        assertEquals(
                result(2, 1, 0, 2),
                merge.execute(source(
                        new Row(1, 11, "A"), new Row(2, 21, "B"), new Row(3, null, "C"), new Row(7, 70, "G"), new Row(null, 1, "N"))));
        assertEquals(
                List.of("[2, b, 20]", "[3, c, 30]", "[null, d, 40]", "[1, A, 11]", "[7, G, 70]", "[null, N, 1]"), rows(table));
    }

    @Test
    void matchedRowsMayFailBeDeletedOrStay() {
        Table table = four();
        Row matching = new Row(1, 11, "A");
        Row fresh = new Row(9, 90, "I");
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> table.merge("id").whenMatchedFail().whenNotMatchedInsertAll().execute(source(fresh, matching)));
        assertTrue(failure.getMessage().contains("[id] = [1]"), failure.getMessage());
        assertEquals(1, table.version());
        assertEquals(result(1, 0, 1, 2), table.merge("id").whenMatchedDelete().whenNotMatchedInsertAll().execute(source(fresh, matching)));
        assertEquals(result(0, 0, 1, 3), table.merge("id").whenMatchedDeleteIf("target.x > 25").execute(source(new Row(2, 0, ""), new Row(3, 0, ""))));
        assertEquals(List.of("[2, b, 20]", "[null, d, 40]", "[9, I, 90]"), rows(table));
        assertThrows(IllegalArgumentException.class, () -> table.merge("id").execute(source(fresh)));
        assertThrows(IllegalArgumentException.class, () -> table.merge("id").whenMatchedDoNothing().execute(source(fresh)));
    }

    @Test
    void rowsThatTheSourceLacksMayBeDeleted() {
        Table table = four();
        Merge merge = table.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll();
        assertEquals(
                result(1, 1, 2, 2),
                merge.whenNotMatchedBySourceDeleteIf("x > 25").execute(source(new Row(1, 1, "A"), new Row(9, 2, "E"))));
        assertEquals(List.of("[2, b, 20]", "[1, A, 1]", "[9, E, 2]"), rows(table));
        assertEquals(
                result(0, 0, 2, 3),
                table.merge("id").whenNotMatchedBySourceDelete().execute(source(new Row(9, 2, "E"))));
        assertEquals(List.of("[9, E, 2]"), rows(table));
    }

    @Test
    void severalRowsOfOneKeyAreInsertedRefusedOrDroppedAsTold() {
        Row one = new Row(5, 1, "p");
        Row two = new Row(5, 2, "q");
        Merge inserting = four().merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll();
        assertEquals(result(2, 0, 0, 2), inserting.execute(source(one, two)));
        IllegalArgumentException ambiguous =
                assertThrows(IllegalArgumentException.class, () -> inserting.execute(source(new Row(1, 1, "p"), new Row(1, 2, "q"))));
        assertTrue(ambiguous.getMessage().contains("[id] = [1]"), ambiguous.getMessage());
        assertEquals(
                result(0, 1, 0, 2),
                four().merge("id").whenMatchedUpdateIf("source.x > 1").execute(source(new Row(1, 1, "p"), new Row(1, 2, "q"))));
        Table first = four();
        assertEquals(result(1, 1, 0, 2), first.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll().keepFirstOfDuplicates()
                .execute(source(one, two, new Row(1, 1, "p"), new Row(1, 2, "q"))));
        assertEquals(List.of("[2, b, 20]", "[3, c, 30]", "[null, d, 40]", "[1, p, 1]", "[5, p, 1]"), rows(first));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> four().merge("id").whenNotMatchedInsertAll().refuseDuplicates().execute(source(one, two)));
        assertTrue(refused.getMessage().contains("[id] = [5]"), refused.getMessage());
        assertEquals(
                result(1, 0, 0, 2),
                four().merge("id").whenNotMatchedInsertAll().execute(source(new Row(1, 1, "p"), new Row(1, 2, "q"), new Row(6, 6, "r"))));
    }

    @Test
    void severalRowsOfTheTableWithOneKeyAreAllUpdated() {
        Table table = table(FileVersion.V2_2, new Row(1, 10, "a"), new Row(1, 20, "b"), new Row(2, 30, "c"));
        assertEquals(result(0, 2, 0, 2), table.merge("id").whenMatchedUpdateAll().execute(source(new Row(1, 5, "z"))));
        assertEquals(List.of("[2, c, 30]", "[1, z, 5]", "[1, z, 5]"), rows(table));
    }

    @Test
    void keysOfSeveralColumnsAreEqualAsAWhole() {
        Table table = four();
        MergeResult result = table.merge("id", "s")
                .whenMatchedUpdateAll()
                .whenNotMatchedInsertAll()
                .execute(source(new Row(1, 5, "a"), new Row(2, 6, "zz"), new Row(null, 7, "d")));
        assertEquals(result(2, 1, 0, 2), result);
    }

    private static List<String> answer(Query query) {
        return query.toMaps().stream().map(Object::toString).toList();
    }

    @Test
    void queriesAnswerExpressionsInAnyOrder() {
        Table table = table(FileVersion.V2_2, new Row(1, 10, "b"), new Row(2, null, "a"), new Row(3, 30, null), new Row(4, 10, "c"), new Row(5, 20, "a"));
        assertEquals(
                List.of("{id=1, twice=20}", "{id=4, twice=20}"),
                answer(table.query().select("id", "x * 2 as twice").where("x = 10")));
        assertEquals(
                List.of("{id=3}", "{id=5}", "{id=1}", "{id=4}", "{id=2}"), answer(table.query().select("id").orderBy("x desc")));
        assertEquals(
                List.of("{id=2}", "{id=5}", "{id=1}"), answer(table.query().select("id").orderBy("s").limit(3)));
        assertEquals(
                List.of("{id=3}", "{id=5}", "{id=2}"),
                answer(table.query().select("id").orderBy("s nulls first", "x desc").limit(3)));
        assertEquals(
                List.of("{key=c4, _rowid=4294967296}", "{key=b1, _rowid=0}"),
                answer(table.query().select("s || cast(id as string) as key").where("s > 'a'").orderBy("s desc").withRowId()));
        assertEquals(List.of("{id=4}"), answer(table.query().select("id").orderBy("x", "id").offset(1).limit(1)));
        assertEquals(List.of("{_rowoffset=1, id=2}"), answer(table.query().select("_rowoffset", "id + 0 as id").where("_rowoffset = 1 and id = 2")));
        assertEquals(5, table.query().orderBy("length(s) + id").count());
        assertEquals(0, table.query().orderBy("id").limit(0).count());
        assertThrows(IllegalArgumentException.class, () -> table.query().select("x * 2 as id", "id").count());
        assertThrows(IllegalArgumentException.class, () -> table.query().orderBy("nope").count());
        assertThrows(IllegalArgumentException.class, () -> table.query().orderBy("id up").count());
    }

    /// A source that does not fit its share of memory goes through a file; what comes out is the same.
    @Test
    void aSourceLargerThanItsMemoryIsMergedAllTheSame() throws Exception {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        try (Session small = Session.builder().batchMemoryBytes(8 << 20).build();
                Database database = Database.over(new MemoryObjectStore(), small, ConnectOptions.DEFAULT)) {
            Table table = database.createTable(
                    "t", IntStream.range(0, 30_000).mapToObj(i -> new Row(i, i, "row " + i)).iterator());
            Schema schema = table.schema();
            int shift = random.nextInt(1, 20_000);
            ArrowMemory memory = ArrowMemory.of(small);
            List<Batch> batches = new ArrayList<>();
            for (int start = shift; start < shift + 30_000; start += 1_000) {
                int first = start;
                batches.add(ColumnBuilder.batch(
                        schema,
                        IntStream.range(first, first + 1_000).mapToObj(i -> new Object[] {i, -i, "x".repeat(60) + i}).toList(),
                        memory));
            }
            MergeResult result = table.merge("id")
                    .whenMatchedUpdateIf("source.x % 2 = 0 and target.x >= 0")
                    .whenNotMatchedInsertAll()
                    .execute(RowBatches.of(schema, batches));
            long even = LongStream.range(shift, 30_000).filter(i -> i % 2 == 0).count();
            assertEquals(result(shift, even, 0, 2), result, "seed " + seed);
            assertEquals(30_000 + shift, table.countRows());
            assertEquals(even + shift, table.countRows("s = repeat60 || cast(id as string)".replace("repeat60", "'" + "x".repeat(60) + "'")));
        }
    }
}
