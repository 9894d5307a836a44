// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.Operation.KeyFilter;
import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;

/// The letters in the matrix of {@link ConflictResolver} (spec: table format 3.4).
final class ConflictRules {
    private ConflictRules() {}

    /// What one rule says of the two.
    static Verdict apply(String rule, Proposal ours, Operation their) {
        Operation our = ours.transaction().operation();
        return switch (rule) {
            case "ok" -> Verdict.COMPATIBLE;
            case "R" -> new Verdict.Retryable(whatChanged(their));
            case "X" -> new Verdict.Incompatible(whatChanged(their));
            case "a" -> sameRows(ours, their);
            case "c" ->
                sharesConfigKey(our, their)
                        ? new Verdict.Incompatible("both set the same config keys")
                        : new Verdict.Retryable(whatChanged(their));
            case "d" -> replacedWithConfig(our, their);
            case "f" -> disjoint(our, their);
            case "g" -> retryIf(indexedFragments((Operation.CreateIndex) their, our), "an index was made of the fragments");
            case "h" -> sameKeys((Operation.UpdateConfig) our, (Operation.UpdateConfig) their);
            case "i" -> sameIndex((Operation.CreateIndex) our, (Operation.CreateIndex) their);
            case "j" -> retryIf(indexedFragments((Operation.CreateIndex) our, their), "covered fragments were rewritten");
            // What was added is looked at row by row, which tells more than filters.
            case "k" ->
                ours.phantoms() == null
                        ? sameKeysInserted((Operation.Update) our, their)
                        : Verdict.COMPATIBLE;
            case "m" -> retryIf(changesLog(our) || changesLog(their), "the write-ahead log's index was changed");
            case "o" -> retryIf(intersects(our, their), "values were laid over the fragments");
            case "p" ->
                retryIf(
                        !keeps((Operation.Project) their, ((Operation.Update) our).fieldsModified()),
                        "a column that is being changed was dropped");
            case "q" -> retryIf(sharesIndexedField(our, their), "values of an indexed column were replaced");
            case "r" -> fragmentRemoved(our, ((Operation.Delete) their).deletedFragmentIds());
            case "t" -> replacedInUpdated((Operation.DataReplacement) our, (Operation.Update) their);
            case "u" ->
                keeps((Operation.Project) their, replacedFields(our))
                        ? Verdict.COMPATIBLE
                        : new Verdict.Incompatible("the column was dropped");
            case "v" ->
                retryIf(
                        intersects(our, their)
                                && !Collections.disjoint(replacedFields(our), replacedFields(their)),
                        "both replace the same column");
            case "w" -> sameBase((Operation.UpdateBases) our, (Operation.UpdateBases) their);
            default -> throw new IllegalStateException("no rule " + rule);
        };
    }

    private static Verdict retryIf(boolean conflict, String reason) {
        return conflict ? new Verdict.Retryable(reason) : Verdict.COMPATIBLE;
    }

    private static String whatChanged(Operation their) {
        return switch (their.kind()) {
            case OVERWRITE, RESTORE -> "the table was replaced";
            case MERGE -> "the table's columns were changed";
            case PROJECT -> "the schema was changed";
            case MEM_WAL -> "the state of the write-ahead log was changed";
            case APPEND, DELETE, UPDATE, REWRITE, REPLACEMENT, OVERLAY ->
                "fragments were changed, and a change of columns lists them all";
            case CREATE_INDEX, RESERVE, CONFIG, CLONE, BASES, UNKNOWN -> "the table was changed";
        };
    }

    /// Existing fragments that the operation changes or removes.
    private static Set<Long> touched(Operation operation) {
        Set<Long> ids = new HashSet<>();
        switch (operation) {
            case Operation.Delete delete -> {
                ids.addAll(ids(delete.updatedFragments()));
                ids.addAll(delete.deletedFragmentIds());
            }
            case Operation.Update update -> {
                ids.addAll(ids(update.updatedFragments()));
                ids.addAll(update.removedFragmentIds());
            }
            case Operation.Rewrite rewrite -> rewrite.groups().forEach(group -> ids.addAll(ids(group.oldFragments())));
            case Operation.DataReplacement replacement ->
                replacement.replacements().forEach(entry -> ids.add(entry.fragmentId()));
            case Operation.DataOverlay overlay -> ids.addAll(overlay.fragmentIds());
            case Operation.Append _,
                    Operation.Overwrite _,
                    Operation.CreateIndex _,
                    Operation.Merge _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.UpdateMemWalState _,
                    Operation.Clone _,
                    Operation.UpdateBases _,
                    Operation.Unknown _ -> {}
        }
        return ids;
    }

    private static List<Long> ids(List<Fragment> fragments) {
        return fragments.stream().map(Fragment::id).toList();
    }

    private static Set<Long> shared(Operation our, Operation their) {
        Set<Long> shared = touched(our);
        shared.retainAll(touched(their));
        return shared;
    }

    private static boolean intersects(Operation our, Operation their) {
        return !shared(our, their).isEmpty();
    }

    private static Verdict disjoint(Operation our, Operation their) {
        Set<Long> shared = shared(our, their);
        return retryIf(!shared.isEmpty(), "both change fragments " + shared);
    }

    private static List<Fragment> updated(Operation operation) {
        return operation instanceof Operation.Delete delete
                ? delete.updatedFragments()
                : ((Operation.Update) operation).updatedFragments();
    }

    private static List<Long> removed(Operation operation) {
        return operation instanceof Operation.Delete delete
                ? delete.deletedFragmentIds()
                : ((Operation.Update) operation).removedFragmentIds();
    }

    private static boolean isInPlace(Operation operation) {
        return operation instanceof Operation.Update update
                && (!update.fieldsModified().isEmpty() || update.mode() == Operation.Update.Mode.REWRITE_COLUMNS);
    }

    /// Rows of one fragment: put on top of each other where they are known to be different ones, and the fragment's
    /// files are the same.
    private static Verdict sameRows(Proposal ours, Operation their) {
        Operation our = ours.transaction().operation();
        Set<Long> shared = shared(our, their);
        if (shared.isEmpty()) {
            return Verdict.COMPATIBLE;
        }
        if (ours.affectedRows() == null
                || isInPlace(our)
                || isInPlace(their)
                || !Collections.disjoint(shared, removed(their))) {
            return new Verdict.Retryable("both change fragments " + shared);
        }
        Map<Long, Fragment> before = FragmentList.byId(updated(our));
        for (Fragment after : updated(their)) {
            Fragment known = before.get(after.id());
            if (known != null && !known.files().equals(after.files())) {
                return new Verdict.Retryable("the files of fragment " + after.id() + " were changed");
            }
        }
        return new Verdict.Rebasable();
    }

    private static Set<String> keys(@Nullable MapUpdate update) {
        return update == null
                ? Set.of()
                : update.entries().stream().map(MapUpdate.Entry::key).collect(Collectors.toSet());
    }

    private static Set<String> configKeys(Operation operation) {
        return operation instanceof Operation.Overwrite overwrite
                ? overwrite.configUpserts().keySet()
                : keys(((Operation.UpdateConfig) operation).config());
    }

    private static boolean sharesConfigKey(Operation our, Operation their) {
        return !Collections.disjoint(configKeys(our), configKeys(their));
    }

    /// One replaces the table, the other changes its config.
    private static Verdict replacedWithConfig(Operation our, Operation their) {
        if (sharesConfigKey(our, their)) {
            return new Verdict.Incompatible("both set the same config keys");
        }
        return ConflictResolver.touchesSchemaMetadata(our)
                ? new Verdict.Incompatible(whatChanged(their))
                : Verdict.COMPATIBLE;
    }

    private static Verdict sameKeys(Operation.UpdateConfig ours, Operation.UpdateConfig theirs) {
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

    private static boolean overlap(@Nullable MapUpdate ours, @Nullable MapUpdate theirs) {
        return ours != null
                && theirs != null
                && (ours.replace() || theirs.replace() || !Collections.disjoint(keys(ours), keys(theirs)));
    }

    private static Verdict sameIndex(Operation.CreateIndex ours, Operation.CreateIndex theirs) {
        Set<String> ourNew = names(ours.newIndices());
        Set<String> theirNew = names(theirs.newIndices());
        boolean addAndDrop = !Collections.disjoint(ourNew, names(theirs.removedIndices()))
                || !Collections.disjoint(theirNew, names(ours.removedIndices()));
        boolean sameReplaced = !Collections.disjoint(uuids(ours.removedIndices()), uuids(theirs.removedIndices()))
                && (!ourNew.isEmpty() || !theirNew.isEmpty());
        return retryIf(
                !Collections.disjoint(ourNew, theirNew) || addAndDrop || sameReplaced, "both change the same index");
    }

    private static Set<String> names(List<IndexMetadata> indices) {
        return indices.stream().map(IndexMetadata::name).collect(Collectors.toSet());
    }

    private static Set<UUID> uuids(List<IndexMetadata> indices) {
        return indices.stream().map(IndexMetadata::uuid).collect(Collectors.toSet());
    }

    /// Whether the new indices cover, or may cover, any fragment that the other operation changes.
    private static boolean indexedFragments(Operation.CreateIndex create, Operation other) {
        Set<Long> changed = touched(other);
        return create.newIndices().stream().anyMatch(index -> {
            RoaringBitmap covered = IndexSegments.fragmentsOf(index);
            return covered == null || changed.stream().anyMatch(id -> covered.contains((int) (long) id));
        });
    }

    private static boolean changesLog(Operation operation) {
        return operation instanceof Operation.CreateIndex create
                && names(create.newIndices()).contains(IndexMetadata.MEM_WAL);
    }

    private static boolean sharesIndexedField(Operation our, Operation their) {
        boolean oursIsIndex = our instanceof Operation.CreateIndex;
        Operation.CreateIndex create = (Operation.CreateIndex) (oursIsIndex ? our : their);
        Set<Integer> replaced = replacedFields(oursIsIndex ? their : our);
        return create.newIndices().stream().anyMatch(index -> !Collections.disjoint(index.fieldIds(), replaced));
    }

    private static Set<Integer> replacedFields(Operation operation) {
        Set<Integer> fields = new HashSet<>();
        ((Operation.DataReplacement) operation)
                .replacements()
                .forEach(entry -> fields.addAll(entry.newFile().fieldIds()));
        return fields;
    }

    private static boolean keeps(Operation.Project project, Iterable<Integer> fields) {
        Set<Integer> kept = IndexCoverage.FieldIds.of(project.schema().schema());
        for (int id : fields) {
            if (!kept.contains(id)) {
                return false;
            }
        }
        return true;
    }

    private static Verdict fragmentRemoved(Operation our, List<Long> removed) {
        return Collections.disjoint(touched(our), removed)
                ? Verdict.COMPATIBLE
                : new Verdict.Incompatible("a fragment was removed");
    }

    private static Verdict replacedInUpdated(Operation.DataReplacement ours, Operation.Update theirs) {
        Verdict removed = fragmentRemoved(ours, theirs.removedFragmentIds());
        if (!removed.equals(Verdict.COMPATIBLE)) {
            return removed;
        }
        boolean rowsMoved = theirs.fieldsModified().isEmpty();
        boolean sameField = !Collections.disjoint(replacedFields(ours), theirs.fieldsModified());
        return retryIf((rowsMoved || sameField) && intersects(ours, theirs), "the fragment's rows were changed");
    }

    private static Verdict sameKeysInserted(Operation.Update ours, Operation their) {
        KeyFilter filter = ours.insertedRows();
        boolean mayClash = filter != null
                && (!(their instanceof Operation.Update other) || !provablyDisjoint(filter, other.insertedRows()));
        return retryIf(mayClash, "both may insert the same key");
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

    private static Verdict sameBase(Operation.UpdateBases ours, Operation.UpdateBases theirs) {
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
}
