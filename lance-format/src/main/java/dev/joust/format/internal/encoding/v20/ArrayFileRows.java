// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.file.FileLayout;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.FileColumns;
import dev.joust.format.internal.encoding.FileRows;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.schedule.Decoding;
import dev.joust.format.internal.encoding.schedule.ReadAhead;
import dev.joust.format.internal.encoding.schedule.Waiting;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.schema.Schema;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Files of version 2.0: a page is a tree of array encodings. Scans and takes plan in rounds: all columns name the
/// bytes that they can, those are fetched together, and so on; then columns are decoded.
public final class ArrayFileRows implements FileRows {
    private final Session session;
    private final ObjectStore store;
    private final FileMetadata metadata;
    private final FileScheduler scheduler;
    private final OpenPages openPages;

    public ArrayFileRows(Session session, ObjectStore store, FileMetadata metadata, FileScheduler scheduler) {
        this.session = session;
        this.store = store;
        this.metadata = metadata;
        this.scheduler = scheduler;
        OpenPages known = session.metadataCache().getIfPresent(store, metadata.path(), OpenPages.class);
        this.openPages = known == null ? new OpenPages() : known;
    }

    @Override
    public FileVersion version() {
        return metadata.version();
    }

    @Override
    public long rowCount() {
        return metadata.descriptor().rowCount();
    }

    @Override
    public Schema schema() {
        return metadata.descriptor().schema();
    }

    @Override
    public int columnCount() {
        return metadata.columnCount();
    }

    @Override
    public long columnBytes(int columnIndex) {
        return metadata.columnBytes(columnIndex);
    }

    @Override
    public long sizeBytes() {
        return metadata.fileSizeBytes();
    }

    @Override
    public List<FileLayout.Column> columns() {
        DecodeContext context = new DecodeContext(metadata.path(), Arena.ofAuto());
        return FileColumns.of(
                metadata, page -> ArrayEncodingText.of(ArrayEncodingCodec.parse(context, page.encoding())));
    }

    @Override
    public BatchReader scan(
            FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources) {
        List<ColumnReader> readers = ColumnReaders.of(metadata, openPages, projection);
        Schema schema = new Schema(projection.fields(), Map.of());
        double bytesPerRow = ColumnReaders.bytesPerRow(metadata, readers);
        ReadAhead.Extent extent =
                new ReadAhead.Extent(metadata.path(), startRow, endRow, batchRowCount, bytesPerRow);
        extent.check(rowCount());
        KeptBuffers kept = new KeptBuffers(2 * readers.size() + 2);
        ToLongFunction<ColumnReader> windowBytes =
                reader -> Windows.sizeBytes(session, extent, rowCount(), reader.bytes(), readers.size());
        long batchCount = Math.ceilDiv(endRow - startRow, batchRowCount);
        ScanWindows windows = new ScanWindows(scheduler, sources, ScanWindows.limitBytes(session), batchCount);
        ReadAhead batches = ReadAhead.of(session, schema, extent, (start, end) -> {
            BufferSource memory = sources.open();
            try (ScanWindows.Use bytes = windows.use((start - startRow) / batchRowCount);
                    BufferSource temporary = sources.open()) {
                RowRanges rows = RowRanges.of(start, end);
                Reads reads = new Reads(bytes, windowBytes, memory, temporary, kept, session.computeExecutor());
                List<ColumnBuffers> columns = read(readers, rows, reads);
                return new Batch(schema, Math.toIntExact(end - start), columns, memory);
            } catch (Throwable e) {
                memory.close();
                throw e;
            }
        });
        return new WindowedScan(batches, windows);
    }

    @Override
    public Batch take(FileProjection projection, long[] rows, BufferSources sources) throws IOException {
        for (long row : rows) {
            if (row < 0 || row >= rowCount()) {
                throw new IllegalArgumentException(
                        "row " + row + " of " + metadata.path() + ", which has " + rowCount());
            }
        }
        long[] sorted = Arrays.stream(rows).sorted().distinct().toArray();
        boolean inOrder = Arrays.equals(rows, sorted);
        List<ColumnReader> readers = ColumnReaders.of(metadata, openPages, projection);
        BufferSource memory = sources.open();
        try (BufferSource temporary = sources.open()) {
            RowRanges ranges = RowRanges.ofRows(sorted, 0, sorted.length, 0);
            Round.Source bytes = asked ->
                    scheduler.read(asked.stream().map(Round.Asked::range).toList(), temporary);
            List<ColumnBuffers> columns = read(
                    readers,
                    ranges,
                    new Reads(
                            bytes,
                            _ -> 0,
                            inOrder ? memory : temporary,
                            temporary,
                            new KeptBuffers(0),
                            null));
            if (!inOrder) {
                int[] positions = new int[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    positions[i] = Arrays.binarySearch(sorted, rows[i]);
                }
                columns = columns.stream()
                        .map(column -> Columns.take(column, positions, memory))
                        .toList();
            }
            return Batch.of(rows.length, columns, memory);
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }

    /// Where one batch comes from and goes.
    ///
    /// @param windowBytes of each column; see {@link ReadTask}
    /// @param decoders    of columns, one each; null decodes on this thread
    private record Reads(
            Round.Source bytes,
            ToLongFunction<ColumnReader> windowBytes,
            BufferSource memory,
            BufferSource temporary,
            KeptBuffers kept,
            @Nullable Executor decoders) {}

    private List<ColumnBuffers> read(List<ColumnReader> readers, RowRanges rows, Reads reads) throws IOException {
        Round round = new Round();
        List<ColumnTask> tasks = new ArrayList<>();
        for (ColumnReader reader : readers) {
            DecodeContext context = new DecodeContext(metadata.path(), reads.temporary);
            ReadTask task = new ReadTask(
                    round,
                    context,
                    reads.memory,
                    reads.kept,
                    ReadTask.plausibleBytes(metadata.fileSizeBytes()),
                    reads.windowBytes.applyAsLong(reader));
            tasks.add(new ColumnTask(context, Decoding.guarded(context, () -> reader.read(rows, task))));
        }
        boolean any = true;
        while (any) {
            if (!round.isEmpty()) {
                round.fetch(reads.bytes);
            }
            any = false;
            for (ColumnTask task : tasks) {
                any |= Decoding.guarded(task.context, task.read::askMore);
            }
        }
        session.metadataCache()
                .put(store, metadata.path(), OpenPages.class, openPages, openPages.stateBytes());
        return decode(tasks, reads.decoders);
    }

    private static List<ColumnBuffers> decode(List<ColumnTask> tasks, @Nullable Executor decoders)
            throws IOException {
        List<ColumnBuffers> columns = new ArrayList<>();
        if (decoders == null || tasks.size() == 1) {
            tasks.forEach(task -> columns.add(task.finish()));
            return columns;
        }
        List<CompletableFuture<ColumnBuffers>> decoded = tasks.stream()
                .map(task -> CompletableFuture.supplyAsync(task::finish, decoders))
                .toList();
        try {
            for (Future<ColumnBuffers> column : decoded) {
                columns.add(Waiting.forResult(column));
            }
            return columns;
        } catch (InterruptedException e) {
            Waiting.untilDone(decoded); // they write to the memory
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while decoding");
        } catch (Throwable e) {
            Waiting.untilDone(decoded);
            throw e;
        }
    }

    private record ColumnTask(DecodeContext context, ColumnRead read) {
        ColumnBuffers finish() {
            return Decoding.guarded(context, read::finish);
        }
    }
}
