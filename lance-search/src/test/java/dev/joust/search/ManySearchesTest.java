// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.index.DistanceType;
import dev.joust.index.IvfFlat;
import dev.joust.index.IvfPq;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Several searches in one, and several at a time, find what each finds by itself, however many threads they have.
class ManySearchesTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int DIMENSION = 32;
    private static final int ROWS = 3000;

    private final Random random = new Random(SEED);
    private final Session session = Session.builder().workerCount(4).build();
    private final Database database = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT);

    record Row(long id, float[] vector) {}

    @AfterEach
    void close() {
        database.close();
        session.close();
    }

    private float[] vector() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private Table table() {
        return database.createTable("t", IntStream.range(0, ROWS).mapToObj(i -> new Row(i, vector())));
    }

    private List<float[]> vectors(int count) {
        return IntStream.range(0, count).mapToObj(_ -> vector()).toList();
    }

    private static void assertAlike(Table table, List<float[]> vectors, UnaryOperator<Query> change) {
        List<Map<String, @Nullable Object>> expected = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            for (Map<String, @Nullable Object> row : change.apply(table.search(vectors.get(i))).select("id").toMaps()) {
                row.put("query_index", i);
                expected.add(row);
            }
        }
        List<Map<String, @Nullable Object>> each = change.apply(table.searchEach(vectors)).select("id").toMaps();
        // compiled code may add in another order than code that is not compiled yet
        for (int i = 0; i < Math.min(expected.size(), each.size()); i++) {
            float distance = (Float) each.get(i).remove("_distance");
            assertEquals((Float) expected.get(i).remove("_distance"), distance, 1e-4f * distance, "-Djoust.seed=" + SEED);
        }
        assertEquals(expected, each, "-Djoust.seed=" + SEED);
    }

    @Test
    void eachOfSeveralSearchesFindsWhatItFindsByItself() {
        Table table = table();
        List<float[]> vectors = vectors(7);
        for (int round = 0; round < 2; round++) {
            assertAlike(table, vectors, query -> query);
            assertAlike(table, vectors, query -> query.limit(3).offset(2));
            assertAlike(table, vectors, query -> query.where("id % 4 = 1").limit(5));
            assertAlike(table, vectors, query -> query.where("id % 4 = 1").limit(5).offset(1).prefilter(false));
            assertAlike(table, vectors, query -> query.limit(0));
            assertAlike(table, vectors.subList(0, 1), query -> query.withRowId());
            assertAlike(table, vectors, query -> query.distanceRange(20, 40).refine(3).nprobes(4));
            table.createIndex("vector", IvfPq.withMetric(DistanceType.L2).partitions(8).subVectors(8), "by it", true);
        }
    }

    @Test
    void answerSaysFirstWhichSearchARowIsOf() {
        Table table = table();
        Map<String, @Nullable Object> row = table.searchEach(vectors(2)).limit(1).withRowId().toMaps().getLast();
        assertEquals(List.of("query_index", "id", "vector", "_distance", "_rowid"), List.copyOf(row.keySet()));
        assertEquals(1, row.get("query_index"));
    }

    @Test
    void searchesOfVectorsThatDoNotFitAreRefused() {
        Table table = table();
        assertThrows(IllegalArgumentException.class, () -> table.searchEach(List.of()));
        Query query = table.searchEach(List.of(vector(), new float[DIMENSION - 1]));
        assertThrows(IllegalArgumentException.class, query::toMaps);
    }

    @Test
    void threadsDoNotChangeWhatIsFound() throws Exception {
        Table table = table();
        table.createIndex("vector", IvfFlat.withMetric(DistanceType.L2).partitions(16));
        List<float[]> vectors = vectors(12);
        List<List<Map<String, @Nullable Object>>> expected = new ArrayList<>();
        for (float[] vector : vectors) {
            List<Map<String, @Nullable Object>> alone = table.search(vector).threads(1).nprobes(16).toMaps();
            // more than one is asked for: then even a small search is shared
            assertEquals(ids(alone), ids(table.search(vector).threads(4).nprobes(16).toMaps()));
            expected.add(alone);
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
            List<Future<List<Map<String, @Nullable Object>>>> found = vectors.stream()
                    .map(vector -> callers.submit(() -> table.search(vector).threads(4).nprobes(16).toMaps()))
                    .toList();
            for (int i = 0; i < found.size(); i++) {
                assertEquals(ids(expected.get(i)), ids(found.get(i).get()));
            }
        }
        assertTrue(table.search(vectors.getFirst()).explain().contains("IVF_FLAT"));
    }

    private static List<@Nullable Object> ids(List<Map<String, @Nullable Object>> rows) {
        return rows.stream().map(row -> row.get("id")).toList();
    }
}
