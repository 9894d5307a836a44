// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;

/// What a cleanup would delete. A thing of the moment: what others commit later is not in it.
///
/// @param readVersion newest version that it was made from, which stays, as do those after it
/// @param files       in the order in which they go: manifests last
public record CleanupPlan(long readVersion, List<File> files) {
    public CleanupPlan {
        files = List.copyOf(files);
    }

    /// What a file is.
    public enum Kind {
        DATA,
        DELETION,
        TRANSACTION,
        INDEX,
        /// What is left of a manifest that was never finished.
        TEMPORARY_MANIFEST,
        MANIFEST
    }

    /// A file that no version needs any more.
    ///
    /// @param path       below the table
    /// @param unverified whether no version that goes named it: it is left over from a change that was not committed
    public record File(String path, Kind kind, boolean unverified, long sizeBytes) {}

    /// As if all went well.
    public CleanupStats stats() {
        return statsOf(files, 0);
    }

    /// Of files that are gone.
    public static CleanupStats statsOf(List<File> removed, long failedDeletes) {
        long bytes = removed.stream().mapToLong(File::sizeBytes).sum();
        return new CleanupStats(
                bytes,
                count(removed, Kind.MANIFEST),
                count(removed, Kind.DATA),
                count(removed, Kind.TRANSACTION),
                count(removed, Kind.INDEX),
                count(removed, Kind.DELETION),
                failedDeletes);
    }

    private static long count(List<File> files, Kind kind) {
        return files.stream().filter(file -> file.kind() == kind).count();
    }
}
