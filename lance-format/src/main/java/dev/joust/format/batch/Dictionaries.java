// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Dictionary columns as plain columns of their values.
public final class Dictionaries {
    private Dictionaries() {}

    public static boolean isDictionary(Field field) {
        return field.type() instanceof LogicalType.Dictionary;
    }

    /// Whether the field or one below it is dictionary-encoded.
    public static boolean anyBelow(Field field) {
        return isDictionary(field) || field.children().stream().anyMatch(Dictionaries::anyBelow);
    }

    /// The field with dictionaries, its own and those below it, replaced by their values.
    public static Field decoded(Field field) {
        LogicalType type = field.type() instanceof LogicalType.Dictionary d ? d.value() : field.type();
        return new Field(
                field.id(),
                field.name(),
                type,
                field.nullable(),
                field.children().stream().map(Dictionaries::decoded).toList(),
                field.metadata());
    }

    /// The column with its values looked up; shares what needs no change with the column given.
    public static ColumnBuffers decode(ColumnBuffers column, SegmentAllocator memory) {
        if (!anyBelow(column.field())) {
            return column;
        }
        if (!isDictionary(column.field())) {
            List<ColumnBuffers> children = new ArrayList<>();
            column.children().forEach(child -> children.add(decode(child, memory)));
            return column.with(decoded(column.field()), children);
        }
        checkIndices(column);
        int[] rows = new int[column.rowCount()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = column.isNull(i) ? -1 : (int) index(column, i);
        }
        ColumnBuffers values = Columns.take(column.children().getFirst(), rows, memory);
        return values.with(decoded(column.field()), values.children());
    }

    /// The index at a row that is not null.
    public static long index(ColumnBuffers column, int rowIndex) {
        LogicalType.Int type = ((LogicalType.Dictionary) column.field().type()).index();
        MemorySegment indices = Columns.required(column, column.values(), "indices");
        return switch (type.bitWidth()) {
            case 8 -> {
                byte index = indices.get(ValueLayout.JAVA_BYTE, rowIndex);
                yield type.signed() ? index : Byte.toUnsignedLong(index);
            }
            case 16 -> {
                short index = indices.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) rowIndex << 1);
                yield type.signed() ? index : Short.toUnsignedLong(index);
            }
            case 32 -> {
                int index = indices.get(Columns.INT, (long) rowIndex << 2);
                yield type.signed() ? index : Integer.toUnsignedLong(index);
            }
            default -> indices.get(Columns.LONG, (long) rowIndex << 3);
        };
    }

    /// @throws IllegalArgumentException if an index is not one of a dictionary value
    public static void checkIndices(ColumnBuffers column) {
        int valueCount = column.children().getFirst().rowCount();
        for (int i = 0; i < column.rowCount(); i++) {
            if (column.isNull(i)) {
                continue;
            }
            long index = index(column, i);
            if (index < 0 || index >= valueCount) {
                throw new IllegalArgumentException("column " + column.field().name() + ", row " + i + ": index "
                        + index + " in a dictionary of " + valueCount);
            }
        }
    }
}
