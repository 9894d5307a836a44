// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.table.RowIdSequenceCodec;
import dev.joust.format.schema.Field;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.StoredSequence;
import dev.joust.format.table.WriterVersion;

/// Builds the manifest of version v+1 from that of version v and a transaction (spec: table format 3.2). What the
/// operation does not touch is carried over, unknown things among it. Used once.
final class NextManifest {
    private final @Nullable Manifest base;
    private final Settings settings;

    private StoredSchema schema;
    private List<Fragment> fragments;
    private List<IndexMetadata> indices;
    private Map<String, String> config;
    private Map<String, String> tableMetadata;
    private List<BasePath> basePaths;
    private String dataFormatVersion;
    private long maxFragmentId;
    private long nextRowId;
    private final boolean stableRowIds;

    /// What a commit brings along beside its transaction.
    ///
    /// @param dataFormatVersion of the files, for an operation that may change it; null keeps the table's
    /// @param stableRowIds      for a table that is being created
    /// @param writesTransactionFile whether the transaction gets a file of its own
    record Settings(@Nullable String dataFormatVersion, boolean stableRowIds, boolean writesTransactionFile) {}

    /// @param base the newest version, null for a table that is being created
    private NextManifest(@Nullable Manifest base, Settings settings, StoredSchema schema) {
        this.base = base;
        this.settings = settings;
        this.schema = schema;
        this.fragments = base == null ? List.of() : base.fragments();
        this.indices = base == null ? List.of() : base.indices();
        this.config = base == null ? Map.of() : base.config();
        this.tableMetadata = base == null ? Map.of() : base.tableMetadata();
        this.basePaths = base == null ? List.of() : base.basePaths();
        this.dataFormatVersion = base == null ? "" : base.dataFormatVersion();
        this.maxFragmentId = base == null ? -1 : maxFragmentId(base);
        this.nextRowId = base == null ? 0 : base.nextRowId();
        this.stableRowIds = base == null ? settings.stableRowIds() : base.hasStableRowIds();
    }

    /// @param restored the version that a {@link Operation.Restore} names, null for other operations
    static Manifest of(
            @Nullable Manifest base, @Nullable Manifest restored, Transaction transaction, Settings settings) {
        NextManifest next = new NextManifest(base, settings, schemaBefore(base, transaction));
        next.apply(transaction.operation(), restored);
        return next.build(transaction, restored);
    }

    private static StoredSchema schemaBefore(@Nullable Manifest base, Transaction transaction) {
        if (base != null) {
            return base.storedSchema();
        }
        if (transaction.operation() instanceof Operation.Overwrite overwrite) {
            return overwrite.schema();
        }
        throw new IllegalStateException("a table starts with Overwrite, not " + transaction.operation().name());
    }

    private void apply(Operation operation, @Nullable Manifest restored) {
        switch (operation) {
            case Operation.Append append -> addFragments(append.fragments());
            case Operation.Delete delete -> {
                Map<Long, Fragment> updated = byId(delete.updatedFragments());
                Set<Long> deleted = new HashSet<>(delete.deletedFragmentIds());
                replaceFragments(fragment -> {
                    Fragment after = updated.get(fragment.id());
                    if (deleted.contains(fragment.id())) {
                        return null;
                    }
                    return after == null ? fragment : fragment.withDeletionFile(after.deletionFile());
                });
                retainRelevantIndices();
            }
            case Operation.Update update -> applyUpdate(update);
            case Operation.Overwrite overwrite -> {
                fragments = List.of();
                indices = List.of();
                schema = overwrite.schema();
                Map<String, String> merged = new LinkedHashMap<>(config);
                merged.putAll(overwrite.configUpserts());
                config = merged;
                if (base == null) {
                    basePaths = overwrite.initialBases();
                }
                if (settings.dataFormatVersion() != null) {
                    dataFormatVersion = settings.dataFormatVersion();
                }
                addFragments(overwrite.fragments().stream()
                        .map(fragment -> fragment.withId(0))
                        .toList());
            }
            case Operation.CreateIndex create -> {
                Set<java.util.UUID> removed = new HashSet<>();
                create.removedIndices().forEach(index -> removed.add(index.uuid()));
                create.newIndices().forEach(index -> removed.add(index.uuid()));
                List<IndexMetadata> kept = new ArrayList<>(indices);
                kept.removeIf(index -> removed.contains(index.uuid()));
                kept.addAll(create.newIndices());
                indices = kept;
            }
            case Operation.Restore _ -> restore(java.util.Objects.requireNonNull(restored));
            case Operation.ReserveFragments reserve -> maxFragmentId += reserve.fragmentCount();
            case Operation.Project project -> {
                schema = project.schema();
                Set<Integer> live = liveFieldIds();
                replaceFragments(fragment -> fragment.withFiles(fragment.files().stream()
                        .filter(file -> file.fieldIds().stream().anyMatch(live::contains))
                        .toList()));
                retainRelevantIndices();
            }
            case Operation.UpdateBases update -> {
                List<BasePath> all = new ArrayList<>(basePaths);
                all.addAll(update.newBases());
                basePaths = all;
            }
            case Operation.UpdateConfig update -> applyConfig(update);
            case Operation.Rewrite rewrite -> applyRewrite(rewrite);
            case Operation.Merge _, Operation.DataReplacement _, Operation.Clone _ ->
                throw new UnsupportedFormatException("committing " + operation.name() + " is not supported");
            case Operation.Unknown _ -> throw new UnsupportedFormatException("an operation that is not known");
        }
    }

    private void applyUpdate(Operation.Update update) {
        Map<Long, Fragment> updated = byId(update.updatedFragments());
        Set<Long> removed = new HashSet<>(update.removedFragmentIds());
        replaceFragments(fragment -> {
            if (removed.contains(fragment.id())) {
                return null;
            }
            return updated.getOrDefault(fragment.id(), fragment);
        });
        addFragments(update.newFragments());
        if (!update.fieldsModified().isEmpty()) {
            throw new UnsupportedFormatException("committing Update of columns in place is not supported");
        }
        retainRelevantIndices();
    }

    /// Puts each group's new fragments, which hold the same rows, in place of its old ones. Rows get new addresses, so
    /// whatever refers to addresses is refused.
    private void applyRewrite(Operation.Rewrite rewrite) {
        if (stableRowIds || !indices.isEmpty() || !rewrite.rewrittenIndices().isEmpty()) {
            throw new UnsupportedFormatException(
                    "committing Rewrite to a table with indices or stable row ids is not supported");
        }
        Map<Long, Fragment> present = byId(fragments);
        Set<Long> replaced = new HashSet<>();
        for (Operation.Rewrite.Group group : rewrite.groups()) {
            for (Fragment old : group.oldFragments()) {
                if (!present.containsKey(old.id()) || !replaced.add(old.id())) {
                    throw new IllegalArgumentException("fragment " + old.id() + " can't be rewritten: it is not there");
                }
            }
        }
        replaceFragments(fragment -> replaced.contains(fragment.id()) ? null : fragment);
        rewrite.groups().forEach(group -> addFragments(group.newFragments()));
    }

    private void applyConfig(Operation.UpdateConfig update) {
        if (!update.fieldMetadata().isEmpty()) {
            throw new UnsupportedFormatException("committing UpdateConfig of field metadata is not supported");
        }
        if (update.config() != null) {
            config = updated(config, update.config());
        }
        if (update.tableMetadata() != null) {
            tableMetadata = updated(tableMetadata, update.tableMetadata());
        }
        if (update.schemaMetadata() != null) {
            schema = new StoredSchema(
                    new dev.joust.format.schema.Schema(
                            schema.schema().fields(), updated(schema.schema().metadata(), update.schemaMetadata())),
                    schema.unmodelledByFieldId(),
                    schema.unmodelledMetadata());
        }
    }

    private static Map<String, String> updated(
            Map<String, String> before, Operation.UpdateConfig.MapUpdate update) {
        Map<String, String> after = new LinkedHashMap<>(update.replace() ? Map.of() : before);
        for (var entry : update.entries()) {
            if (entry.value() == null) {
                after.remove(entry.key());
            } else {
                after.put(entry.key(), entry.value());
            }
        }
        return after;
    }

    private void restore(Manifest restored) {
        if (restored.hasStableRowIds() != stableRowIds) {
            throw new IllegalArgumentException("version " + restored.version()
                    + (stableRowIds ? " has no stable row ids, the table does" : " has stable row ids"));
        }
        schema = restored.storedSchema();
        fragments = restored.fragments();
        indices = restored.indices();
        config = restored.config();
        tableMetadata = restored.tableMetadata();
        basePaths = restored.basePaths();
        dataFormatVersion = restored.dataFormatVersion();
        maxFragmentId = Math.max(maxFragmentId, maxFragmentId(restored));
        nextRowId = Math.max(nextRowId, restored.nextRowId());
    }

    private void replaceFragments(java.util.function.Function<Fragment, @Nullable Fragment> change) {
        List<Fragment> changed = new ArrayList<>(fragments.size());
        for (Fragment fragment : fragments) {
            Fragment after = change.apply(fragment);
            if (after != null) {
                changed.add(after);
            }
        }
        fragments = changed;
    }

    private void addFragments(List<Fragment> added) {
        List<Fragment> all = new ArrayList<>(fragments.size() + added.size());
        all.addAll(fragments);
        for (Fragment fragment : added) {
            if (fragment.id() != 0) {
                throw new IllegalArgumentException("fragment " + fragment.id() + " has an id before it is committed");
            }
            maxFragmentId++;
            if (maxFragmentId > 0xFFFF_FFFEL) {
                throw new IllegalStateException("the table has had 2^32 fragments, there are no more ids");
            }
            all.add(withRowIds(fragment.withId(maxFragmentId)));
        }
        fragments = all;
    }

    private Fragment withRowIds(Fragment fragment) {
        if (!stableRowIds) {
            return fragment;
        }
        if (fragment.rowIds() != null) {
            throw new UnsupportedFormatException("committing rows that bring stable row ids is not supported");
        }
        long rowCount = fragment.physicalRowCount();
        Bytes ids = RowIdSequenceCodec.toBytes(RowIdSequence.ofRange(nextRowId, nextRowId + rowCount));
        nextRowId += rowCount;
        StoredSequence versions =
                new StoredSequence.Inline(RowIdSequenceCodec.versionRun(rowCount, nextVersion()));
        return fragment.withLineage(new StoredSequence.Inline(ids), versions, versions);
    }

    private long nextVersion() {
        return base == null ? 1 : base.version() + 1;
    }

    /// Drops the indices that the change left nothing of (spec: table format 3.2, index maintenance).
    private void retainRelevantIndices() {
        Set<Integer> live = liveFieldIds();
        indices = indices.stream()
                .filter(index -> index.isSystem() || live.containsAll(index.fieldIds()))
                .toList();
        indices = IndexSegments.withoutDeadSegments(indices, fragments);
    }

    private Set<Integer> liveFieldIds() {
        Set<Integer> ids = new HashSet<>();
        for (Field field : schema.schema().preOrder()) {
            ids.add(field.id());
        }
        return ids;
    }

    private Manifest build(Transaction transaction, @Nullable Manifest restored) {
        List<Fragment> sorted = new ArrayList<>(fragments.size());
        for (Fragment fragment : fragments) {
            sorted.add(fragment.withoutDeadFiles());
        }
        sorted.sort(Comparator.comparingLong(Fragment::id));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).id() == sorted.get(i - 1).id()) {
                throw new IllegalStateException("two fragments of id " + sorted.get(i).id());
            }
        }
        long reader = flags(sorted) | FeatureFlags.sticky(base == null ? 0 : base.readerFeatureFlags());
        long writer = flags(sorted) | FeatureFlags.sticky(base == null ? 0 : base.writerFeatureFlags());
        if (restored != null) {
            reader |= FeatureFlags.sticky(restored.readerFeatureFlags());
            writer |= FeatureFlags.sticky(restored.writerFeatureFlags());
        }
        if (!config.isEmpty()) {
            writer |= FeatureFlags.TABLE_CONFIG;
        }
        if (!settings.writesTransactionFile()) {
            writer |= FeatureFlags.NO_TRANSACTION_FILE;
        }
        return new Manifest(
                schema,
                sorted,
                nextVersion(),
                Instant.now(),
                reader,
                writer,
                maxFragmentId < 0 ? null : Long.valueOf(maxFragmentId),
                settings.writesTransactionFile() ? transaction.fileName() : "",
                WriterVersion.JOUST,
                nextRowId,
                dataFormatVersion,
                config,
                basePaths,
                tableMetadata,
                base == null ? null : base.branch(),
                base == null ? null : base.maxAllocatedFieldId(),
                indices,
                base == null ? Bytes.EMPTY : base.unmodelled(),
                base == null ? Bytes.EMPTY : base.unmodelledOfIndexSection());
    }

    /// Flags that stand for what is in the manifest, in both words.
    private long flags(List<Fragment> sorted) {
        long flags = stableRowIds ? FeatureFlags.STABLE_ROW_IDS : 0;
        if (!basePaths.isEmpty()) {
            flags |= FeatureFlags.BASE_PATHS;
        }
        int firstVersion = -1;
        for (Fragment fragment : sorted) {
            if (fragment.deletionFile() != null) {
                flags |= FeatureFlags.DELETION_FILES;
            }
            for (DataFile file : fragment.files()) {
                int version = fileVersion(file);
                if (firstVersion < 0) {
                    firstVersion = version;
                } else if (version != firstVersion) {
                    flags |= FeatureFlags.MIXED_FILE_VERSIONS;
                }
            }
        }
        return flags;
    }

    private static int fileVersion(DataFile file) {
        // Files of 2.0 call themselves (2, 0) or, in old tables, (0, 3).
        boolean isOld20 = file.majorVersion() == 0 && file.minorVersion() == 3;
        return isOld20 ? 2 << 16 : file.majorVersion() << 16 | file.minorVersion();
    }

    private static long maxFragmentId(Manifest manifest) {
        if (manifest.maxFragmentId() != null) {
            return manifest.maxFragmentId();
        }
        return manifest.fragments().isEmpty() ? -1 : manifest.fragments().getLast().id();
    }

    private static Map<Long, Fragment> byId(List<Fragment> fragments) {
        Map<Long, Fragment> byId = new HashMap<>();
        fragments.forEach(fragment -> byId.put(fragment.id(), fragment));
        return byId;
    }
}
