// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.joust.format.commit.CommitOptions;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FileWriteOptions;

/// How a table is created and written to. Immutable; each `with` answers a changed copy.
///
/// @param fileVersion     of the data files of a new table, or of one that is overwritten; null is 2.2 for the one, what
///                        the table has for the other. What is added to a table is always as the table wants it
/// @param stableRowIds    whether rows of a new table keep their id for ever; an existing table has decided
/// @param maxRowsPerFile  rows of a data file, that is of a fragment, at most
/// @param maxBytesPerFile a file longer than this gets no further batch
/// @param pageSizeBytes   as {@link FileWriteOptions#pageSizeBytes}
/// @param transactionFile as {@link CommitOptions#transactionFile}
/// @param maxCommitAttempts as {@link CommitOptions#maxAttempts}
/// @param properties      of the transactions
/// @param onlyOnReadVersion as {@link CommitOptions#onlyOnReadVersion}
/// @param externalBlobs   as {@link FileWriteOptions#externalBlobs}
public record WriteOptions(
        @Nullable FileVersion fileVersion,
        boolean stableRowIds,
        int maxRowsPerFile,
        long maxBytesPerFile,
        int pageSizeBytes,
        boolean transactionFile,
        int maxCommitAttempts,
        Map<String, String> properties,
        boolean onlyOnReadVersion,
        boolean externalBlobs) {
    /// As the reference writes: new tables with files of 2.2, a million rows or 90 GiB each.
    public static final WriteOptions DEFAULT = new WriteOptions(
            null,
            false,
            1 << 20,
            90L << 30,
            FileWriteOptions.DEFAULT.pageSizeBytes(),
            CommitOptions.DEFAULT.transactionFile(),
            CommitOptions.DEFAULT.maxAttempts(),
            Map.of(),
            false,
            false);

    public WriteOptions {
        if (maxRowsPerFile < 1 || maxBytesPerFile < 1 || pageSizeBytes < 1) {
            throw new IllegalArgumentException("files of at most " + maxRowsPerFile + " rows and " + maxBytesPerFile
                    + " bytes, pages of " + pageSizeBytes + " bytes");
        }
        properties = Map.copyOf(properties);
    }

    public WriteOptions withFileVersion(@Nullable FileVersion newVersion) {
        return changed(builder -> builder.fileVersion = newVersion);
    }

    public WriteOptions withStableRowIds(boolean newStableRowIds) {
        return changed(builder -> builder.stableRowIds = newStableRowIds);
    }

    public WriteOptions withMaxRowsPerFile(int newMaxRowsPerFile) {
        return changed(builder -> builder.maxRowsPerFile = newMaxRowsPerFile);
    }

    public WriteOptions withMaxBytesPerFile(long newMaxBytesPerFile) {
        return changed(builder -> builder.maxBytesPerFile = newMaxBytesPerFile);
    }

    public WriteOptions withPageSizeBytes(int newPageSizeBytes) {
        return changed(builder -> builder.pageSizeBytes = newPageSizeBytes);
    }

    public WriteOptions withTransactionFile(boolean newTransactionFile) {
        return changed(builder -> builder.transactionFile = newTransactionFile);
    }

    public WriteOptions withMaxCommitAttempts(int newMaxCommitAttempts) {
        return changed(builder -> builder.maxCommitAttempts = newMaxCommitAttempts);
    }

    public WriteOptions withProperties(Map<String, String> newProperties) {
        return changed(builder -> builder.properties = newProperties);
    }

    public WriteOptions withOnlyOnReadVersion(boolean newOnlyOnReadVersion) {
        return changed(builder -> builder.onlyOnReadVersion = newOnlyOnReadVersion);
    }

    public WriteOptions withExternalBlobs(boolean newExternalBlobs) {
        return changed(builder -> builder.externalBlobs = newExternalBlobs);
    }

    private WriteOptions changed(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    /// The version of a new table's files.
    FileVersion newTableVersion() {
        return fileVersion == null ? FileVersion.V2_2 : fileVersion;
    }

    CommitOptions commitOptions() {
        return new CommitOptions(
                maxCommitAttempts,
                transactionFile,
                fileVersion == null ? null : fileVersion.label(),
                stableRowIds,
                properties,
                onlyOnReadVersion);
    }

    /// The components, one of which is about to change.
    private static final class Builder {
        @Nullable FileVersion fileVersion;
        boolean stableRowIds;
        int maxRowsPerFile;
        long maxBytesPerFile;
        int pageSizeBytes;
        boolean transactionFile;
        int maxCommitAttempts;
        Map<String, String> properties;
        boolean onlyOnReadVersion;
        boolean externalBlobs;

        Builder(WriteOptions from) {
            fileVersion = from.fileVersion;
            stableRowIds = from.stableRowIds;
            maxRowsPerFile = from.maxRowsPerFile;
            maxBytesPerFile = from.maxBytesPerFile;
            pageSizeBytes = from.pageSizeBytes;
            transactionFile = from.transactionFile;
            maxCommitAttempts = from.maxCommitAttempts;
            properties = from.properties;
            onlyOnReadVersion = from.onlyOnReadVersion;
            externalBlobs = from.externalBlobs;
        }

        WriteOptions build() {
            return new WriteOptions(
                    fileVersion, stableRowIds, maxRowsPerFile, maxBytesPerFile, pageSizeBytes, transactionFile,
                    maxCommitAttempts, properties, onlyOnReadVersion, externalBlobs);
        }
    }
}
