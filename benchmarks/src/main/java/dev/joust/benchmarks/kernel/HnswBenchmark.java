// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.Workers;
import dev.joust.index.internal.vector.hnsw.FloatRows;
import dev.joust.index.internal.vector.hnsw.HnswBuilder;
import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.HnswSearcher;
import dev.joust.index.internal.vector.hnsw.SqRows;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;

/// How long a walk through a graph takes, for the 10 nearest of clustered rows with ef 40; one query after another.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-Xms2g",
            "-Xmx2g",
            "-Djoust.kernels=simd",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"
        })
@State(Scope.Benchmark)
public class HnswBenchmark {
    private static final int DIMENSION = 128;
    private static final int QUERIES = 1000;
    private static final int K = 10;
    private static final int EF = 40;

    @Param({"FLOAT", "SQ"})
    String kind;

    @Param({"100000"})
    int rowCount;

    private final HnswSearcher searcher = new HnswSearcher();
    private final float[][] queries = new float[QUERIES][];
    private HnswRows rows = new FloatRows(new float[1], 1, 1, DistanceType.L2);
    private HnswGraph graph = HnswBuilder.build(rows, HnswBuilder.Settings.DEFAULT, Workers.callerOnly());
    private HnswRows.Scorer scorer = rows.newScorer();
    private int next;

    @Setup
    public void build() {
        var random = new Random(7);
        float[] centers = new float[1000 * DIMENSION];
        for (int i = 0; i < centers.length; i++) {
            centers[i] = (float) random.nextGaussian();
        }
        float[] values = new float[(rowCount + QUERIES) * DIMENSION];
        for (int row = 0; row < rowCount + QUERIES; row++) {
            int center = random.nextInt(1000) * DIMENSION;
            for (int i = 0; i < DIMENSION; i++) {
                values[row * DIMENSION + i] = centers[center + i] + 0.5f * (float) random.nextGaussian();
            }
        }
        for (int i = 0; i < QUERIES; i++) {
            queries[i] = new float[DIMENSION];
            System.arraycopy(values, (rowCount + i) * DIMENSION, queries[i], 0, DIMENSION);
        }
        var exact = new FloatRows(values, rowCount, DIMENSION, DistanceType.L2);
        if (kind.equals("SQ")) {
            ScalarQuantizer quantizer = ScalarQuantizer.train(values, 0, values.length);
            byte[] codes = new byte[rowCount * DIMENSION];
            quantizer.encode(values, 0, rowCount, DIMENSION, codes, 0, Workers.callerOnly());
            rows = new SqRows(codes, rowCount, DIMENSION, quantizer, DistanceType.L2);
        } else {
            rows = exact;
        }
        graph = HnswBuilder.build(
                rows, new HnswBuilder.Settings(16, 150, 7, 42), Workers.callerOnly());
        scorer = rows.newScorer();
        double recall = recall(exact);
        if (recall < 0.9) {
            throw new IllegalStateException("recall " + recall);
        }
    }

    @Benchmark
    public int search() {
        float[] query = queries[next];
        next = (next + 1) % QUERIES;
        scorer.query(query);
        searcher.search(graph, scorer, K, EF, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
        return searcher.row(0);
    }

    /// The share of the 10 nearest rows that walks find, in some queries.
    double recall(FloatRows exact) {
        HnswRows.Scorer exactScorer = exact.newScorer();
        int[] ids = new int[rowCount];
        float[] distances = new float[rowCount];
        int hits = 0;
        for (int q = 0; q < 50; q++) {
            for (int row = 0; row < rowCount; row++) {
                ids[row] = row;
            }
            exactScorer.query(queries[q]);
            exactScorer.score(ids, rowCount, distances);
            float[] sorted = distances.clone();
            Arrays.sort(sorted);
            scorer.query(queries[q]);
            int found = searcher.search(
                    graph, scorer, K, EF, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
            for (int i = 0; i < found; i++) {
                hits += distances[searcher.row(i)] <= sorted[K - 1] ? 1 : 0;
            }
        }
        return hits / (50.0 * K);
    }
}
