// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.internal.table.ManifestStore.Loaded;
import dev.joust.format.internal.table.RowCounts;
import dev.joust.format.internal.table.ScanPlanner;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;

/// Whether others added rows that a change would have had to know of ({@link Proposal#phantoms}): reads, of the fragments
/// that they added, the columns that tell. Used once, for the versions that came since one.
final class PhantomCheck {
    private final TableContext table;
    private final RowPredicate phantoms;
    private final Set<Integer> fieldIds = new HashSet<>();
    private final List<Added> added = new ArrayList<>();

    /// Rows that came with a version.
    private record Added(Loaded version, List<Fragment> fragments) {}

    /// @param before the version that the change was made from, or was put on top of already
    PhantomCheck(TableContext table, RowPredicate phantoms, Manifest before) {
        this.table = table;
        this.phantoms = phantoms;
        List<Field> columns = before.schema().fields().stream()
                .filter(field -> phantoms.columns().contains(field.name()))
                .toList();
        new Schema(columns, before.schema().metadata()).preOrder().forEach(field -> fieldIds.add(field.id()));
    }

    /// Takes in one version after the other.
    ///
    /// @return why its rows cannot be told from those before; null where they can
    @Nullable String add(Manifest before, Loaded winner, Operation theirs) {
        return switch (theirs) {
            case Operation.Append _ -> {
                addFragments(before, winner);
                yield null;
            }
            case Operation.Update update -> {
                addFragments(before, winner);
                yield Collections.disjoint(fieldIds, update.fieldsModified()) ? null : "values were changed where they are";
            }
            // Rows that go or move are none that come.
            case Operation.Delete _,
                    Operation.Rewrite _,
                    Operation.CreateIndex _,
                    Operation.ReserveFragments _,
                    Operation.UpdateConfig _,
                    Operation.Clone _,
                    Operation.UpdateBases _ -> null;
            case Operation.Overwrite _,
                    Operation.Restore _,
                    Operation.Merge _,
                    Operation.Project _,
                    Operation.DataReplacement _,
                    Operation.DataOverlay _,
                    Operation.UpdateMemWalState _,
                    Operation.Unknown _ -> "the table's rows or columns were changed as a whole";
        };
    }

    private void addFragments(Manifest before, Loaded winner) {
        Set<Long> known = new HashSet<>();
        before.fragments().forEach(fragment -> known.add(fragment.id()));
        added.add(new Added(
                winner,
                winner.manifest().fragments().stream()
                        .filter(fragment -> !known.contains(fragment.id()))
                        .toList()));
    }

    /// Whether there is any such row now. One scan, where the fragments are still as they came.
    boolean isAnyThere(Loaded newest) throws IOException {
        Set<Long> present = new HashSet<>();
        for (Added some : added) {
            Set<Long> gone = new HashSet<>();
            for (Fragment fragment : some.fragments()) {
                boolean same = newest.manifest()
                        .fragment(fragment.id())
                        .filter(now -> Objects.equals(now.files(), fragment.files()))
                        .isPresent();
                (same ? present : gone).add(fragment.id());
            }
            if (isAnyIn(some.version(), gone)) {
                return true;
            }
        }
        return isAnyIn(newest, present);
    }

    private boolean isAnyIn(Loaded version, Set<Long> fragmentIds) throws IOException {
        if (fragmentIds.isEmpty()) {
            return false;
        }
        ScanOptions scan = ScanOptions.ALL
                .withColumns(List.copyOf(phantoms.columns()))
                .withPredicate(phantoms)
                .withFragments(fragmentIds)
                .withLimit(1);
        Manifest manifest = RowCounts.corrected(table, version.manifest());
        try (BatchReader rows = ScanPlanner.plan(table, manifest, scan, ArrowMemory.of(table.session()))) {
            while (true) {
                try (Batch batch = rows.next()) {
                    if (batch == null || batch.rowCount() > 0) {
                        return batch != null;
                    }
                }
            }
        }
    }
}
