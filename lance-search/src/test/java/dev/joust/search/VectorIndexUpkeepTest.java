// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.DistanceType;
import dev.joust.index.IndexBuildListener;
import dev.joust.index.IndexBuildOptions;
import dev.joust.index.IndexOptimization;
import dev.joust.index.IvfFlat;
import dev.joust.index.IvfHnswSq;
import dev.joust.index.IvfPq;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndexBuilder;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexModel;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Indices that are brought up to date, merged, moved along with their rows, and built in steps; that the reference agrees
/// with what comes of it is shown live.
class VectorIndexUpkeepTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int DIMENSION = 16;
    private static final String INDEX = "vec_idx";
    private static final List<DistanceType> METRICS = List.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT);
    private static final Schema SCHEMA = Schema.of(
            Field.nullable("id", new LogicalType.Int(64, true)),
            Field.nullable("vec", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), DIMENSION)));

    private final ClusteredVectors vectors = new ClusteredVectors(SEED, DIMENSION);
    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Database database = Database.over(
            store, session, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF));
    private final Table table = database.createTable("t", SCHEMA);

    @AfterEach
    void close() {
        database.close();
        session.close();
    }

    private void add(long first, int count) {
        add(first, count, 0);
    }

    private void add(long first, int count, float shift) {
        table.add(rows(first, count, shift));
    }

    private List<Map<String, @Nullable Object>> rows(long first, int count, float shift) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (long id = first; id < first + count; id++) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("id", id);
            row.put("vec", id % 40 == 9 ? null : vectors.next(shift));
            rows.add(row);
        }
        return rows;
    }

    private static Set<Object> ids(Query query) {
        return new HashSet<>(query.select("id").toMaps().stream().map(row -> row.get("id")).toList());
    }

    private void assertFinds(Table searched, DistanceType metric) {
        int found = 0;
        for (int i = 0; i < 20; i++) {
            float[] query = vectors.next();
            Set<Object> both = ids(searched.search(query).metric(metric).limit(10).nprobes(4).refine(10));
            both.retainAll(ids(searched.search(query).metric(metric).limit(10).noIndex()));
            found += both.size();
        }
        assertTrue(found > 190, found + " of 200, -Djoust.seed=" + SEED);
    }

    private static VectorIndexSpec<?> spec(VectorIndexKind kind, DistanceType metric) {
        return VectorIndexSpec.of(kind, metric).changed(builder -> builder.partitions(4).subVectorCount(8));
    }

    private IndexInfo index() {
        return table.indices().getFirst();
    }

    private static IndexOptimization merging(int count) {
        return IndexOptimization.DEFAULT.withSegmentsToMerge(count);
    }

    @ParameterizedTest
    @EnumSource
    void addedRowsBecomeASegmentAndSegmentsOne(VectorIndexKind kind) {
        DistanceType metric = METRICS.get(kind.name().length() % METRICS.size());
        add(0, 1200);
        table.createIndex("vec", spec(kind, metric));
        add(1200, 200);
        table.optimizeIndices(List.of(INDEX), merging(0));
        assertEquals(2, index().segmentCount());
        assertEquals(0, index().uncoveredRows());
        assertFinds(table, metric);

        table.delete("id % 6 = 1");
        add(1400, 200);
        table.optimizeIndices(List.of(INDEX), merging(1));
        assertEquals(2, index().segmentCount());
        table.optimizeIndices(List.of(), merging(2));
        assertEquals(1, index().segmentCount());
        assertEquals(0, index().uncoveredRows());
        assertEquals(
                table.countRows("vec is not null"), table.indexStats(INDEX).segments().getFirst().rowCount());
        assertFinds(table, metric);
        long version = table.version();
        assertEquals(version, table.optimizeIndices());
    }

    @ParameterizedTest
    @EnumSource
    void compactionMovesAnIndexAlong(VectorIndexKind kind) {
        DistanceType metric = METRICS.get(kind.name().length() % METRICS.size());
        for (int i = 0; i < 4; i++) {
            add(300L * i, 300);
        }
        table.createIndex("vec", spec(kind, metric));
        table.delete("id % 3 = 1 and id < 600");
        add(1200, 50);
        Map<Object, Object> before = distances(metric);
        table.compact();
        assertEquals(1, index().segmentCount());
        assertEquals(50, index().uncoveredRows());
        assertEquals(2, table.dataset().manifest().fragments().size());
        assertEquals(before, distances(metric));
        assertEquals(
                table.countRows("vec is not null and id < 1200"),
                table.indexStats(INDEX).segments().getFirst().rowCount());
        assertFinds(table, metric);
    }

    private Map<Object, Object> distances(DistanceType metric) {
        Map<Object, Object> distances = new HashMap<>();
        float[] query = vectors.center(3);
        for (Map<String, Object> row : table.search(query)
                .metric(metric)
                .limit(2000)
                .nprobes(4)
                .ef(4000)
                .fastSearch()
                .select("id", "_distance")
                .toMaps()) {
            distances.put(row.get("id"), row.get("_distance"));
        }
        return distances;
    }

    @Test
    void definitionIsTrainedWhenThereAreEnoughRows() {
        add(0, 100);
        table.createIndex("vec", IvfPq.withMetric(DistanceType.L2).subVectors(8));
        long version = table.version();
        assertEquals(version, table.optimizeIndices());
        add(100, 400);
        table.optimizeIndices();
        assertEquals(500, index().coveredRows());
        assertFinds(table, DistanceType.L2);
    }

    @Test
    void largePartitionsAreSplitAndSmallOnesJoined() {
        add(0, 500);
        table.createIndex("vec", IvfFlat.withMetric(DistanceType.L2).targetPartitionSize(100));
        assertEquals(5, table.indexStats(INDEX).segments().getFirst().partitionSizes().size());
        add(500, 3000);
        table.optimizeIndices(List.of(), IndexOptimization.DEFAULT.withRetrain(IndexOptimization.Retrain.NEVER));
        IndexStats.Segment segment = table.indexStats(INDEX).segments().getFirst();
        assertEquals(1, index().segmentCount());
        assertTrue(segment.partitionSizes().size() > 10, "" + segment.partitionSizes());
        assertEquals(table.countRows("vec is not null"), segment.rowCount());

        table.delete("id % 12 != 0");
        table.optimizeIndices(List.of(), IndexOptimization.DEFAULT.withRetrain(IndexOptimization.Retrain.NEVER));
        table.optimizeIndices(List.of(), IndexOptimization.DEFAULT.withRetrain(IndexOptimization.Retrain.NEVER));
        segment = table.indexStats(INDEX).segments().getFirst();
        assertTrue(segment.partitionSizes().size() < 10, "" + segment.partitionSizes());
        assertEquals(table.countRows("vec is not null"), segment.rowCount());
        assertFinds(table, DistanceType.L2);
    }

    @Test
    void vectorsThatLieElsewhereMakeItTrainAnew() {
        add(0, 2000);
        table.createIndex("vec", spec(VectorIndexKind.IVF_PQ, DistanceType.L2));
        double before = table.indexStats(INDEX).segments().getFirst().imbalance();
        add(2000, 2000, 0);
        table.optimizeIndices();
        add(4000, 4000, 40);
        table.optimizeIndices();
        IndexStats.Segment segment = table.indexStats(INDEX).segments().getLast();
        assertEquals(1, index().segmentCount());
        assertTrue(segment.imbalance() < before + 2, segment + "");
        assertFinds(table, DistanceType.L2);
    }

    @Test
    void buildInStepsIsTheIndexBuiltAtOnce() throws IOException {
        for (int i = 0; i < 4; i++) {
            add(400L * i, 400);
        }
        Dataset dataset = table.dataset();
        VectorColumn column = VectorColumn.of(dataset.schema(), "vec");
        VectorIndexSpec<IvfPq> spec = IvfPq.withMetric(DistanceType.COSINE).partitions(4).subVectors(8);
        VectorIndexBuilder builder = new VectorIndexBuilder(dataset, column, spec.parameters());
        List<Fragment> fragments = dataset.manifest().fragments();
        byte[] sent = builder.train(fragments).orElseThrow().toBytes();
        VectorIndexModel model = VectorIndexModel.parse(sent);
        assertArrayEquals(sent, model.toBytes());
        IndexMetadata first = builder.build("part", fragments.subList(0, 2), model);
        IndexMetadata second = builder.build("part", fragments.subList(2, 3), model);
        IndexMetadata third = builder.build("part", fragments.subList(3, 4), model);
        IndexMetadata merged = builder.merge(List.of(first, second));
        VectorIndexBuilder.discard(dataset, List.of(first, second));
        table.commitIndex(INDEX, List.of(merged, third), false);
        assertEquals(2, index().segmentCount());
        assertEquals(0, index().uncoveredRows());
        assertFinds(table, DistanceType.COSINE);
        assertThrows(IllegalArgumentException.class, () -> table.commitIndex(INDEX, List.of(third), false));
        assertThrows(IllegalArgumentException.class, () -> table.commitIndex(INDEX, List.of(third, third), true));

        Table whole = database.createTable("whole", SCHEMA);
        whole.add(table.query().limit(2000).toMaps());
        whole.createIndex("vec", spec);
        float[] query = vectors.next();
        assertEquals(
                ids(whole.search(query).limit(20).nprobes(4)), ids(table.search(query).limit(20).nprobes(4)));
    }

    @Test
    void damagedModelIsRefused() throws IOException {
        add(0, 300);
        Dataset dataset = table.dataset();
        VectorIndexBuilder builder = new VectorIndexBuilder(
                dataset,
                VectorColumn.of(dataset.schema(), "vec"),
                IvfPq.withMetric(DistanceType.L2).subVectors(8).parameters());
        byte[] bytes = builder.train(dataset.manifest().fragments()).orElseThrow().toBytes();
        for (int length : new int[] {0, 3, 11, 40, bytes.length / 2, bytes.length - 1}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> VectorIndexModel.parse(java.util.Arrays.copyOf(bytes, length)),
                    "cut at " + length);
        }
        bytes[0]++;
        assertThrows(IllegalArgumentException.class, () -> VectorIndexModel.parse(bytes));
    }

    private List<String> indexFiles() throws IOException {
        return store.list(ObjectPath.ROOT).stream()
                .map(file -> file.path().toString())
                .filter(path -> path.contains("_indices"))
                .toList();
    }

    @Test
    void cancelledBuildLeavesNothing() throws IOException {
        add(0, 3000);
        for (IndexBuildListener.Phase phase : IndexBuildListener.Phase.values()) {
            AtomicBoolean cancelled = new AtomicBoolean();
            IndexBuildOptions options = IndexBuildOptions.DEFAULT
                    .withListener((now, _, _) -> cancelled.compareAndSet(false, now == phase))
                    .withCancelled(cancelled::get);
            long version = table.version();
            assertThrows(
                    CancellationException.class,
                    () -> table.createIndex("vec", IvfHnswSq.withMetric(DistanceType.L2).partitions(4), null, false, options),
                    phase + "");
            assertEquals(List.of(), indexFiles());
            assertEquals(version, table.refresh().version());
        }
    }

    @Test
    void listenerSeesAllPhasesToTheirEnd() {
        add(0, 2000);
        Set<IndexBuildListener.Phase> ended = EnumSet.noneOf(IndexBuildListener.Phase.class);
        IndexBuildOptions options = IndexBuildOptions.DEFAULT.withListener((phase, done, total) -> {
            if (done == total) {
                ended.add(phase);
            }
        });
        table.createIndex("vec", spec(VectorIndexKind.IVF_PQ, DistanceType.L2), null, false, options);
        assertEquals(EnumSet.allOf(IndexBuildListener.Phase.class), ended);
    }

    @Test
    void littleMemoryMakesTheSameKindOfIndex() {
        add(0, 4000);
        table.createIndex(
                "vec",
                spec(VectorIndexKind.IVF_FLAT, DistanceType.L2),
                null,
                false,
                IndexBuildOptions.DEFAULT.withMemoryBytes(1));
        assertEquals(4000, index().coveredRows());
        assertFinds(table, DistanceType.L2);
    }

    @Test
    void maintenanceAddsWhatIsNotCovered() throws InterruptedException {
        try (Database kept = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT)) {
            Table own = kept.createTable("t", SCHEMA);
            own.add(rows(0, 300, 0));
            own.createIndex("vec", spec(VectorIndexKind.IVF_PQ, DistanceType.L2));
            own.add(rows(300, 1000, 0));
            assertTrue(kept.awaitMaintenance(java.time.Duration.ofMinutes(2)));
            assertEquals(1000, own.refresh().indices().getFirst().uncoveredRows());
            own.add(rows(1300, 8000, 0));
            own.delete("id = 7");
            assertTrue(kept.awaitMaintenance(java.time.Duration.ofMinutes(2)));
            IndexInfo index = own.refresh().indices().getFirst();
            assertEquals(0, index.uncoveredRows());
            assertEquals(9299, index.coveredRows());
            assertFinds(own, DistanceType.L2);
        }
    }

    @Test
    void recallIsMeasuredAgainstExactSearch() {
        add(0, 2000);
        table.createIndex("vec", spec(VectorIndexKind.IVF_PQ, DistanceType.L2));
        IndexRecall recall = table.indexRecall(INDEX, 30, 5);
        assertEquals(30, recall.sampleCount());
        IndexRecall.Point worst = recall.points().getFirst();
        IndexRecall.Point best = recall.points().getLast();
        assertEquals(List.of(1, 0), List.of(worst.probes(), worst.refine()));
        assertEquals(List.of(4, 10), List.of(best.probes(), best.refine()));
        assertTrue(best.recall() > 0.98 && best.recall() > worst.recall(), recall.points() + "");
        assertThrows(IllegalArgumentException.class, () -> table.indexRecall("other", 30, 5));
    }
}
