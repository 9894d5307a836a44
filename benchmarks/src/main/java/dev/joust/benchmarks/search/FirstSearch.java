// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.search;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import dev.joust.Joust;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.search.Database;
import dev.joust.search.Query;
import dev.joust.search.Table;

/// A process that opens a table, searches, and ends: what `benchmarks/vector-search --cold` measures. Arguments: folder, table,
/// file of queries, dimension, nprobes (-1: no index), refine and ef (0: not said), and how many searches follow the first.
/// Says a line after the first answer, and another at the end: nanoseconds of each step.
public final class FirstSearch {
    private FirstSearch() {}

    public static void main(String[] args) throws IOException {
        float[] vector = firstVector(Path.of(args[2]), Integer.parseInt(args[3]));
        long start = System.nanoTime();
        try (Database database = Joust.connect(args[0])) {
            long connected = System.nanoTime();
            Table table = database.openTable(args[1]);
            long opened = System.nanoTime();
            run(query(table, vector, args));
            long end = System.nanoTime();
            System.out.println("{\"connect\": " + (connected - start) + ", \"open\": " + (opened - connected) + ", \"first\": "
                    + (end - opened) + "}");
            System.out.flush();
            long[] next = new long[Integer.parseInt(args[7])];
            for (int i = 0; i < next.length; i++) {
                long before = System.nanoTime();
                run(query(table, vector, args));
                next[i] = System.nanoTime() - before;
            }
            System.out.println("{\"next\": " + Arrays.toString(next) + "}");
        }
    }

    private static float[] firstVector(Path file, int dimension) throws IOException {
        float[] vector = new float[dimension];
        try (InputStream bytes = Files.newInputStream(file)) {
            ByteBuffer.wrap(bytes.readNBytes(Float.BYTES * dimension))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(vector);
        }
        return vector;
    }

    private static Query query(Table table, float[] vector, String[] args) {
        Query query = table.search(vector).select("_distance").withRowId().limit(10);
        int probes = Integer.parseInt(args[4]);
        int refine = Integer.parseInt(args[5]);
        int ef = Integer.parseInt(args[6]);
        query = probes < 0 ? query.noIndex() : query.nprobes(probes);
        query = refine > 0 ? query.refine(refine) : query;
        return ef > 0 ? query.ef(ef) : query;
    }

    private static void run(Query query) throws IOException {
        try (BatchReader reader = query.batches();
                Batch batch = reader.next()) {
            if (batch == null || batch.rowCount() == 0) {
                throw new IllegalStateException("nothing found");
            }
        }
    }
}
