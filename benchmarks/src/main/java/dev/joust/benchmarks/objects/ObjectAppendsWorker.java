// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.objects;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Hit;
import dev.joust.search.Maintenance;
import dev.joust.search.MaintenanceStats;
import dev.joust.search.Table;

/// Uploads pictures' rows, a row at a time, as it is told on standard input, a line each, and answers with one of JSON.
/// Arguments: the database's URI, and settings of its store as `key=value`.
///
///     create TABLE inline|file on|off   of one row; transactions inline only, or in a file, too; maintenance
///     append TABLE COUNT                so many, one after another, by the handle that stays: for each its nanoseconds
///     together TABLE THREADS COUNT      so many by each of the threads, one by one, through one handle
///     mixed TABLE COUNT                 so many by one thread, while another searches: nanoseconds of each, and how many rows
///                                       searches saw that nobody had uploaded, or that they had seen before and missed
///     rest TABLE                        waits for maintenance, and says what it did
///     first TABLE                       the newest version and a search, by a session that knows nothing
public final class ObjectAppendsWorker implements AutoCloseable {
    private static final int DIMENSION = 512;
    private static final int NEAREST = 10;
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ObjectStore store;
    private final Session session = Session.create();
    private final Map<String, Database> databases = new HashMap<>();
    private final Map<String, Table> tables = new HashMap<>();
    private final AtomicLong nextNumber = new AtomicLong();

    private record Picture(String id, String path, float[] vector) {}

    private ObjectAppendsWorker(ObjectStore store) {
        this.store = store;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> storage = new HashMap<>();
        for (String option : List.of(args).subList(1, args.length)) {
            int equals = option.indexOf('=');
            storage.put(option.substring(0, equals), option.substring(equals + 1));
        }
        System.out.println("{\"java\": \"" + Runtime.version() + "\"}");
        try (ObjectStore store = ObjectStores.open(args[0], storage);
                ObjectAppendsWorker worker = new ObjectAppendsWorker(store);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println("{" + worker.answer(line.split(" ")) + "}");
            }
        }
    }

    private String answer(String[] words) throws Exception {
        String table = words[1];
        return switch (words[0]) {
            case "create" -> create(table, words[2].equals("file"), words[3].equals("on"));
            case "append" -> "\"nanos\": " + Arrays.toString(append(table, Integer.parseInt(words[2])));
            case "together" -> together(table, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "mixed" -> mixed(table, Integer.parseInt(words[2]));
            case "rest" -> rest(table);
            case "first" -> first(table);
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private String create(String name, boolean transactionFile, boolean maintenance) {
        Database database = Database.over(
                store,
                session,
                ConnectOptions.DEFAULT
                        .withWriteOptions(WriteOptions.DEFAULT.withTransactionFile(transactionFile))
                        .withMaintenance(maintenance ? Maintenance.DEFAULT : Maintenance.OFF));
        databases.put(name, database);
        tables.put(name, database.createTable(name, List.of(picture())));
        return "";
    }

    private long[] append(String name, int count) {
        Table table = tables.get(name);
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            List<Picture> row = List.of(picture());
            long start = System.nanoTime();
            table.add(row);
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private String together(String name, int threadCount, int count) throws InterruptedException, ExecutionException {
        Table table = tables.get(name);
        long versionBefore = table.version();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threadCount; thread++) {
                futures.add(threads.submit(() -> append(name, count)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        long nanos = System.nanoTime() - start;
        return "\"nanos\": " + nanos + ", \"versions\": " + (table.version() - versionBefore);
    }

    private String mixed(String name, int count) throws InterruptedException, ExecutionException {
        Table table = tables.get(name);
        Database reading = Database.over(
                store,
                session,
                ConnectOptions.DEFAULT
                        .withReadConsistency(ConnectOptions.ReadConsistency.ALWAYS)
                        .withMaintenance(Maintenance.OFF));
        AtomicBoolean done = new AtomicBoolean();
        List<Long> searches = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Table seen = reading.openTable(name);
            Future<?> searching = threads.submit(() -> {
                Random random = new Random(5);
                long rowsBefore = 0;
                while (!done.get()) {
                    long start = System.nanoTime();
                    List<Hit<Picture>> hits = seen.search(vector(random)).limit(NEAREST).hits(Picture.class);
                    searches.add(System.nanoTime() - start);
                    Set<String> ids = new HashSet<>();
                    hits.forEach(hit -> ids.add(hit.row().id()));
                    long rows = seen.countRows();
                    if (ids.size() != NEAREST || rows < rowsBefore || rows > nextNumber.get()) {
                        wrong.add("\"" + ids.size() + " hits, " + rows + " rows after " + rowsBefore + "\"");
                    }
                    rowsBefore = rows;
                }
            });
            long[] nanos;
            try {
                nanos = append(name, count);
            } finally {
                done.set(true);
            }
            searching.get();
            return "\"nanos\": " + Arrays.toString(nanos) + ", \"searches\": " + searches + ", \"wrong\": " + wrong + ", \"rows\": "
                    + table.countRows();
        } finally {
            reading.close();
        }
    }

    private String rest(String name) throws InterruptedException {
        if (!databases.get(name).awaitMaintenance(LONG)) {
            throw new IllegalStateException("maintenance does not end");
        }
        MaintenanceStats stats = databases.get(name).maintenanceStats();
        Table table = tables.get(name).refresh();
        return "\"merges\": " + stats.commitCount() + ", \"conflicts\": " + stats.conflictCount() + ", \"failures\": "
                + stats.failureCount() + ", \"fragments\": " + table.dataset().manifest().fragments().size() + ", \"rows\": "
                + table.countRows();
    }

    private String first(String name) {
        try (Session fresh = Session.create();
                Database database = Database.over(store, fresh, ConnectOptions.DEFAULT)) {
            long start = System.nanoTime();
            int hits = database.openTable(name).search(vector(new Random(1))).limit(NEAREST).hits(Picture.class).size();
            return "\"nanos\": " + (System.nanoTime() - start) + ", \"hits\": " + hits;
        }
    }

    private Picture picture() {
        Random random = new Random(nextNumber.getAndIncrement());
        String name = Long.toHexString(random.nextLong());
        return new Picture("images/" + name + ".jpg", "s3://bucket/images/" + name + ".jpg", vector(random));
    }

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    @Override
    public void close() {
        databases.values().forEach(Database::close);
        session.close();
    }
}
