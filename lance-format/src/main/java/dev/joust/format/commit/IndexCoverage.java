// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CommitConflictException;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;

/// Indices of the version that is being made, and which fragments they cover (spec: table format 3.2, index
/// maintenance). An index covers a fragment only if it knows the values and the places of all its rows; where that is
/// in doubt it does not, and readers scan. What is not changed keeps its bytes. Not thread-safe.
final class IndexCoverage {
    private List<IndexMetadata> indices;

    IndexCoverage(List<IndexMetadata> indices) {
        this.indices = indices;
    }

    List<IndexMetadata> all() {
        return indices;
    }

    void set(List<IndexMetadata> restored) {
        indices = restored;
    }

    /// Adds and drops segments.
    void apply(Operation.CreateIndex create, Schema schema) {
        Set<Integer> live = FieldIds.of(schema);
        Set<UUID> gone = new HashSet<>();
        create.removedIndices().forEach(index -> gone.add(index.uuid()));
        for (IndexMetadata index : create.newIndices()) {
            gone.add(index.uuid());
            if (!live.containsAll(index.fieldIds())) {
                throw new CommitConflictException(
                        "index '" + index.name() + "' is of a column that the table does not have any more", true);
            }
        }
        List<IndexMetadata> kept = new ArrayList<>(indices);
        kept.removeIf(index -> gone.contains(index.uuid()));
        kept.addAll(create.newIndices());
        Map<String, Boolean> byId = new HashMap<>();
        Set<String> changed = new HashSet<>();
        create.newIndices().forEach(index -> changed.add(index.name()));
        for (IndexMetadata index : kept) {
            if (changed.contains(index.name())
                    && !byId.computeIfAbsent(index.name(), _ -> index.knowsRowsById())
                            .equals(index.knowsRowsById())) {
                throw new IllegalArgumentException("segments of index '" + index.name()
                        + "' know rows by their address here and by their id there: build all of them anew");
            }
        }
        indices = kept;
    }

    /// Drops indices of columns that are gone, and segments that cover nothing any more.
    void retainRelevant(Schema schema, List<Fragment> fragments) {
        Set<Integer> live = FieldIds.of(schema);
        List<IndexMetadata> relevant = indices.stream()
                .filter(index -> index.isSystem() || live.containsAll(index.fieldIds()))
                .toList();
        indices = leavesRowsToFind() ? relevant : IndexSegments.withoutDeadSegments(relevant, fragments);
    }

    /// Takes fragments out of the indices of columns whose values changed in place. Where compaction left it to readers to
    /// find rows of fragments that are gone, any of these may have gone into a changed one: they are taken out, too.
    ///
    /// @param changed field ids by fragment
    void withdraw(Map<Long, Set<Integer>> changed, Schema schema, List<Fragment> fragments) {
        indices = withdrawn(indices, changed, schema, leavesRowsToFind() ? IndexSegments.ids(fragments) : null);
    }

    /// Whether fragments that are gone still stand for rows that are there (spec: table format 3.7).
    private boolean leavesRowsToFind() {
        return indices.stream().anyMatch(index -> index.name().equals(IndexMetadata.FRAGMENT_REUSE));
    }

    /// @param only fragments that an index of a changed column may go on to cover; null for all
    static List<IndexMetadata> withdrawn(
            List<IndexMetadata> indices,
            Map<Long, Set<Integer>> changed,
            Schema schema,
            @Nullable RoaringBitmap only) {
        Map<Long, Set<Integer>> related = new HashMap<>();
        changed.forEach((fragment, fields) -> related.put(fragment, FieldIds.withRelatives(schema, fields)));
        return indices.stream()
                .map(index -> index.isSystem() ? index : withCoverage(index, covered -> {
                    related.forEach((fragment, fields) -> {
                        if (index.fieldIds().stream().anyMatch(fields::contains)) {
                            covered.remove((int) (long) fragment);
                            if (only != null) {
                                covered.and(only);
                            }
                        }
                    });
                    return covered;
                }))
                .toList();
    }

    /// Rows moved, unchanged as far as some indices are concerned: those that know rows by their id, and know all of
    /// these, cover the new places too.
    ///
    /// @param sources fragments that rows moved out of
    /// @param targets new fragments that hold nothing but moved rows
    /// @param changed fields whose values may have changed
    void followMovedRows(Set<Long> sources, List<Long> targets, Set<Integer> changed, Schema schema) {
        if (targets.isEmpty() || changed.isEmpty()) {
            return;
        }
        Set<Integer> related = FieldIds.withRelatives(schema, changed);
        indices = indices.stream()
                .map(index -> index.isSystem()
                                || !index.knowsRowsById()
                                || index.fieldIds().stream().anyMatch(related::contains)
                        ? index
                        : withCoverage(index, covered -> {
                            if (sources.stream().allMatch(id -> covered.contains((int) (long) id))) {
                                targets.forEach(id -> covered.add((int) (long) id));
                            }
                            return covered;
                        }))
                .toList();
    }

    /// Rows of old fragments are in new ones now. An index that was rewritten with them, or that knows rows by an id that
    /// they keep, covers the new fragments if it covered all the old ones. All others lose the old ones.
    ///
    /// @param groups with the new fragments' ids given
    void follow(
            List<Operation.Rewrite.Group> groups,
            List<Operation.Rewrite.RewrittenIndex> rewritten,
            boolean stableRowIds) {
        Map<UUID, Operation.Rewrite.RewrittenIndex> rewrittenById = new HashMap<>();
        for (Operation.Rewrite.RewrittenIndex index : rewritten) {
            if (rewrittenById.put(index.oldId(), index) != null) {
                throw new IllegalArgumentException("index " + index.oldId() + " is rewritten twice");
            }
        }
        indices = indices.stream()
                .map(index -> {
                    if (index.isSystem()) {
                        return index;
                    }
                    Operation.Rewrite.RewrittenIndex anew = rewrittenById.get(index.uuid());
                    IndexMetadata after = anew == null ? index : index.rewritten(anew.newId(), anew.newFiles());
                    boolean follows = anew != null || (stableRowIds && index.knowsRowsById());
                    if (index.fragmentBitmap() == null) {
                        // It may have covered any of the old ones, and can't be asked which others.
                        return after.withFragmentBitmap(IndexSegments.bytes(new RoaringBitmap()));
                    }
                    return withCoverage(after, covered -> rewritten(covered, groups, follows));
                })
                .toList();
    }

    private static RoaringBitmap rewritten(
            RoaringBitmap covered, List<Operation.Rewrite.Group> groups, boolean follows) {
        RoaringBitmap before = covered.clone();
        for (Operation.Rewrite.Group group : groups) {
            if (group.oldFragments().isEmpty()) {
                continue;
            }
            boolean coveredAll = true;
            for (Fragment old : group.oldFragments()) {
                coveredAll &= before.contains((int) old.id());
                covered.remove((int) old.id());
            }
            if (coveredAll && follows) {
                group.newFragments().forEach(fragment -> covered.add((int) fragment.id()));
            }
        }
        return covered;
    }

    /// The index with its bitmap changed; as it was where that changes nothing, or where it has none.
    private static IndexMetadata withCoverage(IndexMetadata index, UnaryOperator<RoaringBitmap> change) {
        RoaringBitmap covered = IndexSegments.fragmentsOf(index);
        if (covered == null) {
            return index;
        }
        RoaringBitmap after = change.apply(covered.clone());
        return after.equals(covered) ? index : index.withFragmentBitmap(IndexSegments.bytes(after));
    }

    /// Sets of field ids.
    static final class FieldIds {
        private FieldIds() {}

        static Set<Integer> of(Schema schema) {
            Set<Integer> ids = new HashSet<>();
            schema.preOrder().forEach(field -> ids.add(field.id()));
            return ids;
        }

        /// The fields, those above them and those below: a column in a file stands for any of these.
        static Set<Integer> withRelatives(Schema schema, Set<Integer> ids) {
            Set<Integer> related = new HashSet<>(ids);
            schema.fields().forEach(field -> addRelatives(field, false, ids, related));
            return related;
        }

        private static boolean addRelatives(Field field, boolean below, Set<Integer> ids, Set<Integer> target) {
            boolean chosen = below || ids.contains(field.id());
            boolean above = false;
            for (Field child : field.children()) {
                above |= addRelatives(child, chosen, ids, target);
            }
            if (chosen || above) {
                target.add(field.id());
            }
            return chosen || above;
        }
    }
}
