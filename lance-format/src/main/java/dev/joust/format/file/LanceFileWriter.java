// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.v20.write.ArrayColumns;
import dev.joust.format.internal.encoding.write.ColumnWriter;
import dev.joust.format.internal.encoding.write.StructuralColumnWriter;
import dev.joust.format.internal.file.DataFileSink;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Writes one data file, front to back. Rows come in batches of any size; each column gathers them until they make a
/// page, which is then encoded on the session's compute threads while more rows come. The file appears when
/// {@link #finish} returns; closed without, it leaves nothing. The same batches in the same cuts give the same bytes.
///
/// After an exception from `write` or `finish` nothing can be done but closing. Not thread-safe.
public final class LanceFileWriter implements AutoCloseable {
    private final Session session;
    private final ObjectPath path;
    private final Schema schema;
    private final FileWriteOptions options;
    private final DataFileSink sink;
    private final BlobOutput blobs;
    private final List<ColumnWriter> columns;
    private final long pageSizeBytes;

    /// Pages being encoded, in the order in which they go into the file.
    private final Deque<PendingPage> pending = new ArrayDeque<>();

    private final int maxPending;
    private long rowCount;

    private final Map<String, String> addedMetadata = new HashMap<>();

    /// Set while a call is under way, and for good by one that fails or finishes.
    private boolean unusable;

    private record PendingPage(int column, CompletableFuture<List<FilePage>> encoded) {}

    private LanceFileWriter(
            Session session, ObjectPath path, Schema schema, List<ColumnWriter> columns, FileWriteOptions options,
            DataFileSink sink, BlobOutput blobs) {
        this.session = session;
        this.path = path;
        this.schema = schema;
        this.options = options;
        this.sink = sink;
        this.blobs = blobs;
        this.columns = columns;
        pageSizeBytes = Math.clamp(options.bufferedSizeBytes() / Math.max(1, columns.size()), 1,
                options.pageSizeBytes());
        maxPending = session.workerCount() + 1;
    }

    /// Refuses what a file of that version cannot hold, before there is one.
    ///
    /// @throws UnsupportedFormatException naming the column whose type is not written
    public static void check(Schema schema, FileVersion version) {
        var _ = columns(schema, version, new BlobOutput(false));
    }

    /// Starts a file.
    ///
    /// @param schema the columns of every batch to come, ids assigned
    /// @throws UnsupportedFormatException naming the column whose type is not written
    public static LanceFileWriter create(
            Session session, ObjectStore store, ObjectPath path, Schema schema, FileWriteOptions options)
            throws IOException {
        for (Field field : schema.preOrder()) {
            if (field.id() == Field.UNASSIGNED) {
                throw new IllegalArgumentException("field '" + field.name() + "' has no id");
            }
        }
        var blobs = new BlobOutput(options.externalBlobs());
        List<ColumnWriter> columns = columns(schema, options.version(), blobs);
        var sink = new DataFileSink(store.create(path), columns.size());
        blobs.attach(store, path, sink);
        return new LanceFileWriter(session, path, schema, columns, options, sink, blobs);
    }

    private static List<ColumnWriter> columns(Schema schema, FileVersion version, BlobOutput blobs) {
        return switch (version) {
            case V2_0 -> ArrayColumns.of(schema, blobs);
            case V2_1, V2_2 -> StructuralColumnWriter.of(schema, version, blobs);
            case V0_1, V2_3 -> throw new IllegalArgumentException("files of version " + version + " are not written");
        };
    }

    /// Rows written so far.
    public long rowCount() {
        return rowCount;
    }

    /// Bytes in the file so far: pages that are complete. What columns still gather is not counted.
    public long sizeBytesSoFar() {
        return sink.position();
    }

    /// Appends the rows of `batch`, whose memory is free again when the call returns.
    ///
    /// @throws IllegalArgumentException if the batch's columns are not the file's, or its buffers are too short;
    ///     nothing of it is written then
    public void write(Batch batch) throws IOException {
        write(batch, 0, batch.rowCount());
    }

    /// Appends rows `[startRow, endRow)` of `batch`, as the other.
    public void write(Batch batch, int startRow, int endRow) throws IOException {
        requireUsable();
        Objects.checkFromToIndex(startRow, endRow, batch.rowCount());
        checkColumns(batch);
        unusable = true;
        for (int column = 0; column < columns.size(); column++) {
            append(column, batch.columns().get(columns.get(column).topLevelIndex()), startRow, endRow);
        }
        rowCount += endRow - startRow;
        unusable = false;
    }

    private void requireUsable() {
        if (unusable) {
            throw new IllegalStateException(path + ": the writer has failed, finished or been closed");
        }
    }

    private void checkColumns(Batch batch) {
        List<Field> fields = schema.fields();
        if (batch.columns().size() != fields.size()) {
            throw new IllegalArgumentException(
                    "a batch of " + batch.columns().size() + " columns for a file of " + fields.size());
        }
        for (int column = 0; column < fields.size(); column++) {
            ColumnBuffers buffers = batch.columns().get(column);
            Field field = fields.get(column);
            if (!buffers.field().name().equals(field.name()) || !buffers.field().type().equals(field.type())) {
                throw new IllegalArgumentException("column " + column + " of the batch is " + describe(buffers.field())
                        + ", that of the file is " + describe(field));
            }
            if (!field.nullable() && buffers.nullCount() > 0) {
                throw new IllegalArgumentException("column '" + field.name() + "' holds no nulls, the batch has "
                        + buffers.nullCount());
            }
        }
        for (ColumnWriter column : columns) {
            column.check(batch.columns().get(column.topLevelIndex()));
        }
    }

    private static String describe(Field field) {
        return "'" + field.name() + "' of type " + LogicalTypes.format(field.type());
    }

    private void append(int column, ColumnBuffers buffers, int startRow, int endRow) throws IOException {
        ColumnWriter writer = columns.get(column);
        int row = startRow;
        while (row < endRow) {
            int end = Math.min(endRow, row + writer.rowsToFill(buffers, row, pageSizeBytes));
            writer.append(buffers, row, end);
            row = end;
            if (writer.isFull(pageSizeBytes)) {
                cutPage(column, false);
            }
        }
    }

    private void cutPage(int column, boolean last) throws IOException {
        var encoded = CompletableFuture.supplyAsync(columns.get(column).cutPage(last), session.computeExecutor());
        pending.add(new PendingPage(column, encoded));
        while (pending.size() > maxPending) {
            writeFirstPending();
        }
    }

    private void writeFirstPending() throws IOException {
        PendingPage page = pending.remove();
        List<FilePage> encoded;
        try {
            encoded = page.encoded().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
        for (FilePage part : encoded) {
            sink.writePage(page.column(), part);
        }
    }

    /// Appends a buffer beside the pages, which readers find by its number. Rows may come before and after.
    ///
    /// @return the number, from 1 up
    public int addGlobalBuffer(byte[] bytes) throws IOException {
        requireUsable();
        return sink.writeGlobalBuffer(bytes);
    }

    /// Adds to the metadata of the file's schema, which is written last.
    public void putSchemaMetadata(String key, String value) {
        requireUsable();
        addedMetadata.put(key, value);
    }

    /// Writes what is left and makes the file visible.
    public WrittenFile finish() throws IOException {
        requireUsable();
        unusable = true;
        for (int column : leastLast()) {
            cutPage(column, true);
        }
        while (!pending.isEmpty()) {
            writeFirstPending();
        }
        blobs.finish();
        Map<String, String> metadata = new HashMap<>(schema.metadata());
        metadata.putAll(addedMetadata);
        Schema complete = new Schema(schema.fields(), metadata);
        sink.finish(
                BlobFields.ofFile(complete), rowCount, options.version(), columns.stream().map(ColumnWriter::encoding).toList());
        int[] fieldIds = columns.stream().mapToInt(ColumnWriter::fieldId).toArray();
        int[] columnIndices = IntStream.range(0, columns.size()).toArray();
        return new WrittenFile(sink.position(), rowCount, options.version(), fieldIds, columnIndices);
    }

    /// Columns that need a last page, those with the least to write last: what is small lies next to the end of the file,
    /// and comes with it when the file is opened.
    private List<Integer> leastLast() {
        return IntStream.range(0, columns.size())
                .filter(column -> columns.get(column).needsPage())
                .boxed()
                .sorted(Comparator.comparingLong((Integer column) -> columns.get(column).sizeBytes()).reversed())
                .toList();
    }

    /// Frees what the writer holds; without {@link #finish} before, nothing of the file remains.
    @Override
    public void close() throws IOException {
        unusable = true;
        for (PendingPage page : pending) {
            page.encoded().cancel(true);
            try {
                page.encoded().join();
            } catch (CancellationException | CompletionException e) {
                // The page is not wanted any more
            }
        }
        pending.clear();
        try (sink) {
            blobs.close();
        }
    }
}
