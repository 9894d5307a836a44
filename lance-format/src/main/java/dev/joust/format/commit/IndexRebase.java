// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// Puts new indices on top of changes that were made in place since the version they were built on: the fragments that got
/// other values of an indexed column are not covered (spec: table format 3.4, `n`).
final class IndexRebase {
    private IndexRebase() {}

    /// @param before what the other change was committed on top of
    static Proposal onto(Proposal ours, Manifest before, Operation their) {
        if (!(ours.transaction().operation() instanceof Operation.CreateIndex create)) {
            return ours;
        }
        Map<Long, Set<Integer>> changed = changedInPlace(before, their);
        if (changed.isEmpty()) {
            return ours;
        }
        List<IndexMetadata> indices = IndexCoverage.withdrawn(create.newIndices(), changed, before.schema(), null);
        Operation rebased = new Operation.CreateIndex(indices, create.removedIndices(), create.unmodelled());
        Transaction transaction = ours.transaction();
        return ours.rebased(transaction.readVersion(), rebased);
    }

    private static Map<Long, Set<Integer>> changedInPlace(Manifest before, Operation their) {
        return switch (their) {
            case Operation.Update update -> {
                Map<Long, Set<Integer>> changed = new HashMap<>();
                update.updatedFragments()
                        .forEach(fragment -> changed.put(fragment.id(), Set.copyOf(update.fieldsModified())));
                yield changed;
            }
            case Operation.Merge merge -> new MergeRules(before, merge).changedFields();
            case Operation.Append _,
                    Operation.Delete _,
                    Operation.Overwrite _,
                    Operation.CreateIndex _,
                    Operation.Rewrite _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.UpdateConfig _,
                    Operation.DataReplacement _,
                    Operation.DataOverlay _,
                    Operation.UpdateMemWalState _,
                    Operation.Clone _,
                    Operation.UpdateBases _,
                    Operation.Unknown _ -> Map.of();
        };
    }
}
