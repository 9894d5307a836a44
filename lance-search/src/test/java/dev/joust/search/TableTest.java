// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.Joust;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.index.DistanceType;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.search.expr.FilterException;

class TableTest {
    record Doc(String id, @Nullable String text, float[] vector) {}

    record Id(String id) {}

    private final MemoryObjectStore store = new MemoryObjectStore();
    private Session session = Session.create();
    private Database database = Database.over(store, session, ConnectOptions.DEFAULT);

    @BeforeEach
    void open() {
        session.close();
        session = Session.create();
        database = Database.over(store, session, ConnectOptions.DEFAULT);
    }

    @AfterEach
    void everythingIsReleased() {
        long beforeClosing = ArrowMemory.of(session).allocatedBytes();
        dev.joust.search.internal.exec.VectorCaches.clear(session);
        assertEquals(0, ArrowMemory.of(session).allocatedBytes(), beforeClosing + " before");
        database.close();
        session.close();
    }

    private static List<Doc> docs() {
        return List.of(
                new Doc("a", "hello world", new float[] {0, 0}),
                new Doc("b", null, new float[] {1, 0}),
                new Doc("c", "red bicycle", new float[] {3, 0}),
                new Doc("d", "hello", new float[] {0, 2}));
    }

    private static List<String> ids(List<? extends Hit<Id>> hits) {
        return hits.stream().map(hit -> hit.row().id()).toList();
    }

    private static List<String> ids(Query query) {
        return query.toList(Id.class).stream().map(Id::id).toList();
    }

    @Test
    void theNearestRowsComeFirstWithTheirDistances() {
        Table table = database.createTable("docs", docs());
        List<Hit<Doc>> hits = table.search(new float[] {0, 0}).limit(3).hits(Doc.class);
        assertEquals(List.of("a", "b", "d"), hits.stream().map(hit -> hit.row().id()).toList());
        assertEquals(List.of(0f, 1f, 4f), hits.stream().map(Hit::distance).toList());
        assertEquals("hello world", hits.getFirst().row().text());
        assertNull(hits.get(1).row().text());
        assertArrayEquals(new float[] {0, 2}, hits.get(2).row().vector());
    }

    @Test
    void conditionsDecideWhichRowsAreLookedAtAndStack() {
        Table table = database.createTable("docs", docs());
        Query nearest = table.search(new float[] {0, 0}).limit(2);
        assertEquals(List.of("c", "d"), ids(nearest.where("id >= ?", "c").hits(Id.class)).stream().sorted().toList());
        assertEquals(List.of("d", "c"), ids(nearest.where("id >= ?", "c").hits(Id.class)));
        assertEquals(List.of("d"), ids(nearest.where("id >= ?", "c").where("length(text) < 10").hits(Id.class)));
        assertEquals(List.of(), ids(nearest.where("id > 'x'").hits(Id.class)));
        assertEquals(List.of("a", "b"), ids(nearest.hits(Id.class)));
        assertEquals(List.of("b"), ids(nearest.prefilter(false).where("id >= 'b'").hits(Id.class)));
    }

    @Test
    void metricOffsetAndColumnsAreAsAsked() {
        Table table = database.createTable("docs", docs());
        List<Hit<Id>> hits =
                table.search(new float[] {1, 1}).metric(DistanceType.DOT).limit(2).offset(1).hits(Id.class);
        assertEquals(List.of("d", "b"), ids(hits));
        assertEquals(List.of(-1f, 0f), hits.stream().map(Hit::distance).toList());
        Map<String, @Nullable Object> row =
                table.search(new float[] {1, 1}).select("text", "id").withRowId().limit(1).toMaps().getFirst();
        assertEquals(List.of("text", "id", "_distance", "_rowid"), List.copyOf(row.keySet()));
        assertEquals(0L, database.createTable("e", docs().subList(0, 1)).search(new float[] {1, 1}).limit(0).count());
        assertEquals(List.of("a", "b", "d"), ids(table.search(new float[] {1, 0}).metric(DistanceType.L2).limit(4).hits(Id.class)).stream().filter(id -> !id.equals("c")).sorted().toList());
    }

    @Test
    void rowsOfEqualDistanceComeInTheOrderOfTheirIds() {
        List<Doc> same = IntStream.range(0, 100)
                .mapToObj(i -> new Doc("id" + i, null, new float[] {1, i % 2}))
                .toList();
        Table table = database.createTable("docs", same);
        List<String> expected = IntStream.range(0, 10).mapToObj(i -> "id" + 2 * i).toList();
        assertEquals(expected, ids(table.search(new float[] {1, 0}).limit(10).hits(Id.class)));
    }

    @Test
    void aSecondSearchOnAnUnchangedTableReadsNothingButItsRows() {
        Table table = database.createTable("docs", docs());
        table.add(List.of(new Doc("e", "x", new float[] {9, 9})));
        table.search(new float[] {0, 0}).select("id").limit(1).hits();
        ReadStats before = store.stats();
        table.search(new float[] {1, 1}).limit(0).toMaps();
        assertEquals(0, store.stats().since(before).requestCount());
        table.search(new float[] {8, 8}).select("id").limit(1).hits();
        ReadStats warm = store.stats().since(before);
        table.search(new float[] {8, 7}).select("id").limit(1).hits();
        assertTrue(store.stats().since(before).requestCount() <= 2 * warm.requestCount());
        assertEquals(0, warm.listCount());
        assertTrue(warm.getCount() <= 2, warm.toString());
    }

    @Test
    void vectorsOfNewRowsAreFoundAndThoseOfDeletedOnesAreNot() {
        Table table = database.createTable("docs", docs());
        Query query = table.search(new float[] {0, 0}).limit(2);
        assertEquals(List.of("a", "b"), ids(query.hits(Id.class)));
        table.add(List.of(new Doc("e", null, new float[] {0.5f, 0})));
        assertEquals(List.of("a", "e"), ids(query.hits(Id.class)));
        assertEquals(1, table.delete("id = ?", "a"));
        assertEquals(List.of("e", "b"), ids(query.hits(Id.class)));
        assertEquals(4, table.countRows());
        assertEquals(List.of("a", "b"), ids(table.at(1).search(new float[] {0, 0}).limit(2).hits(Id.class)));
    }

    @Test
    void wordsAreSearchedThroughTheEmbedderOfTheTable() {
        Table table = database.createTable("docs", docs());
        assertThrows(IllegalArgumentException.class, () -> table.search("red"));
        database.registerEmbedder("docs", new Embedder() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                return texts.stream().map(text -> new float[] {text.length(), 0}).toList();
            }
        });
        assertEquals(List.of("c"), ids(table.search("red").limit(1).hits(Id.class)));
    }

    @Test
    void mergeUpdatesWhatIsThereAndInsertsTheRest() {
        Table table = database.createTable("docs", docs());
        MergeResult result = table.merge("id")
                .whenMatchedUpdateAll()
                .whenNotMatchedInsertAll()
                .execute(List.of(
                        new Doc("b", "new", new float[] {5, 5}), new Doc("x", "added", new float[] {6, 6})));
        assertEquals(new MergeResult(1, 1, 0, 1, 2), result);
        assertEquals(List.of("a", "c", "d", "b", "x"), ids(table.query()));
        assertEquals("new", table.query().where("id = 'b'").toMaps().getFirst().get("text"));
        MergeResult inserted = table.merge("id")
                .whenNotMatchedInsertAll()
                .execute(List.of(new Doc("b", "ignored", new float[] {5, 5}), new Doc("y", null, new float[] {7, 7})));
        assertEquals(new MergeResult(1, 0, 0, 1, 3), inserted);
        assertEquals(1, table.countRows("text = 'new'"));
        MergeResult nothing = table.merge("id")
                .whenNotMatchedInsertAll()
                .execute(List.of(new Doc("b", "ignored", new float[] {5, 5})));
        assertEquals(new MergeResult(0, 0, 0, 1, 3), nothing);
    }

    @Test
    void mergeOfSomeColumnsKeepsTheOthers() {
        Table table = database.createTable("docs", docs());
        Map<String, @Nullable Object> changed = new HashMap<>(Map.of("id", "c", "text", "blue bicycle"));
        Map<String, @Nullable Object> added = new HashMap<>(Map.of("id", "z", "text", "no vector"));
        table.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(List.of(changed, added));
        Map<String, @Nullable Object> row = table.query().where("id = 'c'").toMaps().getFirst();
        assertEquals("blue bicycle", row.get("text"));
        assertArrayEquals(new float[] {3, 0}, (float[]) row.get("vector"));
        assertNull(table.query().where("id = 'z'").toMaps().getFirst().get("vector"));
    }

    @Test
    void mergeOfOtherColumnsKeepsBlobs() {
        Field blob = new Field(
                Field.UNASSIGNED, "blob", LogicalTypes.parse("large_binary"), true, List.of(),
                Map.of("lance-encoding:blob", "true"));
        Schema schema = Schema.of(Field.nullable("id", LogicalTypes.parse("string")), blob);
        Table table = database.createTable("t", schema, List.of(Map.of("id", "a", "blob", new byte[3])).iterator());
        table.add(List.of(Map.of("id", "b", "blob", new byte[70_000])));
        table.merge("id").whenMatchedUpdateAll().execute(List.of(Map.of("id", "a"), Map.of("id", "b")));
        List<Object> sizes = new java.util.ArrayList<>();
        for (Map<String, @Nullable Object> row : table.query().toMaps()) {
            sizes.add(((Map<?, ?>) java.util.Objects.requireNonNull(row.get("blob"))).get("size"));
        }
        assertEquals("[3, 70000]", sizes.toString());
    }

    @Test
    void mergeMatchesNoNullsAndRefusesAKeyThatComesTwice() {
        Map<String, @Nullable Object> nullKey = new HashMap<>();
        nullKey.put("id", null);
        nullKey.put("text", "t");
        Table table = database.createTable(
                "t",
                Schema.of(
                        Field.nullable("id", LogicalTypes.parse("string")),
                        Field.nullable("text", LogicalTypes.parse("string"))));
        table.add(List.of(nullKey));
        Merge merge = table.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll().refuseDuplicates();
        assertEquals(2, merge.execute(List.of(nullKey, nullKey)).insertedCount());
        assertEquals(3, table.countRows());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> merge.execute(List.of(Map.of("id", "k"), Map.of("id", "l"), Map.of("id", "k"))))
                .getMessage();
        assertEquals("rows 0 and 2 of the source have the same key [id] = [k]", message);
        assertThrows(IllegalArgumentException.class, () -> table.merge("id").execute(List.of(nullKey)));
        assertThrows(IllegalArgumentException.class, () -> table.merge("nosuch").whenNotMatchedInsertAll().execute(List.of(nullKey)));
    }

    @Test
    void mergesOfOneKeyFromManyThreadsAndHandlesInsertItOnce() throws Exception {
        database.createTable("docs", docs());
        try (ExecutorService pool = Executors.newFixedThreadPool(4);
                Session other = Session.create()) {
            Database second = Database.over(store, other, ConnectOptions.DEFAULT);
            List<Future<MergeResult>> results = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Table table = (i % 2 == 0 ? database : second).openTable("docs");
                Doc doc = new Doc("new" + i / 8, "t", new float[] {i, i});
                results.add(pool.submit(
                        () -> table.merge("id").whenNotMatchedInsertAll().execute(List.of(doc))));
            }
            long inserted = 0;
            for (Future<MergeResult> result : results) {
                inserted += result.get().insertedCount();
            }
            assertEquals(3, inserted);
            assertEquals(7, database.openTable("docs").countRows());
            second.close();
        }
    }

    @Test
    void addsFromManyThreadsAreAllThere() throws Exception {
        Table table = database.createTable("docs", docs());
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> versions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Doc doc = new Doc("n" + i, null, new float[] {i, i});
                versions.add(pool.submit(() -> table.add(List.of(doc))));
            }
            for (Future<Long> version : versions) {
                assertTrue(version.get() > 1);
            }
        }
        assertEquals(24, table.countRows());
        assertTrue(table.version() <= 21, table.version() + " versions");
    }

    @Test
    void otherHandlesSeeWritesWhenTheyAskOrAlwaysIfTold() {
        Table table = database.createTable("docs", docs());
        Database always = Database.over(
                store,
                session,
                ConnectOptions.DEFAULT.withReadConsistency(ConnectOptions.ReadConsistency.ALWAYS));
        Table lazy = database.openTable("docs");
        Table eager = always.openTable("docs");
        table.add(List.of(new Doc("e", null, new float[] {0, 0})));
        assertEquals(5, table.countRows());
        assertEquals(4, lazy.countRows());
        assertEquals(5, eager.countRows());
        assertEquals(5, lazy.refresh().countRows());
        always.close();
    }

    @Test
    void olderVersionsAreReadOnlyViews() {
        Table table = database.createTable("docs", docs());
        table.add(docs());
        assertEquals(2, table.versions().size());
        Table first = table.at(1);
        assertEquals(4, first.countRows());
        assertEquals(8, table.countRows());
        assertThrows(IllegalArgumentException.class, () -> first.add(docs()));
        assertThrows(IllegalArgumentException.class, () -> first.delete("true"));
        assertThrows(NoSuchTableException.class, () -> table.at(9));
    }

    @Test
    void tablesAreListedOpenedAndDropped() {
        database.createTable("b", docs());
        database.createTable("a", docs());
        assertEquals(List.of("a", "b"), database.tableNames());
        assertThrows(TableExistsException.class, () -> database.createTable("a", docs()));
        database.dropTable("a");
        assertEquals(List.of("b"), database.tableNames());
        assertThrows(NoSuchTableException.class, () -> database.openTable("a"));
        assertThrows(NoSuchTableException.class, () -> database.dropTable("a"));
        assertThrows(IllegalArgumentException.class, () -> database.openTable("../b"));
        assertThrows(IllegalArgumentException.class, () -> database.openTable(""));
        assertEquals(4, database.createTable("a", docs()).countRows());
    }

    @Test
    void aTableThatIsDroppedAndMadeAnewIsNotTheOldOne() {
        database.createTable("t", docs()).search(new float[] {0, 0}).hits();
        database.dropTable("t");
        Table anew = database.createTable("t", List.of(new Doc("z", null, new float[] {4, 4})));
        assertEquals(List.of("z"), ids(anew.search(new float[] {0, 0}).hits(Id.class)));
    }

    enum Color {
        RED,
        GREEN
    }

    record Everything(
            boolean flag,
            byte b,
            short s,
            int i,
            Long l,
            float f,
            double d,
            BigDecimal price,
            Optional<String> maybe,
            Color color,
            byte[] bytes,
            Instant at,
            LocalDate day,
            double[] doubles) {}

    @Test
    void recordsGoInAndComeOutAsTheyWere() {
        Everything full = new Everything(
                true, (byte) 1, (short) 2, 3, 4L, 1.5f, 2.5, new BigDecimal("1.25"), Optional.of("x"), Color.GREEN,
                new byte[] {1, 2}, Instant.parse("2024-01-01T00:00:00.000001Z"), LocalDate.of(2024, 2, 29),
                new double[] {1, 2});
        Everything sparse = new Everything(
                false, (byte) -1, (short) -2, -3, null, Float.NaN, -0.0, null, Optional.empty(), null, null, null,
                null, null);
        Table table = database.createTable("t", List.of(full, sparse));
        List<Everything> rows = table.query().toList(Everything.class);
        assertEquals(plain(full), plain(rows.get(0)));
        assertEquals(plain(sparse), plain(rows.get(1)));
        assertEquals(1, table.countRows("color = ? AND at < ?", Color.GREEN, Instant.now()));
    }

    private static String plain(Everything e) {
        return e.flag + " " + e.b + " " + e.s + " " + e.i + " " + e.l + " " + e.f + " " + e.d + " " + e.price + " "
                + e.maybe + " " + e.color + " " + Arrays.toString(e.bytes) + " " + e.at + " " + e.day + " "
                + Arrays.toString(e.doubles);
    }

    record Narrow(int l) {}

    record Unknown(String nosuch) {}

    @Test
    void rowsThatDoNotFitARecordAreRefusedByComponent() {
        Table table = database.createTable("t", List.of(Map.of("l", 1L << 40), Map.of("l", 5L)));
        String message = assertThrows(IllegalArgumentException.class, () -> table.query().toList(Narrow.class))
                .getMessage();
        assertEquals("component 'l' of Narrow: the column holds Long 1099511627776, not int", message);
        assertThrows(IllegalArgumentException.class, () -> table.query().toList(Unknown.class));
        assertThrows(IllegalArgumentException.class, () -> table.query().toList(String.class));
        assertEquals(List.of(5), table.query().where("l < 10").toList(Narrow.class).stream().map(Narrow::l).toList());
    }

    @Test
    void rowsThatDoNotFitTheTableAreRefusedByColumn() {
        Table table = database.createTable("docs", docs());
        assertThrows(IllegalArgumentException.class, () -> table.add(List.of(Map.of("nosuch", 1))));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> table.add(List.of(Map.of("id", "q", "vector", new float[3]))))
                .getMessage();
        assertTrue(message.contains("'vector'") && message.contains("3") && message.contains("2"), message);
        assertThrows(IllegalArgumentException.class, () -> table.add(List.of("no row")));
        assertThrows(IllegalArgumentException.class, () -> table.search(new float[3]).hits());
        assertThrows(IllegalArgumentException.class, () -> table.search(new float[2]).column("id").hits());
        assertThrows(IllegalArgumentException.class, () -> table.query().select("nosuch").toMaps());
        assertThrows(FilterException.class, () -> table.query().where("nosuch = 1").toMaps());
        assertThrows(IllegalArgumentException.class, () -> table.query().limit(-1));
        assertThrows(IllegalArgumentException.class, () -> table.query().hits());
        assertEquals(1, table.version());
        assertThrows(IllegalArgumentException.class, () -> database.createTable("e", List.of()));
    }

    @Test
    void filtersOnRowIdsAndScansWithLimits() {
        Table table = database.createTable("docs", docs());
        assertEquals(List.of("b", "d"), ids(table.query().where("_rowid IN (1, 3)")));
        assertEquals(List.of("d"), ids(table.query().where("_rowaddr > 0").where("id <> 'c'").offset(1).limit(1)));
        assertEquals(List.of("b", "c"), ids(table.query().offset(1).limit(2)));
        assertEquals(List.of("c"), ids(table.query().where("id > 'a'").offset(1).limit(1)));
        assertEquals(2, table.countRows("text LIKE 'hello%'"));
        assertEquals(1, table.delete("_rowid = 2"));
        assertEquals(List.of("a", "b", "d"), ids(table.query()));
    }

    @Test
    void jsonIsTextInQueriesAndAsStoredInBatches() throws Exception {
        Schema schema = Schema.of(Field.nullable("id", new LogicalType.Int(32, true)), Field.nullable("j", new LogicalType.Json()));
        Table table = database.createTable("json", schema);
        table.add(List.of(Map.of("id", 1, "j", "{ \"b\": 1, \"a\": [true] }"), Map.of("id", 2)));
        table.add(table.query().toMaps());
        assertEquals(
                java.util.Arrays.asList("{\"a\":[true],\"b\":1}", null, "{\"a\":[true],\"b\":1}", null),
                table.query().toMaps().stream().map(row -> row.get("j")).toList());
        try (var reader = table.query().batches(); var batch = Objects.requireNonNull(reader.next())) {
            byte[] stored = (byte[]) Objects.requireNonNull(ColumnValues.get(batch.column("j"), 0));
            assertEquals(0x40, stored[0], "the header of an object");
        }
        assertThrows(IllegalArgumentException.class, () -> table.add(List.of(Map.of("id", 3, "j", "{a:1}"))));
    }

    @Test
    void aConditionThatFailsOnARowIsTheCallersMistake() {
        Table table = database.createTable("t", List.of(Map.of("n", 1), Map.of("n", 2)));
        assertThrows(IllegalArgumentException.class, () -> table.countRows("10 / (n - 1) > 1"));
        assertThrows(IllegalArgumentException.class, () -> table.query().where("10 / (n - 1) > 1").toMaps());
        assertEquals(2, table.countRows());
    }

    @Test
    void searchesAtOnceLoadTheVectorsOnce() throws Exception {
        Table table = database.createTable("docs", docs());
        table.add(docs());
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<List<String>>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                results.add(pool.submit(() -> ids(table.search(new float[] {3, 0}).limit(2).hits(Id.class))));
            }
            for (Future<List<String>> result : results) {
                assertEquals(List.of("c", "c"), result.get());
            }
        }
    }

    @Test
    void vectorsThatDoNotFitTheCacheAreSearchedAllTheSame() {
        try (Session small = Session.builder().batchMemoryBytes(4 << 20).build()) {
            Database tight = Database.over(store, small, ConnectOptions.DEFAULT);
            Schema schema = Schema.of(
                    Field.nullable("i", LogicalTypes.parse("int64")),
                    Field.nullable("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 32)));
            Table table = tight.createTable("big", schema);
            for (int part = 0; part < 5; part++) {
                int first = part * 4_000;
                table.add(IntStream.range(first, first + 4_000)
                        .mapToObj(i -> {
                            float[] vector = new float[32];
                            vector[i % 32] = i;
                            return Map.of("i", i, "v", vector);
                        })
                        .iterator());
            }
            float[] query = new float[32];
            query[5] = 32 * 500 + 5;
            List<Hit<Map<String, @Nullable Object>>> hits = table.search(query).select("i").limit(1).hits();
            assertEquals(32L * 500 + 5, hits.getFirst().row().get("i"));
            tight.close();
        }
    }

    @Test
    void arrowGoesInAndComesOut() {
        Table table = database.createTable("docs", docs());
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot found = table.search(new float[] {0, 0}).limit(2).toArrow(allocator);
                VectorSchemaRoot none = table.query().where("false").toArrow(allocator)) {
            assertEquals(2, found.getRowCount());
            assertEquals(1f, ((Float4Vector) found.getVector("_distance")).get(1));
            assertEquals(0, none.getRowCount());
            assertEquals(3, none.getFieldVectors().size());
        }
        try (VectorSchemaRoot all = table.query().toArrow(ArrowMemory.of(session).allocator())) {
            Table copy = database.createTable("copy", all);
            copy.add(all);
            assertEquals(8, copy.countRows());
            assertEquals("c", copy.query().toMaps().get(6).get("id"));
        }
    }

    @Test
    void aTableMadeOfASchemaTakesRowsFromAnIterator() {
        Schema schema = Schema.of(
                Field.nullable("i", LogicalTypes.parse("int64")),
                Field.nullable("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 4)));
        Table table = database.createTable("t", schema);
        assertEquals(0, table.countRows());
        assertEquals(List.of(), table.search(new float[4]).hits());
        Random random = new Random(7);
        float[][] vectors = new float[20_000][4];
        for (float[] vector : vectors) {
            for (int i = 0; i < 4; i++) {
                vector[i] = random.nextFloat();
            }
        }
        table.add(IntStream.range(0, vectors.length)
                .mapToObj(i -> Map.of("i", i, "v", vectors[i]))
                .iterator());
        float[] query = {0.5f, 0.5f, 0.5f, 0.5f};
        List<Object> expected = IntStream.range(0, vectors.length)
                .filter(i -> i % 10 == 3)
                .boxed()
                .sorted(java.util.Comparator.comparing((Integer i) -> squared(query, vectors[i])))
                .limit(5)
                .map(i -> (Object) (long) i)
                .toList();
        List<Object> found = table.search(query).where("i % 10 = 3").limit(5).hits().stream()
                .map(hit -> hit.row().get("i"))
                .toList();
        assertEquals(expected, found);
    }

    private static double squared(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += ((double) one[i] - other[i]) * ((double) one[i] - other[i]);
        }
        return sum;
    }

    @Test
    void joustConnectsToMemoryByName() {
        try (Database first = Joust.connect("memory://table-test");
                Database second = Joust.connect("memory://table-test")) {
            first.createTable("t", docs());
            assertEquals(4, second.openTable("t").countRows());
        }
    }
}
