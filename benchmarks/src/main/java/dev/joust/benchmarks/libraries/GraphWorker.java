// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.libraries;

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
import java.util.List;

/// A graph of another library, beside which `benchmarks/vector-search --libraries` searches Joust's. Arguments: `lucene` or
/// `jvector`, a folder, and the dimension; `vectors<dimension>.f32` and `queries<dimension>.f32` are raw float32 values.
/// Each line of standard input, `WIDTH MILLIS SAMPLES`, is answered by one line of JSON: the queries are searched over and
/// over for MILLIS of the thread's processor time, and then as many times as there are samples. The answer has nanoseconds
/// of each, by the clock and of the thread's processor time, and the rows that each query found.
public final class GraphWorker {
    private static final int K = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private GraphWorker() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        int dimension = Integer.parseInt(args[2]);
        float[][] rows = load(folder.resolve("vectors" + dimension + ".f32"), dimension);
        float[][] queries = load(folder.resolve("queries" + dimension + ".f32"), dimension);
        try (GraphSearch graph = args[0].equals("lucene")
                ? new LuceneGraph(folder.resolve("lucene" + dimension), rows)
                : new JVectorGraph(rows, dimension)) {
            System.out.println("{\"rows\": " + rows.length + "}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                String[] words = line.split(" ");
                System.out.println(search(
                        graph,
                        queries,
                        Integer.parseInt(words[0]),
                        Long.parseLong(words[1]),
                        Integer.parseInt(words[2])));
            }
        }
    }

    private static float[][] load(Path file, int dimension) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
        float[][] loaded = new float[Math.toIntExact(bytes.byteSize() / (4L * dimension))][dimension];
        for (int i = 0; i < loaded.length; i++) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * dimension * i, loaded[i], 0, dimension);
        }
        return loaded;
    }

    private static String search(GraphSearch graph, float[][] queries, int width, long millis, int samples)
            throws IOException {
        long end = THREADS.getCurrentThreadCpuTime() + 1_000_000 * millis;
        for (int i = 0; THREADS.getCurrentThreadCpuTime() < end; i = (i + 1) % queries.length) {
            graph.search(queries[i], K, width);
        }
        long[] nanos = new long[samples];
        long[] cpuNanos = new long[samples];
        List<String> found = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            long cpuStart = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            int[] rows = graph.search(queries[i % queries.length], K, width);
            nanos[i] = System.nanoTime() - start;
            cpuNanos[i] = THREADS.getCurrentThreadCpuTime() - cpuStart;
            if (i < queries.length) {
                found.add(Arrays.toString(rows));
            }
        }
        return "{\"wall\": " + Arrays.toString(nanos) + ", \"cpu\": " + Arrays.toString(cpuNanos) + ", \"rows\": " + found + "}";
    }
}
