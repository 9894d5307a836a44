// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqCodes;
import dev.joust.index.internal.vector.pq.PqScan;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.rq.RabitPartition;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.RabitScan;
import dev.joust.index.internal.vector.rq.Rotation;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.index.internal.vector.sq.SqScan;

/// Partitions, codes and scans together, from the vectors to the rows that are found, against exact search.
final class PartitionedRecallTest {
    private static final int DIMENSION = 32;
    private static final int ROWS = 6000;
    private static final int PARTITIONS = 24;
    private static final int PROBES = 10;
    private static final int QUERIES = 40;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final float[] rows =
            TestVectors.clustered(new Random(SEED), ROWS + QUERIES, DIMENSION, 80, 0.5f);
    private final NearestCentroids centroids = new NearestCentroids(
            KMeans.train(
                            rows,
                            ROWS,
                            DIMENSION,
                            PARTITIONS,
                            DistanceType.L2,
                            KMeans.Settings.forPartitions(1),
                            Workers.callerOnly())
                    .centroids(),
            PARTITIONS,
            DIMENSION,
            DistanceType.L2);
    private final float[] sorted = new float[ROWS * DIMENSION];
    private final int[] partitions = new int[ROWS];
    private final long[] rowIds = new long[ROWS];
    private final int[] starts = new int[PARTITIONS + 1];

    PartitionedRecallTest() {
        int[] ids = new int[ROWS];
        centroids.assign(rows, 0, ROWS, ids, Workers.callerOnly());
        int next = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            starts[partition] = next;
            for (int row = 0; row < ROWS; row++) {
                if (ids[row] == partition) {
                    System.arraycopy(rows, row * DIMENSION, sorted, next * DIMENSION, DIMENSION);
                    partitions[next] = partition;
                    rowIds[next++] = row;
                }
            }
        }
        starts[PARTITIONS] = next;
    }

    @Test
    void productQuantizedRowsAreFound() {
        float[] residuals = sorted.clone();
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < DIMENSION; i++) {
                residuals[row * DIMENSION + i] -= centroids.centroids()[partitions[row] * DIMENSION + i];
            }
        }
        PqCodebook codebook = ProductQuantizer.train(
                residuals, ROWS, DIMENSION, 16, 8, KMeans.Settings.forCodebooks(2), Workers.callerOnly());
        byte[] codes = new byte[ROWS * codebook.codeBytes()];
        new ProductQuantizer(codebook).encode(residuals, 0, ROWS, codes, 0, Workers.callerOnly());
        var scan = new PqScan(codebook, DistanceType.L2);
        assertRecall(0.85, (query, partition, nearest) -> {
            float[] target = query.clone();
            for (int i = 0; i < DIMENSION; i++) {
                target[i] -= centroids.centroids()[partition * DIMENSION + i];
            }
            scan.target(target);
            int start = starts[partition];
            int count = starts[partition + 1] - start;
            PqCodes some = PqCodes.transposed(codes, start * codebook.codeBytes(), count, codebook.codeBytes());
            scan.search(some, rowIds, start, null, -INFINITY, INFINITY, nearest);
        });
    }

    @Test
    void scalarQuantizedRowsAreFound() {
        ScalarQuantizer quantizer = ScalarQuantizer.train(sorted, 0, sorted.length);
        byte[] codes = new byte[sorted.length];
        quantizer.encode(sorted, 0, ROWS, DIMENSION, codes, 0, Workers.callerOnly());
        var scan = new SqScan(quantizer, DIMENSION, DistanceType.L2);
        assertRecall(0.93, (query, partition, nearest) -> {
            scan.target(query);
            int start = starts[partition];
            int count = starts[partition + 1] - start;
            scan.search(
                    codes, start * DIMENSION, count, rowIds, start, null, -INFINITY, INFINITY, nearest);
        });
    }

    @Test
    void rabitQuantizedRowsAreFound() {
        var quantizer = new RabitQuantizer(Rotation.random(DIMENSION, 5), 6, DistanceType.L2);
        var codes = quantizer.encode(sorted, 0, ROWS, partitions, centroids.centroids(), Workers.callerOnly());
        var scan = new RabitScan(quantizer);
        assertRecall(0.85, (query, partition, nearest) -> {
            scan.query(query);
            scan.partition(centroids.centroids(), partition * DIMENSION);
            int start = starts[partition];
            int count = starts[partition + 1] - start;
            RabitPartition some = RabitPartition.ofRows(codes, start, count, DIMENSION);
            scan.search(some, rowIds, start, null, -INFINITY, INFINITY, nearest);
        });
    }

    private void assertRecall(double least, PartitionSearch search) {
        int hits = 0;
        int[] probes = new int[PROBES];
        float[] distances = new float[PROBES];
        float[] all = Arrays.copyOf(rows, ROWS * DIMENSION);
        for (int q = 0; q < QUERIES; q++) {
            float[] query = TestVectors.row(rows, ROWS + q, DIMENSION);
            TopK nearest = new TopK(10);
            centroids.nearest(query, PROBES, probes, distances);
            for (int partition : probes) {
                search.search(query, partition, nearest);
            }
            List<Neighbor> found = nearest.toSortedList();
            Set<Long> expected = Arrays.stream(TestVectors.nearest(query, all, DIMENSION, 10))
                    .mapToObj(row -> (long) row)
                    .collect(Collectors.toSet());
            hits += (int) found.stream()
                    .filter(neighbor -> expected.contains(neighbor.rowAddress()))
                    .count();
        }
        double recall = hits / (10.0 * QUERIES);
        assertTrue(recall >= least, () -> "-Djoust.seed=" + SEED + " recall " + recall);
    }

    /// Offers the nearest rows of one partition.
    private interface PartitionSearch {
        void search(float[] query, int partition, TopK nearest);
    }
}
