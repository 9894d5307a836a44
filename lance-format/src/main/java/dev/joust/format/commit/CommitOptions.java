// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/// How a change is committed.
///
/// @param maxAttempts       tries to become the next version, each over what others committed meanwhile
/// @param transactionFile   whether the transaction is also written to a file of its own, as the reference does;
///                          the copy inside the manifest is what readers look at first
/// @param dataFormatVersion of new files, for operations that create or replace the table; null keeps the table's
/// @param stableRowIds      for operations that create the table
/// @param properties        of the transaction: messages for people and tools
/// @param onlyOnReadVersion fail, retryably, if anything at all was committed since the version the change was made
///                          from, even where both changes would go together: for callers whose change depends on
///                          everything they have read
public record CommitOptions(
        int maxAttempts,
        boolean transactionFile,
        @Nullable String dataFormatVersion,
        boolean stableRowIds,
        Map<String, String> properties,
        boolean onlyOnReadVersion) {
    public static final CommitOptions DEFAULT = new CommitOptions(20, true, null, false, Map.of(), false);

    /// The defaults, but nothing is put on top of what others committed.
    public static final CommitOptions ONLY_ON_READ_VERSION =
            new CommitOptions(1, true, null, false, Map.of(), true);

    /// Options that let a change go on top of what others committed, where both go together.
    public CommitOptions(
            int maxAttempts,
            boolean transactionFile,
            @Nullable String dataFormatVersion,
            boolean stableRowIds,
            Map<String, String> properties) {
        this(maxAttempts, transactionFile, dataFormatVersion, stableRowIds, properties, false);
    }

    public CommitOptions {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("at least one attempt is needed, not " + maxAttempts);
        }
        properties = Map.copyOf(properties);
    }
}
