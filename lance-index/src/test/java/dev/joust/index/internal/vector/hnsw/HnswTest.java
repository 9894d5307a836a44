// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.KMeans;
import dev.joust.index.internal.vector.TestVectors;
import dev.joust.index.internal.vector.Workers;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.io.Session;

final class HnswTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;
    private static final HnswBuilder.Settings SETTINGS = new HnswBuilder.Settings(12, 80, 7, 42);
    /// Lanes are added in another order once a kernel is compiled.
    private static final float NEARLY = 1e-4f;

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Random random = new Random(SEED);
    private final HnswSearcher searcher = new HnswSearcher();

    @ParameterizedTest
    @CsvSource({"FLOAT, L2", "FLOAT, DOT", "FLOAT, COSINE", "SQ, L2", "SQ, DOT", "PQ, L2", "PQ, DOT"})
    void walkFindsNearlyAllThatDistancesOfAllRowsFind(String kind, DistanceType type) {
        int dimension = 24;
        int count = 3000;
        float[] values = TestVectors.clustered(random, count + 40, dimension, 60, 0.4f);
        TestVectors.normalize(values, dimension);
        HnswRows rows =
                switch (kind) {
                    case "SQ" -> scalarQuantized(values, count, dimension, type);
                    case "PQ" -> productQuantized(values, count, dimension, type);
                    default -> new FloatRows(values, count, dimension, type);
                };
        HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        assertAllReachable(graph);
        HnswRows.Scorer scorer = rows.newScorer();
        int hits = 0;
        long[] mask = new long[Math.ceilDiv(count, 64)];
        Arrays.setAll(mask, i -> random.nextLong());
        int maskedHits = 0;
        for (int query = count; query < count + 40; query++) {
            scorer.query(TestVectors.row(values, query, dimension));
            float[] distances = distancesOfAll(scorer, count);
            hits += hits(graph, scorer, distances, null, 60);
            maskedHits += hits(graph, scorer, distances, mask, 60);
        }
        int found = hits;
        int maskedFound = maskedHits;
        assertTrue(hits >= 0.97 * 400, () -> WHAT + " found " + found + " of 400");
        assertTrue(maskedHits >= 0.97 * 400, () -> WHAT + " found " + maskedFound + " of 400 with a mask");
    }

    private int hits(HnswGraph graph, HnswRows.Scorer scorer, float[] distances, long @Nullable [] mask, int ef) {
        double[] nearest = IntStream.range(0, distances.length)
                .filter(row -> mask == null || (mask[row / 64] >> row & 1) != 0)
                .mapToDouble(row -> distances[row])
                .sorted()
                .limit(10)
                .toArray();
        int found = searcher.search(graph, scorer, 10, ef, mask, -INFINITY, INFINITY);
        assertEquals(10, found, WHAT);
        int hits = 0;
        for (int i = 0; i < found; i++) {
            assertEquals(distances[searcher.row(i)], searcher.distance(i), NEARLY, WHAT);
            assertTrue(i == 0 || searcher.distance(i - 1) <= searcher.distance(i), WHAT);
            assertTrue(mask == null || (mask[searcher.row(i) / 64] >> searcher.row(i) & 1) != 0, WHAT);
            hits += searcher.distance(i) <= nearest[9] + NEARLY ? 1 : 0;
        }
        assertEquals(
                10,
                IntStream.range(0, found).map(searcher::row).distinct().count(),
                WHAT);
        return hits;
    }

    @Test
    void hammingGraphFindsRowsThatDifferInFewestBits() {
        byte[] values = new byte[1000 * 16];
        random.nextBytes(values);
        var rows = new BinaryRows(values, 1000, 16);
        HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        BinaryRows.BinaryScorer scorer = rows.newScorer();
        for (int row = 0; row < 1000; row += 50) {
            byte[] query = Arrays.copyOfRange(values, row * 16, row * 16 + 16);
            query[3] ^= 5;
            scorer.query(query);
            assertTrue(searcher.search(graph, scorer, 3, 60, null, -INFINITY, INFINITY) > 0);
            assertEquals(row, searcher.row(0), WHAT);
            assertEquals(2, searcher.distance(0));
        }
    }

    @Test
    void maskOfFewRowsIsExact() {
        float[] values = TestVectors.gaussian(random, 2000 * 8);
        var rows = new FloatRows(values, 2000, 8, DistanceType.L2);
        HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        HnswRows.Scorer scorer = rows.newScorer();
        scorer.query(TestVectors.gaussian(random, 8));
        float[] distances = distancesOfAll(scorer, 2000);
        long[] mask = new long[Math.ceilDiv(2000, 64)];
        int[] allowed = random.ints(40, 0, 2000).distinct().sorted().toArray();
        for (int row : allowed) {
            mask[row / 64] |= 1L << row;
        }
        int[] expected = Arrays.stream(allowed)
                .boxed()
                .sorted((a, b) -> Float.compare(distances[a], distances[b]))
                .limit(10)
                .mapToInt(Integer::intValue)
                .toArray();
        int found = searcher.search(graph, scorer, 10, 10, mask, -INFINITY, INFINITY);
        assertArrayEquals(expected, IntStream.range(0, found).map(searcher::row).toArray(), WHAT);
        assertEquals(0, searcher.search(graph, scorer, 10, 10, new long[mask.length], -INFINITY, INFINITY));
    }

    @Test
    void boundsLeaveNearerAndFartherRowsOut() {
        float[] values = TestVectors.gaussian(random, 2000 * 8);
        var rows = new FloatRows(values, 2000, 8, DistanceType.L2);
        HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        HnswRows.Scorer scorer = rows.newScorer();
        scorer.query(TestVectors.gaussian(random, 8));
        float[] distances = distancesOfAll(scorer, 2000);
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        int found = searcher.search(graph, scorer, 20, 100, null, sorted[5] - NEARLY, sorted[15] - NEARLY);
        assertEquals(10, found, WHAT);
        for (int i = 0; i < found; i++) {
            assertEquals(sorted[5 + i], searcher.distance(i), NEARLY, WHAT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 13})
    void allOfFewRowsAreFound(int count) {
        float[] values = TestVectors.gaussian(random, count * 5);
        var rows = new FloatRows(values, count, 5, DistanceType.L2);
        HnswGraph graph = HnswBuilder.build(rows, HnswBuilder.Settings.DEFAULT, Workers.callerOnly());
        HnswRows.Scorer scorer = rows.newScorer();
        scorer.query(new float[5]);
        assertEquals(count, searcher.search(graph, scorer, 100, 150, null, -INFINITY, INFINITY));
    }

    @Test
    void equalRowsAreAllReachable() {
        float[] values = new float[3000 * 4];
        Arrays.fill(values, 0, values.length / 2, 1f);
        var rows = new FloatRows(values, 3000, 4, DistanceType.L2);
        HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        assertAllReachable(graph);
        HnswRows.Scorer scorer = rows.newScorer();
        scorer.query(new float[4]);
        int found = searcher.search(graph, scorer, 50, 75, null, -INFINITY, INFINITY);
        assertEquals(50, found);
        assertEquals(0, searcher.distance(49));
    }

    @Test
    void oneThreadAndSeedGiveOneGraph() {
        float[] values = TestVectors.gaussian(random, 1500 * 6);
        HnswRows rows = scalarQuantized(values, 1500, 6, DistanceType.L2);
        HnswGraph one = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        HnswGraph two = HnswBuilder.build(rows, SETTINGS, Workers.callerOnly());
        assertEquals(one.entryPoint(), two.entryPoint());
        assertEquals(one.levels().size(), two.levels().size());
        for (int level = 0; level < one.levels().size(); level++) {
            assertArrayEquals(one.levels().get(level).nodes(), two.levels().get(level).nodes());
            assertArrayEquals(one.levels().get(level).offsets(), two.levels().get(level).offsets());
            assertArrayEquals(
                    one.levels().get(level).neighbors(), two.levels().get(level).neighbors());
        }
        assertEquals(0, Arrays.stream(one.levels().getFirst().neighbors()).filter(row -> row < 0).count());
    }

    @Test
    void rowsInsertedByManyThreadsAreFound() {
        float[] values = TestVectors.clustered(random, 6000, 16, 40, 0.5f);
        var rows = new FloatRows(values, 6000, 16, DistanceType.L2);
        try (Session session = Session.builder().workerCount(4).build()) {
            HnswGraph graph = HnswBuilder.build(rows, SETTINGS, Workers.of(session));
            assertAllReachable(graph);
            HnswRows.Scorer scorer = rows.newScorer();
            int hits = 0;
            for (int row = 0; row < 6000; row += 20) {
                scorer.query(TestVectors.row(values, row, 16));
                searcher.search(graph, scorer, 1, 40, null, -INFINITY, INFINITY);
                hits += searcher.row(0) == row ? 1 : 0;
            }
            int found = hits;
            assertTrue(hits >= 297, () -> WHAT + " found " + found + " of 300");
        }
    }

    @Test
    void degreesStayWithinTheirLimits() {
        float[] values = TestVectors.clustered(random, 3000, 8, 20, 0.3f);
        HnswGraph graph = HnswBuilder.build(
                new FloatRows(values, 3000, 8, DistanceType.L2), SETTINGS, Workers.callerOnly());
        assertTrue(graph.levels().size() > 1);
        for (int level = 0; level < graph.levels().size(); level++) {
            int[] offsets = graph.levels().get(level).offsets();
            int most = level == 0 ? 2 * SETTINGS.m() + 5 : SETTINGS.m(); // a few more where rows had to be reached
            for (int i = 1; i < offsets.length; i++) {
                assertTrue(offsets[i] - offsets[i - 1] <= most, WHAT);
            }
        }
    }

    @Test
    void graphsThatAreNoneAreRefused() {
        int[] none = {};
        var all = new HnswGraph.Level(new int[] {0, 1, 2}, new int[] {0, 1, 2, 2}, new int[] {1, 7});
        assertArrayEquals(
                new int[] {1},
                new HnswGraph(2, List.of(all)).levels().getFirst().neighbors());
        assertThrows(IllegalArgumentException.class, () -> new HnswGraph(3, List.of(all)));
        assertThrows(IllegalArgumentException.class, () -> new HnswGraph(0, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HnswGraph.Level(new int[] {0, 2, 1}, new int[] {0, 0, 0, 0}, none));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HnswGraph.Level(new int[] {0}, new int[] {0, 9}, none));
        var gap = new HnswGraph.Level(new int[] {0, 2}, new int[] {0, 0, 0}, none);
        assertThrows(IllegalArgumentException.class, () -> new HnswGraph(0, List.of(gap)));
        var stranger = new HnswGraph.Level(new int[] {5}, new int[] {0, 0}, none);
        assertThrows(IllegalArgumentException.class, () -> new HnswGraph(0, List.of(all, stranger)));
    }

    private static void assertAllReachable(HnswGraph graph) {
        HnswGraph.Level level = graph.levels().getFirst();
        boolean[] reached = new boolean[graph.count()];
        int[] queue = new int[graph.count()];
        int end = 0;
        queue[end++] = graph.entryPoint();
        reached[graph.entryPoint()] = true;
        for (int i = 0; i < end; i++) {
            for (int j = level.offsets()[queue[i]]; j < level.offsets()[queue[i] + 1]; j++) {
                int neighbor = level.neighbors()[j];
                assertFalse(neighbor == queue[i]);
                if (!reached[neighbor]) {
                    reached[neighbor] = true;
                    queue[end++] = neighbor;
                }
            }
        }
        assertEquals(graph.count(), end, WHAT);
    }

    private static float[] distancesOfAll(HnswRows.Scorer scorer, int count) {
        float[] distances = new float[count];
        scorer.score(IntStream.range(0, count).toArray(), count, distances);
        return distances;
    }

    private static HnswRows scalarQuantized(float[] values, int count, int dimension, DistanceType type) {
        ScalarQuantizer quantizer = ScalarQuantizer.train(values, 0, values.length);
        byte[] codes = new byte[count * dimension];
        quantizer.encode(values, 0, count, dimension, codes, 0, Workers.callerOnly());
        return new SqRows(codes, count, dimension, quantizer, type);
    }

    private static HnswRows productQuantized(float[] values, int count, int dimension, DistanceType type) {
        PqCodebook codebook = ProductQuantizer.train(
                values, count, dimension, 8, 8, KMeans.Settings.forCodebooks(1), Workers.callerOnly());
        byte[] codes = new byte[count * codebook.codeBytes()];
        new ProductQuantizer(codebook).encode(values, 0, count, codes, 0, Workers.callerOnly());
        return new PqRows(codes, count, codebook, type);
    }
}
