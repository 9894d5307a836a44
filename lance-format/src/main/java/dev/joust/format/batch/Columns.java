// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Rows out of columns. What {@link #take} and {@link #slice} answer lies in memory of the allocator given, and shares
/// nothing with the column asked.
public final class Columns {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Columns() {}

    /// The field of the items of a fixed-size list, which schemas name only where it is a struct.
    public static Field itemField(Field list) {
        if (!(list.type() instanceof LogicalType.FixedSizeList fixed)) {
            throw new IllegalArgumentException(list.name() + " is no fixed-size list");
        }
        if (fixed.item() == null) {
            return list.children().getFirst();
        }
        return new Field(Field.UNASSIGNED, "item", fixed.item(), true, List.of(), Map.of());
    }

    /// Whether offsets of this type are 64 bits wide.
    public static boolean largeOffsets(LogicalType type) {
        return switch (type) {
            case LogicalType.Utf8(boolean large) -> large;
            case LogicalType.Binary(boolean large) -> large;
            case LogicalType.List(boolean large, boolean _) -> large;
            case LogicalType.Json _ -> true;
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _,
                    LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                    LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.Map _, LogicalType.BFloat16 _ ->
                false;
        };
    }

    /// Entry `index` of a column's offsets.
    public static long offset(ColumnBuffers column, int index) {
        MemorySegment offsets = required(column, column.offsets(), "offsets");
        return largeOffsets(column.field().type()) ? offsets.get(LONG, (long) index << 3) : offsets.get(INT, (long) index << 2);
    }

    static MemorySegment required(ColumnBuffers column, @Nullable MemorySegment buffer, String what) {
        if (buffer == null) {
            throw new IllegalArgumentException("column " + column.field().name() + " has no " + what);
        }
        return buffer;
    }

    /// The column without values: every row null.
    public static ColumnBuffers allNull(Field field, int rowCount, SegmentAllocator memory) {
        ColumnBuilder builder = ColumnBuilder.of(field);
        for (int i = 0; i < rowCount; i++) {
            builder.appendNull();
        }
        return builder.build(memory);
    }

    /// The first `rowCount` rows, a view of the same memory.
    public static ColumnBuffers head(ColumnBuffers column, int rowCount) {
        if (rowCount == column.rowCount()) {
            return column;
        }
        MemorySegment validity = column.validity();
        int nullCount = validity == null ? 0 : rowCount - Bits.countSet(validity, rowCount);
        List<ColumnBuffers> children = new ArrayList<>();
        for (ColumnBuffers child : column.children()) {
            children.add(
                    switch (column.field().type()) {
                        case LogicalType.FixedSizeList f -> head(child, rowCount * f.dimension());
                        case LogicalType.Struct _ -> head(child, rowCount);
                        case LogicalType.List _, LogicalType.Map _ ->
                            head(child, Math.toIntExact(offset(column, rowCount)));
                        default -> child;
                    });
        }
        return new ColumnBuffers(
                column.field(),
                rowCount,
                nullCount,
                nullCount == 0 ? null : validity,
                column.offsets(),
                column.values(),
                children);
    }

    /// A copy of rows `[startRow, startRow + rowCount)`.
    public static ColumnBuffers slice(ColumnBuffers column, int startRow, int rowCount, SegmentAllocator memory) {
        if (startRow < 0 || rowCount < 0 || startRow > column.rowCount() - rowCount) {
            throw new IllegalArgumentException(
                    "rows " + startRow + "+" + rowCount + " of " + column.rowCount() + " in " + column.field().name());
        }
        MemorySegment validity = null;
        int nullCount = 0;
        if (column.validity() != null) {
            validity = Bits.allocate(memory, rowCount);
            Bits.copy(column.validity(), startRow, validity, 0, rowCount);
            nullCount = rowCount - Bits.countSet(validity, rowCount);
            validity = nullCount == 0 ? null : validity;
        }
        LogicalType type = column.field().type();
        MemorySegment offsets = null;
        MemorySegment values = null;
        List<ColumnBuffers> children = new ArrayList<>();
        switch (type) {
            case LogicalType.Null _ -> {}
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> {
                offsets = sliceOffsets(column, startRow, rowCount, memory);
                long start = offset(column, startRow);
                long size = offset(column, startRow + rowCount) - start;
                values = memory.allocate(size, 8);
                if (size > 0) {
                    MemorySegment.copy(required(column, column.values(), "values"), start, values, 0, size);
                }
            }
            case LogicalType.List _, LogicalType.Map _ -> {
                offsets = sliceOffsets(column, startRow, rowCount, memory);
                long start = offset(column, startRow);
                long count = offset(column, startRow + rowCount) - start;
                children.add(slice(
                        column.children().getFirst(), Math.toIntExact(start), Math.toIntExact(count), memory));
            }
            case LogicalType.FixedSizeList f ->
                children.add(slice(
                        column.children().getFirst(),
                        Math.multiplyExact(startRow, f.dimension()),
                        Math.multiplyExact(rowCount, f.dimension()),
                        memory));
            case LogicalType.Struct _ -> {
                for (ColumnBuffers child : column.children()) {
                    children.add(slice(child, startRow, rowCount, memory));
                }
            }
            case LogicalType.Dictionary d -> {
                values = sliceFixed(column, d.index().bitWidth(), startRow, rowCount, memory);
                ColumnBuffers dictionary = column.children().getFirst();
                children.add(slice(dictionary, 0, dictionary.rowCount(), memory));
            }
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _ ->
                values = sliceFixed(column, type.bitsPerValue(), startRow, rowCount, memory);
        }
        return new ColumnBuffers(column.field(), rowCount, nullCount, validity, offsets, values, children);
    }

    private static MemorySegment sliceFixed(
            ColumnBuffers column, int bitWidth, int startRow, int rowCount, SegmentAllocator memory) {
        MemorySegment source = required(column, column.values(), "values");
        if (bitWidth == 1) {
            MemorySegment bits = Bits.allocate(memory, rowCount);
            Bits.copy(source, startRow, bits, 0, rowCount);
            return bits;
        }
        long width = bitWidth / 8;
        MemorySegment values = memory.allocate(rowCount * width, 8);
        MemorySegment.copy(source, startRow * width, values, 0, rowCount * width);
        return values;
    }

    private static MemorySegment sliceOffsets(
            ColumnBuffers column, int startRow, int rowCount, SegmentAllocator memory) {
        boolean large = largeOffsets(column.field().type());
        MemorySegment offsets = memory.allocate((rowCount + 1L) * (large ? 8 : 4), 8);
        long start = offset(column, startRow);
        for (int i = 0; i <= rowCount; i++) {
            putOffset(offsets, large, i, offset(column, startRow + i) - start);
        }
        return offsets;
    }

    static void putOffset(MemorySegment offsets, boolean large, int index, long value) {
        if (large) {
            offsets.set(LONG, (long) index << 3, value);
        } else {
            offsets.set(INT, (long) index << 2, (int) value);
        }
    }

    /// The rows named, in the order named; a row may be named again, and -1 names a null.
    ///
    /// @throws IllegalArgumentException if strings or lists with 32-bit offsets grow past 2^31-1: take fewer rows
    public static ColumnBuffers take(ColumnBuffers column, int[] rows, SegmentAllocator memory) {
        int rowCount = rows.length;
        MemorySegment validity = null;
        int nullCount = 0;
        if (column.validity() != null || anyNegative(rows)) {
            validity = takeValidity(column, rows, memory);
            nullCount = rowCount - Bits.countSet(validity, rowCount);
            validity = nullCount == 0 ? null : validity;
        }
        LogicalType type = column.field().type();
        MemorySegment offsets = null;
        MemorySegment values = null;
        List<ColumnBuffers> children = new ArrayList<>();
        switch (type) {
            case LogicalType.Null _ -> {}
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> {
                offsets = takeOffsets(column, rows, memory);
                boolean large = largeOffsets(type);
                long size = large ? offsets.get(LONG, (long) rowCount << 3) : offsets.get(INT, (long) rowCount << 2);
                values = memory.allocate(size, 8);
                MemorySegment source = size == 0 ? MemorySegment.NULL : required(column, column.values(), "values");
                long at = 0;
                for (int row : rows) {
                    if (row < 0) {
                        continue;
                    }
                    long start = offset(column, row);
                    long length = offset(column, row + 1) - start;
                    if (length > 0) {
                        MemorySegment.copy(source, start, values, at, length);
                        at += length;
                    }
                }
            }
            case LogicalType.List _, LogicalType.Map _ -> {
                offsets = takeOffsets(column, rows, memory);
                boolean large = largeOffsets(type);
                int count = Math.toIntExact(
                        large ? offsets.get(LONG, (long) rowCount << 3) : offsets.get(INT, (long) rowCount << 2));
                int[] items = new int[count];
                int at = 0;
                for (int row : rows) {
                    if (row < 0) {
                        continue;
                    }
                    long end = offset(column, row + 1);
                    for (long item = offset(column, row); item < end; item++) {
                        items[at++] = Math.toIntExact(item);
                    }
                }
                children.add(take(column.children().getFirst(), items, memory));
            }
            case LogicalType.FixedSizeList f -> children.add(takeItems(column, f.dimension(), rows, memory));
            case LogicalType.Struct _ -> {
                for (ColumnBuffers child : column.children()) {
                    children.add(take(child, rows, memory));
                }
            }
            case LogicalType.Dictionary d -> {
                values = takeFixed(column, d.index().bitWidth(), rows, memory);
                ColumnBuffers dictionary = column.children().getFirst();
                children.add(slice(dictionary, 0, dictionary.rowCount(), memory));
            }
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _ ->
                values = takeFixed(column, type.bitsPerValue(), rows, memory);
        }
        return new ColumnBuffers(column.field(), rowCount, nullCount, validity, offsets, values, children);
    }

    private static ColumnBuffers takeItems(ColumnBuffers column, int dimension, int[] rows, SegmentAllocator memory) {
        ColumnBuffers items = column.children().getFirst();
        int itemCount = Math.multiplyExact(rows.length, dimension);
        int bitWidth = items.field().type().bitsPerValue();
        if (items.validity() == null && bitWidth >= 8) {
            // Whole vectors are moved, not their items.
            long width = (bitWidth / 8L) * dimension;
            MemorySegment source = required(items, items.values(), "values");
            MemorySegment values = memory.allocate(width * rows.length, 8);
            for (int i = 0; i < rows.length; i++) {
                if (rows[i] >= 0) {
                    MemorySegment.copy(source, rows[i] * width, values, i * width, width);
                } else {
                    values.asSlice(i * width, width).fill((byte) 0);
                }
            }
            return new ColumnBuffers(items.field(), itemCount, 0, null, null, values, List.of());
        }
        int[] itemRows = new int[itemCount];
        for (int i = 0; i < itemCount; i++) {
            int row = rows[i / dimension];
            itemRows[i] = row < 0 ? -1 : row * dimension + i % dimension;
        }
        return take(items, itemRows, memory);
    }

    private static boolean anyNegative(int[] rows) {
        for (int row : rows) {
            if (row < 0) {
                return true;
            }
        }
        return false;
    }

    private static MemorySegment takeValidity(ColumnBuffers column, int[] rows, SegmentAllocator memory) {
        MemorySegment bits = Bits.allocate(memory, rows.length);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= 0 && !column.isNull(rows[i])) {
                Bits.set(bits, i);
            }
        }
        return bits;
    }

    private static MemorySegment takeBits(MemorySegment source, int[] rows, SegmentAllocator memory) {
        MemorySegment bits = Bits.allocate(memory, rows.length);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= 0 && Bits.get(source, rows[i])) {
                Bits.set(bits, i);
            }
        }
        return bits;
    }

    private static MemorySegment takeFixed(ColumnBuffers column, int bitWidth, int[] rows, SegmentAllocator memory) {
        MemorySegment source = required(column, column.values(), "values");
        if (bitWidth == 1) {
            return takeBits(source, rows, memory);
        }
        long width = bitWidth / 8;
        MemorySegment values = memory.allocate(rows.length * width, 8);
        switch (bitWidth) {
            case 32 -> {
                for (int i = 0; i < rows.length; i++) {
                    values.set(INT, (long) i << 2, rows[i] < 0 ? 0 : source.get(INT, (long) rows[i] << 2));
                }
            }
            case 64 -> {
                for (int i = 0; i < rows.length; i++) {
                    values.set(LONG, (long) i << 3, rows[i] < 0 ? 0 : source.get(LONG, (long) rows[i] << 3));
                }
            }
            default -> {
                for (int i = 0; i < rows.length; i++) {
                    if (rows[i] >= 0) {
                        MemorySegment.copy(source, rows[i] * width, values, i * width, width);
                    } else {
                        values.asSlice(i * width, width).fill((byte) 0);
                    }
                }
            }
        }
        return values;
    }

    private static MemorySegment takeOffsets(ColumnBuffers column, int[] rows, SegmentAllocator memory) {
        boolean large = largeOffsets(column.field().type());
        MemorySegment offsets = memory.allocate((rows.length + 1L) * (large ? 8 : 4), 8);
        long end = 0;
        putOffset(offsets, large, 0, 0);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= 0) {
                end = Math.addExact(end, offset(column, rows[i] + 1) - offset(column, rows[i]));
            }
            if (!large && end > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "column " + column.field().name() + ": more than 2^31-1 bytes or items in one batch");
            }
            putOffset(offsets, large, i + 1, end);
        }
        return offsets;
    }

    /// `take` for all columns of a batch.
    public static Batch take(Batch batch, int[] rows, BufferSources sources) {
        BufferSource memory = sources.open();
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (ColumnBuffers column : batch.columns()) {
                columns.add(take(column, rows, memory));
            }
            return new Batch(batch.schema(), rows.length, columns, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /// Rows `[startRow, startRow + rowCount)` as a batch of their own.
    public static Batch slice(Batch batch, int startRow, int rowCount, BufferSources sources) {
        BufferSource memory = sources.open();
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (ColumnBuffers column : batch.columns()) {
                columns.add(slice(column, startRow, rowCount, memory));
            }
            return new Batch(batch.schema(), rowCount, columns, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /// The bytes of row `rowIndex` of a string or binary column.
    public static byte[] bytes(ColumnBuffers column, int rowIndex) {
        long start = offset(column, rowIndex);
        int length = Math.toIntExact(offset(column, rowIndex + 1) - start);
        byte[] bytes = new byte[length];
        if (length > 0) {
            MemorySegment.copy(
                    required(column, column.values(), "values"), ValueLayout.JAVA_BYTE, start, bytes, 0, length);
        }
        return bytes;
    }
}
