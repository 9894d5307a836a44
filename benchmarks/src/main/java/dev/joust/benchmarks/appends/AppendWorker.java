// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.appends;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Maintenance;
import dev.joust.search.Table;

/// Answers each line of standard input, whose words are split by tabs, with one line of JSON.
///
///     create PATH DURABILITY    a table of one row: nothing to report
///     append PATH COUNT         so many versions of one row each, with the handle that stays: for each its nanoseconds,
///                               requests and bytes written
///     together PATH DURABILITY THREADS COUNT
///                               a new table, and so many threads that each add so many rows, one by one, through one
///                               handle of a database: nanoseconds in all, versions, requests and bytes written
///     compact PATH              as the reference's `compact_files()`: nanoseconds, requests and bytes written
///     open PATH                 a table, anew: nanoseconds, requests and bytes read
///     take PATH ROW             a row by its position, of a table just opened: nanoseconds, requests and bytes read
public final class AppendWorker {
    private static final Schema SCHEMA = Schema.of(
            Field.required("id", new LogicalType.Int(64, true)),
            Field.nullable("text", new LogicalType.Utf8(false)),
            Field.nullable("vector", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 8)));

    private final Session session = Session.create();
    private final Map<String, ObjectStore> stores = new HashMap<>();
    private final Map<String, Dataset> tables = new HashMap<>();
    private long nextId;

    private AppendWorker() {}

    public static void main(String[] args) throws IOException {
        System.out.println("{\"java\": \"" + Runtime.version() + "\"}");
        var worker = new AppendWorker();
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            System.out.println(worker.answer(line.split("\t")));
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "create" -> create(words[1], words[2]);
            case "append" -> append(words[1], Integer.parseInt(words[2]));
            case "together" -> together(words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            case "compact" -> compact(words[1]);
            case "open" -> open(words[1]);
            case "take" -> take(words[1], Long.parseLong(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private String create(String path, String durability) throws IOException {
        ObjectStore store = new CountingObjectStore(ObjectStores.open(path, Map.of("durability", durability)));
        stores.put(path, store);
        tables.put(path, Dataset.create(session, store, SCHEMA, row(), WriteOptions.DEFAULT));
        return "{}";
    }

    private String append(String path, int count) throws IOException {
        ObjectStore store = stores.get(path);
        long[] nanos = new long[count];
        long[] requests = new long[count];
        long[] bytes = new long[count];
        for (int i = 0; i < count; i++) {
            BatchReader row = row();
            ReadStats before = store.stats();
            long start = System.nanoTime();
            tables.put(path, tables.get(path).append(row));
            nanos[i] = System.nanoTime() - start;
            ReadStats spent = store.stats().since(before);
            requests[i] = spent.requestCount();
            bytes[i] = spent.bytesWritten();
        }
        return "{\"nanos\": " + Arrays.toString(nanos) + ", \"requests\": " + Arrays.toString(requests) + ", \"bytes\": "
                + Arrays.toString(bytes) + "}";
    }

    private String together(String path, String durability, int threadCount, int count) throws IOException {
        ObjectStore store = new CountingObjectStore(ObjectStores.open(path, Map.of("durability", durability)));
        Dataset.create(session, store, SCHEMA, row(), WriteOptions.DEFAULT);
        ConnectOptions options = ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF);
        try (Database database = Database.over(store, session, options);
                ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
            Table table = database.openTable("together", store);
            ReadStats before = store.stats();
            long start = System.nanoTime();
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threadCount; thread++) {
                long firstId = (long) thread * count;
                futures.add(threads.submit(() -> {
                    for (int i = 0; i < count; i++) {
                        table.add(List.of(Map.of("id", firstId + i, "text", "the text of row " + i, "vector", new float[8])));
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            String spent = spent(start, store.stats().since(before));
            return spent.replace("}", ", \"versions\": " + (table.version() - 1) + ", \"rows\": " + (table.countRows() - 1) + "}");
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        }
    }

    private String compact(String path) throws IOException {
        ObjectStore store = stores.get(path);
        ReadStats before = store.stats();
        long start = System.nanoTime();
        tables.put(path, tables.get(path).upkeep().compact(CompactionOptions.DEFAULT).dataset());
        return spent(start, store.stats().since(before));
    }

    private String open(String path) throws IOException {
        ObjectStore store = new CountingObjectStore(ObjectStores.open(path));
        try (Session fresh = Session.create()) {
            long start = System.nanoTime();
            Dataset table = Dataset.open(fresh, store);
            String spent = spent(start, store.stats());
            return spent.replace("}", ", \"fragments\": " + table.manifest().fragments().size() + "}");
        }
    }

    private String take(String path, long row) throws IOException {
        ObjectStore store = new CountingObjectStore(ObjectStores.open(path));
        try (Session fresh = Session.create()) {
            Dataset table = Dataset.open(fresh, store);
            ReadStats before = store.stats();
            long start = System.nanoTime();
            table.takePositions(new long[] {row}, List.of("id")).close();
            return spent(start, store.stats().since(before));
        }
    }

    private static String spent(long start, ReadStats stats) {
        return "{\"nanos\": " + (System.nanoTime() - start) + ", \"requests\": " + stats.requestCount() + ", \"bytes_read\": "
                + stats.bytesRead() + ", \"bytes_written\": " + stats.bytesWritten() + "}";
    }

    private BatchReader row() {
        long id = nextId++;
        float[] vector = new float[8];
        Arrays.fill(vector, (float) id);
        Batch batch = ColumnBuilder.batch(SCHEMA, List.<Object[]>of(new Object[] {id, "the text of row " + id, vector}), ArrowMemory.of(session));
        return new BatchReader() {
            private @Nullable Batch left = batch;

            @Override
            public Schema schema() {
                return SCHEMA;
            }

            @Override
            public @Nullable Batch next() {
                Batch next = left;
                left = null;
                return next;
            }

            @Override
            public void close() {
                if (left != null) {
                    left.close();
                }
            }
        };
    }
}
