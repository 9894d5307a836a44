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
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.ObjectPath;

/// Columns of index files.
public final class CodeColumns {
    private CodeColumns() {}

    /// A projection onto columns of an index file.
    ///
    /// @throws CorruptFileException naming the one that is missing
    public static FileProjection select(LanceFileReader file, ObjectPath path, List<String> names) {
        for (String name : names) {
            if (file.schema().field(name).isEmpty()) {
                throw new CorruptFileException(path, 0, "columns", "'" + name + "' is missing");
            }
        }
        return file.projection().select(names);
    }

    /// The bytes of a column of fixed-size lists of bytes, row after row.
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

    /// The bytes of a column of lists of whatever has that many bytes, row after row.
    static byte[] bytesOfItems(Batch rows, String name, int width) {
        ColumnBuffers column = rows.column(name);
        int count = Math.multiplyExact(rows.rowCount(), width);
        MemorySegment values = column.children().isEmpty() ? null : column.children().getFirst().values();
        if (count > 0 && (values == null || values.byteSize() < count)) {
            throw new CorruptFileException("index column '" + name + "' of type " + column.field().type() + ", expected lists of "
                    + width + " bytes");
        }
        byte[] bytes = new byte[count];
        if (values != null) {
            MemorySegment.copy(values, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        }
        return bytes;
    }

    /// The bytes of a column of values of one width.
    static byte[] fixed(Batch rows, Field expected, int width) {
        ColumnBuffers column = rows.column(expected.name());
        MemorySegment values = column.values();
        int count = Math.multiplyExact(rows.rowCount(), width);
        if (!column.field().type().equals(expected.type()) || (count > 0 && (values == null || values.byteSize() < count))) {
            throw new CorruptFileException("index column '" + expected.name() + "' of type " + column.field().type()
                    + ", expected " + expected.type());
        }
        byte[] bytes = new byte[count];
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
