// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.internal.blob.BlobFiles;
import dev.joust.format.internal.blob.BlobReading;
import dev.joust.format.internal.encoding.FileRows;
import dev.joust.format.internal.encoding.schedule.OpenFile;
import dev.joust.format.internal.encoding.schedule.StructuralFileRows;
import dev.joust.format.internal.encoding.v01.LegacyFileRows;
import dev.joust.format.internal.encoding.v20.ArrayFileRows;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Reads one data file of version 0.1, 2.0, 2.1, 2.2 or 2.3, without a table around it. Thread-safe; holds nothing open.
///
/// Opening is one request for the end of the file (two or three where its metadata has more than 64 KiB), and none if
/// the session remembers the file: data files never change, so what they say about themselves is kept in the session's
/// metadata cache.
///
/// Strings are handed on as the bytes that the file holds: that they are UTF-8 is the writer's promise, and not checked.
///
/// Damaged files are {@link dev.joust.format.CorruptFileException}s, and what is not read yet is refused by an
/// {@link dev.joust.format.UnsupportedFormatException} that names it, as soon as it is asked for. There are no
/// checksums in the format: a changed byte among the values themselves is a changed value.
public final class LanceFileReader implements AutoCloseable {
    private final OpenFile file;
    private final FileRows rows;
    private final BlobFiles blobFiles;

    private LanceFileReader(OpenFile file, FileRows rows, BlobFiles blobFiles) {
        this.file = file;
        this.rows = rows;
        this.blobFiles = blobFiles;
    }

    /// @param sizeBytes of the file, if it is known, or -1
    public static LanceFileReader open(Session session, ObjectStore store, ObjectPath path, long sizeBytes)
            throws IOException {
        OpenFile file = OpenFile.open(session, store, path, sizeBytes);
        FileRows rows = switch (file.metadata().version()) {
            case V2_1, V2_2, V2_3 -> new StructuralFileRows(file);
            case V2_0 -> new ArrayFileRows(session, store, file.metadata(), file.scheduler());
            case V0_1 ->
                new LegacyFileRows(
                        session, store, Objects.requireNonNull(file.metadata().legacy()), file.scheduler());
        };
        return new LanceFileReader(file, rows, new BlobFiles(session, store, path, file.scheduler()));
    }

    public FileVersion version() {
        return rows.version();
    }

    public long rowCount() {
        return rows.rowCount();
    }

    /// The schema that the file itself holds; a table's may say more, or other names.
    public Schema schema() {
        return rows.schema();
    }

    /// Physical columns.
    public int columnCount() {
        return rows.columnCount();
    }

    /// How many buffers the file has beside its pages; the first describes the file itself.
    public int globalBufferCount() {
        return file.metadata().globalBufferCount();
    }

    /// One of those buffers, whole. A request, if it is not at the end of the file.
    ///
    /// @throws dev.joust.format.CorruptFileException if the file has none of that number
    public byte[] globalBuffer(int index) throws IOException {
        if (index < 0 || index >= globalBufferCount()) {
            throw new CorruptFileException(file.metadata().path(), 0, "global buffer " + index, "the file has "
                    + globalBufferCount());
        }
        return file.globalBuffer(index);
    }

    /// What the file is made of, down to its pages.
    public FileLayout layout() {
        return new FileLayout(version(), rows.sizeBytes(), rowCount(), schema(), rows.columns());
    }

    /// Every column, where the file holds those of its own schema in order. Blobs are read as the schema says: bytes
    /// where they are `large_binary`, descriptors where they are a struct.
    public FileProjection projection() {
        return FileProjection.all(version(), schema());
    }

    /// Bytes that a row takes in a batch, about: what its types say, or what the file holds of it if that is more.
    public double bytesPerRow(FileProjection projection) {
        Set<Integer> columns = new HashSet<>();
        double typeBits = 0;
        for (Field field : new Schema(projection.fields(), Map.of()).preOrder()) {
            typeBits += fixedBits(field.type());
            Integer column = projection.columnIndexByFieldId().get(field.id());
            if (column != null && column < columnCount()) {
                columns.add(column);
            }
        }
        long encodedBytes = columns.stream().mapToLong(rows::columnBytes).sum();
        if (BlobReading.readsBytes(rows, projection)) {
            // what no column takes is blobs, of all blob columns together
            encodedBytes += rows.sizeBytes()
                    - java.util.stream.IntStream.range(0, columnCount()).mapToLong(rows::columnBytes).sum();
        }
        return Math.max(typeBits / 8, (double) encodedBytes / Math.max(1, rowCount()));
    }

    /// Bits that every value takes, whatever it is: its offset, where its length varies.
    private static double fixedBits(LogicalType type) {
        return switch (type) {
            case LogicalType.FixedSizeList(LogicalType item, int dimension) -> item == null ? 0 : dimension * fixedBits(item);
            case LogicalType.Utf8(boolean large) -> large ? 64 : 32;
            case LogicalType.Binary(boolean large) -> large ? 64 : 32;
            case LogicalType.List(boolean large, boolean _) -> large ? 64 : 32;
            case LogicalType.Json _ -> 64;
            case LogicalType.Map _ -> 32;
            case LogicalType.Dictionary(LogicalType _, LogicalType.Int index) -> index.bitWidth();
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _,
                    LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.BFloat16 _, LogicalType.Struct _ ->
                type.bitsPerValue();
        };
    }

    /// Rows `[startRow, endRow)`, in batches of `batchRowCount` rows, the last one less.
    ///
    /// @param sources of the batches' memory, and of temporary memory while they are made
    public BatchReader scan(
            FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources)
            throws IOException {
        BlobReading blobs = BlobReading.of(rows, projection, blobFiles, sources);
        return blobs == null
                ? rows.scan(projection, startRow, endRow, batchRowCount, sources)
                : blobs.scan(rows, startRow, endRow, batchRowCount);
    }

    /// Single rows, in the order given: it may be any, with duplicates.
    ///
    /// @param sources of the batch's memory, and of temporary memory while it is made
    public Batch take(FileProjection projection, long[] rowNumbers, BufferSources sources) throws IOException {
        BlobReading blobs = BlobReading.of(rows, projection, blobFiles, sources);
        return blobs == null ? rows.take(projection, rowNumbers, sources) : blobs.take(rows, rowNumbers);
    }

    /// Single rows of the one column of a projection, out of the mapped file; null where the file is not local, or where its
    /// values are not all of one width and as a batch has them. No request.
    public @Nullable FixedRows fixedRows(FileProjection projection) throws IOException {
        FileRows.FixedPages pages = rows.fixedPages(projection);
        if (pages == null || pages.pages().isEmpty()) {
            return null;
        }
        int valueBytes = pages.pages().getFirst().valueBytes();
        if (pages.pages().stream().anyMatch(page -> page.valueBytes() != valueBytes)) {
            return null;
        }
        return file.mapped()
                .map(mapped -> new FixedRows(file.metadata().path(), mapped, valueBytes, pages.rowStarts(), pages.pages()))
                .orElse(null);
    }

    /// Does nothing today: readers hold no resource. Close them all the same.
    @Override
    public void close() {}
}
