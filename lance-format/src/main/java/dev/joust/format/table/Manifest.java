// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Schema;

/// Everything about one version of a table but the rows themselves (spec: table format 2.1). Immutable.
///
/// @param storedSchema            columns
/// @param fragments               by id, ascending, but for {@link #isLegacy}
/// @param version                 of the table, from 1 up
/// @param timestamp               when it was committed, by its writer's clock
/// @param readerFeatureFlags      as {@link FeatureFlags}
/// @param maxFragmentId           highest id ever given to a fragment, null before the first one
/// @param transactionFile         name below `_transactions/`, empty if there is none
/// @param nextRowId               first stable row id not given yet
/// @param dataFormatVersion       of data files to be written, such as `2.2`
/// @param config                  of the table, kept by every change
/// @param tableMetadata           of the table, for users
/// @param branch                  null on the main branch
/// @param maxAllocatedFieldId     highest field id ever given, null where the table does not keep it
/// @param indices                 from the section before the manifest in its file
/// @param unmodelled              fields of the message not named here
/// @param unmodelledOfIndexSection those of the message around the indices
public record Manifest(
        StoredSchema storedSchema,
        List<Fragment> fragments,
        long version,
        Instant timestamp,
        long readerFeatureFlags,
        long writerFeatureFlags,
        @Nullable Long maxFragmentId,
        String transactionFile,
        @Nullable WriterVersion writerVersion,
        long nextRowId,
        String dataFormatVersion,
        Map<String, String> config,
        List<BasePath> basePaths,
        Map<String, String> tableMetadata,
        @Nullable String branch,
        @Nullable Integer maxAllocatedFieldId,
        List<IndexMetadata> indices,
        Bytes unmodelled,
        Bytes unmodelledOfIndexSection) {
    public Manifest {
        fragments = List.copyOf(fragments);
        config = Map.copyOf(config);
        basePaths = List.copyOf(basePaths);
        tableMetadata = Map.copyOf(tableMetadata);
        indices = List.copyOf(indices);
    }

    public Schema schema() {
        return storedSchema.schema();
    }

    /// Rows that are not deleted.
    public long liveRowCount() {
        long count = 0;
        for (Fragment fragment : fragments) {
            count += fragment.liveRowCount();
        }
        return count;
    }

    public Manifest withFragments(List<Fragment> newFragments) {
        return relocated(newFragments, basePaths, indices);
    }

    /// The same content with its files in other places.
    public Manifest relocated(
            List<Fragment> newFragments, List<BasePath> newBasePaths, List<IndexMetadata> newIndices) {
        return new Manifest(
                storedSchema,
                newFragments,
                version,
                timestamp,
                readerFeatureFlags,
                writerFeatureFlags,
                maxFragmentId,
                transactionFile,
                writerVersion,
                nextRowId,
                dataFormatVersion,
                config,
                newBasePaths,
                tableMetadata,
                branch,
                maxAllocatedFieldId,
                newIndices,
                unmodelled,
                unmodelledOfIndexSection);
    }

    /// The fragment of that id.
    public Optional<Fragment> fragment(long id) {
        if (isLegacy()) {
            return fragments.stream().filter(fragment -> fragment.id() == id).findFirst();
        }
        int low = 0;
        int high = fragments.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = fragments.get(middle).id();
            if (found == id) {
                return Optional.of(fragments.get(middle));
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    /// Whether the table's files are 0.1 as far as the manifest says. Such tables may have fragments in any order, and
    /// even two of one id.
    public boolean isLegacy() {
        return dataFormatVersion.equals(FileVersion.V0_1.label());
    }

    /// Whether rows keep an id of their own through updates and compaction.
    public boolean hasStableRowIds() {
        return (readerFeatureFlags & FeatureFlags.STABLE_ROW_IDS) != 0;
    }

    /// Highest field id that the schema or a file uses; new fields start above it. -1 for none.
    public int maxFieldId() {
        if (maxAllocatedFieldId != null) {
            return maxAllocatedFieldId;
        }
        int max = -1;
        for (var field : schema().preOrder()) {
            max = Math.max(max, field.id());
        }
        for (Fragment fragment : fragments) {
            for (DataFile file : fragment.files()) {
                for (int id : file.fieldIds()) {
                    max = Math.max(max, id);
                }
            }
        }
        return max;
    }
}
