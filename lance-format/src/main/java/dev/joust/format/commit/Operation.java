// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.StoredSchema;

/// What a transaction does to the table (spec: table format 3.2). Fragments of id 0 among new ones get their id at
/// commit. `unmodelled` holds the fields of the message that the record does not name.
public sealed interface Operation {
    /// Which of the operations it is.
    enum Kind {
        APPEND,
        DELETE,
        OVERWRITE,
        CREATE_INDEX,
        REWRITE,
        MERGE,
        RESTORE,
        RESERVE,
        UPDATE,
        PROJECT,
        CONFIG,
        REPLACEMENT,
        OVERLAY,
        MEM_WAL,
        CLONE,
        BASES,
        UNKNOWN
    }

    default Kind kind() {
        return switch (this) {
            case Append _ -> Kind.APPEND;
            case Delete _ -> Kind.DELETE;
            case Overwrite _ -> Kind.OVERWRITE;
            case CreateIndex _ -> Kind.CREATE_INDEX;
            case Rewrite _ -> Kind.REWRITE;
            case Merge _ -> Kind.MERGE;
            case Restore _ -> Kind.RESTORE;
            case ReserveFragments _ -> Kind.RESERVE;
            case Update _ -> Kind.UPDATE;
            case Project _ -> Kind.PROJECT;
            case UpdateConfig _ -> Kind.CONFIG;
            case DataReplacement _ -> Kind.REPLACEMENT;
            case DataOverlay _ -> Kind.OVERLAY;
            case UpdateMemWalState _ -> Kind.MEM_WAL;
            case Clone _ -> Kind.CLONE;
            case UpdateBases _ -> Kind.BASES;
            case Unknown _ -> Kind.UNKNOWN;
        };
    }

    /// As in messages: `Append`.
    default String name() {
        return this instanceof Unknown ? "Unknown operation" : getClass().getSimpleName();
    }

    /// Adds fragments.
    record Append(List<Fragment> fragments, Bytes unmodelled) implements Operation {
        public Append(List<Fragment> fragments) {
            this(fragments, Bytes.EMPTY);
        }
    }

    /// Marks rows deleted.
    ///
    /// @param updatedFragments   fragments with their new deletion file
    /// @param deletedFragmentIds fragments of which no row is left
    /// @param predicate          what was deleted, for people
    record Delete(List<Fragment> updatedFragments, List<Long> deletedFragmentIds, String predicate, Bytes unmodelled)
            implements Operation {
        public Delete(List<Fragment> updatedFragments, List<Long> deletedFragmentIds, String predicate) {
            this(updatedFragments, deletedFragmentIds, predicate, Bytes.EMPTY);
        }
    }

    /// Replaces rows and schema. Also what creates a table.
    record Overwrite(
            List<Fragment> fragments,
            StoredSchema schema,
            Map<String, String> configUpserts,
            List<BasePath> initialBases,
            Bytes unmodelled)
            implements Operation {
        public Overwrite(List<Fragment> fragments, StoredSchema schema) {
            this(fragments, schema, Map.of(), List.of(), Bytes.EMPTY);
        }
    }

    /// Adds index segments and drops others, known by their uuid.
    record CreateIndex(List<IndexMetadata> newIndices, List<IndexMetadata> removedIndices, Bytes unmodelled)
            implements Operation {}

    /// Puts new fragments, holding the same rows, in place of old ones.
    record Rewrite(List<Group> groups, List<RewrittenIndex> rewrittenIndices, Bytes unmodelled) implements Operation {
        public record Group(List<Fragment> oldFragments, List<Fragment> newFragments, Bytes unmodelled) {}

        public record RewrittenIndex(
                UUID oldId,
                UUID newId,
                @Nullable String newDetailsTypeUrl,
                Bytes newDetails,
                int newVersion,
                List<IndexMetadata.IndexFile> newFiles,
                Bytes unmodelled) {}
    }

    /// Changes columns: lists every fragment of the table.
    record Merge(List<Fragment> fragments, StoredSchema schema, boolean preservesNullability, Bytes unmodelled)
            implements Operation {}

    /// Makes the content of an older version the newest.
    record Restore(long version, Bytes unmodelled) implements Operation {}

    /// Sets fragment ids aside.
    record ReserveFragments(int fragmentCount, Bytes unmodelled) implements Operation {}

    /// Changes rows: by deleting and adding them again, or by adding files with the changed columns.
    ///
    /// @param fieldsModified    fields changed in place ({@link Mode#REWRITE_COLUMNS})
    /// @param fieldsForPreservingFragmentBitmap fields whose values may have changed ({@link Mode#REWRITE_ROWS})
    /// @param insertedRows      keys of the rows that are new, null if not recorded
    /// @param updatedOffsets    by fragment, the rows changed in place, as Roaring bitmaps
    record Update(
            List<Long> removedFragmentIds,
            List<Fragment> updatedFragments,
            List<Fragment> newFragments,
            List<Integer> fieldsModified,
            List<Integer> fieldsForPreservingFragmentBitmap,
            Mode mode,
            @Nullable KeyFilter insertedRows,
            Map<Long, Bytes> updatedOffsets,
            Bytes unmodelled)
            implements Operation {
        public enum Mode {
            REWRITE_ROWS,
            REWRITE_COLUMNS
        }

        /// Rows deleted and added again.
        public static Update ofRows(
                List<Long> removedFragmentIds,
                List<Fragment> updatedFragments,
                List<Fragment> newFragments,
                List<Integer> fields) {
            return new Update(
                    removedFragmentIds,
                    updatedFragments,
                    newFragments,
                    List.of(),
                    fields,
                    Mode.REWRITE_ROWS,
                    null,
                    Map.of(),
                    Bytes.EMPTY);
        }
    }

    /// Which keys an update inserted, so that two writers do not both insert one (spec: table format 6.4).
    ///
    /// @param fieldIds the primary key's fields
    /// @param bloom    split-block Bloom filter; empty for the exact form, which nobody writes
    /// @param filterParameters size and promised false positive rate, compared as a whole
    record KeyFilter(List<Integer> fieldIds, Bytes bloom, Bytes filterParameters, Bytes unmodelled) {}

    /// Changes only the schema: drops, renames, relaxes.
    record Project(StoredSchema schema, boolean preservesNullability, Bytes unmodelled) implements Operation {}

    /// Changes metadata; null parts are left as they are.
    record UpdateConfig(
            @Nullable MapUpdate config,
            @Nullable MapUpdate tableMetadata,
            @Nullable MapUpdate schemaMetadata,
            Map<Integer, MapUpdate> fieldMetadata,
            Bytes unmodelled)
            implements Operation {
        /// @param entries keys to set, in order; a null value deletes the key
        /// @param replace whether what was there goes first
        public record MapUpdate(List<Entry> entries, boolean replace, Bytes unmodelled) {
            public record Entry(String key, @Nullable String value, Bytes unmodelled) {
                public Entry(String key, @Nullable String value) {
                    this(key, value, Bytes.EMPTY);
                }
            }
        }
    }

    /// Puts new files, of a few columns, in place of old ones.
    record DataReplacement(List<Replacement> replacements, Bytes unmodelled) implements Operation {
        public record Replacement(long fragmentId, DataFile newFile, Bytes unmodelled) {}
    }

    /// Lays values over those of fragments. Never committed here, but by others.
    ///
    /// @param unmodelled the overlays
    record DataOverlay(List<Long> fragmentIds, Bytes unmodelled) implements Operation {}

    /// Changes the books of a write-ahead log that is kept beside the table. Never committed here, but by others.
    record UpdateMemWalState(Bytes unmodelled) implements Operation {}

    /// Makes a table out of another's files.
    record Clone(
            boolean isShallow,
            @Nullable String refName,
            long refVersion,
            String refPath,
            @Nullable String branchName,
            Bytes unmodelled)
            implements Operation {}

    /// Adds base paths.
    record UpdateBases(List<BasePath> newBases, Bytes unmodelled) implements Operation {}

    /// Something newer than us. The message is carried whole by its {@link Transaction}.
    record Unknown() implements Operation {}
}
