// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// What a cleanup deleted, or would delete.
///
/// @param bytesRemoved            of all files, manifests among them
/// @param oldVersions             versions that are gone
/// @param dataFilesRemoved        data files, and files of blobs beside them
/// @param transactionFilesRemoved files below `_transactions/`
/// @param indexFilesRemoved       files below `_indices/`
/// @param deletionFilesRemoved    files below `_deletions/`
/// @param failedDeletes           files that could not be deleted; another cleanup finds them again
public record CleanupStats(
        long bytesRemoved,
        long oldVersions,
        long dataFilesRemoved,
        long transactionFilesRemoved,
        long indexFilesRemoved,
        long deletionFilesRemoved,
        long failedDeletes) {}
