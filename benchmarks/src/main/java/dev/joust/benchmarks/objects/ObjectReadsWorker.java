// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.objects;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Table;

/// Does what it is told on standard input, a line each, and answers how long it took. Arguments: the database's URI, and
/// settings of its store as `key=value`.
///
///     forget             a session that knows nothing; connections stay
///     open TABLE         its newest version
///     search SEED        ten nearest rows of a random vector, with all columns
///     column NAME        every value of a column
///     take NUMBER,...    rows with all columns
///     compact            merges fragments
public final class ObjectReadsWorker implements AutoCloseable {
    private final ObjectStore store;
    private @Nullable Session session;
    private @Nullable Database database;
    private @Nullable Table table;

    private ObjectReadsWorker(ObjectStore store) {
        this.store = store;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> storage = new java.util.HashMap<>();
        for (String option : List.of(args).subList(1, args.length)) {
            int equals = option.indexOf('=');
            storage.put(option.substring(0, equals), option.substring(equals + 1));
        }
        System.out.println("{\"java\": \"" + Runtime.version() + "\"}");
        try (ObjectStore store = ObjectStores.open(args[0], storage);
                ObjectReadsWorker worker = new ObjectReadsWorker(store);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                long start = System.nanoTime();
                long rows = worker.run(words[0], words.length > 1 ? words[1] : "");
                System.out.printf(
                        Locale.ROOT, "{\"ms\": %.2f, \"rows\": %d}%n", (System.nanoTime() - start) / 1e6, rows);
            }
        }
    }

    private long run(String what, String argument) throws IOException {
        return switch (what) {
            case "forget" -> {
                close();
                session = Session.create();
                database = Database.over(store, session, ConnectOptions.DEFAULT);
                yield database.tableNames().size();
            }
            case "open" -> {
                table = java.util.Objects.requireNonNull(database).openTable(argument);
                yield table.version();
            }
            case "search" -> opened().search(vector(argument)).hits().size();
            case "column" ->
                count(opened().dataset().scan(ScanOptions.ALL.withColumns(argument)));
            case "take" -> {
                List<Long> positions = new ArrayList<>();
                for (String number : argument.split(",")) {
                    positions.add(Long.parseLong(number));
                }
                List<String> columns = opened().schema().fields().stream()
                        .map(field -> field.name())
                        .toList();
                try (Batch rows = opened()
                        .dataset()
                        .takePositions(positions.stream().mapToLong(Long::longValue).toArray(), columns)) {
                    yield rows.rowCount();
                }
            }
            case "compact" -> {
                opened().compact();
                yield opened().version();
            }
            default -> throw new IllegalArgumentException(what);
        };
    }

    private Table opened() {
        return java.util.Objects.requireNonNull(table);
    }

    private float[] vector(String seed) {
        var type = (dev.joust.format.schema.LogicalType.FixedSizeList)
                opened().schema().field("vector").orElseThrow().type();
        Random random = new Random(Long.parseLong(seed));
        float[] vector = new float[type.dimension()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static long count(BatchReader rows) throws IOException {
        long count = 0;
        try (rows) {
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                count += batch.rowCount();
                batch.close();
            }
        }
        return count;
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
        if (session != null) {
            session.close();
        }
    }
}
