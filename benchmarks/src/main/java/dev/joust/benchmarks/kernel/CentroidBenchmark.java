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
import dev.joust.index.internal.vector.NearestCentroids;
import dev.joust.index.internal.vector.Workers;

/// How long it takes to assign 4096 rows to their nearest centroids, and to rank 256 centroids for a query.
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
public class CentroidBenchmark {
    private static final int ROWS = 4096;
    private static final int PROBES = 20;

    @Param({"768", "128", "8"})
    int dimension;

    @Param({"256"})
    int centroidCount;

    private final int[] ids = new int[ROWS];
    private final float[] distances = new float[ROWS];
    private float[] rows = {};
    private float[] query = {};
    private NearestCentroids centroids = new NearestCentroids(new float[1], 1, 1, DistanceType.L2);

    @Setup
    public void fill() {
        var random = new Random(7);
        rows = gaussian(random, ROWS * dimension);
        query = gaussian(random, dimension);
        centroids = new NearestCentroids(
                gaussian(random, centroidCount * dimension), centroidCount, dimension, DistanceType.L2);
    }

    @Benchmark
    public int assign() {
        centroids.assign(rows, 0, ROWS, ids, Workers.callerOnly());
        return ids[ROWS - 1];
    }

    @Benchmark
    public float rank() {
        centroids.nearest(query, PROBES, ids, distances);
        return distances[PROBES - 1];
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
