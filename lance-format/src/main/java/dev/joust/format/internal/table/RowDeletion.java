// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;

/// Rows marked deleted: each fragment that loses some gets a new deletion file with the old rows and the new, one that
/// loses its last goes (spec: table format 5).
///
/// @param updatedFragments   with their new deletion file
/// @param removedFragmentIds of which no row is left
/// @param deletedRows        those that were not deleted before
public record RowDeletion(
        List<Fragment> updatedFragments, List<Long> removedFragmentIds, RowAddressSet deletedRows) {
    /// Writes the deletion files.
    ///
    /// @throws IllegalArgumentException for an address outside the table
    public static RowDeletion of(TableContext table, Manifest manifest, RowAddressSet rows) throws IOException {
        List<Fragment> updated = new ArrayList<>();
        List<Long> removed = new ArrayList<>();
        RowAddressSet.Builder deleted = RowAddressSet.builder();
        for (long id : rows.fragmentIds()) {
            Fragment fragment = manifest.fragment(id)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no fragment " + id + " in version " + manifest.version()));
            DeletionVector wanted = rows.rowsOf(id);
            if (wanted.last() >= fragment.physicalRowCount()) {
                throw new IllegalArgumentException(
                        "no row at " + RowAddress.toString(RowAddress.of(id, (int) wanted.last())) + " in version "
                                + manifest.version());
            }
            DeletionVector before = table.deletions(manifest, fragment);
            RoaringBitmap added = RoaringBitmap.andNot(wanted.toBitmap(), before.toBitmap());
            if (added.isEmpty()) {
                continue;
            }
            added.forEach((int offset) -> deleted.add(RowAddress.of(id, offset)));
            DeletionVector after = before.union(wanted);
            if (after.deletedRowCount() == fragment.physicalRowCount()) {
                removed.add(id);
            } else {
                updated.add(fragment.withDeletionFile(
                        DeletionFiles.write(table.store(), id, manifest.version(), after)));
            }
        }
        return new RowDeletion(updated, removed, deleted.build());
    }
}
