// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.file.FileLayout;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.FileRows;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.schedule.ReadAhead;
import dev.joust.format.internal.file.LegacyMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// The rows of a 0.1 file (spec: legacy format). A projection names a field's place by its number in the order of the
/// file's field ids.
public final class LegacyFileRows implements FileRows {
    private final LegacyFile file;

    public LegacyFileRows(Session session, ObjectStore store, LegacyMetadata metadata, FileScheduler scheduler)
            throws IOException {
        this.file = new LegacyFile(session, store, metadata, scheduler);
    }

    @Override
    public FileVersion version() {
        return FileVersion.V0_1;
    }

    @Override
    public long rowCount() {
        return file.metadata().rowCount();
    }

    @Override
    public Schema schema() {
        return file.metadata().schema();
    }

    @Override
    public int columnCount() {
        return file.metadata().fieldCount();
    }

    @Override
    public long columnBytes(int columnIndex) {
        return columnIndex < 0 ? 0 : guarded(() -> file.fieldBytes(columnIndex));
    }

    @Override
    public long sizeBytes() {
        return file.metadata().fileSizeBytes();
    }

    @Override
    public List<FileLayout.Column> columns() {
        return guarded(() -> LegacyLayout.columns(file.metadata(), file.order()));
    }

    @Override
    public BatchReader scan(
            FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources)
            throws IOException {
        List<LegacyColumn> columns = columns(projection);
        ReadAhead.Extent extent = new ReadAhead.Extent(
                file.metadata().path(), startRow, endRow, batchRowCount, bytesPerRow(projection));
        extent.check(rowCount());
        Session session = file.session();
        return new ReadAhead(
                session,
                new Schema(projection.fields(), Map.of()),
                extent,
                (start, end) -> ReadAhead.Started.elsewhere(CompletableFuture.supplyAsync(
                                () -> {
                                    Reading reading = new Reading(columns, (int) (end - start), sources);
                                    reading.fetch(List.of(new Run(start, end)));
                                    return reading;
                                },
                                session.ioExecutor())
                        .thenApplyAsync(Reading::decode, session.computeExecutor())));
    }

    @Override
    public Batch take(FileProjection projection, long[] rows, BufferSources sources) throws IOException {
        long[] sorted = Arrays.stream(rows).sorted().distinct().toArray();
        if (sorted.length > 0 && (sorted[0] < 0 || sorted[sorted.length - 1] >= rowCount())) {
            long wrong = sorted[0] < 0 ? sorted[0] : sorted[sorted.length - 1];
            throw new IllegalArgumentException(
                    "row " + wrong + " of " + file.metadata().path() + ", which has " + rowCount());
        }
        Reading reading = new Reading(columns(projection), sorted.length, sources);
        try {
            reading.fetch(runs(sorted));
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
        Batch ascending = reading.decode();
        if (Arrays.equals(rows, sorted)) {
            return ascending;
        }
        int[] places = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            places[i] = Arrays.binarySearch(sorted, rows[i]);
        }
        try (ascending) {
            return Columns.take(ascending, places, sources);
        }
    }

    /// Rows next to each other.
    private record Run(long start, long end) {}

    private static List<Run> runs(long[] ascending) {
        List<Run> runs = new ArrayList<>();
        for (int from = 0; from < ascending.length; ) {
            int to = from + 1;
            while (to < ascending.length && ascending[to] == ascending[to - 1] + 1) {
                to++;
            }
            runs.add(new Run(ascending[from], ascending[to - 1] + 1));
            from = to;
        }
        return runs;
    }

    private List<LegacyColumn> columns(FileProjection projection) throws IOException {
        List<LegacyColumn> columns = new ArrayList<>();
        try {
            for (Field field : projection.fields()) {
                columns.add(file.column(field, projection));
            }
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException e) {
            throw contradiction(e);
        }
        return columns;
    }

    private double bytesPerRow(FileProjection projection) {
        long bytes = 0;
        for (Field field : new Schema(projection.fields(), Map.of()).preOrder()) {
            Integer index = projection.columnIndexByFieldId().get(field.id());
            bytes += index == null ? 0 : columnBytes(index);
        }
        return (double) bytes / Math.max(1, rowCount());
    }

    private interface Work<T> {
        T run();
    }

    /// Whatever damage does that no check foresaw ends here.
    private <T> T guarded(Work<T> work) {
        try {
            return work.run();
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException e) {
            throw contradiction(e);
        }
    }

    private CorruptFileException contradiction(RuntimeException e) {
        CorruptFileException corrupt = new CorruptFileException(
                file.metadata().path(), 0, "pages", "their sizes contradict each other: " + e.getMessage());
        corrupt.addSuppressed(e);
        return corrupt;
    }

    /// One batch being read: fetched, then decoded. What goes wrong closes its memory.
    private final class Reading {
        private final List<LegacyColumn> columns;
        private final int rowCount;
        private final List<List<PageRows>> parts = new ArrayList<>();
        private final BufferSource memory;
        private final BufferSource temporary;

        Reading(List<LegacyColumn> columns, int rowCount, BufferSources sources) {
            this.columns = columns;
            this.rowCount = rowCount;
            columns.forEach(column -> parts.add(new ArrayList<>()));
            this.memory = sources.open();
            this.temporary = sources.open();
        }

        /// @throws CompletionException around an IOException
        void fetch(List<Run> runs) {
            try {
                guarded(() -> {
                    Fetch fetch = new Fetch(file.scheduler(), temporary);
                    runs.forEach(run -> open(run, fetch));
                    try {
                        fetch.run();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                    return true;
                });
            } catch (Throwable e) {
                temporary.close();
                memory.close();
                throw e;
            }
        }

        private void open(Run run, Fetch fetch) {
            LegacyMetadata metadata = file.metadata();
            for (long row = run.start; row < run.end; ) {
                int batch = metadata.batchOf(row);
                long batchStart = metadata.batchStart(batch);
                long batchEnd = metadata.batchStart(batch + 1);
                long end = Math.min(run.end, batchEnd);
                for (int i = 0; i < columns.size(); i++) {
                    if (row == batchStart && end == batchEnd) {
                        columns.get(i).prefetch(batch, fetch);
                    }
                    parts.get(i).add(columns.get(i).open(batch, row - batchStart, end - batchStart, fetch));
                }
                row = end;
            }
        }

        Batch decode() {
            try (temporary) {
                return guarded(() -> {
                    DecodeContext context = new DecodeContext(file.metadata().path(), temporary);
                    List<ColumnBuffers> decoded = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        decoded.add(columns.get(i).decode(parts.get(i), rowCount, context, memory));
                    }
                    return Batch.of(rowCount, decoded, memory);
                });
            } catch (Throwable e) {
                memory.close();
                throw e;
            }
        }
    }
}
