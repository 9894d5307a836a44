// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Values of one width: numbers, times, decimals, fixed-size binary.
final class FixedWidthBuilder extends ColumnBuilder {
    private final GrowingBytes values = new GrowingBytes();
    private final LogicalType type;
    private final int byteWidth;

    FixedWidthBuilder(Field field) {
        super(field);
        type = field.type();
        byteWidth = type.bitsPerValue() >>> 3;
    }

    @Override
    void appendValue(Object value) {
        switch (type) {
            case LogicalType.Int(int bitWidth, boolean signed) -> putWhole(whole(value), bitWidth, signed, value);
            case LogicalType.FloatingPoint(int bitWidth) -> {
                if (!(value instanceof Number number)) {
                    throw wrong(value, "a number");
                }
                switch (bitWidth) {
                    case 16 -> values.putShort(Float.floatToFloat16(number.floatValue()));
                    case 32 -> values.putInt(Float.floatToRawIntBits(number.floatValue()));
                    default -> values.putLong(Double.doubleToRawLongBits(number.doubleValue()));
                }
            }
            case LogicalType.BFloat16 _ -> {
                if (!(value instanceof Number number)) {
                    throw wrong(value, "a number");
                }
                values.putShort(toBFloat16(number.floatValue()));
            }
            case LogicalType.Decimal(int bitWidth, int precision, int scale) ->
                putDecimal(value, bitWidth, precision, scale);
            case LogicalType.FixedSizeBinary(int width) -> {
                byte[] bytes = BytesBuilder.bytesOf(value);
                if (bytes == null) {
                    throw wrong(value, "byte[]");
                }
                if (bytes.length != width) {
                    throw misfit(bytes.length + " bytes", "given, " + width + " expected");
                }
                values.putBytes(bytes, 0, width);
            }
            case LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _ ->
                putTime(value);
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Utf8 _, LogicalType.Binary _,
                    LogicalType.Dictionary _, LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _,
                    LogicalType.Map _, LogicalType.Json _ ->
                throw new AssertionError(type);
        }
    }

    /// Rounds to the nearest, ties to even, as hardware does.
    static short toBFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private BigInteger whole(Object value) {
        return switch (value) {
            case Byte n -> BigInteger.valueOf(n);
            case Short n -> BigInteger.valueOf(n);
            case Integer n -> BigInteger.valueOf(n);
            case Long n -> BigInteger.valueOf(n);
            case BigInteger n -> n;
            default -> throw wrong(value, "a whole number");
        };
    }

    private void putWhole(BigInteger number, int bitWidth, boolean signed, Object value) {
        boolean fits = signed
                ? number.bitLength() < bitWidth
                : number.signum() >= 0 && number.bitLength() <= bitWidth;
        if (!fits) {
            throw misfit(value, "does not fit " + LogicalTypes.format(type));
        }
        putLow(number.longValue(), bitWidth);
    }

    private void putLow(long number, int bitWidth) {
        switch (bitWidth) {
            case 8 -> values.putByte((byte) number);
            case 16 -> values.putShort((short) number);
            case 32 -> values.putInt((int) number);
            default -> values.putLong(number);
        }
    }

    private void putDecimal(Object value, int bitWidth, int precision, int scale) {
        BigDecimal number = value instanceof BigDecimal decimal ? decimal : new BigDecimal(whole(value));
        BigInteger unscaled;
        try {
            unscaled = number.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
        } catch (ArithmeticException e) {
            throw misfit(value, "has more than " + scale + " decimal places");
        }
        if (unscaled.signum() != 0 && new BigDecimal(unscaled).precision() > precision) {
            throw misfit(value, "has more than " + precision + " digits");
        }
        byte[] bigEndian = unscaled.toByteArray();
        byte sign = (byte) (unscaled.signum() < 0 ? -1 : 0);
        for (int i = 0; i < bitWidth >>> 3; i++) {
            values.putByte(i < bigEndian.length ? bigEndian[bigEndian.length - 1 - i] : sign);
        }
    }

    private void putTime(Object value) {
        long units;
        try {
            units = Times.toUnits(value, type);
        } catch (ArithmeticException e) {
            throw misfit(value, "does not fit " + LogicalTypes.format(type));
        } catch (ClassCastException e) {
            throw wrong(value, Times.expected(type));
        }
        if (type.bitsPerValue() == 32 && units != (int) units) {
            throw misfit(value, "does not fit " + LogicalTypes.format(type));
        }
        putLow(units, type.bitsPerValue());
    }

    /// Items of a vector column, at once.
    void appendFloats(float[] items) {
        values.putFloats(items);
        for (int i = 0; i < items.length; i++) {
            added(true);
        }
    }

    @Override
    void appendEmpty() {
        values.putZeros(byteWidth);
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        return new ColumnBuffers(field(), rows, nulls, validityBits, null, values.moveTo(memory), List.of());
    }
}
