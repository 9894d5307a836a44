// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.sidebyside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.kernel.Simd;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;

/// The Java side of `benchmarks/side-by-side`. Argument: the table's folder. Each line of standard input asks for
/// `scan columns filter samples` or `take columns positions samples`, split by tabs; one line of JSON answers it:
/// nanoseconds of each sample, and of the last one the rows, requests and bytes read. Nothing is remembered between
/// samples but what the session caches of files' metadata.
public final class ReadWorker {
    private ReadWorker() {}

    public static void main(String[] args) throws IOException {
        try (Session session = Session.create()) {
            ObjectStore store = ObjectStores.open(args[0]);
            Dataset dataset = Dataset.open(session, store);
            System.out.println("{\"java\": \"" + Runtime.version() + "\", \"kernels\": \"" + Simd.reason() + "\"}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line;
            while ((line = requests.readLine()) != null) {
                String[] words = line.split("\t");
                List<String> columns = List.of(words[1].split(","));
                long[] nanos = new long[Integer.parseInt(words[3])];
                long rows = 0;
                ReadStats before = store.stats();
                for (int i = 0; i < nanos.length; i++) {
                    before = store.stats();
                    long start = System.nanoTime();
                    rows = switch (words[0]) {
                        case "scan" -> scan(dataset, columns, words[2]);
                        case "take" -> take(dataset, columns, words[2]);
                        default -> throw new IllegalArgumentException(line);
                    };
                    nanos[i] = System.nanoTime() - start;
                }
                ReadStats read = store.stats().since(before);
                System.out.println("{\"nanos\": " + Arrays.toString(nanos) + ", \"rows\": " + rows + ", \"requests\": "
                        + read.requestCount() + ", \"bytes\": " + read.bytesRead() + "}");
            }
        }
    }

    private static long scan(Dataset dataset, List<String> columns, String filter) throws IOException {
        ScanOptions options = ScanOptions.ALL.withColumns(columns);
        if (!filter.isEmpty()) {
            options = options.withPredicate(new ExpressionEvaluator(
                    ExpressionParser.parseFilter(filter, dataset.schema(), Dialect.LANCE, List.of())));
        }
        long rows = 0;
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows += batch.rowCount();
                batch.close();
            }
        }
        return rows;
    }

    private static long take(Dataset dataset, List<String> columns, String positions) throws IOException {
        long[] rows = Arrays.stream(positions.split(",")).mapToLong(Long::parseLong).toArray();
        try (Batch batch = dataset.takePositions(rows, columns)) {
            return batch.rowCount();
        }
    }
}
