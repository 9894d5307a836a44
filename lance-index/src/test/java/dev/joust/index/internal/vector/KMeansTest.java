// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.index.DistanceType;
import dev.joust.io.Session;

final class KMeansTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);

    @Test
    void clearClustersAreFound() {
        int dimension = 20;
        float[] rows = TestVectors.clustered(random, 6000, dimension, 30, 0.01f);
        KMeans.Result result = train(rows, 6000, dimension, 60, DistanceType.L2);
        // twice as many centroids as there are clusters: hardly one has to do for two of them
        double withinClusters = 6000 * dimension * 0.01 * 0.01;
        assertTrue(result.loss() < 100 * withinClusters, () -> WHAT + " loss " + result.loss());
    }

    @Test
    void lossIsThatOfTheCentroids() {
        int dimension = 9;
        float[] rows = TestVectors.gaussian(random, 2000 * dimension);
        KMeans.Result result = train(rows, 2000, dimension, 16, DistanceType.L2);
        double loss = 0;
        for (int row = 0; row < 2000; row++) {
            int start = row * dimension;
            loss += IntStream.range(0, 16)
                    .mapToDouble(c -> TestVectors.l2(rows, start, result.centroids(), c * dimension, dimension))
                    .min()
                    .orElseThrow();
        }
        assertEquals(loss, result.loss(), 1e-4 * loss, WHAT);
        assertTrue(loss < 0.75 * 2000 * dimension, () -> WHAT + " loss " + result.loss());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 300})
    void seedAndNotThreadsDecideTheResult(int centroids) {
        int dimension = 13;
        float[] rows = TestVectors.clustered(random, 20_000, dimension, 50, 0.3f);
        KMeans.Settings settings = KMeans.Settings.forPartitions(5);
        float[] alone = KMeans.train(
                        rows, 20_000, dimension, centroids, DistanceType.L2, settings, Workers.callerOnly())
                .centroids();
        try (Session session = Session.builder().workerCount(4).build()) {
            float[] together = KMeans.train(
                            rows, 20_000, dimension, centroids, DistanceType.L2, settings, Workers.of(session))
                    .centroids();
            assertArrayEquals(alone, together);
            float[] other = KMeans.train(
                            rows,
                            20_000,
                            dimension,
                            centroids,
                            DistanceType.L2,
                            KMeans.Settings.forPartitions(6),
                            Workers.of(session))
                    .centroids();
            assertTrue(!Arrays.equals(alone, other));
        }
    }

    @Test
    void manyCentroidsAreAllDifferentAndUsed() {
        int dimension = 8;
        float[] rows = TestVectors.gaussian(random, 20_000 * dimension);
        KMeans.Result result = train(rows, 20_000, dimension, 700, DistanceType.L2);
        assertEquals(700, result.count());
        int[] ids = new int[20_000];
        new NearestCentroids(result.centroids(), 700, dimension, DistanceType.L2)
                .assign(rows, 0, 20_000, ids, Workers.callerOnly());
        long used = Arrays.stream(ids).distinct().count();
        assertTrue(used >= 695, () -> WHAT + " used " + used);
    }

    @Test
    void fewRowsGiveAsManyCentroids() {
        float[] rows = TestVectors.gaussian(random, 3 * 5);
        KMeans.Result result = train(rows, 3, 5, 8, DistanceType.L2);
        assertEquals(3, result.count());
        assertEquals(0, result.loss(), 1e-4);
        assertEquals(1, train(rows, 1, 5, 8, DistanceType.L2).count());
        assertThrows(IllegalArgumentException.class, () -> train(rows, 0, 5, 8, DistanceType.L2));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 300})
    void equalRowsGiveAsManyCentroidsAsAsked(int centroids) {
        float[] rows = new float[400 * 6];
        Arrays.fill(rows, 0.25f);
        KMeans.Result result = train(rows, 400, 6, centroids, DistanceType.L2);
        assertEquals(centroids, result.count());
        assertEquals(0, result.loss(), 1e-4);
    }

    @Test
    void balancedPartitionsAreMoreEvenThanOthersOnAverage() {
        int dimension = 4;
        int even = 0;
        int plain = 0;
        for (int seed = 0; seed < 12; seed++) {
            // half of the rows in one place
            float[] rows = TestVectors.gaussian(random, 4000 * dimension);
            for (int i = 0; i < rows.length / 2; i++) {
                rows[i] *= 0.2f;
            }
            even += largest(rows, dimension, new KMeans.Settings(30, 1e-4, 1, 4096, seed));
            plain += largest(rows, dimension, new KMeans.Settings(30, 1e-4, 0, 4096, seed));
        }
        int evenSum = even;
        int plainSum = plain;
        assertTrue(even < plain, () -> WHAT + " " + evenSum + " " + plainSum);
    }

    private static int largest(float[] rows, int dimension, KMeans.Settings settings) {
        int count = rows.length / dimension;
        float[] centroids = KMeans.train(
                        rows, count, dimension, 20, DistanceType.L2, settings, Workers.callerOnly())
                .centroids();
        int[] ids = new int[count];
        new NearestCentroids(centroids, 20, dimension, DistanceType.L2)
                .assign(rows, 0, count, ids, Workers.callerOnly());
        int[] sizes = new int[20];
        for (int id : ids) {
            sizes[id]++;
        }
        return Arrays.stream(sizes).max().orElseThrow();
    }

    @Test
    void centroidsForDotHaveNormOne() {
        float[] rows = TestVectors.gaussian(random, 1000 * 7);
        KMeans.Result result = train(rows, 1000, 7, 10, DistanceType.DOT);
        for (int c = 0; c < 10; c++) {
            assertEquals(1, TestVectors.dot(result.centroids(), c * 7, result.centroids(), c * 7, 7), 1e-5);
        }
    }

    @Test
    void strideChoosesPartOfEachRow() {
        float[] rows = TestVectors.gaussian(random, 500 * 12);
        float[] part = new float[500 * 3];
        for (int row = 0; row < 500; row++) {
            System.arraycopy(rows, row * 12 + 6, part, row * 3, 3);
        }
        KMeans.Settings settings = KMeans.Settings.forCodebooks(2);
        KMeans.Result expected =
                KMeans.train(part, 500, 3, 16, DistanceType.L2, settings, Workers.callerOnly());
        KMeans.Result actual =
                KMeans.train(rows, 6, 12, 500, 3, 16, DistanceType.L2, settings, Workers.callerOnly());
        assertArrayEquals(expected.centroids(), actual.centroids());
    }

    @Test
    void quotasAreSharedBySizeAndNeverMoreThanIt() {
        assertArrayEquals(new int[] {50, 0, 25, 25}, KMeans.quotas(new int[] {200, 0, 100, 100}, 100));
        assertArrayEquals(new int[] {1, 1, 8}, KMeans.quotas(new int[] {1, 1, 1000}, 10));
        assertArrayEquals(new int[] {3, 2}, KMeans.quotas(new int[] {3, 2}, 5));
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "DOT"})
    void assignmentIsThatOfExactDistances(DistanceType type) {
        for (int dimension : new int[] {1, 2, 7, 8, 16, 33, 128}) {
            for (int count : new int[] {1, 3, 4, 31, 32, 33, 257}) {
                for (int rowCount : new int[] {1, 7, 8, 9, 64, 65, 200}) {
                    float[] centroids = TestVectors.gaussian(random, count * dimension);
                    float[] rows = TestVectors.gaussian(random, rowCount * dimension + 3);
                    var nearest = new NearestCentroids(centroids, count, dimension, type);
                    int[] ids = new int[rowCount];
                    float[] distances = new float[rowCount];
                    nearest.assign(rows, 3, rowCount, ids, distances, Workers.callerOnly());
                    float[] exact = new float[count];
                    for (int row = 0; row < rowCount; row++) {
                        float[] query = Arrays.copyOfRange(rows, 3 + row * dimension, 3 + (row + 1) * dimension);
                        nearest.distances(query, exact);
                        float best = exact[0];
                        for (float distance : exact) {
                            best = Math.min(best, distance);
                        }
                        float tolerance = 1e-6f * (10 + 4 * dimension);
                        assertEquals(best, exact[ids[row]], tolerance, WHAT);
                        assertEquals(best, distances[row], tolerance, WHAT);
                    }
                }
            }
        }
    }

    @Test
    void probesAreOrderedByDistanceThenNumber() {
        float[] centroids = new float[2000 * 3];
        for (int i = 0; i < centroids.length; i++) {
            centroids[i] = random.nextInt(4); // many are equally near
        }
        var nearest = new NearestCentroids(centroids, 2000, 3, DistanceType.L2);
        float[] query = {1.2f, 0.4f, 2.9f};
        float[] all = new float[2000];
        nearest.distances(query, all);
        int[] expected = IntStream.range(0, 2000)
                .boxed()
                .sorted((a, b) -> all[a] != all[b] ? Float.compare(all[a], all[b]) : Integer.compare(a, b))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int most : new int[] {1, 10, 249, 250, 2000, 5000}) {
            int[] ids = new int[most];
            float[] distances = new float[most];
            int found = nearest.nearest(query, most, ids, distances);
            assertEquals(Math.min(most, 2000), found);
            assertArrayEquals(Arrays.copyOf(expected, found), Arrays.copyOf(ids, found));
            assertEquals(all[ids[found - 1]], distances[found - 1]);
        }
    }

    private static KMeans.Result train(float[] rows, int rowCount, int dimension, int wanted, DistanceType type) {
        return KMeans.train(
                rows, rowCount, dimension, wanted, type, KMeans.Settings.forPartitions(3), Workers.callerOnly());
    }
}
