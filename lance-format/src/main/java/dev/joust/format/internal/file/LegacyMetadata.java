// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;

/// What one 0.1 file says about itself (spec: legacy format 2.1):
///
///      0       pages, batch after batch
///      P       page table: {i64 position, i64 length} of each batch, field after field
///              statistics and dictionaries, if any
///      M       u32 length | lance.table.Manifest: the file's fields
///      X       u32 length | lance.file.Metadata: M, P, first rows of the batches
///      end-16  u64 X | u16 major | u16 minor | "LANC"
///
/// Immutable, thread-safe, kept in the session's cache: a data file never changes.
public final class LegacyMetadata {
    private static final int FOOTER_BYTES = 16;
    private static final int LENGTH_BYTES = 4;
    private static final int PAGE_ENTRY_BYTES = 16;

    private final ObjectPath path;
    private final long fileSizeBytes;
    private final LegacyMetadataCodec.Positions positions;
    private final LegacyMetadataCodec.Description description;
    /// Ids of all fields of the file, ascending.
    private final int[] fieldIds;
    /// Of the page table's first row.
    private final int firstFieldId;
    private final MemorySegment pageTable;
    private final long heldBytes;

    private LegacyMetadata(
            ObjectPath path,
            long fileSizeBytes,
            LegacyMetadataCodec.Positions positions,
            LegacyMetadataCodec.Description description,
            Held held)
            throws IOException {
        this.path = path;
        this.fileSizeBytes = fileSizeBytes;
        this.positions = positions;
        this.description = description;
        this.fieldIds = description.schema().preOrder().stream()
                .mapToInt(Field::id)
                .sorted()
                .toArray();
        if (fieldIds.length == 0 || fieldIds[0] < 0) {
            throw corrupt(positions.manifestPosition(), "description of the file", "names no field, or one without an id");
        }
        int lastId = fieldIds[fieldIds.length - 1];
        this.firstFieldId = startsAtZero(lastId) ? 0 : fieldIds[0];
        // both factors have 31 bits
        long entries = (lastId - (long) firstFieldId + 1) * batchCount();
        if (entries > (fileSizeBytes - positions.pageTablePosition()) / PAGE_ENTRY_BYTES) {
            throw corrupt(positions.pageTablePosition(), "page table", entries + " pages reach past the file's end at " + fileSizeBytes);
        }
        this.pageTable = held.bytes(positions.pageTablePosition(), entries * PAGE_ENTRY_BYTES);
        this.heldBytes = held.tail.bytes().byteSize() + pageTable.byteSize();
    }

    /// @param tail the end of the file, in memory that lives as long as what comes of it
    public static LegacyMetadata read(ObjectStore store, ObjectPath path, ObjectTail tail) throws IOException {
        long fileSizeBytes = tail.objectSizeBytes();
        Held held = new Held(store, path, tail);
        if (fileSizeBytes < FOOTER_BYTES) {
            throw new CorruptFileException(path, 0, "file footer", "needs 16 bytes, the file has " + fileSizeBytes);
        }
        long footer = fileSizeBytes - FOOTER_BYTES;
        long metadataPosition = new ByteCursor(path, footer, held.bytes(footer, FOOTER_BYTES)).size64("file metadata");
        LegacyMetadataCodec.Positions positions = LegacyMetadataCodec.parsePositions(
                message(path, held, metadataPosition, footer, "file metadata"));
        if (positions.manifestPosition() == 0) {
            throw new UnsupportedFormatException("file 0.1 " + path + " does not say which fields it holds");
        }
        if (positions.pageTablePosition() < 0 || positions.pageTablePosition() > footer) {
            throw new CorruptFileException(
                    path, metadataPosition, "file metadata", "page table at " + positions.pageTablePosition());
        }
        LegacyMetadataCodec.Description description = LegacyMetadataCodec.parseDescription(
                message(path, held, positions.manifestPosition(), footer, "description of the file"));
        return new LegacyMetadata(path, fileSizeBytes, positions, description, held);
    }

    private static ByteCursor message(ObjectPath path, Held held, long position, long end, String structure)
            throws IOException {
        if (position < 0 || position > end - LENGTH_BYTES) {
            throw new CorruptFileException(path, end, structure, "is said to be at " + position);
        }
        long length = new ByteCursor(path, position, held.bytes(position, LENGTH_BYTES)).u32(structure);
        long start = position + LENGTH_BYTES;
        if (length > end - start || length > Integer.MAX_VALUE) {
            throw new CorruptFileException(
                    path, position, structure, "needs " + length + " bytes, " + (end - start) + " remain");
        }
        return new ByteCursor(path, start, held.bytes(start, length));
    }

    /// Whether the page table has rows for all ids from 0 on, as writers before 0.8.0 made it: a file without
    /// statistics and dictionaries shows it by the table's size.
    private boolean startsAtZero(int lastId) {
        long tableBytes = positions.manifestPosition() - positions.pageTablePosition();
        return !positions.hasStatistics()
                && description.dictionaries().isEmpty()
                && fieldIds[0] > 0
                && batchCount() > 0
                && tableBytes == (lastId + 1L) * batchCount() * PAGE_ENTRY_BYTES;
    }

    public ObjectPath path() {
        return path;
    }

    public long fileSizeBytes() {
        return fileSizeBytes;
    }

    public Schema schema() {
        return description.schema();
    }

    /// Fields of the file, structs and lists among them.
    public int fieldCount() {
        return fieldIds.length;
    }

    /// The id that field number `index`, counted in the order of ids, has in the file. A table may use another one.
    public int fieldId(int index) {
        if (index < 0 || index >= fieldIds.length) {
            throw corrupt(
                    positions.manifestPosition(),
                    "description of the file",
                    "field number " + index + " is wanted, it names " + fieldIds.length);
        }
        return fieldIds[index];
    }

    /// Number of the field in the order of ids, by its id in the file.
    public int fieldIndex(int fieldId) {
        return Arrays.binarySearch(fieldIds, fieldId);
    }

    public long rowCount() {
        return positions.batchStarts()[batchCount()];
    }

    public int batchCount() {
        return positions.batchStarts().length - 1;
    }

    /// First row of a batch; of the one after the last, the number of rows.
    public long batchStart(int batch) {
        return positions.batchStarts()[batch];
    }

    /// The batch that holds a row.
    public int batchOf(long row) {
        int found = Arrays.binarySearch(positions.batchStarts(), (int) row);
        if (found < 0) {
            return -found - 2;
        }
        while (batchStart(found + 1) == row) { // batches without rows
            found++;
        }
        return found;
    }

    /// End of the part of the file that pages lie in.
    public long pagesEnd() {
        return positions.pageTablePosition();
    }

    /// The page of a field in a batch.
    ///
    /// @param index of the field, as for {@link #fieldId}
    public LegacyPage page(int index, int batch) {
        int fieldId = fieldId(index);
        long at = ((fieldId - (long) firstFieldId) * batchCount() + batch) * PAGE_ENTRY_BYTES;
        ByteCursor entry = new ByteCursor(
                path, positions.pageTablePosition() + at, pageTable.asSlice(at, PAGE_ENTRY_BYTES));
        String name = "page of field " + fieldId + " in batch " + batch;
        long position = entry.size64(name);
        long length = entry.size64(name);
        if (position > pagesEnd()) {
            throw entry.corrupt(name, "is said to be at " + position + ", pages end at " + pagesEnd());
        }
        return new LegacyPage(path, name, position, length, pagesEnd());
    }

    /// The values of a dictionary field, by its id in the file; none where it has no values.
    public Optional<LegacyPage> dictionary(int fieldId) {
        LegacyMetadataCodec.DictionaryAt at = description.dictionaries().get(fieldId);
        if (at == null) {
            return Optional.empty();
        }
        String name = "dictionary of field " + fieldId;
        if (at.offsetInFile() < 0 || at.offsetInFile() > fileSizeBytes || at.valueCount() < 0) {
            throw corrupt(positions.manifestPosition(), name, at.valueCount() + " values at " + at.offsetInFile());
        }
        return Optional.of(new LegacyPage(path, name, at.offsetInFile(), at.valueCount(), fileSizeBytes));
    }

    private CorruptFileException corrupt(long position, String structure, String problem) {
        return new CorruptFileException(path, position, structure, problem);
    }

    /// Memory held, about.
    public long stateBytes() {
        return 4 * heldBytes + 4L * positions.batchStarts().length + 1024;
    }

    /// The end of the file, and whatever else of it is asked for.
    private record Held(ObjectStore store, ObjectPath path, ObjectTail tail) {
        MemorySegment bytes(long position, long length) throws IOException {
            if (position >= tail.startInFile()) {
                return tail.bytes().asSlice(position - tail.startInFile(), length);
            }
            MemorySegment bytes = Arena.ofAuto().allocate(length);
            store.read(path, position, bytes);
            return bytes;
        }
    }
}
