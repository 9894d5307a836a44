// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;

/// What is compacted, and into what (spec: table format 8.1). Immutable; each `with` answers a changed copy.
///
/// @param targetRowsPerFragment fragments of fewer rows are merged with their neighbours, into fragments of so many or
///                              more, but less than twice as many
/// @param maxBytesPerFile       a new file longer than this gets no further batch
/// @param materializeDeletions  whether fragments with many deleted rows are written anew without them
/// @param deletionsThreshold    share of deleted rows from which on, exclusively, that happens
/// @param batchRowCount         rows read at once, at most
/// @param maxSourceFragments    old fragments of one run at most; null is any number
/// @param maxSourceRows         live rows of one run at most; null is any number
/// @param maxSourceBytes        bytes of data files of one run at most; null is any number
/// @param excludedFragmentIds   fragments left as they are, and not passed over by merging those beside them
/// @param fileVersion           of the new files; null is what the table wants
/// @param maxTasksAtOnce        tasks done at once; 0 is one per core
/// @param indexRemappers        what can move indices that know rows by address; without one an index no longer covers
///                              the fragments, whose rows searches then scan
/// @param properties            of the transaction
public record CompactionOptions(
        long targetRowsPerFragment,
        long maxBytesPerFile,
        boolean materializeDeletions,
        double deletionsThreshold,
        int batchRowCount,
        @Nullable Long maxSourceFragments,
        @Nullable Long maxSourceRows,
        @Nullable Long maxSourceBytes,
        Set<Long> excludedFragmentIds,
        @Nullable FileVersion fileVersion,
        int maxTasksAtOnce,
        List<IndexRemapper> indexRemappers,
        Map<String, String> properties) {
    /// Keys of a table's config that change the defaults start so.
    public static final String CONFIG_PREFIX = "lance.compaction.";

    /// As the reference has them.
    public static final CompactionOptions DEFAULT = new CompactionOptions(
            1 << 20, WriteOptions.DEFAULT.maxBytesPerFile(), true, 0.1, ScanOptions.DEFAULT_BATCH_ROW_COUNT, null, null,
            null, Set.of(), null, 0, List.of(), Map.of());

    public CompactionOptions {
        if (targetRowsPerFragment < 1 || maxBytesPerFile < 1 || batchRowCount < 1 || maxTasksAtOnce < 0) {
            throw new IllegalArgumentException("fragments of " + targetRowsPerFragment + " rows, files of "
                    + maxBytesPerFile + " bytes, batches of " + batchRowCount + " rows, " + maxTasksAtOnce
                    + " tasks at once");
        }
        if (Double.isNaN(deletionsThreshold)) {
            throw new IllegalArgumentException("the share of deleted rows is no number");
        }
        excludedFragmentIds = Set.copyOf(excludedFragmentIds);
        indexRemappers = List.copyOf(indexRemappers);
        properties = Map.copyOf(properties);
    }

    /// The defaults of a table: those of the reference, and what its config says otherwise. Keys that mean nothing here
    /// (how the reference reads, copies and defers) are passed over.
    ///
    /// @throws IllegalArgumentException naming the key whose value makes no sense
    public static CompactionOptions ofConfig(Map<String, String> config) {
        CompactionOptions options = DEFAULT;
        for (Map.Entry<String, String> entry : config.entrySet()) {
            if (entry.getKey().startsWith(CONFIG_PREFIX)) {
                String value = entry.getValue();
                try {
                    options = options.withConfig(entry.getKey().substring(CONFIG_PREFIX.length()), value);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "config '" + entry.getKey() + "' is '" + value + "': " + e.getMessage(), e);
                }
            }
        }
        return options;
    }

    private CompactionOptions withConfig(String key, String value) {
        return switch (key) {
            case "target_rows_per_fragment" -> withTargetRowsPerFragment(Long.parseLong(value));
            case "max_bytes_per_file" -> withMaxBytesPerFile(Long.parseLong(value));
            case "materialize_deletions" -> withMaterializeDeletions(bool(value));
            case "materialize_deletions_threshold" -> withDeletionsThreshold(Double.parseDouble(value));
            case "batch_size" -> withBatchRowCount(Integer.parseInt(value));
            case "max_source_fragments" -> withMaxSourceFragments(Long.valueOf(value));
            case "max_source_rows" -> withMaxSourceRows(Long.valueOf(value));
            case "max_source_bytes" -> withMaxSourceBytes(Long.valueOf(value));
            case "data_storage_version" -> withFileVersion(FileVersion.fromLabel(value));
            default -> this;
        };
    }

    private static boolean bool(String value) {
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    public CompactionOptions withTargetRowsPerFragment(long newTarget) {
        return changed(builder -> builder.targetRowsPerFragment = newTarget);
    }

    public CompactionOptions withMaxBytesPerFile(long newMaxBytes) {
        return changed(builder -> builder.maxBytesPerFile = newMaxBytes);
    }

    public CompactionOptions withMaterializeDeletions(boolean newMaterialize) {
        return changed(builder -> builder.materializeDeletions = newMaterialize);
    }

    public CompactionOptions withDeletionsThreshold(double newThreshold) {
        return changed(builder -> builder.deletionsThreshold = newThreshold);
    }

    public CompactionOptions withBatchRowCount(int newBatchRowCount) {
        return changed(builder -> builder.batchRowCount = newBatchRowCount);
    }

    public CompactionOptions withMaxSourceFragments(@Nullable Long newMax) {
        return changed(builder -> builder.maxSourceFragments = newMax);
    }

    public CompactionOptions withMaxSourceRows(@Nullable Long newMax) {
        return changed(builder -> builder.maxSourceRows = newMax);
    }

    public CompactionOptions withMaxSourceBytes(@Nullable Long newMax) {
        return changed(builder -> builder.maxSourceBytes = newMax);
    }

    public CompactionOptions withExcludedFragments(Set<Long> newExcluded) {
        return changed(builder -> builder.excludedFragmentIds = newExcluded);
    }

    public CompactionOptions withFileVersion(@Nullable FileVersion newVersion) {
        return changed(builder -> builder.fileVersion = newVersion);
    }

    public CompactionOptions withMaxTasksAtOnce(int newMax) {
        return changed(builder -> builder.maxTasksAtOnce = newMax);
    }

    public CompactionOptions withIndexRemappers(List<IndexRemapper> newRemappers) {
        return changed(builder -> builder.indexRemappers = newRemappers);
    }

    public CompactionOptions withProperties(Map<String, String> newProperties) {
        return changed(builder -> builder.properties = newProperties);
    }

    private CompactionOptions changed(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    /// The components, one of which is about to change.
    private static final class Builder {
        long targetRowsPerFragment;
        long maxBytesPerFile;
        boolean materializeDeletions;
        double deletionsThreshold;
        int batchRowCount;
        @Nullable Long maxSourceFragments;
        @Nullable Long maxSourceRows;
        @Nullable Long maxSourceBytes;
        Set<Long> excludedFragmentIds;
        @Nullable FileVersion fileVersion;
        int maxTasksAtOnce;
        List<IndexRemapper> indexRemappers;
        Map<String, String> properties;

        Builder(CompactionOptions from) {
            targetRowsPerFragment = from.targetRowsPerFragment;
            maxBytesPerFile = from.maxBytesPerFile;
            materializeDeletions = from.materializeDeletions;
            deletionsThreshold = from.deletionsThreshold;
            batchRowCount = from.batchRowCount;
            maxSourceFragments = from.maxSourceFragments;
            maxSourceRows = from.maxSourceRows;
            maxSourceBytes = from.maxSourceBytes;
            excludedFragmentIds = from.excludedFragmentIds;
            fileVersion = from.fileVersion;
            maxTasksAtOnce = from.maxTasksAtOnce;
            indexRemappers = from.indexRemappers;
            properties = from.properties;
        }

        CompactionOptions build() {
            return new CompactionOptions(
                    targetRowsPerFragment, maxBytesPerFile, materializeDeletions, deletionsThreshold, batchRowCount,
                    maxSourceFragments, maxSourceRows, maxSourceBytes, excludedFragmentIds, fileVersion,
                    maxTasksAtOnce, indexRemappers, properties);
        }
    }
}
