// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Schema;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;
import dev.joust.interop.parquet.internal.schema.SourceFile;
import dev.joust.io.Session;
import dev.joust.search.RowFormat;

/// The rows of a file, row group after row group, in batches of about 8 MiB that never cross the end of one. Columns are
/// decoded at once by the session's workers, and one batch ahead of the one asked for. Of a column no more is in memory
/// than the pages of the batch.
public final class ParquetReader implements RowFormat.Rows {
    private static final long BATCH_BYTES = 8 << 20;
    private static final int MOST_ROWS = 1 << 14;
    /// Until it is known how large rows become: dictionaries can hold much in little.
    private static final int FIRST_ROWS = 1 << 12;

    private final FileChannel channel;
    private final ParquetFooter footer;
    private final Session session;

    private LeafReader[] leaves = new LeafReader[0];
    private int nextGroup;
    private long groupRowsLeft;
    private long rowsRead;
    private int batchRows = FIRST_ROWS;
    private @Nullable CompletableFuture<@Nullable Batch> ahead;
    private boolean closed;

    private ParquetReader(FileChannel channel, ParquetFooter footer, Session session) {
        this.channel = channel;
        this.footer = footer;
        this.session = session;
    }

    public static ParquetReader open(Path path, Session session) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new ParquetReader(channel, ParquetFooter.read(channel, new SourceFile(path.toString())), session);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Schema schema() {
        return footer.schema();
    }

    @Override
    public long rowCount() {
        return footer.rowCount();
    }

    @Override
    public @Nullable Batch next() throws IOException {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
        Batch batch = await(ahead == null ? start() : ahead);
        ahead = batch == null ? CompletableFuture.completedFuture(null) : start();
        return batch;
    }

    private CompletableFuture<@Nullable Batch> start() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                session.ioExecutor());
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while rows were read");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        return switch (cause) {
            case CompletionException e -> rethrown(e.getCause());
            case UncheckedIOException e -> e.getCause() == null ? new IOException(e) : e.getCause();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> new IOException(cause);
        };
    }

    private @Nullable Batch read() throws IOException {
        while (groupRowsLeft == 0) {
            for (LeafReader leaf : leaves) {
                leaf.checkAtEnd();
            }
            if (nextGroup == footer.rowGroups().size()) {
                return null;
            }
            open(footer.rowGroups().get(nextGroup++));
        }
        int rows = (int) Math.min(batchRows, groupRowsLeft);
        BufferSource memory = ArrowMemory.of(session).open();
        try {
            List<ColumnBuffers> columns = columns(rows, memory);
            Batch batch = new Batch(footer.schema(), rows, columns, memory);
            long size = 0;
            for (ColumnBuffers column : columns) {
                size += sizeBytes(column);
            }
            long fitting = BATCH_BYTES * rows / Math.max(1, size);
            batchRows = (int) Math.max(1, Math.min(MOST_ROWS, Math.min(fitting, 4L * rows)));
            groupRowsLeft -= rows;
            rowsRead += rows;
            return batch;
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private void open(RowGroup group) {
        leaves = new LeafReader[footer.leafCount()];
        long size = 1;
        for (ColumnPlan plan : footer.plans()) {
            open(plan, group);
        }
        for (LeafReader leaf : leaves) {
            size += group.getColumns().get(leaf.leaf().column()).getMeta_data().getTotal_uncompressed_size();
        }
        groupRowsLeft = group.getNum_rows();
        if (rowsRead == 0 && size > 0) {
            batchRows = (int) Math.max(1, Math.min(FIRST_ROWS, BATCH_BYTES / Math.max(1, size / Math.max(1, groupRowsLeft))));
        }
    }

    private void open(ColumnPlan plan, RowGroup group) {
        switch (plan) {
            case ColumnPlan.Leaf leaf -> {
                ColumnMetaData column = group.getColumns().get(leaf.column()).getMeta_data();
                if (column.getType() != leaf.type().physical()) {
                    throw footer.file().corrupt(footer.footerOffset(), "column chunk " + column.getPath_in_schema(),
                            column.getType() + " in a column of " + leaf.type().physical());
                }
                leaves[leaf.column()] = new LeafReader(leaf, new ColumnPages(channel, footer.file(), column));
            }
            case ColumnPlan.Struct struct -> struct.children().forEach(child -> open(child, group));
            case ColumnPlan.Repeated repeated -> open(repeated.item(), group);
        }
    }

    /// One task for each top-level column.
    private List<ColumnBuffers> columns(int rows, BufferSource memory) throws IOException {
        ColumnAssembly assembly = new ColumnAssembly(leaves, rowsRead, memory);
        List<CompletableFuture<ColumnBuffers>> tasks = new ArrayList<>();
        for (ColumnPlan plan : footer.plans()) {
            tasks.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            readLevels(plan, rows);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        return assembly.column(plan, rows);
                    },
                    session.computeExecutor()));
        }
        // All end before the memory that they write to may be closed
        CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new)).exceptionally(_ -> null).join();
        List<ColumnBuffers> columns = new ArrayList<>();
        for (CompletableFuture<ColumnBuffers> task : tasks) {
            columns.add(await(task));
        }
        return columns;
    }

    private void readLevels(ColumnPlan plan, int rows) throws IOException {
        switch (plan) {
            case ColumnPlan.Leaf leaf -> leaves[leaf.column()].readRows(rows);
            case ColumnPlan.Struct struct -> {
                for (ColumnPlan child : struct.children()) {
                    readLevels(child, rows);
                }
            }
            case ColumnPlan.Repeated repeated -> readLevels(repeated.item(), rows);
        }
    }

    private static long sizeBytes(ColumnBuffers column) {
        long size = (column.values() == null ? 0 : column.values().byteSize())
                + (column.offsets() == null ? 0 : column.offsets().byteSize())
                + (column.validity() == null ? 0 : column.validity().byteSize());
        for (ColumnBuffers child : column.children()) {
            size += sizeBytes(child);
        }
        return size;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (ahead != null) {
                Batch unread = ahead.exceptionally(_ -> null).join();
                if (unread != null) {
                    unread.close();
                }
            }
        } finally {
            channel.close();
        }
    }
}
