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
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.index.internal.vector.sq.SqScan;

/// How long the 10 nearest of scalar-quantized rows take: few that stay in the cache, or many.
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
public class SqScanBenchmark {
    @Param({"768", "128"})
    int dimension;

    @Param({"2000", "200000"})
    int rowCount;

    @Param({"L2", "DOT"})
    DistanceType type;

    private byte[] codes = {};
    private long[] rowIds = {};
    private SqScan scan = new SqScan(new ScalarQuantizer(0, 1), 1, DistanceType.L2);

    @Setup
    public void fill() {
        var random = new Random(7);
        codes = new byte[rowCount * dimension];
        random.nextBytes(codes);
        rowIds = new long[rowCount];
        float[] query = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            query[i] = random.nextFloat();
        }
        scan = new SqScan(new ScalarQuantizer(0, 1), dimension, type);
        scan.target(query);
    }

    @Benchmark
    public float search() {
        TopK nearest = new TopK(10);
        scan.search(
                codes,
                0,
                rowCount,
                rowIds,
                0,
                null,
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY,
                nearest);
        return nearest.threshold();
    }
}
