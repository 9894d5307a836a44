// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.index.DistanceType;
import dev.joust.index.IvfFlat;
import dev.joust.index.IvfPq;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Indices built here find what exact searches find; that the reference finds it, too, is shown live.
class VectorIndexTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int DIMENSION = 16;
    private static final Schema SCHEMA = Schema.of(
            Field.nullable("id", new LogicalType.Int(64, true)),
            Field.nullable("a vector", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), DIMENSION)));

    private final ClusteredVectors vectors = new ClusteredVectors(SEED, DIMENSION);
    private final Session session = Session.create();
    private final Database database = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT);

    @AfterEach
    void close() {
        database.close();
        session.close();
    }

    private List<Map<String, @Nullable Object>> rows(long first, int count) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (long id = first; id < first + count; id++) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("id", id);
            row.put("a vector", id % 40 == 9 ? null : vectors.next());
            rows.add(row);
        }
        return rows;
    }

    private static Set<Object> ids(Query query) {
        return new HashSet<>(query.select("id").toMaps().stream().map(row -> row.get("id")).toList());
    }

    private double recall(Table table, DistanceType metric, int refine) {
        int found = 0;
        for (int i = 0; i < 20; i++) {
            float[] query = vectors.next();
            Query indexed = table.search(query).metric(metric).limit(10).nprobes(4);
            Set<Object> both = ids(refine == 0 ? indexed : indexed.refine(refine));
            both.retainAll(ids(table.search(query).metric(metric).limit(10).noIndex()));
            found += both.size();
        }
        return found / 200.0;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(VectorIndexKind.values())
                .flatMap(kind -> Stream.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT)
                        .map(metric -> Arguments.of(kind, metric)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void indexFindsWhatExactSearchFinds(VectorIndexKind kind, DistanceType metric) {
        Table table = database.createTable("t", SCHEMA);
        table.add(rows(0, 1500));
        table.createIndex("a vector", VectorIndexSpec.of(kind, metric).changed(builder -> builder.partitions(4).subVectorCount(8)));
        String explained = table.search(vectors.next()).explain();
        assertTrue(explained.contains("index 'a vector_idx': " + kind), explained);
        assertTrue(recall(table, metric, 5) > 0.95, "-Djoust.seed=" + SEED);

        table.delete("id % 5 = 2");
        table.add(rows(1500, 200));
        assertTrue(recall(table, metric, 5) > 0.95, "-Djoust.seed=" + SEED);
        Set<Object> live = ids(table.search(vectors.next()).limit(3000));
        assertTrue(live.stream().noneMatch(id -> ((Long) id) < 1500 && ((Long) id) % 5 == 2));
        Set<Object> covered = ids(table.search(vectors.next()).limit(3000).fastSearch());
        assertTrue(covered.stream().allMatch(id -> ((Long) id) < 1500));
        Set<Object> filtered = ids(table.search(vectors.next()).where("id % 3 = 0").limit(5));
        assertEquals(5, filtered.size());
        assertTrue(filtered.stream().allMatch(id -> ((Long) id) % 3 == 0));
        IndexInfo index = table.indices().getFirst();
        assertEquals(
                List.of("a vector_idx", kind.name(), List.of("a vector"), 200L),
                List.of(index.name(), index.type(), index.columns(), index.uncoveredRows()));
        int stored = 0;
        for (int size : table.indexStats("a vector_idx").segments().getFirst().partitionSizes()) {
            stored += size;
        }
        assertEquals(1500 - 38, stored);
    }

    @Test
    void tooFewRowsToTrainWithMakeADefinition() {
        Table table = database.createTable("t", SCHEMA);
        table.createIndex("a vector", IvfPq.withMetric(DistanceType.L2));
        table.add(rows(0, 30));
        assertEquals(29, ids(table.search(vectors.next()).limit(100)).size());
        assertFalse(table.search(vectors.next()).explain().contains("index 'a vector_idx'"));
        assertEquals(List.of(), table.indexStats("a vector_idx").segments());
        table.createIndex("a vector", IvfPq.withMetric(DistanceType.L2), null, true);
        assertEquals(29, ids(table.search(vectors.next()).limit(100)).size());
    }

    @Test
    void indexIsReplacedOrDroppedWhenAskedOnly() {
        Table table = database.createTable("t", SCHEMA);
        table.add(rows(0, 50));
        table.createIndex("A VECTOR", IvfFlat.withMetric(DistanceType.L2));
        assertThrows(
                IllegalArgumentException.class, () -> table.createIndex("a vector", IvfFlat.withMetric(DistanceType.L2)));
        table.createIndex("a vector", IvfFlat.withMetric(DistanceType.COSINE), null, true);
        assertEquals("cosine", table.indexStats("a vector_idx").segments().getFirst().metric());
        String otherMetric = table.search(vectors.next()).metric(DistanceType.DOT).explain();
        assertTrue(otherMetric.contains("note: index 'a vector_idx' is by cosine, the search by dot"), otherMetric);
        assertThrows(IllegalArgumentException.class, () -> table.createIndex("id", IvfFlat.withMetric(DistanceType.L2)));
        table.dropIndex("a vector_idx");
        assertEquals(List.of(), table.indices());
        assertThrows(IllegalArgumentException.class, () -> table.dropIndex("a vector_idx"));
    }
}
