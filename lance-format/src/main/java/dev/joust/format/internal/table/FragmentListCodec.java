// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.StoredSequence;

/// Messages of fragments as they stand in a manifest, to records. A manifest may have a hundred thousand of them, nearly
/// all alike: they are read without an object for each message, and share what is the same in one and the next. Any that
/// is out of the ordinary goes through the generated classes and {@link FragmentCodec}. Not thread-safe.
final class FragmentListCodec {
    private static final int ID = 1 << 3;
    private static final int FILES = 2 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int DELETION_FILE = 3 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int PHYSICAL_ROWS = 4 << 3;
    private static final int INLINE_ROW_IDS = 5 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int INLINE_LAST_UPDATED = 7 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int INLINE_CREATED = 9 << 3 | WireReader.LENGTH_DELIMITED;

    private static final int PATH = 1 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int FIELDS = 2 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int COLUMN_INDICES = 3 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int MAJOR_VERSION = 4 << 3;
    private static final int MINOR_VERSION = 5 << 3;
    private static final int SIZE_BYTES = 6 << 3;
    private static final int BASE_ID_OF_FILE = 7 << 3;

    private static final int FILE_TYPE = 1 << 3;
    private static final int READ_VERSION = 2 << 3;
    private static final int DELETION_ID = 3 << 3;
    private static final int DELETED_ROWS = 4 << 3;
    private static final int BASE_ID_OF_DELETIONS = 7 << 3;

    private final byte[] manifest;
    private final MessageSource source;
    private final SharedList fields = new SharedList();
    private final SharedList columns = new SharedList();
    private final SharedSequence lastUpdated = new SharedSequence();
    private final SharedSequence created = new SharedSequence();

    /// @param manifest the message that the fragments lie in
    FragmentListCodec(byte[] manifest, MessageSource source) {
        this.manifest = manifest;
        this.source = source;
    }

    /// The fragment whose message lies there.
    Fragment parse(int offset, int lengthBytes) {
        WireReader reader = new WireReader(manifest, offset, offset + lengthBytes);
        Fragment fragment = usual(reader);
        return fragment == null ? FragmentCodec.parse(manifest, offset, lengthBytes, source) : fragment;
    }

    /// Null if anything about the message is unusual.
    private @Nullable Fragment usual(WireReader reader) {
        long id = 0;
        long physicalRows = 0;
        DataFile firstFile = null;
        List<DataFile> files = null;
        DeletionFile deletions = null;
        StoredSequence rowIds = null;
        StoredSequence updatedAt = null;
        StoredSequence createdAt = null;
        while (reader.hasNext()) {
            switch (reader.tag()) {
                case ID -> id = reader.varint();
                case PHYSICAL_ROWS -> physicalRows = reader.varint();
                case FILES -> {
                    DataFile file = dataFile(reader);
                    if (file == null) {
                        return null;
                    }
                    if (firstFile == null) {
                        firstFile = file;
                    } else {
                        files = files == null ? new ArrayList<>(List.of(firstFile)) : files;
                        files.add(file);
                    }
                }
                case DELETION_FILE -> {
                    if (deletions != null) {
                        return null;
                    }
                    deletions = deletionFile(reader);
                    if (deletions == null) {
                        return null;
                    }
                }
                case INLINE_ROW_IDS -> rowIds = new StoredSequence.Inline(bytes(reader));
                case INLINE_LAST_UPDATED -> updatedAt = lastUpdated.next(reader);
                case INLINE_CREATED -> createdAt = created.next(reader);
                default -> {
                    return null;
                }
            }
        }
        boolean good = !reader.failed()
                && FragmentCodec.isId(id)
                && FragmentCodec.isPhysicalRowCount(physicalRows)
                && (deletions == null || physicalRows == 0 || deletions.deletedRowCount() <= physicalRows);
        if (!good) {
            return null;
        }
        List<DataFile> all = files != null ? files : firstFile == null ? List.of() : List.of(firstFile);
        return new Fragment(id, all, deletions, physicalRows, rowIds, updatedAt, createdAt, Bytes.EMPTY);
    }

    private Bytes bytes(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.skip(length);
        return Bytes.of(manifest, start, start + length);
    }

    private @Nullable DataFile dataFile(WireReader reader) {
        int outer = reader.enter(reader.length());
        String path = null;
        List<Integer> fieldIds = null;
        List<Integer> columnIndices = null;
        int major = 0;
        int minor = 0;
        long sizeBytes = 0;
        Integer baseId = null;
        while (reader.hasNext()) {
            switch (reader.tag()) {
                case PATH -> path = ascii(reader);
                case FIELDS -> {
                    if (fieldIds != null) {
                        return null;
                    }
                    fieldIds = fields.next(reader);
                }
                case COLUMN_INDICES -> {
                    if (columnIndices != null) {
                        return null;
                    }
                    columnIndices = columns.next(reader);
                }
                case MAJOR_VERSION -> major = reader.smallVarint();
                case MINOR_VERSION -> minor = reader.smallVarint();
                case SIZE_BYTES -> sizeBytes = reader.varint();
                case BASE_ID_OF_FILE -> baseId = reader.smallVarint();
                default -> {
                    return null;
                }
            }
        }
        reader.leave(outer);
        if (reader.failed() || path == null || path.isEmpty() || fieldIds == null || columnIndices == null
                || fieldIds.size() != columnIndices.size() || sizeBytes < 0) {
            return null;
        }
        return new DataFile(path, fieldIds, columnIndices, major, minor, sizeBytes, baseId, Bytes.EMPTY);
    }

    private @Nullable DeletionFile deletionFile(WireReader reader) {
        int outer = reader.enter(reader.length());
        long fileType = 0;
        long readVersion = 0;
        long id = 0;
        long deletedRows = 0;
        Integer baseId = null;
        while (reader.hasNext()) {
            switch (reader.tag()) {
                case FILE_TYPE -> fileType = reader.varint();
                case READ_VERSION -> readVersion = reader.varint();
                case DELETION_ID -> id = reader.varint();
                case DELETED_ROWS -> deletedRows = reader.varint();
                case BASE_ID_OF_DELETIONS -> baseId = reader.smallVarint();
                default -> {
                    return null;
                }
            }
        }
        reader.leave(outer);
        if (reader.failed() || fileType < 0 || fileType > 1 || !FragmentCodec.isPhysicalRowCount(deletedRows)) {
            return null;
        }
        DeletionFile.Encoding encoding =
                fileType == 0 ? DeletionFile.Encoding.ARROW : DeletionFile.Encoding.BITMAP;
        return new DeletionFile(encoding, readVersion, id, deletedRows, baseId, Bytes.EMPTY);
    }

    /// Null for text that is not plain ASCII.
    private @Nullable String ascii(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.skip(length);
        for (int i = start; i < start + length; i++) {
            if (manifest[i] < 0) {
                return null;
            }
        }
        return new String(manifest, start, length, StandardCharsets.ISO_8859_1);
    }

    /// Packed numbers, which nearly every file has the same of.
    private final class SharedList {
        private int start;
        private int end;
        private List<Integer> list = List.of();

        List<Integer> next(WireReader reader) {
            int length = reader.length();
            int from = reader.position();
            if (Arrays.equals(manifest, start, end, manifest, from, from + length)) {
                reader.skip(length);
                return list;
            }
            int outer = reader.enter(length);
            List<Integer> numbers = new ArrayList<>();
            while (reader.hasNext()) {
                numbers.add((int) reader.varint());
            }
            reader.leave(outer);
            if (reader.failed()) {
                return List.of();
            }
            start = from;
            end = from + length;
            list = List.copyOf(numbers);
            return list;
        }
    }

    /// The versions of rows, of which neighbours often have the same.
    private final class SharedSequence {
        private int start = -1;
        private int end;
        private StoredSequence sequence = new StoredSequence.Inline(Bytes.EMPTY);

        StoredSequence next(WireReader reader) {
            int length = reader.length();
            int from = reader.position();
            reader.skip(length);
            if (start < 0 || !Arrays.equals(manifest, start, end, manifest, from, from + length)) {
                start = from;
                end = from + length;
                sequence = new StoredSequence.Inline(Bytes.of(manifest, from, end));
            }
            return sequence;
        }
    }
}
