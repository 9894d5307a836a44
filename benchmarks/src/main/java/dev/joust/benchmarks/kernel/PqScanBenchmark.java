// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

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
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqCodes;
import dev.joust.index.internal.vector.pq.PqScan;

/// How long a search of product-quantized codes takes: tables, and the 10 nearest of 8192 rows in one partition.
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
public class PqScanBenchmark {
    private static final int ROWS = 8192;

    @Param({"96", "16"})
    int subVectors;

    @Param({"8", "4"})
    int bits;

    private final long[] rowIds = new long[ROWS];
    private float[] query = {};
    private PqCodes codes = new PqCodes(new byte[0], 0, 0, 0);
    private PqScan scan = new PqScan(new PqCodebook(1, 1, 8, new float[256]), DistanceType.L2);

    @Setup
    public void fill() {
        var random = new Random(7);
        int dimension = 8 * subVectors;
        float[] values = new float[dimension << bits];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        var codebook = new PqCodebook(dimension, subVectors, bits, values);
        byte[] rowMajor = new byte[ROWS * codebook.codeBytes()];
        random.nextBytes(rowMajor);
        codes = PqCodes.transposed(rowMajor, 0, ROWS, codebook.codeBytes());
        for (int row = 0; row < ROWS; row++) {
            rowIds[row] = row;
        }
        query = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            query[i] = (float) random.nextGaussian();
        }
        scan = new PqScan(codebook, DistanceType.L2);
        TopK expected = new TopK(10);
        scan.target(query);
        for (int row = 0; row < ROWS; row++) {
            expected.offer(scan.distance(codes, row), row);
        }
        if (search() != expected.threshold()) {
            throw new IllegalStateException("the search and exact sums differ");
        }
    }

    /// The tables of a query from a centroid.
    @Benchmark
    public void tables() {
        scan.target(query);
    }

    /// The search in one partition, tables included.
    @Benchmark
    public float search() {
        scan.target(query);
        TopK nearest = new TopK(10);
        scan.search(
                codes, rowIds, 0, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, nearest);
        return nearest.threshold();
    }
}
