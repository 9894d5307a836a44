// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/// The official JNI SDK's side of `benchmarks/side-by-side`, started from source: takes the same lines as Joust's worker.
public final class JniWorker {
    private JniWorker() {}

    public static void main(String[] args) throws Exception {
        try (RootAllocator allocator = new RootAllocator();
                Dataset dataset = Dataset.open(args[0], allocator)) {
            System.out.println("{\"java\": \"" + Runtime.version() + "\"}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line;
            while ((line = requests.readLine()) != null) {
                String[] words = line.split("\t");
                List<String> columns = List.of(words[1].split(","));
                long[] nanos = new long[Integer.parseInt(words[3])];
                long rows = 0;
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    rows = words[0].equals("scan") ? scan(dataset, columns, words[2]) : take(dataset, columns, words[2]);
                    nanos[i] = System.nanoTime() - start;
                }
                System.out.println("{\"nanos\": " + Arrays.toString(nanos) + ", \"rows\": " + rows + "}");
            }
        }
    }

    private static long scan(Dataset dataset, List<String> columns, String filter) throws Exception {
        ScanOptions.Builder options = new ScanOptions.Builder().columns(columns);
        if (!filter.isEmpty()) {
            options.filter(filter);
        }
        try (LanceScanner scanner = dataset.newScan(options.build());
                ArrowReader reader = scanner.scanBatches()) {
            return drain(reader);
        }
    }

    private static long take(Dataset dataset, List<String> columns, String positions) throws IOException {
        List<Long> rows = Arrays.stream(positions.split(",")).map(Long::valueOf).toList();
        try (ArrowReader reader = dataset.take(rows, columns)) {
            return drain(reader);
        }
    }

    private static long drain(ArrowReader reader) throws IOException {
        long rows = 0;
        while (reader.loadNextBatch()) {
            rows += reader.getVectorSchemaRoot().getRowCount();
        }
        return rows;
    }
}
