// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;
import dev.joust.io.kernel.Simd;

/// How long the distances of one query to all rows take, by either kernel, and the plain sum of the same bytes.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-Xms1g",
            "-Xmx1g",
            "-Djoust.kernels=simd",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"
        })
@State(Scope.Benchmark)
public class DistanceBenchmark {
    private static final int BLOCK_ROWS = 1024;

    @Param({"L2", "COSINE", "DOT"})
    DistanceType type;

    @Param({"768", "128"})
    int dimension;

    @Param({"100000", "512"})
    int rowCount;

    private final DistanceKernels scalar = new ScalarDistanceKernels();
    private final DistanceKernels simd = Simd.choose(
            DistanceKernels.class,
            ScalarDistanceKernels::new,
            "dev.joust.index.internal.kernel.simd.VectorDistanceKernels");
    private final float[] distances = new float[BLOCK_ROWS];
    private Arena arena = Arena.ofShared();
    private MemorySegment rows = MemorySegment.NULL;
    private float[] query = {};

    @Setup
    public void fill() {
        var random = new Random(7);
        arena = Arena.ofShared();
        rows = arena.allocate(4L * dimension * rowCount, 64);
        for (long i = 0; i < (long) dimension * rowCount; i++) {
            rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        query = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            query[i] = random.nextFloat() - 0.5f;
        }
        float expected = distances(scalar);
        float actual = distances(simd);
        if (!(Math.abs(expected - actual) <= 1e-4 * Math.abs(expected))) {
            throw new IllegalStateException("scalar " + expected + ", SIMD " + actual);
        }
    }

    @TearDown
    public void release() {
        arena.close();
    }

    @Benchmark
    public float scalar() {
        return distances(scalar);
    }

    @Benchmark
    public float simd() {
        return distances(simd);
    }

    @Benchmark
    public float sumInOrder() {
        return VectorSum.inOrder(rows);
    }

    @Benchmark
    public float sumInFourStreams() {
        return VectorSum.inFourStreams(rows, 4L * 256 * 768 * 4);
    }

    private float distances(DistanceKernels kernels) {
        float last = 0;
        for (int start = 0; start < rowCount; start += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, rowCount - start);
            kernels.distances(type, query, rows, 4L * dimension * start, count, distances);
            last += distances[count - 1];
        }
        return last;
    }
}
