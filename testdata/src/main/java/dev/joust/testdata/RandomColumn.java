// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

import dev.joust.testdata.RandomBatches.Nulls;
import dev.joust.testdata.RandomBatches.Values;

/// Fills one vector: the values first, below nulls too, then the validity.
final class RandomColumn {
    private static final double[] SPECIAL = {
        0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE
    };
    private static final String[] WORDS = {"red", "blue", "star", "Zürich", "東京", "🙂", "golf ball", ""};
    private static final List<Values> ALL_VALUES = List.of(Values.values());
    private static final List<Nulls> ALL_NULLS = List.of(Nulls.values());
    private static final int RUN_LENGTH = 50;
    private static final int DISTINCT = 12;
    private static final int LONG_LIST = 3000;
    private static final int MANY_LISTS = 20_000;

    private final SplittableRandom random;
    private final Values values;

    private RandomColumn(Values values, SplittableRandom random) {
        this.values = values;
        this.random = random;
    }

    static void fill(FieldVector vector, int rowCount, Values values, Nulls nulls, SplittableRandom random) {
        new RandomColumn(values, random).fillValues(vector, rowCount);
        setValidity(vector, rowCount, nulls, random);
    }

    private void fillValues(FieldVector vector, int rowCount) {
        ArrowType type = vector.getField().getType();
        switch (vector) {
            case FixedSizeListVector list -> {
                int itemCount = Math.multiplyExact(rowCount, list.getListSize());
                list.setInitialCapacity(rowCount);
                list.allocateNew();
                boolean innerNulls = random.nextInt(4) == 0;
                Nulls below = innerNulls ? Nulls.SOME : Nulls.NONE;
                fill(list.getDataVector(), itemCount, values, below, random.split());
                list.setValueCount(rowCount);
            }
            case ListVector list -> {
                int[] lengths = lengths(rowCount);
                list.setInitialCapacity(rowCount);
                list.allocateNew();
                int end = 0;
                for (int row = 0; row < rowCount; row++) {
                    list.getOffsetBuffer().setInt(ListVector.OFFSET_WIDTH * (long) row, end);
                    end += lengths[row];
                }
                list.getOffsetBuffer().setInt(ListVector.OFFSET_WIDTH * (long) rowCount, end);
                fillBelow(list.getDataVector(), end);
                list.setLastSet(rowCount - 1);
                list.setValueCount(rowCount);
            }
            case LargeListVector list -> {
                int[] lengths = lengths(rowCount);
                list.setInitialCapacity(rowCount);
                list.allocateNew();
                int end = 0;
                for (int row = 0; row < rowCount; row++) {
                    list.getOffsetBuffer().setLong(LargeListVector.OFFSET_WIDTH * (long) row, end);
                    end += lengths[row];
                }
                list.getOffsetBuffer().setLong(LargeListVector.OFFSET_WIDTH * (long) rowCount, end);
                fillBelow(list.getDataVector(), end);
                list.setLastSet(rowCount - 1);
                list.setValueCount(rowCount);
            }
            case StructVector struct -> {
                struct.setInitialCapacity(rowCount);
                struct.allocateNew();
                struct.getChildrenFromFields().forEach(child -> fillBelow(child, rowCount));
                struct.setValueCount(rowCount);
            }
            case BaseVariableWidthVector text -> {
                IntFunction<byte[]> draw = distribution(bytesOf(type instanceof ArrowType.Utf8));
                text.allocateNew(rowCount);
                for (int row = 0; row < rowCount; row++) {
                    text.setSafe(row, draw.apply(row));
                }
                text.setValueCount(rowCount);
            }
            case BaseLargeVariableWidthVector text -> {
                IntFunction<byte[]> draw = distribution(bytesOf(type instanceof ArrowType.LargeUtf8));
                text.allocateNew(rowCount);
                for (int row = 0; row < rowCount; row++) {
                    text.setSafe(row, draw.apply(row));
                }
                text.setValueCount(rowCount);
            }
            case BaseFixedWidthVector fixed -> fillFixed(fixed, type, rowCount);
            default -> throw new IllegalArgumentException("no random values for " + vector.getField());
        }
    }

    /// A child, with a distribution and null pattern of its own.
    private void fillBelow(FieldVector child, int itemCount) {
        Values drawn = ALL_VALUES.get(random.nextInt(ALL_VALUES.size()));
        Nulls nulls = ALL_NULLS.get(random.nextInt(ALL_NULLS.size()));
        fill(child, itemCount, drawn, child.getField().isNullable() ? nulls : Nulls.NONE, random.split());
    }

    /// Of lists: short ones, or mostly empty ones, or a long one among them.
    private int[] lengths(int rowCount) {
        int longest = rowCount > MANY_LISTS ? 2 : 5;
        boolean sparse = random.nextInt(4) == 0;
        int[] lengths = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            lengths[row] = sparse && random.nextInt(20) > 0 ? 0 : random.nextInt(longest);
        }
        if (rowCount > 0 && random.nextInt(4) == 0) {
            lengths[random.nextInt(rowCount)] = random.nextInt(LONG_LIST);
        }
        return lengths;
    }

    private void fillFixed(BaseFixedWidthVector vector, ArrowType type, int rowCount) {
        vector.allocateNew(rowCount);
        vector.setValueCount(rowCount);
        IntFunction<byte[]> draw = distribution(fixedBytes(type, vector.getTypeWidth()));
        for (int row = 0; row < rowCount; row++) {
            byte[] value = draw.apply(row);
            if (type instanceof ArrowType.Bool) {
                BitVectorHelper.setValidityBit(vector.getDataBuffer(), row, value[0] & 1);
            } else {
                vector.getDataBuffer().setBytes((long) row * value.length, value);
            }
        }
    }

    /// Spreads single draws over rows as the distribution says.
    private IntFunction<byte[]> distribution(IntFunction<byte[]> single) {
        return switch (values) {
            case WIDE, SMALL -> single;
            case SAME -> {
                byte[] value = single.apply(0);
                yield row -> value;
            }
            case FEW -> {
                byte[][] pool = new byte[DISTINCT][];
                for (int i = 0; i < DISTINCT; i++) {
                    pool[i] = single.apply(i);
                }
                yield row -> pool[random.nextInt(DISTINCT)];
            }
            case RUNS -> {
                byte[][] last = new byte[1][];
                yield row -> {
                    if (last[0] == null || random.nextInt(RUN_LENGTH) == 0) {
                        last[0] = single.apply(row);
                    }
                    return last[0];
                };
            }
        };
    }

    private IntFunction<byte[]> bytesOf(boolean text) {
        int longest = random.nextInt(4) == 0 ? 400 : 30;
        return row -> {
            if (!text) {
                byte[] bytes = new byte[random.nextInt(longest)];
                random.nextBytes(bytes);
                return bytes;
            }
            StringBuilder builder = new StringBuilder();
            int length = random.nextInt(longest);
            while (builder.length() < length) {
                builder.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(10));
            }
            return builder.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    private IntFunction<byte[]> fixedBytes(ArrowType type, int byteWidth) {
        return switch (type) {
            case ArrowType.FloatingPoint floating -> row -> floatBytes(floating.getPrecision(), byteWidth);
            case ArrowType.Decimal decimal -> row -> decimalBytes(decimal.getPrecision(), byteWidth);
            case ArrowType.FixedSizeBinary ignored -> row -> {
                byte[] bytes = new byte[byteWidth];
                random.nextBytes(bytes);
                return bytes;
            };
            case ArrowType.Date ignored -> row -> {
                long days = random.nextLong(values == Values.WIDE ? -20_000 : 0, 30_000);
                return littleEndian(byteWidth == 4 ? days : days * 86_400_000, byteWidth);
            };
            case ArrowType.Time time -> row -> littleEndian(random.nextLong(86_400 * perSecond(time.getUnit())), byteWidth);
            default -> row -> littleEndian(values == Values.SMALL ? random.nextLong(100) : random.nextLong(), byteWidth);
        };
    }

    private byte[] floatBytes(FloatingPointPrecision precision, int byteWidth) {
        double value = random.nextDouble();
        if (values != Values.SMALL) {
            value = random.nextInt(20) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : (value - 0.5) * 1000;
        }
        long bits = switch (precision) {
            case HALF -> Float16.toFloat16((float) value);
            case SINGLE -> Float.floatToRawIntBits((float) value);
            case DOUBLE -> Double.doubleToRawLongBits(value);
        };
        return littleEndian(bits, byteWidth);
    }

    private byte[] decimalBytes(int precision, int byteWidth) {
        int digits = values == Values.SMALL ? Math.min(precision, 4) : precision;
        byte[] magnitude = new byte[byteWidth];
        random.nextBytes(magnitude);
        BigInteger value = new BigInteger(1, magnitude).mod(BigInteger.TEN.pow(digits));
        if (values != Values.SMALL && random.nextBoolean()) {
            value = value.negate();
        }
        byte[] bigEndian = value.toByteArray();
        byte[] bytes = new byte[byteWidth];
        for (int i = 0; i < byteWidth; i++) {
            bytes[i] = i < bigEndian.length ? bigEndian[bigEndian.length - 1 - i] : (byte) (value.signum() < 0 ? -1 : 0);
        }
        return bytes;
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }

    private static byte[] littleEndian(long value, int byteWidth) {
        byte[] bytes = new byte[Math.max(byteWidth, 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        return bytes;
    }

    private static void setValidity(FieldVector vector, int rowCount, Nulls nulls, SplittableRandom random) {
        boolean valid = true;
        for (int row = 0; row < rowCount; row++) {
            valid = switch (nulls) {
                case NONE -> true;
                case SOME -> random.nextInt(3) > 0;
                case RUNS -> random.nextInt(RUN_LENGTH) == 0 ? !valid : valid;
                case ALL -> false;
            };
            BitVectorHelper.setValidityBit(vector.getValidityBuffer(), row, valid ? 1 : 0);
        }
    }
}
