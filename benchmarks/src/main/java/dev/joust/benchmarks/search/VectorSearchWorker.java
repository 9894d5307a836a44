// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.joust.Joust;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.Session;
import dev.joust.io.kernel.Simd;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Query;
import dev.joust.search.Table;

/// The Java side of `benchmarks/vector-search`, `index-builds` and `index-memory`. Arguments: the folder of a database, how
/// many workers (1 keeps it all on one thread), and MiB for batches. Each line of standard input is one
/// request, answered by one line of JSON:
///
///     queries FILE DIMENSION                       raw float32 queries, which later searches of that dimension use
///     build TABLE KIND METRIC PARTITIONS SUBVECTORS BITS      0 for a default
///     search TABLE DIMENSION NPROBES REFINE EF MILLIS SAMPLES   EF 0: not said; NPROBES -1: no index
///
/// A search goes through the queries over and over for MILLIS of its thread's processor time that are not counted, and
/// then for as many samples: nanoseconds of each by the clock and of the thread's processor time, and the row ids that
/// each query found.
public final class VectorSearchWorker {
    private static final int K = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Database database;
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<Integer, float[][]> queries = new HashMap<>();

    private VectorSearchWorker(Database database) {
        this.database = database;
    }

    public static void main(String[] args) throws IOException {
        Session.Builder sessions = Session.builder().workerCount(Integer.parseInt(args[1]));
        if (args.length > 2) {
            sessions.batchMemoryBytes(Long.parseLong(args[2]) << 20);
        }
        try (Session session = sessions.build();
                Database database = Joust.connect(args[0], ConnectOptions.DEFAULT.withSession(session))) {
            var worker = new VectorSearchWorker(database);
            System.out.println("{\"java\": \"" + Runtime.version() + "\", \"kernels\": \"" + Simd.reason() + "\"}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                System.out.println(worker.answer(line.split(" ")));
            }
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "queries" -> load(Path.of(words[1]), Integer.parseInt(words[2]));
            case "build" -> build(words);
            case "search" -> search(words);
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private String load(Path file, int dimension) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
        float[][] loaded = new float[Math.toIntExact(bytes.byteSize() / (4L * dimension))][dimension];
        for (int i = 0; i < loaded.length; i++) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * dimension * i, loaded[i], 0, dimension);
        }
        queries.put(dimension, loaded);
        return "{\"count\": " + loaded.length + "}";
    }

    private Table table(String name) {
        return tables.computeIfAbsent(name, database::openTable);
    }

    private String build(String[] words) {
        VectorIndexSpec<?> spec = VectorIndexSpec.of(VectorIndexKind.fromName(words[2]), DistanceType.fromCode(words[3]));
        int partitions = Integer.parseInt(words[4]);
        int subVectors = Integer.parseInt(words[5]);
        int bits = Integer.parseInt(words[6]);
        VectorIndexSpec<?> changed = spec.changed(builder -> {
            VectorIndexSpec.Builder some = partitions > 0 ? builder.partitions(partitions) : builder;
            some = subVectors > 0 ? some.subVectorCount(subVectors) : some;
            return bits > 0 ? some.bitCount(bits) : some;
        });
        long start = System.nanoTime();
        table(words[1]).createIndex("vector", changed);
        return "{\"nanos\": " + (System.nanoTime() - start) + "}";
    }

    private Query query(String[] words, float[] vector) {
        Query query = table(words[1]).search(vector).select("_distance").withRowId().limit(K);
        int probes = Integer.parseInt(words[3]);
        int refine = Integer.parseInt(words[4]);
        int ef = Integer.parseInt(words[5]);
        query = probes < 0 ? query.noIndex() : probes > 0 ? query.nprobes(probes) : query;
        query = refine > 0 ? query.refine(refine) : query;
        return ef > 0 ? query.ef(ef) : query;
    }

    private String search(String[] words) throws IOException {
        float[][] vectors = queries.get(Integer.parseInt(words[2]));
        long end = THREADS.getCurrentThreadCpuTime() + 1_000_000 * Long.parseLong(words[6]);
        for (int i = 0; THREADS.getCurrentThreadCpuTime() < end; i = (i + 1) % vectors.length) {
            run(query(words, vectors[i]));
        }
        long[] nanos = new long[Integer.parseInt(words[7])];
        long[] cpuNanos = new long[nanos.length];
        List<String> found = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            float[] vector = vectors[i % vectors.length];
            long cpuStart = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            long[] rows = run(query(words, vector));
            nanos[i] = System.nanoTime() - start;
            cpuNanos[i] = THREADS.getCurrentThreadCpuTime() - cpuStart;
            if (i < vectors.length) {
                found.add(Arrays.toString(rows));
            }
        }
        return "{\"wall\": " + Arrays.toString(nanos) + ", \"cpu\": " + Arrays.toString(cpuNanos) + ", \"rows\": " + found + "}";
    }

    private static long[] run(Query query) throws IOException {
        try (BatchReader reader = query.batches();
                Batch batch = reader.next()) {
            if (batch == null) {
                return new long[0];
            }
            ColumnBuffers column = batch.column("_rowid");
            long[] rows = new long[batch.rowCount()];
            MemorySegment values = column.values();
            if (values != null) {
                MemorySegment.copy(values, ValueLayout.JAVA_LONG_UNALIGNED, 0, rows, 0, rows.length);
            }
            return rows;
        }
    }
}
