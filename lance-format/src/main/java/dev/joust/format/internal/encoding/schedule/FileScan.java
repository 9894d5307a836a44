// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.Startable;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.schema.Schema;

/// Reads a range of rows in batches of equal size, some batches {@link ReadAhead ahead} of its caller: virtual threads
/// wait for bytes, the session's compute threads decode.
public final class FileScan implements BatchReader, Startable {
    /// Encoded bytes of a batch whose leaves are not worth a task each.
    private static final int SMALL_BATCH_BYTES = 128 << 10;

    private final OpenFile file;
    private final BufferSources sources;
    private final Schema schema;
    private final FileLeaves leaves;
    private final List<ColumnScan> columns = new ArrayList<>();
    private final double bytesPerRow;
    private final ReadAhead batches;

    private FileScan(
            OpenFile file, FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources) {
        this.file = file;
        this.sources = sources;
        this.schema = new Schema(projection.fields(), Map.of());
        this.leaves = FileLeaves.of(file.metadata(), projection);
        double bytes = 0;
        for (FileLeaves.LeafReader leaf : leaves.leaves()) {
            ColumnScan column = new ColumnScan(file, leaf.pages(), endRow, batchRowCount);
            columns.add(column);
            for (int page = 0; page < leaf.pages().pageCount(); page++) {
                bytes += column.bytes(page);
            }
        }
        long rowCount = file.metadata().descriptor().rowCount();
        bytesPerRow = bytes / Math.max(1, rowCount);
        ReadAhead.Extent extent =
                new ReadAhead.Extent(file.metadata().path(), startRow, endRow, batchRowCount, bytesPerRow);
        extent.check(rowCount);
        batches = new ReadAhead(file.session(), schema, extent, this::startBatch);
    }

    /// @param startRow first row; `endRow` the one after the last
    public static FileScan open(
            OpenFile file, FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources) {
        return new FileScan(file, projection, startRow, endRow, batchRowCount, sources);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public void start() {
        try {
            batches.start();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    @Override
    public @Nullable Batch next() throws IOException {
        try {
            return batches.next();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /// Each leaf is a task of its own, or a small batch's leaves one together: handing a task to another thread takes
    /// longer than decoding a few thousand integers.
    private ReadAhead.Started startBatch(long start, long end) {
        int rowCount = (int) (end - start);
        List<List<ColumnScan.Piece>> pieces = new ArrayList<>();
        List<CompletableFuture<?>> tasks = new ArrayList<>();
        List<SharedTask> shared = new ArrayList<>();
        BufferSource memory = sources.open();
        LeafSink[] sinks = new LeafSink[columns.size()];
        try {
            List<ScanUnit> created = new ArrayList<>();
            for (ColumnScan column : columns) {
                pieces.add(new ArrayList<>());
                column.addPieces(start, end, created, pieces.getLast());
            }
            UnitGroup.start(file, created, sources);
            List<Integer> together = new ArrayList<>();
            for (int i = 0; i < sinks.length; i++) {
                if (pieces.get(i).stream().anyMatch(piece -> piece.unit().isVerbatim())) {
                    int leaf = i;
                    tasks.add(CompletableFuture.runAsync(
                            () -> sinks[leaf] = decodeLeaf(leaf, rowCount, pieces.get(leaf), memory),
                            file.session().ioExecutor()));
                } else {
                    together.add(i);
                    if (!isSmall(rowCount)) {
                        shared.add(decodeLoaded(List.copyOf(together), rowCount, pieces, memory, sinks));
                        together.clear();
                    }
                }
            }
            if (!together.isEmpty()) {
                shared.add(decodeLoaded(together, rowCount, pieces, memory, sinks));
            }
            shared.forEach(task -> tasks.add(task.done()));
            return new ReadAhead.Started(
                    all(tasks).handle((_, failure) -> finish(rowCount, pieces, memory, sinks, failure)),
                    () -> shared.forEach(SharedTask::help));
        } catch (RuntimeException e) {
            shared.forEach(task -> tasks.add(task.done()));
            var _ = all(tasks).handle((_, _) -> finish(rowCount, pieces, memory, sinks, e)); // they write to the memory
            throw e;
        }
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<?>> tasks) {
        return CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new));
    }

    private boolean isSmall(int rowCount) {
        return rowCount * bytesPerRow < SMALL_BATCH_BYTES;
    }

    /// Decodes leaves once all their bytes are there.
    private SharedTask decodeLoaded(
            List<Integer> leafIndices,
            int rowCount,
            List<List<ColumnScan.Piece>> pieces,
            BufferSource memory,
            LeafSink[] sinks) {
        List<CompletableFuture<?>> loading = new ArrayList<>();
        leafIndices.forEach(leaf -> pieces.get(leaf).forEach(piece -> loading.add(piece.unit().loading())));
        return new SharedTask(
                all(loading),
                () -> {
                    for (int leaf : leafIndices) {
                        sinks[leaf] = decodeLeaf(leaf, rowCount, pieces.get(leaf), memory);
                    }
                },
                file.session().computeExecutor());
    }

    private LeafSink decodeLeaf(int leafIndex, int rowCount, List<ColumnScan.Piece> pieces, BufferSource memory) {
        try (BufferSource temporary = sources.open()) {
            DecodeContext context = new DecodeContext(file.metadata().path(), temporary);
            LeafSink sink = Sinks.leaf(file, context, leaves.leaves().get(leafIndex), rowCount, memory);
            for (ColumnScan.Piece piece : pieces) {
                if (batches.isClosed()) {
                    throw new IOException("the scan of " + file.metadata().path() + " is closed");
                }
                if (piece.unit().isVerbatim()) {
                    piece.unit().readVerbatim(piece.from(), piece.to(), sink);
                } else {
                    piece.unit().decode(piece.from(), piece.to(), context, sink);
                }
            }
            return sink;
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    /// Puts the batch together when all its leaves are decoded or have failed.
    private Batch finish(
            int rowCount,
            List<List<ColumnScan.Piece>> pieces,
            BufferSource memory,
            LeafSink[] sinks,
            @Nullable Throwable failure) {
        pieces.forEach(column -> column.forEach(piece -> piece.unit().release()));
        try {
            if (failure != null) {
                throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
            }
            ColumnAssembler assembler = new ColumnAssembler(file.metadata().path(), List.of(sinks), memory);
            DecodeContext context = new DecodeContext(file.metadata().path(), memory);
            List<ColumnBuffers> columnBuffers =
                    Decoding.guarded(context, () -> assembler.columns(leaves.fields(), rowCount));
            return new Batch(schema, rowCount, columnBuffers, memory);
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }

    /// Batches under way are given up and freed when they are done; those handed out stay.
    @Override
    public void close() {
        batches.close();
        columns.forEach(ColumnScan::close);
    }
}
