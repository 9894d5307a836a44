// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.commit.InsertedKeys;

/// What an update or merge does to rows that are there: some are written again with other values, some go. Rows are
/// never changed where they are; one that is written again moves, and keeps its id in tables with stable row ids
/// (spec: table format 3.3, 6.1, 6.2).
///
/// @param moved         addresses of rows whose new versions are the first of the rows written, in that order; each once.
///                      Belongs to the record. Rows written after them are new
/// @param deleted       rows that go without coming back
/// @param changedFields ids of fields whose values in moved rows may differ from before; those below them are meant, too
/// @param insertedKeys  keys of the new rows, so that no other writer inserts one of them at the same time; null for none
public record RowChange(
        long[] moved, RowAddressSet deleted, List<Integer> changedFields, @Nullable InsertedKeys insertedKeys) {
    public RowChange {
        changedFields = List.copyOf(changedFields);
    }

    /// Rows that are written again and others that go; values of any column may change.
    public static RowChange of(long[] moved, RowAddressSet deleted, Manifest manifest) {
        return new RowChange(
                moved, deleted, manifest.schema().fields().stream().map(f -> f.id()).toList(), null);
    }

    /// Every row that is not where it was afterwards.
    public RowAddressSet leaving() {
        return RowAddressSet.builder()
                .addAll(RowAddressSet.of(moved))
                .addAll(deleted)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return moved.length + " rows written again, " + deleted.size() + " deleted, fields " + changedFields
                + Arrays.toString(Arrays.copyOf(moved, Math.min(3, moved.length)));
    }
}
