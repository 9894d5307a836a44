// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.commit.InsertedKeys;
import dev.joust.format.schema.Field;

/// What an update or merge does to rows that are there: some are written again with other values, some go. Rows are
/// never changed where they are; one that is written again moves, and keeps its id in tables with stable row ids
/// (spec: table format 3.3, 6.1, 6.2). Immutable, but for the keys it is given.
public final class RowChange {
    private final long[] moved;
    private final RowAddressSet deleted;
    private final List<Integer> changedFields;
    private final @Nullable InsertedKeys insertedKeys;
    private final @Nullable RowPredicate phantoms;

    private RowChange(
            long[] moved,
            RowAddressSet deleted,
            List<Integer> changedFields,
            @Nullable InsertedKeys insertedKeys,
            @Nullable RowPredicate phantoms) {
        this.moved = moved;
        this.deleted = deleted;
        this.changedFields = List.copyOf(changedFields);
        this.insertedKeys = insertedKeys;
        this.phantoms = phantoms;
    }

    /// Rows that are written again and others that go; any column's values may change.
    ///
    /// @param moved   addresses of rows whose new versions are the first of the rows written, in that order; each once.
    ///                Rows written after them are new
    /// @param deleted rows that go without coming back
    public static RowChange of(long[] moved, RowAddressSet deleted, Manifest manifest) {
        List<Integer> all = manifest.schema().fields().stream().map(Field::id).toList();
        return new RowChange(moved.clone(), deleted, all, null, null);
    }

    /// The same change of fewer columns: indices of the others may go on to cover the moved rows.
    ///
    /// @param fieldIds of the fields whose values may differ from before; those below them are meant, too
    public RowChange withChangedFields(List<Integer> fieldIds) {
        return new RowChange(moved, deleted, fieldIds, insertedKeys, phantoms);
    }

    /// The same change, which says which keys are new, so that no other writer inserts one of them at the same time.
    public RowChange withInsertedKeys(InsertedKeys keys) {
        return new RowChange(moved, deleted, changedFields, keys, phantoms);
    }

    /// The same change, which has to be made anew if others add a row that passes before it is committed: one with a key
    /// that it inserts, say. The predicate looks at columns of the table alone.
    public RowChange withPhantoms(RowPredicate rows) {
        return new RowChange(moved, deleted, changedFields, insertedKeys, rows);
    }

    /// Addresses of the rows that are written again, in the order in which they are written.
    public long[] moved() {
        return moved.clone();
    }

    public RowAddressSet deleted() {
        return deleted;
    }

    public List<Integer> changedFields() {
        return changedFields;
    }

    public @Nullable InsertedKeys insertedKeys() {
        return insertedKeys;
    }

    public @Nullable RowPredicate phantoms() {
        return phantoms;
    }

    /// Every row that is not where it was afterwards.
    public RowAddressSet leaving() {
        return RowAddressSet.builder()
                .addAll(RowAddressSet.of(moved))
                .addAll(deleted)
                .build();
    }

    @Override
    public String toString() {
        return moved.length + " rows written again, " + deleted.size() + " deleted, fields " + changedFields;
    }
}
