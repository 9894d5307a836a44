// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Casts one value that is not null into the same row of another buffer.
@FunctionalInterface
interface ValueCast {
    void cast(ColumnBuffers source, int row, MemorySegment target);

    /// Between types of one width that {@link ColumnCast#isPossible} allows.
    static ValueCast of(Field from, Field to) {
        return switch (from.type()) {
            case LogicalType.Int source when to.type() instanceof LogicalType.Int target -> ints(source, to, target);
            case LogicalType.FloatingPoint(int width) when to.type() instanceof LogicalType.FloatingPoint(int target) ->
                (column, row, values) -> putFloat(values, row, target, floating(column, row, width));
            case LogicalType.Decimal source when to.type() instanceof LogicalType.Decimal target ->
                decimals(source, to, target);
            case LogicalType type -> {
                TimeCast cast = TimeCast.of(type, to);
                int fromWidth = type.bitsPerValue();
                int toWidth = to.type().bitsPerValue();
                yield (column, row, values) -> FixedValues.put(
                        values, row, toWidth, cast.apply(FixedValues.signed(column, row, fromWidth)));
            }
        };
    }

    private static ValueCast ints(LogicalType.Int from, Field field, LogicalType.Int to) {
        boolean alwaysFits = to.bitWidth() > from.bitWidth() && (to.signed() || !from.signed());
        return (column, row, values) -> {
            long value = from.signed()
                    ? FixedValues.signed(column, row, from.bitWidth())
                    : FixedValues.unsigned(column, row, from.bitWidth());
            if (!alwaysFits && !fits(value, from.signed(), to)) {
                throw doesNotFit(field, from.signed() ? Long.toString(value) : Long.toUnsignedString(value));
            }
            FixedValues.put(values, row, to.bitWidth(), value);
        };
    }

    private static boolean fits(long value, boolean signed, LogicalType.Int to) {
        if (value < 0) {
            return signed
                    ? to.signed() && value >= -1L << (to.bitWidth() - 1)
                    : !to.signed() && to.bitWidth() == 64;
        }
        int valueBits = to.signed() ? to.bitWidth() - 1 : to.bitWidth();
        return valueBits >= 63 || value >>> valueBits == 0;
    }

    private static double floating(ColumnBuffers column, int row, int bitWidth) {
        long bits = FixedValues.signed(column, row, bitWidth);
        return switch (bitWidth) {
            case 16 -> Float.float16ToFloat((short) bits);
            case 32 -> Float.intBitsToFloat((int) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }

    private static void putFloat(MemorySegment values, int row, int bitWidth, double value) {
        long bits = switch (bitWidth) {
            case 16 -> Float.floatToFloat16((float) value);
            case 32 -> Float.floatToRawIntBits((float) value);
            default -> Double.doubleToRawLongBits(value);
        };
        FixedValues.put(values, row, bitWidth, bits);
    }

    private static ValueCast decimals(LogicalType.Decimal from, Field field, LogicalType.Decimal to) {
        BigInteger limit = BigInteger.TEN.pow(to.precision());
        return (column, row, values) -> {
            BigDecimal value = new BigDecimal(FixedValues.big(column, row, from.bitWidth()), from.scale());
            BigInteger digits = value.setScale(to.scale(), RoundingMode.HALF_UP).unscaledValue();
            if (digits.abs().compareTo(limit) >= 0) {
                throw doesNotFit(field, value.toPlainString());
            }
            FixedValues.putBig(values, row, to.bitWidth(), digits);
        };
    }

    static IllegalArgumentException doesNotFit(Field field, String value) {
        return new IllegalArgumentException("column '" + field.name() + "': " + value + " does not fit into "
                + LogicalTypes.format(field.type()));
    }
}
