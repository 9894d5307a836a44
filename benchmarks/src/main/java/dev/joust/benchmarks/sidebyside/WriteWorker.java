// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.sidebyside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.io.kernel.Simd;
import dev.joust.search.RowFormat;

/// The Java side of the writing part of `benchmarks/side-by-side`. Arguments: the folder of a table, whose rows are
/// held in memory, and a folder to write to. Each line of standard input asks for `columns samples durability`, split
/// by tabs: a new table of those columns, or of the rows of a Parquet file named in place of them, is written and removed
/// again; one line of JSON answers it: nanoseconds of each sample, and of the last one the rows and the bytes of its
/// files.
public final class WriteWorker {
    private static final RowFormat PARQUET = RowFormat.named("parquet").orElseThrow();

    private WriteWorker() {}

    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[1]);
        try (Session source = Session.builder().batchMemoryBytes(4L << 30).build(); Session session = Session.create()) {
            Dataset table = Dataset.open(source, ObjectStores.open(args[0]));
            System.out.println("{\"java\": \"" + Runtime.version() + "\", \"kernels\": \"" + Simd.reason() + "\"}");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line;
            while ((line = requests.readLine()) != null) {
                String[] words = line.split("\t");
                boolean isParquet = words[0].endsWith(".parquet");
                List<Batch> rows = isParquet ? List.of() : rowsOf(table, List.of(words[0].split(",")));
                long[] nanos = new long[Integer.parseInt(words[1])];
                long sizeBytes = 0;
                long rowCount = 0;
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    BatchReader reader = isParquet ? PARQUET.read(Path.of(words[0]), session) : new Held(rows);
                    Dataset written = Dataset.create(
                            session,
                            ObjectStores.open(target.toString(), Map.of("durability", words[2])),
                            reader.schema(),
                            reader,
                            WriteOptions.DEFAULT);
                    nanos[i] = System.nanoTime() - start;
                    rowCount = written.countRows();
                    sizeBytes = remove(target);
                }
                rows.forEach(Batch::close);
                System.out.println("{\"nanos\": " + Arrays.toString(nanos) + ", \"rows\": " + rowCount
                        + ", \"bytes\": " + sizeBytes + "}");
            }
        }
    }

    private static List<Batch> rowsOf(Dataset table, List<String> columns) throws IOException {
        List<Batch> rows = new ArrayList<>();
        try (BatchReader reader = table.scan(ScanOptions.ALL.withColumns(columns))) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows.add(batch);
            }
        }
        return rows;
    }

    /// @return bytes of the files below `folder`
    private static long remove(Path folder) throws IOException {
        long sizeBytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                sizeBytes += Files.isRegularFile(file) ? Files.size(file) : 0;
                Files.delete(file);
            }
        }
        return sizeBytes;
    }

    /// Batches that stay in memory when a writer has closed them.
    private static final class Held implements BatchReader {
        private static final BufferSource KEPT = new BufferSource() {
            @Override
            public MemorySegment allocate(long sizeBytes) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}
        };

        private final List<Batch> rows;
        private int next;

        Held(List<Batch> rows) {
            this.rows = rows;
        }

        @Override
        public Schema schema() {
            return rows.getFirst().schema();
        }

        @Override
        public @Nullable Batch next() {
            if (next == rows.size()) {
                return null;
            }
            Batch batch = rows.get(next++);
            return Batch.of(batch.rowCount(), batch.columns(), KEPT);
        }

        @Override
        public void close() {}
    }
}
