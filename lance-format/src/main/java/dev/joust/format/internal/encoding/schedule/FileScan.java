// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.schema.Schema;

/// Reads a range of rows in batches of equal size, some batches {@link ReadAhead ahead} of its caller: virtual threads
/// wait for bytes, the session's compute threads decode, a column at a time.
public final class FileScan implements BatchReader {
    private final OpenFile file;
    private final BufferSources sources;
    private final Schema schema;
    private final FileLeaves leaves;
    private final List<ColumnScan> columns = new ArrayList<>();
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
        ReadAhead.Extent extent = new ReadAhead.Extent(
                file.metadata().path(), startRow, endRow, batchRowCount, bytes / Math.max(1, rowCount));
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
    public @Nullable Batch next() throws IOException {
        try {
            return batches.next();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private CompletableFuture<Batch> startBatch(long start, long end) {
        List<ScanUnit> created = new ArrayList<>();
        List<List<ColumnScan.Piece>> pieces = new ArrayList<>();
        try {
            for (ColumnScan column : columns) {
                pieces.add(new ArrayList<>());
                column.addPieces(start, end, created, pieces.getLast());
            }
            created.forEach(unit -> unit.start(sources));
            int rowCount = (int) (end - start);
            return CompletableFuture.supplyAsync(() -> decodeAndRelease(rowCount, pieces), file.session().ioExecutor());
        } catch (RuntimeException e) {
            release(pieces);
            throw e;
        }
    }

    private Batch decodeAndRelease(int rowCount, List<List<ColumnScan.Piece>> pieces) {
        try {
            return decode(rowCount, pieces);
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        } finally {
            release(pieces);
        }
    }

    private static void release(List<List<ColumnScan.Piece>> pieces) {
        pieces.forEach(column -> column.forEach(piece -> piece.unit().release()));
    }

    private Batch decode(int rowCount, List<List<ColumnScan.Piece>> pieces) throws IOException, InterruptedException {
        BufferSource memory = sources.open();
        List<Future<LeafSink>> decoded = new ArrayList<>();
        try {
            for (int i = 0; i < leaves.leaves().size(); i++) {
                decoded.add(startLeaf(leaves.leaves().get(i), rowCount, pieces.get(i), memory));
            }
            List<LeafSink> sinks = new ArrayList<>();
            for (Future<LeafSink> leaf : decoded) {
                sinks.add(Waiting.forResult(leaf));
            }
            ColumnAssembler assembler = new ColumnAssembler(file.metadata().path(), sinks, memory);
            DecodeContext context = new DecodeContext(file.metadata().path(), memory);
            List<ColumnBuffers> columnBuffers =
                    Decoding.guarded(context, () -> assembler.columns(leaves.fields(), rowCount));
            return new Batch(schema, rowCount, columnBuffers, memory);
        } catch (Throwable e) {
            awaitQuietly(decoded); // they write to the memory
            memory.close();
            throw e;
        }
    }

    /// Decodes on a compute thread once all bytes are there; bytes that need no decoding are read here.
    private Future<LeafSink> startLeaf(
            FileLeaves.LeafReader leaf, int rowCount, List<ColumnScan.Piece> pieces, BufferSource memory)
            throws IOException, InterruptedException {
        boolean anyVerbatim = false;
        for (ColumnScan.Piece piece : pieces) {
            if (batches.isClosed()) {
                throw new IOException("the scan of " + file.metadata().path() + " is closed");
            }
            anyVerbatim |= piece.unit().isVerbatim();
            piece.unit().await();
        }
        ExecutorService executor =
                anyVerbatim ? file.session().ioExecutor() : file.session().computeExecutor();
        return executor.submit(() -> decodeLeaf(leaf, rowCount, pieces, memory));
    }

    private LeafSink decodeLeaf(
            FileLeaves.LeafReader leaf, int rowCount, List<ColumnScan.Piece> pieces, BufferSource memory)
            throws IOException, InterruptedException {
        try (BufferSource temporary = sources.open()) {
            DecodeContext context = new DecodeContext(file.metadata().path(), temporary);
            LeafSink sink = Sinks.leaf(file, context, leaf, rowCount, memory);
            for (ColumnScan.Piece piece : pieces) {
                if (piece.unit().isVerbatim()) {
                    piece.unit().readVerbatim(piece.from(), piece.to(), sink);
                } else {
                    piece.unit().decode(piece.from(), piece.to(), context, sink);
                }
            }
            return sink;
        }
    }

    private static void awaitQuietly(List<Future<LeafSink>> futures) {
        boolean interrupted = false;
        for (Future<LeafSink> future : futures) {
            while (!future.isDone()) {
                try {
                    future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (Exception e) {
                    break; // the first failure is the one to report
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Batches under way are given up and freed when they are done; those handed out stay.
    @Override
    public void close() {
        batches.close();
        columns.forEach(ColumnScan::close);
    }
}
