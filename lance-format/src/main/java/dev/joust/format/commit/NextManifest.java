// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.WriterVersion;

/// Builds the manifest of version v+1 from that of version v and a transaction (spec: table format 3.2). What the
/// operation does not touch is carried over, unknown things among it. Used once.
final class NextManifest {
    private final @Nullable Manifest base;
    private final Settings settings;
    private final long version;
    private final boolean stableRowIds;
    private final FragmentList fragments;
    private final IndexCoverage indices;
    private final RowLineage lineage;

    private StoredSchema schema;
    private Map<String, String> config;
    private Map<String, String> tableMetadata;
    private List<BasePath> basePaths;
    private String dataFormatVersion;
    private @Nullable String branch;
    private @Nullable Integer maxAllocatedFieldId;
    private Bytes unmodelledOfIndexSection;

    /// What a commit brings along beside its transaction.
    ///
    /// @param dataFormatVersion of the files, for an operation that may change it; null keeps the table's
    /// @param stableRowIds      for a table that is being created
    /// @param writesTransactionFile whether the transaction gets a file of its own
    record Settings(@Nullable String dataFormatVersion, boolean stableRowIds, boolean writesTransactionFile) {}

    /// @param base the newest version, null for a table that is being created
    private NextManifest(@Nullable Manifest base, Settings settings, StoredSchema schema, long version) {
        this.base = base;
        this.settings = settings;
        this.schema = schema;
        this.version = version;
        this.stableRowIds = base == null ? settings.stableRowIds() : base.hasStableRowIds();
        this.fragments = new FragmentList(base);
        this.indices = new IndexCoverage(base == null ? List.of() : base.indices());
        this.lineage = new RowLineage(version, base == null ? 0 : base.nextRowId());
        this.config = base == null ? Map.of() : base.config();
        this.tableMetadata = base == null ? Map.of() : base.tableMetadata();
        this.basePaths = base == null ? List.of() : base.basePaths();
        this.dataFormatVersion = base == null ? "" : base.dataFormatVersion();
        this.branch = base == null ? null : base.branch();
        this.maxAllocatedFieldId = base == null ? null : base.maxAllocatedFieldId();
        this.unmodelledOfIndexSection = base == null ? Bytes.EMPTY : base.unmodelledOfIndexSection();
    }

    /// @param base     the version before; null for the first of a table
    /// @param restored the version that a {@link Operation.Restore} names, null for other operations
    static Manifest of(
            @Nullable Manifest base, @Nullable Manifest restored, Transaction transaction, Settings settings) {
        NextManifest next = new NextManifest(
                base, settings, schemaBefore(base, transaction), base == null ? 1 : base.version() + 1);
        next.apply(transaction.operation(), restored);
        return next.build(transaction, restored);
    }

    /// The first version of a clone or branch, which keeps the number of the version it is made from.
    static Manifest ofClone(Manifest source, Transaction transaction, Settings settings) {
        if (!(transaction.operation() instanceof Operation.Clone clone)) {
            throw new IllegalArgumentException(
                    transaction.operation().name() + " makes no table out of another's version");
        }
        NextManifest next = new NextManifest(
                ClonedManifest.of(source, clone), settings, source.storedSchema(), source.version());
        next.branch = clone.branchName();
        return next.build(transaction, null);
    }

    private static StoredSchema schemaBefore(@Nullable Manifest base, Transaction transaction) {
        if (base != null) {
            return base.storedSchema();
        }
        if (transaction.operation() instanceof Operation.Overwrite overwrite) {
            return overwrite.schema();
        }
        throw new IllegalStateException("a table starts with Overwrite, not "
                + transaction.operation().name());
    }

    private void apply(Operation operation, @Nullable Manifest restored) {
        switch (operation) {
            case Operation.Append append -> fragments.add(newRows(append.fragments()));
            case Operation.Delete delete -> apply(delete);
            case Operation.Update update -> apply(update);
            case Operation.Overwrite overwrite -> apply(overwrite);
            case Operation.CreateIndex create -> indices.apply(create, schema.schema());
            case Operation.Restore _ -> restore(Objects.requireNonNull(restored));
            case Operation.ReserveFragments reserve -> fragments.reserve(reserve.fragmentCount());
            case Operation.Project project -> apply(project);
            case Operation.UpdateBases update -> basePaths = withNewBases(update.newBases());
            case Operation.UpdateConfig update -> apply(update);
            case Operation.Rewrite rewrite -> apply(rewrite);
            case Operation.Merge merge -> apply(merge);
            case Operation.DataReplacement replacement -> apply(replacement);
            case Operation.Clone _ ->
                throw new IllegalArgumentException("Clone makes a new table, it changes none that is there");
            case Operation.DataOverlay _, Operation.UpdateMemWalState _ ->
                throw new UnsupportedFormatException("committing " + operation.name() + " is not supported");
            case Operation.Unknown _ -> throw new UnsupportedFormatException("an operation that is not known");
        }
    }

    private void apply(Operation.Delete delete) {
        Map<Long, Fragment> updated = FragmentList.byId(delete.updatedFragments());
        Set<Long> deleted = new HashSet<>(delete.deletedFragmentIds());
        checkPresent(updated.keySet());
        checkPresent(deleted);
        fragments.replace(fragment -> {
            Fragment after = updated.get(fragment.id());
            if (deleted.contains(fragment.id())) {
                return null;
            }
            // Nothing but the deletions: others may have changed the rest since.
            return after == null ? fragment : fragment.withDeletionFile(after.deletionFile());
        });
        retainRelevantIndices();
    }

    /// What rows of a fragment were to be deleted must not stay because the fragment is unknown.
    private void checkPresent(Set<Long> ids) {
        for (long id : ids) {
            if (base == null || base.fragment(id).isEmpty()) {
                throw new IllegalArgumentException("fragment " + id + " can't be changed: it is not there");
            }
        }
    }

    private void apply(Operation.Update update) {
        Map<Long, Fragment> updated = FragmentList.byId(update.updatedFragments());
        Set<Long> removed = new HashSet<>(update.removedFragmentIds());
        checkPresent(updated.keySet());
        checkPresent(removed);
        boolean inPlace = update.mode() == Operation.Update.Mode.REWRITE_COLUMNS;
        if (!update.fieldsModified().isEmpty()) {
            Map<Long, Set<Integer>> changed = new HashMap<>();
            updated.keySet().forEach(id -> changed.put(id, Set.copyOf(update.fieldsModified())));
            indices.withdraw(changed, schema.schema(), fragments.all());
        }
        if (inPlace && !updated.keySet().containsAll(update.updatedOffsets().keySet())) {
            throw new IllegalArgumentException("rows are said to have changed in fragments that were not: "
                    + update.updatedOffsets().keySet());
        }
        List<Fragment> sources = new ArrayList<>();
        Set<Integer> live = IndexCoverage.FieldIds.of(schema.schema());
        fragments.replace(fragment -> {
            Fragment after = updated.get(fragment.id());
            if (after == null && !removed.contains(fragment.id())) {
                return fragment;
            }
            sources.add(fragment);
            if (after == null || removed.contains(fragment.id())) {
                return null;
            }
            // Others may have dropped a column since: its file goes here, too.
            Fragment kept = withoutUnusedFiles(after, live);
            Bytes offsets = update.updatedOffsets().get(fragment.id());
            return stableRowIds && inPlace && offsets != null
                    ? lineage.updated(kept, IndexSegments.parse(offsets, "changed rows of fragment " + kept.id()))
                    : kept;
        });
        List<Fragment> added = update.newFragments().stream()
                .map(fragment -> fragments.identified(withoutUnusedFiles(fragment, live)))
                .toList();
        if (stableRowIds) {
            if (!inPlace) {
                Set<Long> sourceIds = new HashSet<>(removed);
                sourceIds.addAll(updated.keySet());
                indices.followMovedRows(
                        sourceIds,
                        added.stream().filter(RowLineage::holdsMovedRowsOnly).map(Fragment::id).toList(),
                        Set.copyOf(update.fieldsForPreservingFragmentBitmap()),
                        schema.schema());
            }
            added = lineage.ofUpdate(sources, added);
        }
        fragments.add(added);
        retainRelevantIndices();
    }

    private void apply(Operation.Overwrite overwrite) {
        for (Fragment fragment : overwrite.fragments()) {
            if (fragment.deletionFile() != null) {
                throw new IllegalArgumentException("a fragment that replaces a table's rows has deleted rows: the name of"
                        + " their file does not go with the new id it gets");
            }
        }
        if (base != null && !overwrite.initialBases().isEmpty()) {
            throw new IllegalArgumentException("base paths are added when a table is created, or by UpdateBases");
        }
        fragments.clear();
        indices.set(List.of());
        schema = overwrite.schema();
        if (maxAllocatedFieldId != null) {
            for (int id : IndexCoverage.FieldIds.of(schema.schema())) {
                if (id <= maxAllocatedFieldId) {
                    throw new CommitConflictException(
                            "field ids up to " + maxAllocatedFieldId + " are taken for ever, among them " + id, true);
                }
            }
            allocateFieldIds();
        }
        Map<String, String> merged = new LinkedHashMap<>(config);
        merged.putAll(overwrite.configUpserts());
        config = merged;
        if (base == null) {
            basePaths = overwrite.initialBases();
        }
        if (settings.dataFormatVersion() != null) {
            dataFormatVersion = settings.dataFormatVersion();
        }
        fragments.add(newRows(overwrite.fragments().stream()
                .map(fragment -> fragment.withId(0))
                .toList()));
    }

    private void apply(Operation.Project project) {
        schema = project.schema();
        Set<Integer> live = IndexCoverage.FieldIds.of(schema.schema());
        Manifest before = Objects.requireNonNull(base);
        Set<Integer> added = new HashSet<>(live);
        added.removeAll(IndexCoverage.FieldIds.of(before.schema()));
        for (int id : added) {
            if (id <= before.maxFieldId()) {
                throw new IllegalArgumentException("a projection adds field " + id + ", ids up to "
                        + before.maxFieldId() + " are taken");
            }
        }
        allocateFieldIds();
        fragments.replace(fragment -> withoutUnusedFiles(fragment, live));
        retainRelevantIndices();
    }

    private static Fragment withoutUnusedFiles(Fragment fragment, Set<Integer> live) {
        boolean allUsed = fragment.files().stream().allMatch(file -> isUsed(file, live));
        return allUsed
                ? fragment
                : fragment.withFiles(fragment.files().stream()
                        .filter(file -> isUsed(file, live))
                        .toList());
    }

    private static boolean isUsed(DataFile file, Set<Integer> live) {
        return file.fieldIds().stream().anyMatch(live::contains);
    }

    private void apply(Operation.Merge merge) {
        Manifest before = Objects.requireNonNull(base);
        MergeRules rules = new MergeRules(before, merge);
        rules.check();
        indices.withdraw(rules.changedFields(), schema.schema(), fragments.all());
        schema = merge.schema();
        allocateFieldIds();
        Map<Long, Fragment> present = FragmentList.byId(before.fragments());
        List<Fragment> merged = new ArrayList<>();
        List<Fragment> added = new ArrayList<>();
        for (Fragment fragment : merge.fragments()) {
            Fragment earlier = present.remove(fragment.id());
            if (earlier == null) {
                added.add(fragment);
            } else {
                merged.add(
                        stableRowIds && MergeRules.isRewritten(earlier, fragment)
                                ? lineage.updated(fragment)
                                : fragment);
            }
        }
        fragments.clear();
        fragments.add(merged);
        fragments.add(newRows(added));
        retainRelevantIndices();
    }

    /// Puts each group's new fragments, which hold the same rows, in place of its old ones.
    private void apply(Operation.Rewrite rewrite) {
        Map<Long, Fragment> present = FragmentList.byId(fragments.all());
        Set<Long> replaced = new HashSet<>();
        List<Operation.Rewrite.Group> groups = new ArrayList<>();
        for (Operation.Rewrite.Group group : rewrite.groups()) {
            long rowCount = 0;
            for (Fragment old : group.oldFragments()) {
                Fragment now = present.get(old.id());
                if (now == null || !replaced.add(old.id())) {
                    throw new IllegalArgumentException("fragment " + old.id() + " can't be rewritten: it is not there");
                }
                rowCount += now.liveRowCount();
            }
            List<Fragment> added = group.newFragments().stream()
                    .map(fragments::identified)
                    .toList();
            for (Fragment fragment : added) {
                rowCount -= fragment.liveRowCount();
                if (stableRowIds) {
                    lineage.checkComplete(fragment);
                }
            }
            if (rowCount != 0) {
                throw new IllegalArgumentException("rewriting " + group.oldFragments().size() + " fragments "
                        + (rowCount > 0 ? "loses " : "adds ") + Math.abs(rowCount) + " rows");
            }
            groups.add(new Operation.Rewrite.Group(group.oldFragments(), added, group.unmodelled()));
        }
        fragments.replace(fragment -> replaced.contains(fragment.id()) ? null : fragment);
        groups.forEach(group -> fragments.add(group.newFragments()));
        indices.follow(groups, rewrite.rewrittenIndices(), stableRowIds);
    }

    private void apply(Operation.DataReplacement operation) {
        ColumnReplacement replacement = new ColumnReplacement(operation, fragments.all(), schema.schema());
        indices.withdraw(replacement.changedFields(), schema.schema(), fragments.all());
        fragments.replace(fragment -> {
            Fragment after = replacement.apply(fragment);
            return stableRowIds && replacement.changes(fragment) ? lineage.updated(after) : after;
        });
    }

    private void apply(Operation.UpdateConfig update) {
        if (!update.unmodelled().isEmpty()) {
            throw new UnsupportedFormatException("changes of config in a form that is not known");
        }
        if (update.config() != null) {
            config = MetadataChanges.apply(config, update.config());
        }
        if (update.tableMetadata() != null) {
            tableMetadata = MetadataChanges.apply(tableMetadata, update.tableMetadata());
        }
        Schema changed = schema.schema();
        if (update.schemaMetadata() != null) {
            changed = new Schema(changed.fields(), MetadataChanges.apply(changed.metadata(), update.schemaMetadata()));
        }
        schema = schema.withSchema(MetadataChanges.applyToFields(changed, update.fieldMetadata()));
    }

    private List<BasePath> withNewBases(List<BasePath> added) {
        List<BasePath> all = new ArrayList<>(basePaths);
        for (BasePath base : added) {
            Set<Integer> ids = new HashSet<>();
            for (BasePath other : all) {
                ids.add(other.id());
                if (other.path().equals(base.path())
                        || (base.name() != null && base.name().equals(other.name()))) {
                    throw new IllegalArgumentException(
                            "there is a base path " + other.path() + " named " + other.name() + " already");
                }
            }
            int id = base.id();
            if (id == 0) {
                id = 1;
                while (ids.contains(id)) {
                    id++;
                }
            } else if (ids.contains(id)) {
                throw new IllegalArgumentException("there is a base path of id " + id + " already");
            }
            all.add(new BasePath(id, base.name(), base.isDatasetRoot(), base.path(), base.unmodelled()));
        }
        return all;
    }

    private void restore(Manifest restored) {
        FeatureFlags.checkWritable(restored);
        if (restored.hasStableRowIds() != stableRowIds) {
            throw new IllegalArgumentException("version " + restored.version()
                    + (stableRowIds ? " has no stable row ids, the table does" : " has stable row ids"));
        }
        if (maxAllocatedFieldId != null) {
            if (restored.maxAllocatedFieldId() == null) {
                throw new IllegalArgumentException("version " + restored.version()
                        + " is from before the table's field ids were kept for ever");
            }
            maxAllocatedFieldId = Math.max(maxAllocatedFieldId, restored.maxAllocatedFieldId());
        } else {
            maxAllocatedFieldId = restored.maxAllocatedFieldId();
        }
        schema = restored.storedSchema();
        fragments.restore(restored);
        indices.set(restored.indices());
        unmodelledOfIndexSection = restored.unmodelledOfIndexSection();
        config = restored.config();
        tableMetadata = restored.tableMetadata();
        basePaths = restored.basePaths();
        dataFormatVersion = restored.dataFormatVersion();
        lineage.raiseNextRowId(restored.nextRowId());
    }

    /// New rows, with ids for the fragments and, where the table has them, for the rows.
    private List<Fragment> newRows(List<Fragment> added) {
        return added.stream()
                .map(fragments::identified)
                .map(fragment -> stableRowIds ? lineage.ofNewRows(fragment) : fragment)
                .toList();
    }

    /// Keeps the highest field id ever given, where the table does.
    private void allocateFieldIds() {
        if (maxAllocatedFieldId != null) {
            for (int id : IndexCoverage.FieldIds.of(schema.schema())) {
                maxAllocatedFieldId = Math.max(maxAllocatedFieldId, id);
            }
        }
    }

    private void retainRelevantIndices() {
        indices.retainRelevant(schema.schema(), fragments.all());
    }

    private Manifest build(Transaction transaction, @Nullable Manifest restored) {
        List<Fragment> finished = fragments.finished();
        long flags = flags(finished);
        long reader = flags | FeatureFlags.sticky(base == null ? 0 : base.readerFeatureFlags());
        long writer = flags | FeatureFlags.sticky(base == null ? 0 : base.writerFeatureFlags());
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
                finished,
                version,
                Instant.now(),
                reader,
                writer,
                fragments.maxFragmentId(),
                settings.writesTransactionFile() ? transaction.fileName() : "",
                WriterVersion.JOUST,
                lineage.nextRowId(),
                dataFormatVersion,
                config,
                basePaths,
                tableMetadata,
                branch,
                maxAllocatedFieldId,
                indices.all(),
                base == null ? Bytes.EMPTY : base.unmodelled(),
                unmodelledOfIndexSection);
    }

    /// Flags that stand for what is in the manifest, in both words.
    private long flags(List<Fragment> finished) {
        long flags = stableRowIds ? FeatureFlags.STABLE_ROW_IDS : 0;
        if (!basePaths.isEmpty()) {
            flags |= FeatureFlags.BASE_PATHS;
        }
        int firstVersion = -1;
        for (Fragment fragment : finished) {
            if (fragment.deletionFile() != null) {
                flags |= FeatureFlags.DELETION_FILES;
            }
            for (DataFile file : fragment.files()) {
                int fileVersion = fileVersion(file);
                if (firstVersion < 0) {
                    firstVersion = fileVersion;
                } else if (fileVersion != firstVersion) {
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
}
