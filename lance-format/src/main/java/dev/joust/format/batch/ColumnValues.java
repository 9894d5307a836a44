// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;

/// Rows of a column as Java values, as {@link ColumnBuilder} takes them.
///
///     bool Boolean                     uint8 Short, uint16 Integer, uint32 Long, uint64 Long (BigInteger from 2^63 up)
///     int8 .. int64  Byte .. Long      halffloat, bfloat16, float  Float     double Double     decimal BigDecimal
///     string String                    binary, fixed_size_binary, json  byte[]
///     date LocalDate                   time LocalTime                        duration Duration
///     timestamp  LocalDateTime, with a time zone Instant
///     fixed-size list  float[] or double[] of floats and doubles without nulls, else List
///     list List                        struct Map by name, in order          map Map, in order
public final class ColumnValues {
    private ColumnValues() {}

    /// The value at a row, null where it is null.
    public static @Nullable Object get(ColumnBuffers column, int rowIndex) {
        if (column.isNull(rowIndex)) {
            return null;
        }
        LogicalType type = column.field().type();
        return switch (type) {
            case LogicalType.Null _ -> null;
            case LogicalType.Bool _ -> Bits.get(values(column), rowIndex);
            case LogicalType.Int(int bitWidth, boolean signed) ->
                signed ? signed(column, rowIndex, bitWidth) : unsigned(column, rowIndex, bitWidth);
            case LogicalType.FloatingPoint(int bitWidth) -> {
                MemorySegment values = values(column);
                yield switch (bitWidth) {
                    case 16 ->
                        (Object) Float.float16ToFloat(values.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) rowIndex << 1));
                    case 32 -> (Object) Float.intBitsToFloat(values.get(Columns.INT, (long) rowIndex << 2));
                    default -> (Object) Double.longBitsToDouble(values.get(Columns.LONG, (long) rowIndex << 3));
                };
            }
            case LogicalType.BFloat16 _ ->
                Float.intBitsToFloat(values(column).get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) rowIndex << 1) << 16);
            case LogicalType.Decimal(int bitWidth, int _, int scale) ->
                new BigDecimal(new BigInteger(reversed(fixed(column, rowIndex, bitWidth >>> 3))), scale);
            case LogicalType.Utf8 _ -> new String(Columns.bytes(column, rowIndex), StandardCharsets.UTF_8);
            case LogicalType.Binary _, LogicalType.Json _ -> Columns.bytes(column, rowIndex);
            case LogicalType.FixedSizeBinary(int byteWidth) -> fixed(column, rowIndex, byteWidth);
            case LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _ ->
                Times.fromUnits(
                        type.bitsPerValue() == 32
                                ? values(column).get(Columns.INT, (long) rowIndex << 2)
                                : values(column).get(Columns.LONG, (long) rowIndex << 3),
                        type);
            case LogicalType.Dictionary _ -> {
                ColumnBuffers dictionary = column.children().getFirst();
                long index = Dictionaries.index(column, rowIndex);
                yield get(dictionary, java.util.Objects.checkIndex((int) index, dictionary.rowCount()));
            }
            case LogicalType.FixedSizeList f -> vector(column, rowIndex, f.dimension());
            case LogicalType.List _ ->
                items(
                        column.children().getFirst(),
                        Columns.offset(column, rowIndex),
                        Columns.offset(column, rowIndex + 1));
            case LogicalType.Struct _ -> {
                Map<String, @Nullable Object> struct = new LinkedHashMap<>();
                for (ColumnBuffers child : column.children()) {
                    struct.put(child.field().name(), get(child, rowIndex));
                }
                yield struct;
            }
            case LogicalType.Map _ -> {
                Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
                List<ColumnBuffers> entry = column.children().getFirst().children();
                for (long i = Columns.offset(column, rowIndex); i < Columns.offset(column, rowIndex + 1); i++) {
                    map.put(get(entry.get(0), (int) i), get(entry.get(1), (int) i));
                }
                yield map;
            }
        };
    }

    private static MemorySegment values(ColumnBuffers column) {
        return Columns.required(column, column.values(), "values");
    }

    private static Object signed(ColumnBuffers column, int rowIndex, int bitWidth) {
        MemorySegment values = values(column);
        return switch (bitWidth) {
            case 8 -> values.get(ValueLayout.JAVA_BYTE, rowIndex);
            case 16 -> values.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) rowIndex << 1);
            case 32 -> (Object) values.get(Columns.INT, (long) rowIndex << 2);
            default -> values.get(Columns.LONG, (long) rowIndex << 3);
        };
    }

    private static Object unsigned(ColumnBuffers column, int rowIndex, int bitWidth) {
        MemorySegment values = values(column);
        return switch (bitWidth) {
            case 8 -> (Object) (short) (values.get(ValueLayout.JAVA_BYTE, rowIndex) & 0xff);
            case 16 -> (Object) (values.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) rowIndex << 1) & 0xffff);
            case 32 -> (Object) (values.get(Columns.INT, (long) rowIndex << 2) & 0xffff_ffffL);
            default -> {
                long bits = values.get(Columns.LONG, (long) rowIndex << 3);
                yield bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
            }
        };
    }

    private static byte[] fixed(ColumnBuffers column, int rowIndex, int byteWidth) {
        byte[] bytes = new byte[byteWidth];
        MemorySegment.copy(values(column), ValueLayout.JAVA_BYTE, (long) rowIndex * byteWidth, bytes, 0, byteWidth);
        return bytes;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static Object vector(ColumnBuffers column, int rowIndex, int dimension) {
        ColumnBuffers items = column.children().getFirst();
        long start = (long) rowIndex * dimension;
        if (items.validity() == null && items.field().type() instanceof LogicalType.FloatingPoint(int bitWidth)) {
            if (bitWidth == 32) {
                float[] vector = new float[dimension];
                MemorySegment.copy(values(items), ValueLayout.JAVA_FLOAT_UNALIGNED, start << 2, vector, 0, dimension);
                return vector;
            }
            if (bitWidth == 64) {
                double[] vector = new double[dimension];
                MemorySegment.copy(values(items), ValueLayout.JAVA_DOUBLE_UNALIGNED, start << 3, vector, 0, dimension);
                return vector;
            }
        }
        return items(items, start, start + dimension);
    }

    private static List<@Nullable Object> items(ColumnBuffers items, long start, long end) {
        List<@Nullable Object> list = new ArrayList<>();
        for (long i = start; i < end; i++) {
            list.add(get(items, (int) i));
        }
        return list;
    }

    /// The rows of a batch, each a map from column name to value, in the columns' order.
    public static List<Map<String, @Nullable Object>> rows(Batch batch) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < batch.rowCount(); i++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (ColumnBuffers column : batch.columns()) {
                row.put(column.field().name(), get(column, i));
            }
            rows.add(row);
        }
        return rows;
    }
}
