// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.joust.Joust;
import dev.joust.benchmarks.kernel.VectorSum;
import dev.joust.index.DistanceType;
import dev.joust.index.FlatSearch;
import dev.joust.index.Neighbor;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;
import dev.joust.io.Session;
import dev.joust.io.kernel.Simd;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Table;

/// The Java side of `benchmarks/flat-search`. Arguments: a file of raw vectors, their dimension, a file with the query,
/// k, the folder of a database whose table `table` holds the same vectors with an `id`. Each line of standard input asks for `what metric samples`; one line of JSON answers it: nanoseconds of each
/// sample by the clock and of this thread's processor time, and the rows found. A session of one worker keeps it all on
/// one thread.
public final class FlatSearchWorker {
    private static final int BLOCK_ROWS = 1024;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final MemorySegment vectors;
    private final int rowCount;
    private final int k;
    private final float[] query;
    private final float[] distances = new float[BLOCK_ROWS];
    private final DistanceKernels scalar = new ScalarDistanceKernels();
    private final Table table;
    private List<Long> found = List.of();
    private float check;

    private FlatSearchWorker(MemorySegment vectors, float[] query, int k, Table table) {
        this.vectors = vectors;
        this.rowCount = Math.toIntExact(vectors.byteSize() / (4L * query.length));
        this.k = k;
        this.query = query;
        this.table = table;
    }

    public static void main(String[] args) throws IOException {
        try (Arena arena = Arena.ofShared();
                Session session = Session.builder().workerCount(1).build();
                Database database = Joust.connect(args[4], ConnectOptions.DEFAULT.withSession(session))) {
            float[] query = new float[Integer.parseInt(args[1])];
            MemorySegment.copy(
                    load(Path.of(args[2]), arena), ValueLayout.JAVA_FLOAT, 0, query, 0, query.length);
            var worker = new FlatSearchWorker(load(Path.of(args[0]), arena), query, Integer.parseInt(args[3]), database.openTable("table"));
            System.out.println("{\"java\": \"" + Runtime.version() + "\", \"kernels\": \"" + Simd.reason() + "\"}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line;
            while ((line = requests.readLine()) != null) {
                String[] words = line.split(" ");
                System.out.println(worker.answer(words[0], DistanceType.fromCode(words[1]), Integer.parseInt(words[2])));
            }
        }
    }

    /// The file in native memory: mapped and native segments would be two kinds to the kernels.
    private static MemorySegment load(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                Arena mapping = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(channel.size(), 64);
            return bytes.copyFrom(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapping));
        }
    }

    private String answer(String what, DistanceType type, int sampleCount) {
        long[] wall = new long[sampleCount];
        long[] cpu = new long[sampleCount];
        for (int i = 0; i < sampleCount; i++) {
            long cpuStart = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            run(what, type);
            wall[i] = System.nanoTime() - start;
            cpu[i] = THREADS.getCurrentThreadCpuTime() - cpuStart;
        }
        return "{\"wall\": " + Arrays.toString(wall) + ", \"cpu\": " + Arrays.toString(cpu) + ", \"rows\": "
                + found + ", \"check\": \"" + check + "\"}";
    }

    private void run(String what, DistanceType type) {
        switch (what) {
            case "sum" -> check += VectorSum.inOrder(vectors);
            case "streamsum" -> check += VectorSum.inFourStreams(vectors, 4L * BLOCK_ROWS * query.length);
            case "scalar" -> {
                for (int start = 0; start < rowCount; start += BLOCK_ROWS) {
                    int count = Math.min(BLOCK_ROWS, rowCount - start);
                    scalar.distances(type, query, vectors, 4L * query.length * start, count, distances);
                    check += distances[count - 1];
                }
            }
            case "flat" -> {
                FlatSearch.Collector collector = FlatSearch.of(query, type, k).newCollector(rowCount);
                collector.add(vectors, rowCount, null, 0, null);
                found = FlatSearch.merge(List.of(collector)).stream()
                        .map(Neighbor::rowAddress)
                        .toList();
            }
            case "table" ->
                found = table.search(query).metric(type).select("id").limit(k).hits().stream()
                        .map(hit -> (Long) hit.row().get("id"))
                        .toList();
            default -> throw new IllegalArgumentException(what);
        }
    }
}
