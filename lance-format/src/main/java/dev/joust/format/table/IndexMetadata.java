// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/// One index, or one segment of it: segments share a name (spec: table format 2.5).
///
/// @param uuid           its folder below `_indices/`
/// @param fieldIds       indexed fields
/// @param datasetVersion version it was built on
/// @param fragmentBitmap ids of the fragments it covers, as a portable Roaring bitmap; null where unknown
/// @param detailsTypeUrl of the message that describes the index kind, null where there is none
/// @param details        that message, for the index kind to read
/// @param createdAtMillis since 1970, null where not recorded
/// @param baseId         key into {@link Manifest#basePaths()}; null means the table itself, 0 is a real id
/// @param unmodelled     fields of the message not named here
public record IndexMetadata(
        UUID uuid,
        List<Integer> fieldIds,
        String name,
        long datasetVersion,
        @Nullable Bytes fragmentBitmap,
        @Nullable String detailsTypeUrl,
        Bytes details,
        @Nullable Integer indexVersion,
        @Nullable Long createdAtMillis,
        @Nullable Integer baseId,
        List<IndexFile> files,
        Bytes unmodelled) {
    public static final String FRAGMENT_REUSE = "__lance_frag_reuse";
    public static final String MEM_WAL = "__lance_mem_wal";

    /// From this version of its files on a BTree holds row addresses, stable row ids or not.
    private static final int BTREE_BY_ADDRESS_VERSION = 1;

    private static final Set<String> KINDS_BY_ROW_ID = Set.of(
            "BitmapIndexDetails",
            "LabelListIndexDetails",
            "NGramIndexDetails",
            "InvertedIndexDetails",
            "RTreeIndexDetails",
            "VectorIndexDetails");

    /// @param path below the index's folder
    public record IndexFile(String path, long sizeBytes, Bytes unmodelled) {}

    public IndexMetadata {
        fieldIds = List.copyOf(fieldIds);
        files = List.copyOf(files);
    }

    /// Whether the table itself keeps its books in it: no index of any column.
    public boolean isSystem() {
        return name.equals(FRAGMENT_REUSE) || name.equals(MEM_WAL);
    }

    public IndexMetadata withFragmentBitmap(@Nullable Bytes newBitmap) {
        return new IndexMetadata(
                uuid,
                fieldIds,
                name,
                datasetVersion,
                newBitmap,
                detailsTypeUrl,
                details,
                indexVersion,
                createdAtMillis,
                baseId,
                files,
                unmodelled);
    }

    /// Whether it knows rows by their stable ids, in a table that has such ids, and so follows rows that move. False for
    /// kinds that know rows by address, and for kinds not known here: of those it can't be told (spec: table format 8.1).
    public boolean knowsRowsById() {
        if (detailsTypeUrl == null) {
            return false;
        }
        String kind = detailsTypeUrl.substring(detailsTypeUrl.lastIndexOf('.') + 1);
        return kind.equals("BTreeIndexDetails")
                ? indexVersion == null || indexVersion < BTREE_BY_ADDRESS_VERSION
                : KINDS_BY_ROW_ID.contains(kind);
    }

    /// The same index over other files, with rows at their new addresses.
    ///
    /// @param newFiles below the table's own `_indices/`, in the folder of the new uuid
    public IndexMetadata rewritten(UUID newUuid, List<IndexFile> newFiles) {
        return new IndexMetadata(
                newUuid,
                fieldIds,
                name,
                datasetVersion,
                fragmentBitmap,
                detailsTypeUrl,
                details,
                indexVersion,
                createdAtMillis,
                null,
                newFiles,
                unmodelled);
    }

    public IndexMetadata withName(String newName) {
        return new IndexMetadata(
                uuid,
                fieldIds,
                newName,
                datasetVersion,
                fragmentBitmap,
                detailsTypeUrl,
                details,
                indexVersion,
                createdAtMillis,
                baseId,
                files,
                unmodelled);
    }

    public IndexMetadata withBaseId(@Nullable Integer newBaseId) {
        return new IndexMetadata(
                uuid,
                fieldIds,
                name,
                datasetVersion,
                fragmentBitmap,
                detailsTypeUrl,
                details,
                indexVersion,
                createdAtMillis,
                newBaseId,
                files,
                unmodelled);
    }
}
