// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.Operation.KeyFilter;
import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.schema.Field;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;

/// Which changes go together (spec: table format 3.4): ours, not committed yet, against one that was committed since
/// the version ours was made from. Where the rules leave a choice it says "do it again" rather than "fine".
public final class ConflictResolver {
    private static final String SAME_FRAGMENTS = "both change fragments ";

    private ConflictResolver() {}

    /// What becomes of `ours` now that `theirs` is there.
    public static Verdict check(Proposal ours, Transaction theirs) {
        Operation our = ours.transaction().operation();
        Operation their = theirs.operation();
        if (our instanceof Operation.Unknown || their instanceof Operation.Unknown) {
            return unknown();
        }
        Verdict metadata = checkMetadataRules(our, their);
        if (!metadata.equals(Verdict.COMPATIBLE)) {
            return metadata;
        }
        return switch (our) {
            case Operation.Append _ -> replacesTable(their);
            case Operation.Delete delete -> checkRowChange(ours, touched(delete), filesOf(delete), null, their);
            case Operation.Update update -> checkUpdate(ours, update, their);
            case Operation.Overwrite overwrite -> checkOverwrite(overwrite, their);
            case Operation.CreateIndex create -> checkCreateIndex(create, their);
            case Operation.Rewrite rewrite -> checkRewrite(rewrite, their);
            case Operation.Merge _ -> checkMerge(their);
            case Operation.Restore _ -> Verdict.COMPATIBLE;
            case Operation.ReserveFragments _ -> replacesTable(their);
            case Operation.Project _ ->
                their instanceof Operation.Merge || their instanceof Operation.Project
                        ? new Verdict.Retryable("both change the schema")
                        : replacesTable(their);
            case Operation.UpdateConfig config -> checkConfig(config, their);
            case Operation.DataReplacement replacement -> checkReplacement(replacement, their);
            case Operation.UpdateBases bases -> checkBases(bases, their);
            case Operation.Clone _ -> new Verdict.Incompatible("a clone is made of a table that is not there yet");
            case Operation.Unknown _ -> unknown();
        };
    }

    /// Rules that hold in both directions, before the table's own.
    private static Verdict checkMetadataRules(Operation our, Operation their) {
        if ((tightensNullability(our) && writesValues(their)) || (tightensNullability(their) && writesValues(our))) {
            return new Verdict.Retryable("one makes a column non-nullable, the other writes values");
        }
        if ((our instanceof Operation.Merge && touchesSchemaMetadata(their))
                || (their instanceof Operation.Merge && touchesSchemaMetadata(our))) {
            return new Verdict.Retryable("one changes columns, the other their metadata");
        }
        if ((our instanceof Operation.Restore && touchesSchemaMetadata(their))
                || (their instanceof Operation.Restore && touchesSchemaMetadata(our))) {
            return new Verdict.Incompatible("one restores a version, the other changes metadata of its schema");
        }
        return Verdict.COMPATIBLE;
    }

    private static boolean tightensNullability(Operation operation) {
        return (operation instanceof Operation.Project project && !project.preservesNullability())
                || (operation instanceof Operation.Merge merge && !merge.preservesNullability());
    }

    private static boolean writesValues(Operation operation) {
        return operation instanceof Operation.Append
                || operation instanceof Operation.Update
                || operation instanceof Operation.DataReplacement;
    }

    private static boolean touchesSchemaMetadata(Operation operation) {
        return operation instanceof Operation.UpdateConfig config
                && (config.schemaMetadata() != null
                        || !config.fieldMetadata().isEmpty()
                        || !config.unmodelled().isEmpty());
    }

    private static Verdict unknown() {
        return new Verdict.Incompatible("an operation that is not known here");
    }

    private static Verdict replacesTable(Operation their) {
        return their instanceof Operation.Overwrite || their instanceof Operation.Restore
                ? new Verdict.Incompatible("the table was replaced")
                : Verdict.COMPATIBLE;
    }

    private static Verdict checkUpdate(Proposal ours, Operation.Update update, Operation their) {
        if (update.insertedRows() != null) {
            KeyFilter filter = update.insertedRows();
            if (their instanceof Operation.Append
                    || (their instanceof Operation.Update other && !provablyDisjoint(filter, other.insertedRows()))) {
                return new Verdict.Retryable("both may insert the same key");
            }
        }
        if (their instanceof Operation.Project project) {
            Set<Integer> kept = fieldIds(project.schema().schema().preOrder());
            return kept.containsAll(update.fieldsModified())
                    ? Verdict.COMPATIBLE
                    : new Verdict.Retryable("a column that is being changed was dropped");
        }
        return checkRowChange(ours, touched(update), filesOf(update), update, their);
    }

    /// Delete, and the rows that an update deletes.
    private static Verdict checkRowChange(
            Proposal ours,
            Set<Long> fragments,
            Map<Long, Fragment> files,
            Operation.@Nullable Update update,
            Operation their) {
        return switch (their) {
            case Operation.Delete delete ->
                checkSameRows(ours, fragments, files, touched(delete), filesOf(delete), delete.deletedFragmentIds());
            case Operation.Update other -> {
                boolean inPlace = !other.fieldsModified().isEmpty()
                        || (update != null && !update.fieldsModified().isEmpty());
                Set<Long> shared = intersection(fragments, touched(other));
                yield inPlace && !shared.isEmpty()
                        ? new Verdict.Retryable(SAME_FRAGMENTS + shared)
                        : checkSameRows(
                                ours, fragments, files, touched(other), filesOf(other), other.removedFragmentIds());
            }
            case Operation.Rewrite _, Operation.DataReplacement _ -> disjoint(fragments, touched(their));
            case Operation.Merge _ -> new Verdict.Retryable("the table's columns were changed");
            case Operation.Append _,
                    Operation.CreateIndex _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Overwrite _, Operation.Restore _ -> replacesTable(their);
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkSameRows(
            Proposal ours,
            Set<Long> ourFragments,
            Map<Long, Fragment> ourFiles,
            Set<Long> theirFragments,
            Map<Long, Fragment> theirFiles,
            List<Long> theyRemoved) {
        Set<Long> shared = intersection(ourFragments, theirFragments);
        if (shared.isEmpty()) {
            return Verdict.COMPATIBLE;
        }
        if (ours.affectedRows() == null || !Collections.disjoint(shared, theyRemoved)) {
            return new Verdict.Retryable(SAME_FRAGMENTS + shared);
        }
        for (long id : shared) {
            Fragment before = ourFiles.get(id);
            Fragment after = theirFiles.get(id);
            if (before != null && after != null && !before.files().equals(after.files())) {
                return new Verdict.Retryable("the files of fragment " + id + " were changed");
            }
        }
        return new Verdict.Rebasable();
    }

    private static Verdict checkOverwrite(Operation.Overwrite ours, Operation their) {
        Set<String> keys = ours.configUpserts().keySet();
        return switch (their) {
            case Operation.Overwrite theirs ->
                Collections.disjoint(keys, theirs.configUpserts().keySet())
                        ? new Verdict.Retryable("the table was replaced")
                        : new Verdict.Incompatible("both set the same config keys");
            case Operation.UpdateConfig theirs ->
                Collections.disjoint(keys, keys(theirs.config()))
                        ? Verdict.COMPATIBLE
                        : new Verdict.Incompatible("both set the same config keys");
            case Operation.Append _,
                    Operation.Delete _,
                    Operation.Update _,
                    Operation.CreateIndex _,
                    Operation.Rewrite _,
                    Operation.Merge _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.DataReplacement _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkCreateIndex(Operation.CreateIndex ours, Operation their) {
        return switch (their) {
            case Operation.CreateIndex theirs -> checkIndices(ours, theirs);
            case Operation.Rewrite _ -> {
                Set<Long> rewritten = touched(their);
                yield ours.newIndices().stream().anyMatch(index -> covers(index, rewritten))
                        ? new Verdict.Retryable("fragments that the index covers were rewritten")
                        : Verdict.COMPATIBLE;
            }
            case Operation.Merge _ ->
                ours.newIndices().stream().anyMatch(index -> index.name().equals(IndexMetadata.MEM_WAL))
                        ? new Verdict.Retryable("the table's columns were changed")
                        : Verdict.COMPATIBLE;
            case Operation.DataReplacement theirs -> {
                Set<Integer> replaced = replacedFields(theirs);
                yield ours.newIndices().stream().anyMatch(index -> !Collections.disjoint(index.fieldIds(), replaced))
                        ? new Verdict.Retryable("the indexed column was replaced")
                        : Verdict.COMPATIBLE;
            }
            case Operation.Overwrite _,
                    Operation.Restore _ -> replacesTable(their);
            case Operation.Append _,
                    Operation.Delete _,
                    Operation.Update _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkIndices(Operation.CreateIndex ours, Operation.CreateIndex theirs) {
        Set<String> ourNew = names(ours.newIndices());
        Set<String> theirNew = names(theirs.newIndices());
        boolean sameNew = !Collections.disjoint(ourNew, theirNew);
        boolean addAndDrop = !Collections.disjoint(ourNew, names(theirs.removedIndices()))
                || !Collections.disjoint(theirNew, names(ours.removedIndices()));
        Set<UUID> removed = uuids(ours.removedIndices());
        boolean sameReplaced = !Collections.disjoint(removed, uuids(theirs.removedIndices()))
                && (!ourNew.isEmpty() || !theirNew.isEmpty());
        return sameNew || addAndDrop || sameReplaced
                ? new Verdict.Retryable("both change the same index")
                : Verdict.COMPATIBLE;
    }

    private static Verdict checkRewrite(Operation.Rewrite ours, Operation their) {
        Set<Long> rewritten = touched(ours);
        return switch (their) {
            case Operation.Delete _, Operation.Update _, Operation.Rewrite _, Operation.DataReplacement _ ->
                disjoint(rewritten, touched(their));
            case Operation.CreateIndex theirs ->
                theirs.newIndices().stream().anyMatch(index -> covers(index, rewritten))
                        ? new Verdict.Retryable("an index was made of the fragments")
                        : Verdict.COMPATIBLE;
            case Operation.Merge _ -> new Verdict.Retryable("the table's columns were changed");
            case Operation.Overwrite _,
                    Operation.Restore _ -> replacesTable(their);
            case Operation.Append _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkMerge(Operation their) {
        return switch (their) {
            case Operation.Append _,
                    Operation.Delete _,
                    Operation.Rewrite _,
                    Operation.Merge _,
                    Operation.Update _,
                    Operation.DataReplacement _ ->
                new Verdict.Retryable("fragments were changed, and a change of columns lists them all");
            case Operation.Project _ -> new Verdict.Incompatible("the schema was changed");
            case Operation.CreateIndex theirs ->
                theirs.newIndices().stream().anyMatch(index -> index.name().equals(IndexMetadata.MEM_WAL))
                        ? new Verdict.Retryable("the write-ahead index was changed")
                        : Verdict.COMPATIBLE;
            case Operation.Overwrite _,
                    Operation.Restore _ -> replacesTable(their);
            case Operation.ReserveFragments _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkConfig(Operation.UpdateConfig ours, Operation their) {
        return switch (their) {
            case Operation.Overwrite theirs ->
                touchesSchemaMetadata(ours)
                                || !Collections.disjoint(
                                        keys(ours.config()),
                                        theirs.configUpserts().keySet())
                        ? new Verdict.Incompatible("the table was replaced")
                        : Verdict.COMPATIBLE;
            case Operation.UpdateConfig theirs -> checkConfigs(ours, theirs);
            case Operation.Append _,
                    Operation.Delete _,
                    Operation.Update _,
                    Operation.CreateIndex _,
                    Operation.Rewrite _,
                    Operation.Merge _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.DataReplacement _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkConfigs(Operation.UpdateConfig ours, Operation.UpdateConfig theirs) {
        boolean inOldForm =
                !ours.unmodelled().isEmpty() || !theirs.unmodelled().isEmpty();
        boolean clash = inOldForm
                || overlap(ours.config(), theirs.config())
                || (ours.schemaMetadata() != null && theirs.schemaMetadata() != null)
                || !Collections.disjoint(
                        ours.fieldMetadata().keySet(), theirs.fieldMetadata().keySet())
                || overlap(ours.tableMetadata(), theirs.tableMetadata());
        return clash ? new Verdict.Incompatible("both set the same keys") : Verdict.COMPATIBLE;
    }

    private static Verdict checkReplacement(Operation.DataReplacement ours, Operation their) {
        Set<Long> fragments = touched(ours);
        Set<Integer> fields = replacedFields(ours);
        return switch (their) {
            case Operation.Delete theirs ->
                Collections.disjoint(fragments, theirs.deletedFragmentIds())
                        ? Verdict.COMPATIBLE
                        : new Verdict.Incompatible("a fragment was removed");
            case Operation.Update theirs -> {
                if (!Collections.disjoint(fragments, theirs.removedFragmentIds())) {
                    yield new Verdict.Incompatible("a fragment was removed");
                }
                boolean rowsMoved = theirs.fieldsModified().isEmpty();
                boolean sameField = !Collections.disjoint(fields, theirs.fieldsModified());
                yield (rowsMoved || sameField) && !Collections.disjoint(fragments, touched(theirs))
                        ? new Verdict.Retryable("the fragment's rows were changed")
                        : Verdict.COMPATIBLE;
            }
            case Operation.CreateIndex theirs ->
                theirs.newIndices().stream().anyMatch(index -> !Collections.disjoint(index.fieldIds(), fields))
                        ? new Verdict.Retryable("an index was made of the column")
                        : Verdict.COMPATIBLE;
            case Operation.Rewrite _ -> disjoint(fragments, touched(their));
            case Operation.Merge _ -> new Verdict.Retryable("the table's columns were changed");
            case Operation.Project theirs ->
                fieldIds(theirs.schema().schema().preOrder()).containsAll(fields)
                        ? Verdict.COMPATIBLE
                        : new Verdict.Incompatible("the column was dropped");
            case Operation.DataReplacement theirs ->
                !Collections.disjoint(fragments, touched(theirs))
                                && !Collections.disjoint(fields, replacedFields(theirs))
                        ? new Verdict.Retryable("both replace the same column")
                        : Verdict.COMPATIBLE;
            case Operation.Overwrite _,
                    Operation.Restore _ -> replacesTable(their);
            case Operation.Append _,
                    Operation.ReserveFragments _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ ->
                Verdict.COMPATIBLE;
            case Operation.Unknown _ -> unknown();
        };
    }

    private static Verdict checkBases(Operation.UpdateBases ours, Operation their) {
        if (!(their instanceof Operation.UpdateBases theirs)) {
            return Verdict.COMPATIBLE;
        }
        for (BasePath our : ours.newBases()) {
            for (BasePath other : theirs.newBases()) {
                boolean sameId = our.id() != 0 && our.id() == other.id();
                boolean sameName = our.name() != null && Objects.equals(our.name(), other.name());
                if (sameId || sameName || our.path().equals(other.path())) {
                    return new Verdict.Incompatible("both add the base path " + other.path());
                }
            }
        }
        return Verdict.COMPATIBLE;
    }

    private static Verdict disjoint(Set<Long> ours, Set<Long> theirs) {
        Set<Long> shared = intersection(ours, theirs);
        return shared.isEmpty() ? Verdict.COMPATIBLE : new Verdict.Retryable(SAME_FRAGMENTS + shared);
    }

    /// Existing fragments that the operation changes or removes.
    private static Set<Long> touched(Operation operation) {
        Set<Long> ids = new HashSet<>();
        switch (operation) {
            case Operation.Delete delete -> {
                delete.updatedFragments().forEach(fragment -> ids.add(fragment.id()));
                ids.addAll(delete.deletedFragmentIds());
            }
            case Operation.Update update -> {
                update.updatedFragments().forEach(fragment -> ids.add(fragment.id()));
                ids.addAll(update.removedFragmentIds());
            }
            case Operation.Rewrite rewrite ->
                rewrite.groups().forEach(group -> group.oldFragments().forEach(fragment -> ids.add(fragment.id())));
            case Operation.DataReplacement replacement ->
                replacement.replacements().forEach(entry -> ids.add(entry.fragmentId()));
            case Operation.Append _,
                    Operation.Overwrite _,
                    Operation.CreateIndex _,
                    Operation.Merge _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _,
                    Operation.Unknown _ -> {}
        }
        return ids;
    }

    private static Map<Long, Fragment> filesOf(Operation.Delete delete) {
        return byId(delete.updatedFragments());
    }

    private static Map<Long, Fragment> filesOf(Operation.Update update) {
        return byId(update.updatedFragments());
    }

    private static Map<Long, Fragment> byId(List<Fragment> fragments) {
        Map<Long, Fragment> byId = new HashMap<>();
        fragments.forEach(fragment -> byId.put(fragment.id(), fragment));
        return byId;
    }

    private static Set<Long> intersection(Set<Long> ours, Set<Long> theirs) {
        Set<Long> shared = new HashSet<>(ours);
        shared.retainAll(theirs);
        return shared;
    }

    /// Whether no key can be in both; an update that recorded none may have inserted any.
    private static boolean provablyDisjoint(KeyFilter ours, @Nullable KeyFilter theirs) {
        if (theirs == null
                || ours.bloom().isEmpty()
                || theirs.bloom().isEmpty()
                || !ours.fieldIds().equals(theirs.fieldIds())
                || !ours.filterParameters().equals(theirs.filterParameters())
                || ours.bloom().sizeBytes() != theirs.bloom().sizeBytes()) {
            return false;
        }
        byte[] our = ours.bloom().toByteArray();
        byte[] their = theirs.bloom().toByteArray();
        for (int i = 0; i < our.length; i++) {
            if ((our[i] & their[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean covers(IndexMetadata index, Set<Long> fragments) {
        RoaringBitmap covered = IndexSegments.fragmentsOf(index);
        return covered == null || fragments.stream().anyMatch(id -> covered.contains((int) (long) id));
    }

    private static Set<Integer> replacedFields(Operation.DataReplacement replacement) {
        Set<Integer> fields = new HashSet<>();
        replacement.replacements().forEach(entry -> fields.addAll(entry.newFile().fieldIds()));
        return fields;
    }

    private static Set<Integer> fieldIds(List<Field> fields) {
        Set<Integer> ids = new HashSet<>();
        fields.forEach(field -> ids.add(field.id()));
        return ids;
    }

    private static Set<String> names(List<IndexMetadata> indices) {
        Set<String> names = new HashSet<>();
        indices.forEach(index -> names.add(index.name()));
        return names;
    }

    private static Set<UUID> uuids(List<IndexMetadata> indices) {
        Set<UUID> uuids = new HashSet<>();
        indices.forEach(index -> uuids.add(index.uuid()));
        return uuids;
    }

    private static Set<String> keys(@Nullable MapUpdate update) {
        Set<String> keys = new HashSet<>();
        if (update != null) {
            update.entries().forEach(entry -> keys.add(entry.key()));
        }
        return keys;
    }

    private static boolean overlap(@Nullable MapUpdate ours, @Nullable MapUpdate theirs) {
        if (ours == null || theirs == null) {
            return false;
        }
        return ours.replace() || theirs.replace() || !Collections.disjoint(keys(ours), keys(theirs));
    }
}
