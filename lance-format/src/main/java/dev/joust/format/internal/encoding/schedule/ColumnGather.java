// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.schema.LogicalType;

/// Rows of a column in another order, some perhaps several times.
final class ColumnGather {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ColumnGather() {}

    /// @param rows row numbers in `column`; the answer's rows
    static ColumnBuffers gather(ColumnBuffers column, int[] rows, BufferSource memory) {
        MemorySegment validity = null;
        int nullCount = 0;
        if (column.validity() != null) {
            BitSink bits = new BitSink(memory, rows.length);
            for (int row : rows) {
                boolean isNull = column.isNull(row);
                bits.appendRepeated(!isNull, 1);
                nullCount += isNull ? 1 : 0;
            }
            validity = nullCount == 0 ? null : bits.filled();
        }
        LogicalType type = column.field().type();
        return switch (type) {
            case LogicalType.Null _ ->
                new ColumnBuffers(column.field(), rows.length, 0, null, null, null, List.of());
            case LogicalType.Bool _ -> {
                BitSink bits = new BitSink(memory, rows.length);
                for (int row : rows) {
                    bits.appendRepeated(BitCopy.get(values(column), row), 1);
                }
                yield with(column, rows.length, nullCount, validity, null, bits.filled(), List.of());
            }
            case LogicalType.Utf8(boolean large) -> strings(column, large, rows, nullCount, validity, memory);
            case LogicalType.Binary(boolean large) -> strings(column, large, rows, nullCount, validity, memory);
            case LogicalType.Json _ -> strings(column, true, rows, nullCount, validity, memory);
            case LogicalType.FixedSizeList(LogicalType _, int dimension) -> {
                ColumnBuffers child = column.children().getFirst();
                int itemBytes = child.field().type().bitsPerValue() / 8;
                ColumnBuffers items = itemBytes > 0 && child.validity() == null
                        ? blocks(child, Math.multiplyExact(itemBytes, dimension), rows, dimension, memory)
                        : gather(child, itemRows(rows, dimension), memory);
                yield with(column, rows.length, nullCount, validity, null, null, List.of(items));
            }
            case LogicalType.Struct _ -> {
                List<ColumnBuffers> children = new ArrayList<>();
                for (ColumnBuffers child : column.children()) {
                    children.add(gather(child, rows, memory));
                }
                yield with(column, rows.length, nullCount, validity, null, null, children);
            }
            case LogicalType.List(boolean large, boolean _) ->
                lists(column, large, rows, nullCount, validity, memory);
            case LogicalType.Map _ -> lists(column, false, rows, nullCount, validity, memory);
            case LogicalType.Dictionary(LogicalType _, LogicalType.Int index) -> {
                ColumnBuffers values = column.children().getFirst();
                ColumnBuffers ownValues = Columns.slice(values, 0, values.rowCount(), memory);
                yield fixed(column, index.bitWidth() / 8, rows, nullCount, validity, List.of(ownValues), memory);
            }
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ ->
                fixed(column, type.bitsPerValue() / 8, rows, nullCount, validity, List.of(), memory);
        };
    }

    private static ColumnBuffers fixed(
            ColumnBuffers column,
            int widthBytes,
            int[] rows,
            int nullCount,
            @Nullable MemorySegment validity,
            List<ColumnBuffers> children,
            BufferSource memory) {
        FixedWidthSink sink = new FixedWidthSink(memory, widthBytes, rows.length);
        MemorySegment values = values(column);
        for (int row : rows) {
            sink.append(values, (long) row * widthBytes, 1);
        }
        return with(column, rows.length, nullCount, validity, null, sink.filled(), children);
    }

    /// Items of fixed-size lists, a list at a time.
    private static ColumnBuffers blocks(
            ColumnBuffers items, int blockBytes, int[] rows, int dimension, BufferSource memory) {
        FixedWidthSink sink = new FixedWidthSink(memory, blockBytes, rows.length);
        MemorySegment values = values(items);
        for (int row : rows) {
            sink.append(values, (long) row * blockBytes, 1);
        }
        return with(items, Math.multiplyExact(rows.length, dimension), 0, null, null, sink.filled(), List.of());
    }

    private static ColumnBuffers strings(
            ColumnBuffers column,
            boolean large,
            int[] rows,
            int nullCount,
            @Nullable MemorySegment validity,
            BufferSource memory) {
        VariableSink sink = new VariableSink(memory, large ? 8 : 4, rows.length);
        for (int row : rows) {
            long start = offset(column, large, row);
            sink.append(values(column), start, offset(column, large, row + 1) - start);
        }
        return with(column, rows.length, nullCount, validity, sink.filledOffsets(), sink.filledBytes(), List.of());
    }

    private static ColumnBuffers lists(
            ColumnBuffers column,
            boolean large,
            int[] rows,
            int nullCount,
            @Nullable MemorySegment validity,
            BufferSource memory) {
        MemorySegment offsets = memory.allocate((rows.length + 1L) * (large ? 8 : 4));
        long total = 0;
        setOffset(offsets, large, 0, 0);
        for (int i = 0; i < rows.length; i++) {
            total += offset(column, large, rows[i] + 1) - offset(column, large, rows[i]);
            setOffset(offsets, large, i + 1, total);
        }
        int[] itemRows = new int[Math.toIntExact(total)];
        int at = 0;
        for (int row : rows) {
            long end = offset(column, large, row + 1);
            for (long item = offset(column, large, row); item < end; item++) {
                itemRows[at++] = (int) item;
            }
        }
        ColumnBuffers items = gather(column.children().getFirst(), itemRows, memory);
        return with(column, rows.length, nullCount, validity, offsets, null, List.of(items));
    }

    private static int[] itemRows(int[] rows, int dimension) {
        int[] itemRows = new int[Math.multiplyExact(rows.length, dimension)];
        int at = 0;
        for (int row : rows) {
            for (int item = 0; item < dimension; item++) {
                itemRows[at++] = row * dimension + item;
            }
        }
        return itemRows;
    }

    private static MemorySegment values(ColumnBuffers column) {
        return Objects.requireNonNull(column.values());
    }

    private static long offset(ColumnBuffers column, boolean large, int index) {
        MemorySegment offsets = Objects.requireNonNull(column.offsets());
        return large ? offsets.get(LONG, 8L * index) : offsets.get(INT, 4L * index);
    }

    private static void setOffset(MemorySegment offsets, boolean large, int index, long value) {
        if (large) {
            offsets.set(LONG, 8L * index, value);
        } else {
            offsets.set(INT, 4L * index, Math.toIntExact(value));
        }
    }

    private static ColumnBuffers with(
            ColumnBuffers column,
            int rowCount,
            int nullCount,
            @Nullable MemorySegment validity,
            @Nullable MemorySegment offsets,
            @Nullable MemorySegment values,
            List<ColumnBuffers> children) {
        return new ColumnBuffers(column.field(), rowCount, nullCount, validity, offsets, values, children);
    }
}
