// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.List;

import dev.joust.format.internal.table.copy.WholeTableCopy;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Copies whole tables from store to store: all versions, branches and tags, with indices, deletion files and transactions.
public final class TableCopy {
    private TableCopy() {}

    /// What a copy did.
    ///
    /// @param fileCount       copied
    /// @param byteCount       copied
    /// @param skippedCount    files that were there already, from a copy that was stopped
    /// @param versionCount    in the copy now, those of branches too
    /// @param basesElsewhere  other tables whose files the versions have; they are where they were
    public record Result(
            long fileCount, long byteCount, long skippedCount, long versionCount, List<String> basesElsewhere) {}

    /// Told after each file.
    @FunctionalInterface
    public interface Progress {
        void copied(long doneBytes, long totalBytes);
    }

    /// Copies everything of the table as it is now; what others commit meanwhile is not part of it. Data goes before
    /// manifests, so that every version that shows in the copy is whole. Stopped in between, it goes on where it was when it is
    /// called again; called again later, it brings the copy up to date.
    ///
    /// @throws IllegalArgumentException if there is no table, or another one at `target`
    /// @throws IOException              also if bytes do not arrive as they were
    public static Result copy(Session session, ObjectStore source, ObjectStore target, Progress progress)
            throws IOException {
        return new WholeTableCopy(session, source, target, progress).run();
    }
}
