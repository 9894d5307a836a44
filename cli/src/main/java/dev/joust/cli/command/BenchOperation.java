// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.joust.cli.input.RowSources;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.WriteOptions;
import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.io.ObjectStore;
import dev.joust.io.ReadStats;
import dev.joust.search.VectorQuery;

/// One operation that `bench` repeats. Not thread-safe.
abstract class BenchOperation implements AutoCloseable {
    private final ObjectStore store;

    BenchOperation(ObjectStore store) {
        this.store = store;
    }

    /// Does it once.
    ///
    /// @return rows read or written
    abstract long run() throws IOException;

    /// Whether it is not repeated.
    boolean runsOnce() {
        return false;
    }

    final ReadStats stats() {
        return store.stats();
    }

    @Override
    public void close() throws IOException {}

    static BenchOperation open(
            String op, String uri, BenchCommand.BenchOptions options, int threads, Resources resources) throws IOException {
        resources.useThreads(threads);
        if (options.batch < 1 || options.k < 1) {
            throw new UsageException("--batch and -k are at least 1");
        }
        return switch (op) {
            case "scan" -> scan(uri, options, resources);
            case "take" -> take(uri, options, resources);
            case "search" -> search(uri, options, resources);
            case "append" -> new Append(WriteTarget.of(uri, options, resources), rows(options, resources));
            case "write" -> new Write(WriteTarget.of(uri, options, resources), source(options), resources);
            case "index" -> throw UsageException.notAvailable("--op index");
            default -> throw new UsageException("--op " + op + ": there are scan, take, search, append and write");
        };
    }

    private static BenchOperation scan(String uri, BenchCommand.BenchOptions options, Resources resources) throws IOException {
        ObjectStore store = resources.anyStore(uri);
        Dataset dataset = Dataset.open(resources.session(), store);
        RowPredicate predicate = Filters.predicate(options.filter, dataset.schema());
        ScanOptions scan = ScanOptions.ALL.withColumns(options.projection.names()).withPredicate(predicate);
        return new BenchOperation(store) {
            @Override
            long run() throws IOException {
                long rows = 0;
                try (BatchReader reader = dataset.scan(scan)) {
                    for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                        rows += batch.rowCount();
                        batch.close();
                    }
                }
                return rows;
            }
        };
    }

    private static BenchOperation take(String uri, BenchCommand.BenchOptions options, Resources resources) throws IOException {
        ObjectStore store = resources.anyStore(uri);
        Dataset dataset = Dataset.open(resources.session(), store);
        List<String> names = options.projection.names();
        List<String> columns = names != null ? names : dataset.schema().fields().stream().map(Field::name).toList();
        Random random = new Random(options.seed);
        long rowCount = dataset.countRows();
        if (rowCount == 0) {
            throw new IllegalArgumentException("the table has no rows to take");
        }
        return new BenchOperation(store) {
            @Override
            long run() throws IOException {
                long[] positions = random.longs(options.batch, 0, rowCount).toArray();
                try (Batch rows = dataset.takePositions(positions, columns)) {
                    return rows.rowCount();
                }
            }
        };
    }

    private static BenchOperation search(String uri, BenchCommand.BenchOptions options, Resources resources) throws IOException {
        if (options.vector == null) {
            throw new UsageException("--vector is needed");
        }
        List<float[]> queries = VectorArgument.parse(options.vector).vectors();
        ObjectStore store = resources.anyStore(uri);
        Dataset dataset = Dataset.open(resources.session(), store);
        List<String> names = options.projection.names();
        VectorColumn column = VectorScan.columnOf(dataset, names == null ? null : names.getFirst());
        VectorScan scan = new VectorScan(dataset, column, Filters.predicate(options.filter, dataset.schema()), true);
        options.index.check();
        VectorQuery query = options.index
                .applyTo(VectorQuery.of(queries.getFirst(), options.k))
                .withMetric(options.metric == null ? null : DistanceType.fromCode(options.metric));
        return new BenchOperation(store) {
            private int next;

            @Override
            long run() throws IOException {
                List<float[]> vector = List.of(queries.get(next++ % queries.size()));
                List<Neighbor> found = scan.nearest(vector, query).getFirst();
                return found.size();
            }
        };
    }

    private static Path source(BenchCommand.BenchOptions options) {
        if (options.source == null) {
            throw new UsageException("--src FILE is needed");
        }
        return options.source;
    }

    private static BatchReader open(Path source, Resources resources) throws IOException {
        RowSources.Kind kind = RowSources.kindOf(source.toString())
                .orElseThrow(() -> new UsageException("--src " + source + ": .arrow, .arrows, .csv or .jsonl is needed"));
        return RowSources.file(source, kind, resources.session(), RowSources.Hints.NONE).rows();
    }

    /// The first `--batch` rows of the source.
    private static Batch rows(BenchCommand.BenchOptions options, Resources resources) throws IOException {
        try (BatchReader reader = open(source(options), resources)) {
            Batch first = reader.next();
            if (first == null || first.rowCount() < options.batch) {
                throw new IllegalArgumentException("--src has fewer rows in its first batch than --batch " + options.batch);
            }
            return BatchSlices.first(first, options.batch);
        }
    }

    /// Where writing operations write: a sibling that is removed, or the table itself.
    private record WriteTarget(ObjectStore store, Resources resources, @Nullable Path remove) {
        static WriteTarget of(String uri, BenchCommand.BenchOptions options, Resources resources) throws IOException {
            boolean isPath = !uri.contains("://");
            if (options.inPlace || !isPath) {
                return new WriteTarget(resources.anyStore(uri), resources, null);
            }
            String sibling = uri.replaceAll("/+$", "") + ".bench-" + ProcessHandle.current().pid();
            return new WriteTarget(resources.anyStore(sibling), resources, Path.of(sibling));
        }

        void cleanUp() throws IOException {
            if (remove == null || !Files.exists(remove)) {
                return;
            }
            List<Path> below;
            try (Stream<Path> walk = Files.walk(remove)) {
                below = new ArrayList<>(walk.toList());
            }
            for (Path path : below.reversed()) {
                Files.delete(path);
            }
        }
    }

    /// Appends the same batch to a table that starts with one.
    private static final class Append extends BenchOperation {
        private final WriteTarget target;
        private final Batch rows;
        private Dataset dataset;

        Append(WriteTarget target, Batch rows) throws IOException {
            super(target.store());
            this.target = target;
            this.rows = rows;
            this.dataset = Dataset.exists(target.store())
                    ? Dataset.open(target.resources().session(), target.store())
                    : Dataset.create(target.resources().session(), target.store(), rows.schema(), once(), WriteOptions.DEFAULT);
        }

        @Override
        long run() throws IOException {
            dataset = dataset.append(once());
            return rows.rowCount();
        }

        private BatchReader once() {
            return new Once(rows);
        }

        @Override
        public void close() throws IOException {
            rows.close();
            target.cleanUp();
        }
    }

    /// Writes the whole source to a new table.
    private static final class Write extends BenchOperation {
        private final WriteTarget target;
        private final Path source;
        private final Resources resources;

        Write(WriteTarget target, Path source, Resources resources) {
            super(target.store());
            this.target = target;
            this.source = source;
            this.resources = resources;
        }

        @Override
        boolean runsOnce() {
            return true;
        }

        @Override
        long run() throws IOException {
            try (BatchReader reader = BenchOperation.open(source, resources)) {
                Optional<Dataset> present = Dataset.exists(target.store())
                        ? Optional.of(Dataset.open(resources.session(), target.store()))
                        : Optional.empty();
                Dataset written = present.isPresent()
                        ? present.get().overwrite(reader.schema(), reader)
                        : Dataset.create(resources.session(), target.store(), reader.schema(), reader, WriteOptions.DEFAULT);
                return written.countRows();
            }
        }

        @Override
        public void close() throws IOException {
            target.cleanUp();
        }
    }

    /// A batch that is lent: whoever reads it may close it, and it stays open.
    private static final class Once implements BatchReader {
        private final Batch rows;
        private boolean given;

        Once(Batch rows) {
            this.rows = rows;
        }

        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public @Nullable Batch next() {
            if (given) {
                return null;
            }
            given = true;
            return new Batch(rows.schema(), rows.rowCount(), rows.columns(), new Lent(rows.memory()));
        }

        @Override
        public void close() {}
    }

    private record Lent(BufferSource memory) implements BufferSource {
        @Override
        public java.lang.foreign.MemorySegment allocate(long sizeBytes) {
            return memory.allocate(sizeBytes);
        }

        @Override
        public void close() {}
    }
}
