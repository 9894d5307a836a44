// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.MetadataUpdate;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.MemoryObjectStore;

/// Merges of several databases, as of several processes, on one table at once.
class ConcurrentMergesTest {
    private static final int WRITERS = 6;
    private static final int MERGES = 12;
    private static final ConnectOptions PATIENT =
            ConnectOptions.DEFAULT.withWriteOptions(WriteOptions.DEFAULT.withMaxCommitAttempts(500));

    record Row(long id, String text) {}

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private @Nullable Runnable between;

    @AfterEach
    void close() {
        session.close();
    }

    private static List<Row> rows(String text, long... ids) {
        List<Row> rows = new ArrayList<>();
        for (long id : ids) {
            rows.add(new Row(id, text));
        }
        return rows;
    }

    private Table create() {
        return Database.over(store, session, PATIENT).createTable("t", rows("first", 1, 2, 3));
    }

    private List<MergeResult> merged(List<List<Row>> sources) {
        Table table = Database.over(store, session, PATIENT).openTable("t");
        List<MergeResult> results = new ArrayList<>();
        for (List<Row> source : sources) {
            results.add(table.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(source));
        }
        return results;
    }

    private List<MergeResult> together(List<List<List<Row>>> sources) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(sources.size())) {
            List<Future<List<MergeResult>>> futures = new ArrayList<>();
            for (List<List<Row>> source : sources) {
                futures.add(threads.submit(() -> merged(source)));
            }
            List<MergeResult> results = new ArrayList<>();
            for (Future<List<MergeResult>> future : futures) {
                results.addAll(future.get());
            }
            return results;
        }
    }

    @Test
    void mergesOfDifferentNewKeysGoOnTopOfEachOther() throws Exception {
        create();
        List<List<List<Row>>> sources = IntStream.range(0, WRITERS)
                .mapToObj(writer -> IntStream.range(0, MERGES)
                        .mapToObj(i -> rows("by " + writer, 1000L * (writer + 1) + 2L * i, 1000L * (writer + 1) + 2L * i + 1))
                        .toList())
                .toList();
        List<MergeResult> results = together(sources);
        assertEquals(List.of(1), results.stream().map(MergeResult::attemptCount).distinct().toList(), "done anew");
        assertEquals(2L * WRITERS * MERGES, results.stream().mapToLong(MergeResult::insertedCount).sum());
        assertEquals(WRITERS * MERGES, new HashSet<>(results.stream().map(MergeResult::version).toList()).size());
        Table table = Database.over(store, session, PATIENT).openTable("t");
        List<Object> ids = ids(table);
        assertEquals(3 + 2 * WRITERS * MERGES, ids.size());
        assertEquals(ids.size(), new HashSet<>(ids).size());
    }

    @Test
    void mergesOfTheSameKeysInsertEachOnceAndLoseNoUpdate() throws Exception {
        create();
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        List<List<List<Row>>> sources = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            List<List<Row>> merges = new ArrayList<>();
            for (int i = 0; i < MERGES; i++) {
                merges.add(rows(writer + "/" + i, random.longs(0, 24).distinct().limit(3).toArray()));
            }
            sources.add(merges);
        }
        List<MergeResult> results = together(sources);
        Table table = Database.over(store, session, PATIENT).openTable("t");
        String why = "seed " + seed;
        // What each version says it did, one after the other, is what is there: nobody wrote over what it had not seen.
        Map<Object, Object> expected = new TreeMap<>(Map.of(1L, "first", 2L, "first", 3L, "first"));
        Map<Long, List<Row>> byVersion = new TreeMap<>();
        int at = 0;
        for (List<List<Row>> merges : sources) {
            for (List<Row> merge : merges) {
                byVersion.put(results.get(at).version(), merge);
                at++;
            }
        }
        assertEquals(WRITERS * MERGES, byVersion.size(), why);
        long inserted = 0;
        for (Map.Entry<Long, List<Row>> merge : byVersion.entrySet()) {
            for (Row row : merge.getValue()) {
                inserted += expected.put(row.id(), row.text()) == null ? 1 : 0;
            }
            assertEquals(expected, contents(table.at(merge.getKey())), why + ", version " + merge.getKey());
        }
        assertEquals(inserted, results.stream().mapToLong(MergeResult::insertedCount).sum(), why);
        assertEquals(
                3L * WRITERS * MERGES,
                results.stream().mapToLong(result -> result.insertedCount() + result.updatedCount()).sum(),
                why);
    }

    private static List<Object> ids(Table table) {
        return table.query().select("id").toMaps().stream().map(row -> row.get("id")).toList();
    }

    private static Map<Object, Object> contents(Table table) {
        Map<Object, Object> contents = new TreeMap<>();
        for (Map<String, @Nullable Object> row : table.query().toMaps()) {
            assertEquals(null, contents.put(row.get("id"), row.get("text")), "two rows of one key");
        }
        return contents;
    }

    /// Merges rows 3 and 4 while somebody else commits, just before the new version is put.
    private MergeResult mergeWhile(Consumer<Table> other) {
        create();
        Table theirs = Database.over(store, session, PATIENT).openTable("t");
        ObjectStore hooked = new FaultyObjectStore(store, request -> {
            Runnable now = between;
            if (request.kind() == Kind.PUT_IF_ABSENT && now != null) {
                between = null;
                now.run();
            }
            return new Fault.None();
        });
        Table table = Database.over(hooked, session, PATIENT).openTable("t");
        between = () -> other.accept(theirs);
        return table.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows("new", 3, 4));
    }

    private Map<Object, Object> contents() {
        return contents(Database.over(store, session, PATIENT).openTable("t"));
    }

    @Test
    void aMergeGoesOnTopOfRowsWithOtherKeys() {
        assertEquals(new MergeResult(1, 1, 0, 1, 3), mergeWhile(table -> table.add(rows("other", 5, 6))));
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new", 5L, "other", 6L, "other"), contents());
    }

    @Test
    void aMergeIsDoneAgainWhenItsNewKeyCame() {
        assertEquals(new MergeResult(0, 2, 0, 2, 3), mergeWhile(table -> table.add(rows("other", 4, 5))));
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new", 5L, "other"), contents());
    }

    @Test
    void aMergeFindsItsNewKeyInFragmentsThatAreGoneAgain() {
        MergeResult result = mergeWhile(table -> {
            table.add(rows("other", 4));
            table.add(rows("other", 5));
            table.compact();
        });
        assertEquals(2, result.attemptCount());
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new", 5L, "other"), contents());
    }

    @Test
    void aMergeIsDoneAgainWhenAnotherOneInsertedItsNewKey() {
        assertEquals(
                new MergeResult(0, 2, 0, 2, 3),
                mergeWhile(table -> table.merge("id").whenNotMatchedInsertAll().execute(rows("other", 2, 4))));
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new"), contents());
    }

    @Test
    void aMergeGoesOnTopOfDeletesUpdatesAndConfigOfOtherRows() {
        MergeResult result = mergeWhile(table -> {
            table.delete("id = 1");
            table.update("id = 2", Map.of("text", "'updated'"));
            table.updateConfig(MetadataUpdate.set("key", "value"));
        });
        assertEquals(new MergeResult(1, 1, 0, 1, 5), result);
        assertEquals(Map.of(2L, "updated", 3L, "new", 4L, "new"), contents());
    }

    @Test
    void aMergeIsDoneAgainWhenARowItUpdatesWasDeleted() {
        assertEquals(new MergeResult(2, 0, 0, 2, 3), mergeWhile(table -> table.delete("id = 3")));
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new"), contents());
    }

    @Test
    void aMergeIsDoneAgainOnAnotherSchema() {
        MergeResult result = mergeWhile(table -> {
            table.addColumns(Schema.of(Field.nullable("more", new LogicalType.Int(64, true))));
            table.alterColumns(ColumnAlteration.of("more").rename("extra"));
        });
        assertEquals(new MergeResult(1, 1, 0, 2, 4), result);
        assertEquals(Map.of(1L, "first", 2L, "first", 3L, "new", 4L, "new"), contents());
    }

    @Test
    void aMergeWhoseKeyIsGoneFails() {
        assertThrows(
                IllegalArgumentException.class,
                () -> mergeWhile(table -> table.alterColumns(ColumnAlteration.of("id").rename("key"))));
    }
}
