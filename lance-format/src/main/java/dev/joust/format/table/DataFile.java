// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;

import org.jspecify.annotations.Nullable;

/// One data file of a fragment and which of the table's fields it holds (spec: table format 2.2).
///
/// @param path          below `data/` of the table or of its base
/// @param fieldIds      the table's field ids, one per entry of `columnIndices`; negative ones are no longer used
///                      ({@link #TOMBSTONE}) or hidden
/// @param columnIndices physical column of the file that holds `fieldIds[i]`
/// @param majorVersion  of the file's format, with `minorVersion`: 2 and 0 to 3, or 0 for the legacy one
/// @param sizeBytes     length of the file; 0 where unknown
/// @param baseId        key into {@link Manifest#basePaths()}; null means the table itself, 0 is a real id
/// @param unmodelled    fields of the message not named here
public record DataFile(
        String path,
        List<Integer> fieldIds,
        List<Integer> columnIndices,
        int majorVersion,
        int minorVersion,
        long sizeBytes,
        @Nullable Integer baseId,
        Bytes unmodelled) {
    /// Stands for a field whose column in this file is not used any more.
    public static final int TOMBSTONE = -2;

    public DataFile {
        fieldIds = List.copyOf(fieldIds);
        columnIndices = List.copyOf(columnIndices);
    }

    /// A file just written below the table itself.
    public static DataFile of(
            String path,
            List<Integer> fieldIds,
            List<Integer> columnIndices,
            int majorVersion,
            int minorVersion,
            long sizeBytes) {
        return new DataFile(
                path, fieldIds, columnIndices, majorVersion, minorVersion, sizeBytes, null, Bytes.EMPTY);
    }

    /// Physical column that holds the field; -1 if this file does not have it.
    public int columnIndexOf(int fieldId) {
        if (fieldId < 0) {
            return -1;
        }
        int position = fieldIds.indexOf(fieldId);
        return position < 0 ? -1 : columnIndices.get(position);
    }

    /// Whether no field of the table is stored here any more.
    public boolean isAllTombstones() {
        return !fieldIds.isEmpty() && fieldIds.stream().allMatch(id -> id == TOMBSTONE);
    }

    public DataFile withFieldIds(List<Integer> newFieldIds) {
        return new DataFile(
                path, newFieldIds, columnIndices, majorVersion, minorVersion, sizeBytes, baseId, unmodelled);
    }

    public DataFile withBaseId(@Nullable Integer newBaseId) {
        return new DataFile(
                path, fieldIds, columnIndices, majorVersion, minorVersion, sizeBytes, newBaseId, unmodelled);
    }
}
