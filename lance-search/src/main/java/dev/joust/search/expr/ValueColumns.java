// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Bits;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Values that were worked out as columns of a batch.
final class ValueColumns {
    private static final long MAX_SMALL_OFFSET = Integer.MAX_VALUE;

    private ValueColumns() {}

    /// @param field whose type the values have
    static ColumnBuffers column(Values values, Field field, int rowCount, SegmentAllocator memory) {
        if (values instanceof Values.Nulls || values instanceof Values.Nested) {
            return nested(values, field, rowCount, memory);
        }
        if (field.type() instanceof LogicalType.Dictionary) {
            return dictionary(values, field, rowCount, memory);
        }
        MemorySegment validity = validity(values, rowCount, memory);
        int nullCount = validity == null ? 0 : rowCount - Bits.countSet(validity, rowCount);
        requireNullable(field, nullCount);
        MemorySegment kept = nullCount == 0 ? null : validity;
        return switch (values) {
            case Values.Bools bools -> plain(field, rowCount, nullCount, kept, bits(bools, rowCount, memory));
            case Values.Longs longs -> plain(field, rowCount, nullCount, kept, longs(longs, field.type(), rowCount, memory));
            case Values.Doubles doubles -> plain(field, rowCount, nullCount, kept, doubles(doubles, field.type(), rowCount, memory));
            case Values.Decimals decimals ->
                plain(field, rowCount, nullCount, kept, decimals(decimals, (LogicalType.Decimal) field.type(), rowCount, memory));
            case Values.Bytes bytes -> bytes(bytes, field, rowCount, nullCount, kept, memory);
            case Values.Nulls _, Values.Nested _ -> throw new IllegalStateException();
        };
    }

    static void requireNullable(Field field, int nullCount) {
        if (nullCount > 0 && !field.nullable()) {
            throw new IllegalArgumentException("column '" + field.name() + "' takes no nulls, and " + nullCount + " rows are null");
        }
    }

    private static ColumnBuffers plain(
            Field field, int rowCount, int nullCount, @Nullable MemorySegment validity, MemorySegment values) {
        return new ColumnBuffers(field, rowCount, nullCount, validity, null, values, List.of());
    }

    private static ColumnBuffers nested(Values values, Field field, int rowCount, SegmentAllocator memory) {
        if (!(values instanceof Values.Nested nested)) {
            requireNullable(field, rowCount);
            return Columns.allNull(field, rowCount, memory);
        }
        ColumnBuffers copy;
        if (nested.constant) {
            copy = Columns.take(nested.column, new int[rowCount], memory);
        } else {
            copy = Columns.slice(nested.column, 0, rowCount, memory);
        }
        MemorySegment validity = validity(values, rowCount, memory);
        int nullCount = validity == null ? 0 : rowCount - Bits.countSet(validity, rowCount);
        requireNullable(field, nullCount);
        return copy.with(field, copy.children()).withNulls(nullCount, validity);
    }

    private static ColumnBuffers dictionary(Values values, Field field, int rowCount, SegmentAllocator memory) {
        ColumnBuilder builder = ColumnBuilder.of(field);
        for (int row = 0; row < rowCount; row++) {
            builder.append(
                    values.isValid(row)
                            ? switch (values) {
                                case Values.Bools bools -> (Object) bools.get(row);
                                case Values.Longs longs -> longs.get(row);
                                case Values.Doubles doubles -> doubles.get(row);
                                case Values.Decimals decimals -> decimals.get(row);
                                case Values.Bytes bytes -> bytes.get(row);
                                case Values.Nulls _, Values.Nested _ -> throw new IllegalStateException();
                            }
                            : null);
        }
        return builder.build(memory);
    }

    private static @Nullable MemorySegment validity(Values values, int rowCount, SegmentAllocator memory) {
        if (values.valid == null) {
            return null;
        }
        long[] valid = values.valid;
        if (values.constant) {
            valid = new long[Values.words(rowCount)];
            Arrays.fill(valid, values.isValid(0) ? -1L : 0);
        }
        return bitmap(valid, rowCount, memory);
    }

    /// Bits past `rowCount` are 0.
    private static MemorySegment bitmap(long[] bits, int rowCount, SegmentAllocator memory) {
        MemorySegment bitmap = memory.allocate((long) Values.words(rowCount) << 3, 8);
        MemorySegment.copy(bits, 0, bitmap, ValueLayout.JAVA_LONG_UNALIGNED, 0, Values.words(rowCount));
        if ((rowCount & 63) != 0) {
            long last = (long) (rowCount >>> 6) << 3;
            long kept = bitmap.get(ValueLayout.JAVA_LONG_UNALIGNED, last) & ((1L << rowCount) - 1);
            bitmap.set(ValueLayout.JAVA_LONG_UNALIGNED, last, kept);
        }
        return bitmap;
    }

    private static MemorySegment bits(Values.Bools bools, int rowCount, SegmentAllocator memory) {
        long[] bits = bools.bits;
        if (bools.constant) {
            bits = new long[Values.words(rowCount)];
            Arrays.fill(bits, bools.get(0) ? -1L : 0);
        }
        return bitmap(bits, rowCount, memory);
    }

    private static MemorySegment longs(Values.Longs longs, LogicalType type, int rowCount, SegmentAllocator memory) {
        int byteWidth = type.bitsPerValue() >>> 3;
        MemorySegment target = memory.allocate((long) rowCount * byteWidth, 8);
        for (int row = 0; row < rowCount; row++) {
            long value = longs.get(row);
            switch (byteWidth) {
                case 1 -> target.set(ValueLayout.JAVA_BYTE, row, (byte) value);
                case 2 -> target.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) row << 1, (short) value);
                case 4 -> target.set(ValueLayout.JAVA_INT_UNALIGNED, (long) row << 2, (int) value);
                default -> target.set(ValueLayout.JAVA_LONG_UNALIGNED, (long) row << 3, value);
            }
        }
        return target;
    }

    private static MemorySegment doubles(Values.Doubles doubles, LogicalType type, int rowCount, SegmentAllocator memory) {
        int byteWidth = type.bitsPerValue() >>> 3;
        MemorySegment target = memory.allocate((long) rowCount * byteWidth, 8);
        for (int row = 0; row < rowCount; row++) {
            double value = doubles.get(row);
            switch (byteWidth) {
                case 2 -> target.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) row << 1, Float.floatToFloat16((float) value));
                case 4 -> target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) row << 2, (float) value);
                default -> target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) row << 3, value);
            }
        }
        return target;
    }

    private static MemorySegment decimals(
            Values.Decimals decimals, LogicalType.Decimal type, int rowCount, SegmentAllocator memory) {
        int byteWidth = type.bitWidth() >>> 3;
        MemorySegment target = memory.allocate((long) rowCount * byteWidth, 8);
        for (int row = 0; row < rowCount; row++) {
            BigDecimal value = decimals.isValid(row) ? decimals.get(row) : BigDecimal.ZERO;
            BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
            if (unscaled.bitLength() >= type.bitWidth()) {
                throw new IllegalArgumentException(value.toPlainString() + " does not fit " + ExpressionBuilder.describe(type));
            }
            byte[] bigEndian = unscaled.toByteArray();
            byte sign = (byte) (unscaled.signum() < 0 ? -1 : 0);
            for (int i = 0; i < byteWidth; i++) {
                byte next = i < bigEndian.length ? bigEndian[bigEndian.length - 1 - i] : sign;
                target.set(ValueLayout.JAVA_BYTE, (long) row * byteWidth + i, next);
            }
        }
        return target;
    }

    private static ColumnBuffers bytes(
            Values.Bytes bytes,
            Field field,
            int rowCount,
            int nullCount,
            @Nullable MemorySegment validity,
            SegmentAllocator memory) {
        if (field.type() instanceof LogicalType.FixedSizeBinary(int byteWidth)) {
            return plain(field, rowCount, nullCount, validity, fixed(bytes, field, byteWidth, rowCount, memory));
        }
        boolean large = Columns.largeOffsets(field.type());
        MemorySegment offsets = memory.allocate((rowCount + 1L) * (large ? 8 : 4), 8);
        long end = 0;
        for (int row = 0; row <= rowCount; row++) {
            if (large) {
                offsets.set(ValueLayout.JAVA_LONG_UNALIGNED, (long) row << 3, end);
            } else if (end <= MAX_SMALL_OFFSET) {
                offsets.set(ValueLayout.JAVA_INT_UNALIGNED, (long) row << 2, (int) end);
            } else {
                throw new IllegalArgumentException("column '" + field.name() + "' grows past 2^31-1 bytes in one batch");
            }
            if (row < rowCount && bytes.isValid(row)) {
                end += (long) bytes.end(row) - bytes.start(row);
            }
        }
        MemorySegment values = memory.allocate(end, 8);
        byte[] data = bytes.data();
        long at = 0;
        for (int row = 0; row < rowCount; row++) {
            if (bytes.isValid(row)) {
                int length = bytes.end(row) - bytes.start(row);
                MemorySegment.copy(data, bytes.start(row), values, ValueLayout.JAVA_BYTE, at, length);
                at += length;
            }
        }
        return new ColumnBuffers(field, rowCount, nullCount, validity, offsets, values, List.of());
    }

    private static MemorySegment fixed(
            Values.Bytes bytes, Field field, int byteWidth, int rowCount, SegmentAllocator memory) {
        MemorySegment values = memory.allocate((long) rowCount * byteWidth, 8).fill((byte) 0);
        for (int row = 0; row < rowCount; row++) {
            if (bytes.isValid(row)) {
                int length = bytes.end(row) - bytes.start(row);
                if (length != byteWidth) {
                    throw new IllegalArgumentException(
                            "column '" + field.name() + "' takes " + byteWidth + " bytes, not " + length);
                }
                MemorySegment.copy(
                        bytes.data(), bytes.start(row), values, ValueLayout.JAVA_BYTE, (long) row * byteWidth, byteWidth);
            }
        }
        return values;
    }
}
