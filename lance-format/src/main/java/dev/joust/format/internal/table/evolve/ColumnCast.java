// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Values of one type as those of another of its family: what a column may be cast to in place. A value that does not
/// fit is an error, one that only loses digits is not.
final class ColumnCast {
    private ColumnCast() {}

    /// Whether values of a field can become those of another; names do not count.
    static boolean isPossible(Field from, Field to) {
        return switch (from.type()) {
            case LogicalType.Bool _ -> to.type() instanceof LogicalType.Bool;
            case LogicalType.Int _ -> to.type() instanceof LogicalType.Int;
            case LogicalType.FloatingPoint _ -> to.type() instanceof LogicalType.FloatingPoint;
            case LogicalType.Decimal _ -> to.type() instanceof LogicalType.Decimal;
            case LogicalType.Utf8 _ -> to.type() instanceof LogicalType.Utf8;
            case LogicalType.Binary _ -> to.type() instanceof LogicalType.Binary;
            case LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _ ->
                TimeCast.isPossible(from.type(), to.type());
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int _) ->
                isPossible(from.withType(value).withChildren(List.of()), to);
            case LogicalType.FixedSizeList(LogicalType _, int dimension) ->
                to.type() instanceof LogicalType.FixedSizeList(LogicalType _, int other)
                        && other == dimension
                        && isPossible(Columns.itemField(from), Columns.itemField(to));
            case LogicalType.List _ ->
                to.type() instanceof LogicalType.List
                        && to.children().size() == 1
                        && isPossible(from.children().getFirst(), to.children().getFirst());
            case LogicalType.Null _, LogicalType.FixedSizeBinary _, LogicalType.Struct _, LogicalType.Map _,
                    LogicalType.Json _, LogicalType.BFloat16 _ -> false;
        };
    }

    /// `list<int32>`, for messages.
    static String describe(Field field) {
        return LogicalTypes.format(field.type())
                + (field.children().isEmpty()
                        ? ""
                        : "<" + String.join(", ", field.children().stream().map(ColumnCast::describe).toList()) + ">");
    }

    /// @param field the column's new field; for a struct or list that only holds what is cast, with the fields below in
    ///              the column's order
    /// @throws IllegalArgumentException naming field and value, if one does not fit
    static ColumnBuffers cast(ColumnBuffers column, Field field, SegmentAllocator memory) {
        LogicalType from = column.field().type();
        return switch (from) {
            case LogicalType.Struct _ -> withChildren(column, field, memory);
            case LogicalType.List(boolean large, boolean _) -> {
                boolean toLarge = Columns.largeOffsets(field.type());
                ColumnBuffers list = withChildren(column, field, memory);
                yield toLarge == large ? list : withOffsets(list, column, toLarge, memory);
            }
            case LogicalType.FixedSizeList _ -> {
                ColumnBuffers items = column.children().getFirst();
                yield column.with(field, List.of(cast(items, Columns.itemField(field), memory)));
            }
            case LogicalType.Utf8 _, LogicalType.Binary _ -> {
                boolean toLarge = Columns.largeOffsets(field.type());
                yield toLarge == Columns.largeOffsets(from)
                        ? column.with(field, List.of())
                        : withOffsets(column.with(field, List.of()), column, toLarge, memory);
            }
            case LogicalType.Dictionary _ -> cast(decoded(column, memory), field, memory);
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _ ->
                from.equals(field.type()) ? column.with(field, List.of()) : values(column, field, memory);
            case LogicalType.Bool _, LogicalType.Null _, LogicalType.FixedSizeBinary _, LogicalType.Map _,
                    LogicalType.Json _, LogicalType.BFloat16 _ -> column.with(field, column.children());
        };
    }

    private static ColumnBuffers withChildren(ColumnBuffers column, Field field, SegmentAllocator memory) {
        List<ColumnBuffers> children = new ArrayList<>();
        for (int i = 0; i < field.children().size(); i++) {
            children.add(cast(column.children().get(i), field.children().get(i), memory));
        }
        return column.with(field, children);
    }

    private static ColumnBuffers withOffsets(
            ColumnBuffers target, ColumnBuffers source, boolean large, SegmentAllocator memory) {
        int rowCount = source.rowCount();
        MemorySegment offsets = memory.allocate((rowCount + 1L) * (large ? 8 : 4), 8);
        for (int row = 0; row <= rowCount; row++) {
            long offset = rowCount == 0 ? 0 : Columns.offset(source, row);
            if (large) {
                offsets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row, offset);
            } else {
                // Batches are cut so that 32 bits are enough.
                offsets.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * row, Math.toIntExact(offset));
            }
        }
        return new ColumnBuffers(
                target.field(),
                rowCount,
                target.nullCount(),
                target.validity(),
                offsets,
                target.values(),
                target.children());
    }

    private static ColumnBuffers decoded(ColumnBuffers column, SegmentAllocator memory) {
        int[] rows = new int[column.rowCount()];
        int width = column.field().type() instanceof LogicalType.Dictionary(LogicalType _, LogicalType.Int index)
                ? index.bitWidth()
                : 0;
        for (int row = 0; row < rows.length; row++) {
            rows[row] = column.isNull(row) ? -1 : Math.toIntExact(FixedValues.unsigned(column, row, width));
        }
        return Columns.take(column.children().getFirst(), rows, memory);
    }

    /// Types of one width per value.
    private static ColumnBuffers values(ColumnBuffers column, Field field, SegmentAllocator memory) {
        ValueCast cast = ValueCast.of(column.field(), field);
        long width = field.type().bitsPerValue() / 8;
        MemorySegment values = memory.allocate(width * column.rowCount(), 8).fill((byte) 0);
        for (int row = 0; row < column.rowCount(); row++) {
            if (!column.isNull(row)) {
                cast.cast(column, row, values);
            }
        }
        return new ColumnBuffers(
                field, column.rowCount(), column.nullCount(), column.validity(), null, values, List.of());
    }
}
