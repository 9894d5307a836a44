// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.Session;

/// What one data file says about itself: footer, descriptor, and each column's metadata, parsed when it is first asked
/// for. Immutable to its users, thread-safe, and kept in the session's cache: a data file never changes.
public final class FileMetadata {
    private static final long TABLE_ENTRY_BYTES = 16;

    private final ObjectPath path;
    private final long fileSizeBytes;
    private final FileFooter footer;
    private final FileDescriptor descriptor;
    /// In a 0.1 file, which has nothing else.
    private final @Nullable LegacyMetadata legacy;
    /// The end of the file from `heldStart` on.
    private final MemorySegment held;
    private final long heldStart;
    private final AtomicReferenceArray<ColumnMetadata> columns;

    private FileMetadata(
            ObjectPath path, long fileSizeBytes, FileFooter footer, FileDescriptor descriptor, @Nullable LegacyMetadata legacy, Held held) {
        this.path = path;
        this.fileSizeBytes = fileSizeBytes;
        this.footer = footer;
        this.descriptor = descriptor;
        this.legacy = legacy;
        this.held = held.bytes;
        this.heldStart = held.start;
        this.columns = new AtomicReferenceArray<>(footer.columnCount());
    }

    /// Reads the metadata: one request for a file whose metadata fits the tail, otherwise one or two more.
    ///
    /// @param expectedSizeBytes what the file should have, or -1
    public static FileMetadata read(Session session, ObjectStore store, ObjectPath path, long expectedSizeBytes)
            throws IOException {
        Arena arena = Arena.ofAuto();
        ObjectTail tail = session.fileTails().read(store, path, expectedSizeBytes, arena);
        long fileSizeBytes = tail.objectSizeBytes();
        if (expectedSizeBytes >= 0 && fileSizeBytes != expectedSizeBytes) {
            throw new CorruptFileException(
                    path, fileSizeBytes, "file", "ends here, " + expectedSizeBytes + " bytes expected");
        }
        Held held = new Held(tail.startInFile(), tail.bytes());
        FileFooter footer = FileFooter.parse(path, held.start, held.bytes);
        if (footer.version() == FileVersion.V0_1) {
            LegacyMetadata legacy = LegacyMetadata.read(store, path, tail);
            FileDescriptor descriptor = new FileDescriptor(legacy.schema(), legacy.rowCount());
            return new FileMetadata(path, fileSizeBytes, footer, descriptor, legacy, held);
        }
        long tablesStart = Math.min(
                footer.columnMetadataStart(), Math.min(footer.columnTableStart(), footer.globalBufferTableStart()));
        if (footer.globalBufferTableStart() < held.start) {
            held = held.extendedTo(store, path, tablesStart, arena);
        }
        ByteRange descriptorAt =
                held.entry(path, footer.globalBufferTableStart(), 0, "global buffer 0", fileSizeBytes - FileFooter.SIZE_BYTES);
        long metadataStart = Math.min(tablesStart, descriptorAt.offset());
        held = held.extendedTo(store, path, metadataStart, arena);
        session.fileTails().learn(store, path, fileSizeBytes - metadataStart);
        FileDescriptor descriptor = FileDescriptorCodec.parse(held.cursor(path, descriptorAt));
        return new FileMetadata(path, fileSizeBytes, footer, descriptor, null, held);
    }

    public ObjectPath path() {
        return path;
    }

    public long fileSizeBytes() {
        return fileSizeBytes;
    }

    /// The end of the file, as far as it was read.
    public ObjectTail tail() {
        return new ObjectTail(fileSizeBytes, held);
    }

    public FileVersion version() {
        return footer.version();
    }

    public FileDescriptor descriptor() {
        return descriptor;
    }

    /// What a 0.1 file has instead of columns; null for every other.
    public @Nullable LegacyMetadata legacy() {
        return legacy;
    }

    public int columnCount() {
        return footer.columnCount();
    }

    /// The metadata of one physical column.
    public ColumnMetadata column(int index) {
        ColumnMetadata column = columns.get(index);
        if (column == null) {
            long dataEnd = fileSizeBytes - FileFooter.SIZE_BYTES;
            Held all = new Held(heldStart, held);
            ByteRange range = all.entry(path, footer.columnTableStart(), index, "metadata of column " + index, dataEnd);
            if (range.offset() < heldStart) {
                throw all.cursor(path, new ByteRange(heldStart, 0))
                        .corrupt("metadata of column " + index, "at " + range.offset() + ", before "
                                + footer.columnMetadataStart() + " where column metadata starts");
            }
            column = ColumnMetadataCodec.parse(all.cursor(path, range), dataEnd);
            columns.set(index, column);
        }
        return column;
    }

    /// What the pages of one physical column take in the file.
    public long columnBytes(int index) {
        return column(index).pages().stream()
                .flatMap(page -> page.buffers().stream())
                .mapToLong(ByteRange::length)
                .sum();
    }

    /// How many buffers the file has beside its pages, the descriptor among them.
    public int globalBufferCount() {
        return footer.globalBufferCount();
    }

    /// Where a global buffer lies; buffer 0 is the descriptor. One request where the table of them is not held.
    public ByteRange globalBuffer(ObjectStore store, int index) throws IOException {
        Held all = new Held(heldStart, held)
                .extendedTo(store, path, Math.min(heldStart, footer.globalBufferTableStart()), Arena.ofAuto());
        return all.entry(
                path,
                footer.globalBufferTableStart(),
                index,
                "global buffer " + index,
                fileSizeBytes - FileFooter.SIZE_BYTES);
    }

    /// Bytes of the file, without a request where they are held.
    public byte[] read(ObjectStore store, ByteRange range) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(range.length())];
        MemorySegment from;
        if (range.offset() >= heldStart) {
            from = held.asSlice(range.offset() - heldStart, range.length());
        } else {
            from = Arena.ofAuto().allocate(range.length());
            store.read(path, range.offset(), from);
        }
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        return bytes;
    }

    /// Memory it may come to hold, about.
    public long stateBytes() {
        if (legacy != null) {
            return held.byteSize() + legacy.stateBytes();
        }
        long metadataStart = Math.min(
                footer.columnMetadataStart(), Math.min(footer.columnTableStart(), footer.globalBufferTableStart()));
        return held.byteSize() + 3 * (fileSizeBytes - metadataStart) + 1024;
    }

    /// The end of a file, as far as it was read.
    private static final class Held {
        final long start;
        final MemorySegment bytes;

        Held(long start, MemorySegment bytes) {
            this.start = start;
            this.bytes = bytes;
        }

        Held extendedTo(ObjectStore store, ObjectPath path, long newStart, Arena arena) throws IOException {
            if (newStart >= start) {
                return this;
            }
            MemorySegment longer = arena.allocate(start - newStart + bytes.byteSize());
            store.read(path, newStart, longer.asSlice(0, start - newStart));
            MemorySegment.copy(bytes, 0, longer, start - newStart, bytes.byteSize());
            return new Held(newStart, longer);
        }

        ByteCursor cursor(ObjectPath path, ByteRange range) {
            return new ByteCursor(path, range.offset(), bytes.asSlice(range.offset() - start, range.length()));
        }

        /// Entry `index` of a table {u64 position, u64 size}.
        ByteRange entry(ObjectPath path, long tableStart, int index, String structure, long limit) {
            ByteCursor cursor = cursor(path, new ByteRange(tableStart + index * TABLE_ENTRY_BYTES, TABLE_ENTRY_BYTES));
            long position = cursor.size64(structure);
            long size = cursor.size64(structure);
            if (position > limit || size > limit - position) {
                throw cursor.corrupt(structure, size + " bytes at " + position + ", the footer is at " + limit);
            }
            return new ByteRange(position, size);
        }
    }
}
