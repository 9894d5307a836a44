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
import dev.joust.index.internal.vector.Workers;
import dev.joust.index.internal.vector.rq.RabitCodes;
import dev.joust.index.internal.vector.rq.RabitPartition;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.RabitScan;
import dev.joust.index.internal.vector.rq.Rotation;

/// How long a search of RaBitQ codes takes: the query's rotation and tables, and the 10 nearest of 8192 rows.
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
public class RabitScanBenchmark {
    private static final int ROWS = 8192;

    @Param({"768", "128"})
    int dimension;

    @Param({"5", "1"})
    int bits;

    private final long[] rowIds = new long[ROWS];
    private float[] query = {};
    private float[] centroid = {};
    private RabitScan scan = new RabitScan(new RabitQuantizer(Rotation.random(8, 0), 1, DistanceType.L2));
    private RabitPartition partition = RabitPartition.ofRows(
            new RabitCodes(
                    0, new byte[0], new float[0], new float[0], new float[0], new byte[0], new float[0], new float[0]),
            0,
            0,
            8);

    @Setup
    public void fill() {
        var random = new Random(7);
        float[] rows = new float[(ROWS + 1) * dimension];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        centroid = new float[dimension];
        query = new float[dimension];
        System.arraycopy(rows, ROWS * dimension, query, 0, dimension);
        for (int row = 0; row < ROWS; row++) {
            rowIds[row] = row;
        }
        var quantizer = new RabitQuantizer(Rotation.random(dimension, 3), bits, DistanceType.L2);
        RabitCodes codes = quantizer.encode(rows, 0, ROWS, new int[ROWS], centroid, Workers.callerOnly());
        partition = RabitPartition.ofRows(codes, 0, ROWS, dimension);
        scan = new RabitScan(quantizer);
    }

    @Benchmark
    public float search() {
        scan.query(query);
        scan.partition(centroid, 0);
        TopK nearest = new TopK(10);
        scan.search(
                partition, rowIds, 0, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, nearest);
        return nearest.threshold();
    }
}
