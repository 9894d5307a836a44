// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// A run of rows with its data files, which hold different columns of the same rows (spec: table format 2.2).
///
/// @param id                    unique in the table for ever; fits 32 bits unsigned. 0 in a transaction's new
///                              fragments means "given at commit"
/// @param deletionFile          null where no row is deleted
/// @param physicalRowCount      rows in each file, deleted ones included; 0 where an old writer left it out
/// @param rowIds                stable row ids, null in tables without
/// @param lastUpdatedAtVersions null reads as version 1 for every row
/// @param createdAtVersions     null reads as version 1 for every row
/// @param unmodelled            fields of the message not named here
public record Fragment(
        long id,
        List<DataFile> files,
        @Nullable DeletionFile deletionFile,
        long physicalRowCount,
        @Nullable StoredSequence rowIds,
        @Nullable StoredSequence lastUpdatedAtVersions,
        @Nullable StoredSequence createdAtVersions,
        Bytes unmodelled) {
    public Fragment {
        files = List.copyOf(files);
    }

    /// A fragment just written, its id to be given at commit.
    public static Fragment written(List<DataFile> files, long physicalRowCount) {
        return new Fragment(0, files, null, physicalRowCount, null, null, null, Bytes.EMPTY);
    }

    /// Rows that are not deleted.
    public long liveRowCount() {
        return physicalRowCount - deletedRowCount();
    }

    public long deletedRowCount() {
        return deletionFile == null ? 0 : deletionFile.deletedRowCount();
    }

    public Fragment withId(long newId) {
        return new Fragment(
                newId,
                files,
                deletionFile,
                physicalRowCount,
                rowIds,
                lastUpdatedAtVersions,
                createdAtVersions,
                unmodelled);
    }

    public Fragment withDeletionFile(@Nullable DeletionFile newDeletionFile) {
        return new Fragment(
                id,
                files,
                newDeletionFile,
                physicalRowCount,
                rowIds,
                lastUpdatedAtVersions,
                createdAtVersions,
                unmodelled);
    }

    public Fragment withPhysicalRowCount(long newPhysicalRowCount) {
        return new Fragment(
                id,
                files,
                deletionFile,
                newPhysicalRowCount,
                rowIds,
                lastUpdatedAtVersions,
                createdAtVersions,
                unmodelled);
    }

    public Fragment withFiles(List<DataFile> newFiles) {
        return new Fragment(
                id,
                newFiles,
                deletionFile,
                physicalRowCount,
                rowIds,
                lastUpdatedAtVersions,
                createdAtVersions,
                unmodelled);
    }

    public Fragment withLineage(
            @Nullable StoredSequence newRowIds,
            @Nullable StoredSequence newLastUpdatedAtVersions,
            @Nullable StoredSequence newCreatedAtVersions) {
        return new Fragment(
                id,
                files,
                deletionFile,
                physicalRowCount,
                newRowIds,
                newLastUpdatedAtVersions,
                newCreatedAtVersions,
                unmodelled);
    }

    /// Without the files that hold nothing of the table any more; this fragment if there are none.
    public Fragment withoutDeadFiles() {
        if (files.stream().noneMatch(DataFile::isAllTombstones)) {
            return this;
        }
        List<DataFile> live = new ArrayList<>(files);
        live.removeIf(DataFile::isAllTombstones);
        return withFiles(live);
    }
}
