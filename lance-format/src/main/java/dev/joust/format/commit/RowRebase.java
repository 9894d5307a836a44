// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.joust.format.CommitConflictException;
import dev.joust.format.internal.table.DeletionFiles;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddressSet;

/// Puts the deletions of a Delete or Update on top of those that others made in the same fragments, where they are of
/// different rows (spec: table format 3.5).
final class RowRebase {
    private final TableContext table;
    private final Proposal proposal;
    private final Manifest before;
    private final RowAddressSet affectedRows;

    /// @param before the version that the proposal's fragments were made from
    RowRebase(TableContext table, Proposal proposal, Manifest before) {
        this.table = table;
        this.proposal = proposal;
        this.before = before;
        this.affectedRows = Objects.requireNonNull(proposal.affectedRows());
    }

    Proposal onto(Manifest latest) throws IOException {
        Transaction transaction = proposal.transaction();
        List<Fragment> updated = new ArrayList<>();
        Set<Long> removed = new HashSet<>();
        Operation rebased =
                switch (transaction.operation()) {
                    case Operation.Delete delete -> {
                        rebase(delete.updatedFragments(), delete.deletedFragmentIds(), latest, updated, removed);
                        yield new Operation.Delete(
                                updated, List.copyOf(removed), delete.predicate(), delete.unmodelled());
                    }
                    case Operation.Update update -> {
                        rebase(update.updatedFragments(), update.removedFragmentIds(), latest, updated, removed);
                        yield new Operation.Update(
                                List.copyOf(removed),
                                updated,
                                update.newFragments(),
                                update.fieldsModified(),
                                update.fieldsForPreservingFragmentBitmap(),
                                update.mode(),
                                update.insertedRows(),
                                update.updatedOffsets(),
                                update.unmodelled());
                    }
                    case Operation.Append _,
                            Operation.Overwrite _,
                            Operation.CreateIndex _,
                            Operation.Rewrite _,
                            Operation.Merge _,
                            Operation.Restore _,
                            Operation.ReserveFragments _,
                            Operation.Project _,
                            Operation.UpdateConfig _,
                            Operation.DataReplacement _,
                            Operation.DataOverlay _,
                            Operation.UpdateMemWalState _,
                            Operation.Clone _,
                            Operation.UpdateBases _,
                            Operation.Unknown _ ->
                        throw new IllegalStateException(
                                transaction.operation().name() + " changes no rows of fragments");
                };
        return proposal.rebased(latest.version(), rebased);
    }

    private void rebase(
            List<Fragment> ourUpdated,
            List<Long> ourRemoved,
            Manifest latest,
            List<Fragment> updated,
            Set<Long> removed)
            throws IOException {
        for (Fragment ours : ourUpdated) {
            Fragment current = current(latest, ours.id());
            if (isUnchanged(current)) {
                updated.add(ours);
                continue;
            }
            DeletionVector union = unionWithOurs(latest, current);
            if (union.deletedRowCount() == current.physicalRowCount()) {
                removed.add(current.id());
            } else {
                updated.add(current.withDeletionFile(
                        DeletionFiles.write(table.store(), current.id(), latest.version(), union)));
            }
        }
        for (long id : ourRemoved) {
            Fragment current = current(latest, id);
            if (!isUnchanged(current)) {
                unionWithOurs(latest, current);
            }
            removed.add(id);
        }
    }

    private Fragment current(Manifest latest, long id) {
        return latest.fragment(id).orElseThrow(() -> conflict("fragment " + id + " was removed", latest));
    }

    private boolean isUnchanged(Fragment current) {
        Optional<Fragment> earlier = before.fragment(current.id());
        return earlier.isPresent() && Objects.equals(earlier.get().deletionFile(), current.deletionFile());
    }

    private DeletionVector unionWithOurs(Manifest latest, Fragment current) throws IOException {
        DeletionVector theirs = table.deletions(latest, current);
        DeletionVector ours = affectedRows.rowsOf(current.id());
        if (theirs.intersects(ours)) {
            throw conflict("both change the same rows of fragment " + current.id(), latest);
        }
        return theirs.union(ours);
    }

    private CommitConflictException conflict(String reason, Manifest latest) {
        return new CommitConflictException(
                proposal.transaction().operation().name() + " on version "
                        + proposal.transaction().readVersion() + " conflicts with changes up to version "
                        + latest.version() + ": " + reason,
                true);
    }
}
