// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// What a database does in the background for tables that it writes to. Immutable; each `with` answers a changed copy.
///
/// Work begins after a write of this database, never for tables that are only read, and no write waits for it but for
/// the request or two in which it is committed. It makes versions of its own. {@link Database#close} ends it; what was
/// not committed by then is left to be done again.
///
/// @param mergedFragments so many small fragments of about the same size are merged into one: of additions of
///                        a row each, the first 32 become a fragment of 32 rows, 32 of these one of 1024, and so on. A row
///                        is written again a few times in all, and there are never many fragments. Fragments that an
///                        index covers, and that it would not follow, are left alone. 0 is never
/// @param keepsIndices    whether vector indices are brought up to date: once a tenth as many rows are not covered as are, and at
///                        least 8192, they become part of the index
/// @param cleanupOlderThan versions older than this are deleted now and then, with what they alone need; null, the
///                        default, is never
/// @param tasks           others, asked in this order
public record Maintenance(
        int mergedFragments, boolean keepsIndices, @Nullable Duration cleanupOlderThan, List<MaintenanceTask> tasks) {
    /// Small fragments are merged, indices are kept up to date, and nothing is deleted.
    public static final Maintenance DEFAULT = new Maintenance(32, true, null, List.of());

    /// Nothing is done unless somebody calls {@link Table#compact} and {@link Table#cleanup}.
    public static final Maintenance OFF = new Maintenance(0, false, null, List.of());

    public Maintenance {
        if (mergedFragments < 0 || mergedFragments == 1) {
            throw new IllegalArgumentException("merging " + mergedFragments + " fragments: 2 or more can be merged, 0 is never");
        }
        if (cleanupOlderThan != null && cleanupOlderThan.isNegative()) {
            throw new IllegalArgumentException("versions older than " + cleanupOlderThan);
        }
        tasks = List.copyOf(tasks);
    }

    public Maintenance withMergedFragments(int newMergedFragments) {
        return new Maintenance(newMergedFragments, keepsIndices, cleanupOlderThan, tasks);
    }

    public Maintenance withKeepsIndices(boolean newKeepsIndices) {
        return new Maintenance(mergedFragments, newKeepsIndices, cleanupOlderThan, tasks);
    }

    public Maintenance withCleanupOlderThan(@Nullable Duration newCleanupOlderThan) {
        return new Maintenance(mergedFragments, keepsIndices, newCleanupOlderThan, tasks);
    }

    public Maintenance withTask(MaintenanceTask task) {
        List<MaintenanceTask> more = new ArrayList<>(tasks);
        more.add(task);
        return new Maintenance(mergedFragments, keepsIndices, cleanupOlderThan, more);
    }
}
