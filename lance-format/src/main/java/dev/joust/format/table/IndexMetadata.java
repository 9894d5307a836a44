// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;
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
}
