// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.SegmentAllocator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Lists that all have one length, as fixed-size lists.
public final class FixedSizeLists {
    private FixedSizeLists() {}

    /// The type of a fixed-size list of such items; null where there is none.
    public static LogicalType.@Nullable FixedSizeList typeOf(Field item, int dimension) {
        return switch (item.type()) {
            case LogicalType.Struct _ -> new LogicalType.FixedSizeList(null, dimension);
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _, LogicalType.FixedSizeList _ ->
                new LogicalType.FixedSizeList(item.type(), dimension);
            case LogicalType.Null _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Dictionary _,
                    LogicalType.List _, LogicalType.Map _, LogicalType.Json _ -> null;
        };
    }

    /// The lists of a column as those of `target`, a field of a fixed-size list whose items have the same type. Shares
    /// the items where no list is null.
    ///
    /// @param firstRow number of the column's first row, for the error
    /// @throws IllegalArgumentException naming column and row, if a list has another length
    public static ColumnBuffers ofLists(ColumnBuffers lists, Field target, long firstRow, SegmentAllocator memory) {
        int dimension = ((LogicalType.FixedSizeList) target.type()).dimension();
        Field itemField = Columns.itemField(target);
        ColumnBuffers stored = lists.children().getFirst();
        ColumnBuffers items = stored.with(itemField, stored.children());
        int rowCount = lists.rowCount();
        int[] rows = new int[rowCount];
        int present = 0;
        boolean packed = true;
        for (int row = 0; row < rowCount; row++) {
            long start = Columns.offset(lists, row);
            long length = Columns.offset(lists, row + 1) - start;
            if (lists.isNull(row)) {
                rows[row] = -1;
                packed &= length == 0;
                continue;
            }
            if (length != dimension) {
                throw new IllegalArgumentException("column '" + target.name() + "', row " + (firstRow + row) + ": a list of "
                        + length + " items, those before have " + dimension);
            }
            packed &= start == (long) present * dimension;
            rows[row] = present++;
        }
        if (packed && items.rowCount() >= present * (long) dimension) {
            ColumnBuffers whole = new ColumnBuffers(
                    target, present, 0, null, null, null, List.of(Columns.head(items, present * dimension)));
            return present == rowCount ? whole : Columns.take(whole, rows, memory);
        }
        int[] itemRows = new int[Math.multiplyExact(rowCount, dimension)];
        for (int row = 0; row < rowCount; row++) {
            long start = Columns.offset(lists, row);
            for (int i = 0; i < dimension; i++) {
                itemRows[row * dimension + i] = rows[row] < 0 ? -1 : Math.toIntExact(start + i);
            }
        }
        return new ColumnBuffers(
                target, rowCount, lists.nullCount(), lists.validity(), null, null, List.of(Columns.take(items, itemRows, memory)));
    }
}
