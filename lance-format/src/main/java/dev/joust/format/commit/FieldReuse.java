// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.joust.format.schema.Schema;
import dev.joust.format.table.Fragment;

/// Watches for field ids that were dropped and given to another field while a change was under way: tables without
/// flag 15 do that once no file has the id any more (spec: table format 2.3). What the change says of such an id is meant
/// of the field that is gone. The conflict matrix does not see it: each of the other changes alone goes with this one.
final class FieldReuse {
    private final Set<Integer> dropped = new HashSet<>();
    private final Set<Integer> reused = new HashSet<>();

    /// Takes up the next of the versions that were committed, in order.
    void add(Schema before, Schema after) {
        if (before.equals(after)) {
            return;
        }
        Set<Integer> idsBefore = IndexCoverage.FieldIds.of(before);
        Set<Integer> idsAfter = IndexCoverage.FieldIds.of(after);
        for (int id : idsAfter) {
            if (dropped.contains(id)) {
                reused.add(id);
            }
        }
        idsBefore.removeAll(idsAfter);
        dropped.addAll(idsBefore);
    }

    /// Whether the change speaks of an id that means another field now.
    boolean concerns(Operation operation) {
        return !reused.isEmpty() && fieldIds(operation).stream().anyMatch(reused::contains);
    }

    private static Set<Integer> fieldIds(Operation operation) {
        Set<Integer> ids = new HashSet<>();
        switch (operation) {
            case Operation.Append append -> addFields(append.fragments(), ids);
            case Operation.Update update -> {
                addFields(update.newFragments(), ids);
                addFields(update.updatedFragments(), ids);
            }
            case Operation.Rewrite rewrite -> rewrite.groups().forEach(group -> addFields(group.newFragments(), ids));
            case Operation.DataReplacement replacement ->
                replacement.replacements().forEach(entry -> ids.addAll(entry.newFile().fieldIds()));
            case Operation.CreateIndex create -> create.newIndices().forEach(index -> ids.addAll(index.fieldIds()));
            case Operation.UpdateConfig config -> ids.addAll(config.fieldMetadata().keySet());
            case Operation.Delete _,
                    Operation.Overwrite _,
                    Operation.Merge _,
                    Operation.Restore _,
                    Operation.ReserveFragments _,
                    Operation.Project _,
                    Operation.DataOverlay _,
                    Operation.UpdateMemWalState _,
                    Operation.Clone _,
                    Operation.UpdateBases _,
                    Operation.Unknown _ -> {}
        }
        return ids;
    }

    private static void addFields(List<Fragment> fragments, Set<Integer> target) {
        fragments.forEach(fragment -> fragment.files().forEach(file -> target.addAll(file.fieldIds())));
    }
}
