// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
import dev.joust.index.Hnsw;
import dev.joust.index.IvfFlat;
import dev.joust.index.IvfPq;
import dev.joust.index.VectorElement;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Indices of vectors of each element type, of bits, and of several vectors a row find what exact searches find.
class VectorTypesTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int DIMENSION = 16;
    private static final int ROWS = 600;

    private final Random random = new Random(SEED);
    private final Session session = Session.create();
    private final Database database = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT);

    @AfterEach
    void close() {
        database.close();
        session.close();
    }

    private static Field vectors(VectorElement element) {
        return Field.nullable("v.ec", new LogicalType.FixedSizeList(element.type(), DIMENSION));
    }

    /// A table whose vectors are two structs deep.
    private Table table(Field vectors) {
        Field inner = Field.nullable("Inner", new LogicalType.Struct()).withChildren(List.of(vectors));
        Field outer = Field.nullable("outer", new LogicalType.Struct()).withChildren(List.of(inner));
        return database.createTable(
                "t", Schema.of(Field.nullable("id", new LogicalType.Int(64, true)), outer));
    }

    private List<Object> vector(VectorElement element) {
        int center = random.nextInt(20) * 7;
        List<Object> vector = new ArrayList<>();
        for (int i = 0; i < DIMENSION; i++) {
            int around = center * (i + 3) % 101 - 50;
            vector.add(switch (element) {
                case FLOAT16, FLOAT32 -> (float) (around / 10.0 + random.nextGaussian());
                case FLOAT64 -> around / 10.0 + random.nextGaussian();
                case INT8 -> (byte) Math.clamp((int) (around + 10 * random.nextGaussian()), -128, 127);
                case UINT8 -> (around & 0xff) ^ (random.nextInt(4) == 0 ? 1 << random.nextInt(8) : 0);
            });
        }
        return vector;
    }

    private static float[] query(List<Object> vector) {
        float[] query = new float[vector.size()];
        for (int i = 0; i < query.length; i++) {
            query[i] = ((Number) vector.get(i)).floatValue();
        }
        return query;
    }

    private void addRows(Table table, VectorElement element, boolean several) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (long id = 0; id < ROWS; id++) {
            Object value = several ? Stream.generate(() -> vector(element)).limit(id % 4).toList() : vector(element);
            Map<String, @Nullable Object> inner = new HashMap<>();
            inner.put("v.ec", id % 40 == 9 ? null : value);
            Map<String, @Nullable Object> outer = new HashMap<>();
            outer.put("Inner", id % 40 == 8 ? null : inner);
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("id", id);
            row.put("outer", outer);
            rows.add(row);
        }
        table.add(rows);
    }

    private static Set<Object> ids(Query query) {
        return new HashSet<>(query.column("outer.inner.`v.ec`").limit(10).select("id").toMaps().stream()
                .map(row -> row.get("id"))
                .toList());
    }

    private static Stream<Arguments> indices() {
        List<Arguments> all = new ArrayList<>();
        int turn = 0;
        for (VectorIndexKind kind : VectorIndexKind.values()) {
            for (DistanceType metric : List.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT)) {
                VectorElement[] others = {VectorElement.FLOAT16, VectorElement.FLOAT64, VectorElement.INT8};
                all.add(Arguments.of(others[turn++ % 3], kind, metric, false));
            }
            turn++; // the next kind gets others for each metric
            all.add(Arguments.of(VectorElement.FLOAT32, kind, DistanceType.COSINE, true));
        }
        all.add(Arguments.of(VectorElement.UINT8, VectorIndexKind.IVF_FLAT, DistanceType.HAMMING, false));
        all.add(Arguments.of(VectorElement.UINT8, VectorIndexKind.IVF_HNSW_FLAT, DistanceType.HAMMING, false));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("indices")
    void indexFindsWhatExactSearchFinds(VectorElement element, VectorIndexKind kind, DistanceType metric, boolean several) {
        Field item = vectors(element);
        Table table = table(
                several
                        ? Field.nullable("v.ec", new LogicalType.List(false, false)).withChildren(List.of(item))
                        : item);
        addRows(table, element, several);
        table.createIndex(
                "outer.inner.`v.ec`",
                VectorIndexSpec.of(kind, metric).changed(builder -> builder.partitions(3).subVectorCount(8)));
        assertEquals("outer.Inner.`v.ec`_idx", table.indices().getFirst().name());
        int shared = 0;
        for (int i = 0; i < 10; i++) {
            float[] query = query(vector(element));
            float[][] queries = several ? new float[][] {query, query(vector(element))} : new float[][] {query};
            Query search = table.search(queries);
            Set<Object> found = ids(search.nprobes(3).refine(8));
            Set<Object> exact = ids(search.noIndex().metric(metric));
            assertEquals(10, exact.size());
            found.retainAll(exact);
            shared += found.size();
        }
        assertTrue(shared >= 90, shared + " of 100, -Djoust.seed=" + SEED);
    }

    @Test
    void sixtyFourBitsAreKept() {
        Table table = table(vectors(VectorElement.FLOAT64));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (long id = 0; id < 50; id++) {
            List<Object> vector = new ArrayList<>();
            for (int i = 0; i < DIMENSION; i++) {
                vector.add(1e7 + id / 64.0);
            }
            rows.add(Map.of("id", id, "outer", Map.of("Inner", Map.of("v.ec", vector))));
        }
        table.add(rows);
        table.createIndex("outer.Inner.`v.ec`", IvfFlat.withMetric(DistanceType.L2).partitions(1));
        float[] query = new float[DIMENSION];
        java.util.Arrays.fill(query, 1e7f);
        List<Map<String, @Nullable Object>> found =
                table.search(query).column("outer.Inner.`v.ec`").limit(3).select("id").toMaps();
        assertEquals(List.of(0L, 1L, 2L), found.stream().map(row -> row.get("id")).toList());
        assertEquals(DIMENSION / 4096f, found.get(1).get("_distance"));
    }

    @Test
    void oneGraphHasOnePartition() {
        Table table = table(vectors(VectorElement.FLOAT32));
        addRows(table, VectorElement.FLOAT32, false);
        table.createIndex("outer.Inner.`v.ec`", Hnsw.withMetric(DistanceType.L2).scalarQuantized());
        assertEquals("IVF_HNSW_SQ", table.indices().getFirst().type());
        assertEquals(
                1,
                table.indexStats("outer.Inner.`v.ec`_idx")
                        .segments()
                        .getFirst()
                        .partitionSizes()
                        .size());
        assertThrows(
                IllegalArgumentException.class,
                () -> Hnsw.withMetric(DistanceType.L2).partitions(2));
    }

    @Test
    void whatTheReferenceCouldNotReadIsRefused() {
        Table table = table(vectors(VectorElement.UINT8));
        String column = "outer.Inner.`v.ec`";
        assertThrows(
                IllegalArgumentException.class, () -> table.createIndex(column, IvfFlat.withMetric(DistanceType.L2)));
        assertThrows(
                IllegalArgumentException.class, () -> table.createIndex(column, IvfPq.withMetric(DistanceType.HAMMING)));
        Table floats = database.createTable("floats", Schema.of(vectors(VectorElement.FLOAT16)));
        assertThrows(
                IllegalArgumentException.class, () -> floats.createIndex("V.EC", IvfFlat.withMetric(DistanceType.HAMMING)));
        Field several = Field.nullable("many", new LogicalType.List(false, false))
                .withChildren(List.of(vectors(VectorElement.FLOAT32)));
        Table many = database.createTable("many", Schema.of(several));
        assertThrows(
                IllegalArgumentException.class, () -> many.createIndex("many", IvfFlat.withMetric(DistanceType.L2)));
    }
}
