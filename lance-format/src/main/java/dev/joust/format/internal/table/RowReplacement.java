// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.joust.format.batch.BufferSources;
import dev.joust.format.commit.InsertedKeys;
import dev.joust.format.commit.Operation;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowChange;

/// Rows that make way for ones already written: what an update or merge commits (spec: table format 3.3).
///
/// @param deletedRows where the rows lay that make way
public record RowReplacement(Operation operation, RowAddressSet deletedRows) {
    /// Writes the deletion files, and gives rows that are written again the ids they had.
    ///
    /// @param written first the rows that are written again, then new ones
    /// @throws IllegalArgumentException for an address where no live row is
    public static RowReplacement of(
            TableContext table, Manifest manifest, RowChange change, List<Fragment> written, BufferSources memory)
            throws IOException {
        long[] moved = change.moved();
        long writtenCount =
                written.stream().mapToLong(Fragment::physicalRowCount).sum();
        if (moved.length > writtenCount) {
            throw new IllegalArgumentException(
                    writtenCount + " rows are written, " + moved.length + " were to be written again");
        }
        RowAddressSet leaving = change.leaving();
        if (leaving.size() != moved.length + change.deleted().size()) {
            throw new IllegalArgumentException("rows are written again twice, or deleted as well: " + change);
        }
        RowDeletion deletion = RowDeletion.of(table, manifest, leaving);
        for (long address : moved) {
            if (!deletion.deletedRows().contains(address)) {
                throw new IllegalArgumentException("the row at " + RowAddress.toString(address)
                        + " can't be written again: it is deleted in version " + manifest.version());
            }
        }
        List<Fragment> added =
                manifest.hasStableRowIds() ? MovedRows.withIds(table, manifest, written, moved, memory) : written;
        InsertedKeys keys = change.insertedKeys();
        Operation operation = new Operation.Update(
                deletion.removedFragmentIds(),
                deletion.updatedFragments(),
                added,
                List.of(),
                withDescendants(manifest.schema(), change.changedFields()),
                Operation.Update.Mode.REWRITE_ROWS,
                keys == null ? null : keys.toFilter(),
                Map.of(),
                Bytes.EMPTY);
        return new RowReplacement(operation, deletion.deletedRows());
    }

    private static List<Integer> withDescendants(Schema schema, List<Integer> fieldIds) {
        List<Integer> all = new ArrayList<>();
        for (Field field : schema.preOrder()) {
            if (fieldIds.contains(field.id())) {
                new Schema(List.of(field), Map.of()).preOrder().forEach(f -> all.add(f.id()));
            }
        }
        return all.stream().distinct().toList();
    }
}
