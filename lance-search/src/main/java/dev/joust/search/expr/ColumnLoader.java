// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.Bits;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.schema.LogicalType;

/// Columns of a batch as {@link Values}.
final class ColumnLoader {
    private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

    private ColumnLoader() {}

    static Values load(Batch batch, List<String> path, Arena arena) {
        ColumnBuffers column = batch.column(path.getFirst());
        long[] valid = validity(column, null);
        for (String name : path.subList(1, path.size())) {
            ColumnBuffers parent = column;
            column = parent.children().stream()
                    .filter(child -> child.field().name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no field '" + name + "' in " + parent.field()));
            valid = validity(column, valid);
        }
        return load(column, valid, arena);
    }

    /// The rows of a column that is on its own.
    static Values load(ColumnBuffers column, Arena arena) {
        return load(column, validity(column, null), arena);
    }

    private static Values load(ColumnBuffers given, long @Nullable [] parents, Arena arena) {
        ColumnBuffers column = given;
        long[] valid = parents;
        if (Dictionaries.isDictionary(column.field())) {
            column = Dictionaries.decode(column, arena);
            valid = validity(column, valid);
        }
        return load(column, valid);
    }

    /// The column's own validity where its parents are valid.
    private static long @Nullable [] validity(ColumnBuffers column, long @Nullable [] parents) {
        if (column.field().type() instanceof LogicalType.Null) {
            return new long[Values.words(column.rowCount())];
        }
        MemorySegment bitmap = column.validity();
        if (bitmap == null) {
            return parents;
        }
        long[] valid = bits(bitmap, column.rowCount());
        for (int i = 0; parents != null && i < valid.length; i++) {
            valid[i] &= parents[i];
        }
        return valid;
    }

    /// Bits past `rowCount` are 0.
    private static long[] bits(MemorySegment bitmap, int rowCount) {
        long[] bits = new long[Values.words(rowCount)];
        int wholeWords = rowCount >>> 6;
        MemorySegment.copy(bitmap, ValueLayout.JAVA_LONG_UNALIGNED, 0, bits, 0, wholeWords);
        for (int i = wholeWords << 6; i < rowCount; i++) {
            if (Bits.get(bitmap, i)) {
                Values.setBit(bits, i);
            }
        }
        return bits;
    }

    private static Values load(ColumnBuffers column, long @Nullable [] valid) {
        int rowCount = column.rowCount();
        MemorySegment values = column.values();
        return switch (column.field().type()) {
            case LogicalType.Null _ -> new Values.Nulls();
            case LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _,
                    LogicalType.Dictionary _ ->
                new Values.Nested(column, valid, false);
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> {
                long first = Columns.offset(column, 0);
                long sizeBytes = Columns.offset(column, rowCount) - first;
                requireArray(column, sizeBytes);
                int[] starts = new int[rowCount + 1];
                for (int i = 1; i <= rowCount; i++) {
                    starts[i] = (int) (Columns.offset(column, i) - first);
                }
                yield new Values.Bytes(present(values).asSlice(first, sizeBytes), starts, valid, false);
            }
            case LogicalType.FixedSizeBinary(int byteWidth) -> {
                requireArray(column, (long) rowCount * byteWidth);
                int[] starts = new int[rowCount + 1];
                for (int i = 1; i <= rowCount; i++) {
                    starts[i] = i * byteWidth;
                }
                yield new Values.Bytes(present(values), starts, valid, false);
            }
            case LogicalType.Bool _ -> new Values.Bools(bits(present(values), rowCount), valid, false);
            case LogicalType.Decimal _ -> {
                BigDecimal[] decimals = new BigDecimal[rowCount];
                for (int i = 0; i < rowCount; i++) {
                    decimals[i] = column.isNull(i) ? BigDecimal.ZERO : (BigDecimal) ColumnValues.get(column, i);
                }
                yield new Values.Decimals(decimals, valid, false);
            }
            case LogicalType.FloatingPoint(int bitWidth) ->
                new Values.Doubles(doubles(present(values), rowCount, bitWidth), valid, false);
            case LogicalType.BFloat16 _ -> {
                double[] doubles = new double[rowCount];
                for (int i = 0; i < rowCount; i++) {
                    int bits = present(values).get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i << 1) << 16;
                    doubles[i] = Float.intBitsToFloat(bits);
                }
                yield new Values.Doubles(doubles, valid, false);
            }
            case LogicalType.Int(int bitWidth, boolean signed) ->
                new Values.Longs(longs(present(values), rowCount, bitWidth, signed), valid, false);
            case LogicalType.Date(int bitWidth) ->
                new Values.Longs(longs(present(values), rowCount, bitWidth, true), valid, false);
            case LogicalType.Time(LogicalType.TimeUnit _, int bitWidth) ->
                new Values.Longs(longs(present(values), rowCount, bitWidth, true), valid, false);
            case LogicalType.Timestamp _, LogicalType.Duration _ ->
                new Values.Longs(longs(present(values), rowCount, 64, true), valid, false);
        };
    }

    private static void requireArray(ColumnBuffers column, long sizeBytes) {
        if (sizeBytes > MOST_BYTES) {
            throw new IllegalArgumentException("column '" + column.field().name() + "' has " + sizeBytes
                    + " bytes in one batch, and an expression takes " + MOST_BYTES + ": ask for fewer rows per batch");
        }
    }

    private static MemorySegment present(@Nullable MemorySegment values) {
        return values == null ? MemorySegment.NULL : values;
    }

    private static double[] doubles(MemorySegment source, int rowCount, int bitWidth) {
        double[] values = new double[rowCount];
        switch (bitWidth) {
            case 16 -> {
                for (int i = 0; i < rowCount; i++) {
                    values[i] = Float.float16ToFloat(source.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i << 1));
                }
            }
            case 32 -> {
                for (int i = 0; i < rowCount; i++) {
                    values[i] = source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i << 2);
                }
            }
            default -> MemorySegment.copy(source, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values, 0, rowCount);
        }
        return values;
    }

    private static long[] longs(MemorySegment source, int rowCount, int bitWidth, boolean signed) {
        long[] values = new long[rowCount];
        switch (bitWidth) {
            case 8 -> {
                for (int i = 0; i < rowCount; i++) {
                    byte value = source.get(ValueLayout.JAVA_BYTE, i);
                    values[i] = signed ? value : Byte.toUnsignedLong(value);
                }
            }
            case 16 -> {
                for (int i = 0; i < rowCount; i++) {
                    short value = source.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i << 1);
                    values[i] = signed ? value : Short.toUnsignedLong(value);
                }
            }
            case 32 -> {
                for (int i = 0; i < rowCount; i++) {
                    int value = source.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i << 2);
                    values[i] = signed ? value : Integer.toUnsignedLong(value);
                }
            }
            default -> MemorySegment.copy(source, ValueLayout.JAVA_LONG_UNALIGNED, 0, values, 0, rowCount);
        }
        return values;
    }
}
