// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalTypes;

/// Gathers the rows of one column until they make a page: its validity and its values. Not thread-safe.
public final class ColumnAccumulator {
    private final ValueAccumulator values;
    private @Nullable BitAppender validity;
    private int rowCount;
    private int nullCount;
    private long firstRow;

    /// @throws dev.joust.format.UnsupportedFormatException if columns of the field's type are not written
    public ColumnAccumulator(Field field) {
        values = ValueAccumulator.of(
                field.type(), "column '" + field.name() + "' of type " + LogicalTypes.format(field.type()));
    }

    /// Bytes gathered.
    public long sizeBytes() {
        return values.sizeBytes() + (validity == null ? 0 : rowCount / 8);
    }

    public int rowCount() {
        return rowCount;
    }

    /// Whether the buffers of `column` hold its rows.
    ///
    /// @throws IllegalArgumentException naming the field and the buffer that does not
    public void check(ColumnBuffers column) {
        MemorySegment bits = column.validity();
        if (bits != null && bits.byteSize() < (column.rowCount() + 7L) / 8) {
            throw new IllegalArgumentException("column " + column.field().name() + ": validity of "
                    + bits.byteSize() + " bytes for " + column.rowCount() + " rows");
        }
        values.check(column);
    }

    /// How many rows of `column` from `startRow` on fill a page of `budgetBytes`; at least one.
    public int rowsToFill(ColumnBuffers column, int startRow, long budgetBytes) {
        return values.rowsToFill(column, startRow, column.rowCount(), budgetBytes);
    }

    /// Appends rows of `column`, which {@link #check} has seen. Its memory may be reused afterwards.
    public void append(ColumnBuffers column, int startRow, int endRow) {
        int added = endRow - startRow;
        MemorySegment bits = column.validity();
        if (bits != null && validity == null) {
            validity = new BitAppender((rowCount + added) / 8);
            validity.appendOnes(rowCount);
        }
        if (validity != null) {
            if (bits == null) {
                validity.appendOnes(added);
            } else {
                validity.append(bits, startRow, added);
                nullCount += nulls(column, startRow, endRow);
            }
        }
        values.append(column, startRow, endRow);
        rowCount += added;
    }

    private static int nulls(ColumnBuffers column, int startRow, int endRow) {
        if (endRow - startRow == column.rowCount()) {
            return column.nullCount();
        }
        int nulls = 0;
        for (int row = startRow; row < endRow; row++) {
            nulls += column.isNull(row) ? 1 : 0;
        }
        return nulls;
    }

    /// What was gathered since the last page.
    public PageData take() {
        byte[] bits = validity == null || nullCount == 0 ? null : validity.bytes();
        PageData page = new PageData(firstRow, rowCount, nullCount, bits, values.take());
        firstRow += rowCount;
        rowCount = 0;
        nullCount = 0;
        validity = null;
        return page;
    }
}
