// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Columns that a file does not hold: all null, in the layout of their type.
public final class NullColumns {
    private NullColumns() {}

    public static ColumnBuffers of(Field field, int rowCount, BufferSource memory) {
        MemorySegment validity = rowCount == 0 ? null : zeros(memory, BitCopy.byteCount(rowCount));
        return switch (field.type()) {
            case LogicalType.Null _ -> new ColumnBuffers(field, rowCount, 0, null, null, null, List.of());
            case LogicalType.Struct _ ->
                new ColumnBuffers(
                        field, rowCount, rowCount, validity, null, null, children(field, rowCount, memory));
            case LogicalType.List(boolean large, boolean _) ->
                new ColumnBuffers(
                        field,
                        rowCount,
                        rowCount,
                        validity,
                        zeros(memory, (rowCount + 1L) * (large ? 8 : 4)),
                        null,
                        children(field, 0, memory));
            case LogicalType.Map _ ->
                new ColumnBuffers(
                        field,
                        rowCount,
                        rowCount,
                        validity,
                        zeros(memory, (rowCount + 1L) * 4),
                        null,
                        children(field, 0, memory));
            case LogicalType.FixedSizeList(@Nullable LogicalType item, int dimension) when item == null ->
                new ColumnBuffers(
                        field,
                        rowCount,
                        rowCount,
                        validity,
                        null,
                        null,
                        children(field, Math.multiplyExact(rowCount, dimension), memory));
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int index) ->
                new ColumnBuffers(
                        field,
                        rowCount,
                        rowCount,
                        validity,
                        null,
                        zeros(memory, (long) rowCount * index.bitWidth() / 8),
                        List.of(of(Field.nullable("values", value), 0, memory)));
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.FixedSizeList _,
                    LogicalType.Json _, LogicalType.BFloat16 _ -> {
                ValueSink values = ValueShape.of(field.withChildren(List.of())).newSink(memory, rowCount);
                values.appendEmpty(rowCount);
                yield values.finish(field, rowCount, rowCount, validity);
            }
        };
    }

    private static List<ColumnBuffers> children(Field field, int rowCount, BufferSource memory) {
        return field.children().stream().map(child -> of(child, rowCount, memory)).toList();
    }

    private static MemorySegment zeros(BufferSource memory, long sizeBytes) {
        return memory.allocate(sizeBytes).fill((byte) 0);
    }
}
