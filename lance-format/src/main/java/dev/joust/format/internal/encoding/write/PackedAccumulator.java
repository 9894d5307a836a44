// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Gathers structs whose fields lie side by side in one column. Whether a field is null is not stored: it must not be,
/// but where its struct is. Not thread-safe.
final class PackedAccumulator extends ValueAccumulator {
    private final List<ValueAccumulator> fields = new ArrayList<>();
    private final List<Boolean> isText = new ArrayList<>();
    private int count;

    PackedAccumulator(Field struct) {
        for (Field field : struct.children()) {
            fields.add(of(field.type(), "field '" + field.name() + "' of type " + LogicalTypes.format(field.type())));
            isText.add(field.type() instanceof LogicalType.Utf8);
        }
    }

    @Override
    int count() {
        return count;
    }

    @Override
    long sizeBytes() {
        long total = 0;
        for (ValueAccumulator field : fields) {
            total += field.sizeBytes();
        }
        return total;
    }

    /// As if all rows of the batch were alike.
    @Override
    int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
        long room = Math.max(0, budgetBytes - sizeBytes());
        long rows = (long) Math.ceil((double) room * column.rowCount() / Math.max(1, contentBytes(column)));
        return Math.clamp(rows, 1, endRow - startRow);
    }

    @Override
    long contentBytes(ColumnBuffers column) {
        long total = 0;
        for (int i = 0; i < fields.size(); i++) {
            total += fields.get(i).contentBytes(column.children().get(i));
        }
        return total;
    }

    @Override
    void append(ColumnBuffers column, int startRow, int endRow) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).append(column.children().get(i), startRow, endRow);
        }
        count += endRow - startRow;
    }

    @Override
    void check(ColumnBuffers column) {
        if (column.children().size() != fields.size()) {
            throw new IllegalArgumentException("column " + column.field().name() + " has "
                    + column.children().size() + " fields instead of " + fields.size());
        }
        for (int i = 0; i < fields.size(); i++) {
            ColumnBuffers child = column.children().get(i);
            if (child.rowCount() != column.rowCount()) {
                throw new IllegalArgumentException("column " + column.field().name() + ": field "
                        + child.field().name() + " has " + child.rowCount() + " rows instead of " + column.rowCount());
            }
            LayerAccumulator.requireValidity(child);
            fields.get(i).check(child);
            requireNoNulls(column, child);
        }
    }

    private static void requireNoNulls(ColumnBuffers column, ColumnBuffers child) {
        int perRow = child.field().type() instanceof LogicalType.FixedSizeList
                        && child.children().getFirst().nullCount() > 0
                ? child.children().getFirst().rowCount() / Math.max(1, child.rowCount())
                : 0;
        if (child.nullCount() == 0 && perRow == 0) {
            return;
        }
        for (int row = 0; row < column.rowCount(); row++) {
            boolean isNull = child.isNull(row);
            for (int item = row * perRow; item < (row + 1) * perRow; item++) {
                isNull |= child.children().getFirst().isNull(item);
            }
            if (isNull && !column.isNull(row)) {
                throw new UnsupportedFormatException("column '" + column.field().name() + "': field '"
                        + child.field().name() + "' of a packed struct is null in row " + row
                        + ", which is not stored: give it without " + FileProjection.PACKED_KEY);
            }
        }
    }

    @Override
    LeafValues take() {
        List<LeafValues.PackedField> taken = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            taken.add(new LeafValues.PackedField(withoutNulls(fields.get(i).take()), isText.get(i)));
        }
        int rows = count;
        count = 0;
        return new LeafValues.Packed(rows, taken);
    }

    /// The lists without their items' validity: null ones are in null structs only.
    private static LeafValues withoutNulls(LeafValues values) {
        return values instanceof LeafValues.FixedSizeList list
                ? new LeafValues.FixedSizeList(list.dimension(), list.count(), null, withoutNulls(list.items()))
                : values;
    }
}
