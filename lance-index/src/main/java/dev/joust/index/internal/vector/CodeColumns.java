// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Columns of codes: fixed-size lists of bytes.
final class CodeColumns {
    private CodeColumns() {}

    /// The bytes of a column, row after row.
    ///
    /// @param width        bytes of a row
    /// @param paddingBytes added behind
    static byte[] bytes(Batch rows, String name, int width, int paddingBytes) {
        ColumnBuffers column = rows.column(name);
        if (!(column.field().type() instanceof LogicalType.FixedSizeList(LogicalType item, int dimension))
                || dimension != width
                || !(item instanceof LogicalType.Int(int bitWidth, boolean _))
                || bitWidth != 8) {
            throw new CorruptFileException("index column '" + name + "' of type " + column.field().type()
                    + ", expected lists of " + width + " bytes");
        }
        int count = Math.multiplyExact(rows.rowCount(), width);
        byte[] bytes = new byte[Math.addExact(count, paddingBytes)];
        MemorySegment values = column.children().getFirst().values();
        if (values != null) {
            MemorySegment.copy(values, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        }
        return bytes;
    }

    /// A column of lists out of their bytes.
    ///
    /// @param bytes of the rows, one after the other, from row `start` on
    /// @param items of a list
    /// @param width bytes of a list
    static ColumnBuffers column(
            Field field, byte[] bytes, int start, int rowCount, int items, int width, BufferSource memory) {
        MemorySegment values = memory.allocate(Math.max(1, (long) rowCount * width));
        MemorySegment.copy(bytes, start * width, values, ValueLayout.JAVA_BYTE, 0, rowCount * width);
        ColumnBuffers list = new ColumnBuffers(
                Columns.itemField(field), rowCount * items, 0, null, null, values, List.of());
        return new ColumnBuffers(field, rowCount, 0, null, null, null, List.of(list));
    }

    /// A column of values of one width out of their bytes.
    static ColumnBuffers fixed(Field field, byte[] bytes, int rowCount, BufferSource memory) {
        MemorySegment values = memory.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, values, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new ColumnBuffers(field, rowCount, 0, null, null, values, List.of());
    }
}
