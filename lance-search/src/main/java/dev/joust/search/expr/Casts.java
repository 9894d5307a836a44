// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Literal;
import dev.joust.search.expr.Types.Family;

/// Values of one type as values of another: without loss for comparisons, and as CAST says.
final class Casts {
    private Casts() {}

    /// For operands of a comparison or sum: to the type that {@link Types#common} or `arithmetic` found.
    static Values widen(Values values, LogicalType fromType, LogicalType toType, int rowCount) {
        LogicalType from = Types.value(fromType);
        LogicalType to = Types.value(toType);
        if (values instanceof Values.Nulls || from.equals(to)) {
            return values;
        }
        return switch (Types.family(to)) {
            case FLOATING ->
                switch (values) {
                    case Values.Longs longs -> {
                        yield new Values.Doubles(doubles(longs.values, from, to), longs.valid, longs.constant);
                    }
                    case Values.Doubles narrow -> {
                        if (Types.bitsOf(from) <= Types.bitsOf(to)) {
                            yield values;
                        }
                        double[] rounded = narrow.values.clone();
                        Types.round(rounded, to);
                        yield new Values.Doubles(rounded, narrow.valid, narrow.constant);
                    }
                    case Values.Decimals decimals -> {
                        double[] doubles = new double[decimals.values.length];
                        for (int i = 0; i < doubles.length; i++) {
                            doubles[i] = decimals.values[i].doubleValue();
                        }
                        Types.round(doubles, to);
                        yield new Values.Doubles(doubles, decimals.valid, decimals.constant);
                    }
                    default -> values;
                };
            case DECIMAL -> {
                if (!(values instanceof Values.Longs longs)) {
                    yield values;
                }
                BigDecimal[] decimals = new BigDecimal[longs.values.length];
                for (int i = 0; i < decimals.length; i++) {
                    decimals[i] = from.equals(Types.UINT64)
                            ? new BigDecimal(Types.unsigned(longs.values[i]))
                            : BigDecimal.valueOf(longs.values[i]);
                }
                yield new Values.Decimals(decimals, longs.valid, longs.constant);
            }
            case TIME -> {
                if (!(values instanceof Values.Longs longs)) {
                    yield values;
                }
                long[] units = new long[longs.values.length];
                for (int i = 0; i < units.length; i++) {
                    units[i] = units(longs.values[i], from, to);
                }
                yield new Values.Longs(units, longs.valid, longs.constant);
            }
            case BOOL, WHOLE, TEXT, BINARY, NULL, OTHER -> values;
        };
    }

    private static double[] doubles(long[] values, LogicalType from, LogicalType to) {
        double[] doubles = new double[values.length];
        if (from.equals(Types.UINT64)) {
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = Types.unsigned(values[i]).doubleValue();
            }
        } else if (Types.bitsOf(to) == 64) {
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = values[i];
            }
        } else {
            for (int i = 0; i < doubles.length; i++) {
                // Once, not by way of a double
                doubles[i] = (float) values[i];
            }
        }
        Types.round(doubles, to);
        return doubles;
    }

    /// Units of `to` per second; days count as 86,400 seconds.
    private static long units(long units, LogicalType from, LogicalType to) {
        if (to.equals(Types.DATE)) {
            return from instanceof LogicalType.Date ? Math.floorDiv(units, 86_400_000L) : Math.floorDiv(units, unitsPerSecond(from) * 86_400);
        }
        if (from instanceof LogicalType.Date(int bitWidth)) {
            long scaled = bitWidth == 32 ? Types.convert(units, 1, 86_400) : units;
            return Types.convert(scaled, bitWidth == 32 ? 1 : 1_000, unitsPerSecond(to));
        }
        return Types.convert(units, unitsPerSecond(from), unitsPerSecond(to));
    }

    static long unitsPerSecond(LogicalType type) {
        return switch (type) {
            case LogicalType.Timestamp t -> Types.perSecond(t.unit());
            case LogicalType.Time t -> Types.perSecond(t.unit());
            case LogicalType.Duration t -> Types.perSecond(t.unit());
            default -> 1_000;
        };
    }

    static Values evaluate(Expression.Cast cast, Evaluation evaluation) {
        Values values = evaluation.evaluate(cast.operand());
        LogicalType from = Types.value(cast.operand().type());
        if (values instanceof Values.Nulls || from.equals(cast.type())) {
            return values;
        }
        Values whole = lossless(values, from, cast.type());
        return whole != null ? whole : rowwise(cast, values, from, evaluation.rowCount());
    }

    /// All rows at once, where no row can fail; null for casts that must look at each.
    private static @Nullable Values lossless(Values values, LogicalType from, LogicalType to) {
        boolean signed = from instanceof LogicalType.Int && !from.equals(Types.UINT64);
        return switch (values) {
            case Values.Longs longs when signed && to.equals(new LogicalType.FloatingPoint(64)) ->
                widen(values, from, to, longs.values.length);
            case Values.Longs longs when signed && to instanceof LogicalType.Int(int bitWidth, boolean signedTarget) ->
                fit(longs, bitWidth, signedTarget) ? values : null;
            case Values.Longs longs when signed && Types.family(to) == Family.TEXT -> decimalDigits(longs);
            case Values.Doubles _ when Types.family(to) == Family.FLOATING && Types.bitsOf(from) < Types.bitsOf(to) -> values;
            default -> null;
        };
    }

    private static boolean fit(Values.Longs longs, int bitWidth, boolean signed) {
        long least = signed ? Long.MIN_VALUE >> (64 - bitWidth) : 0;
        long greatest = bitWidth == 64 ? Long.MAX_VALUE : signed ? ~least : (1L << bitWidth) - 1;
        for (int i = 0; i < longs.values.length; i++) {
            if ((longs.values[i] < least || longs.values[i] > greatest) && longs.isValid(i)) {
                return false;
            }
        }
        return true;
    }

    private static Values.Bytes decimalDigits(Values.Longs longs) {
        byte[][] digits = new byte[longs.values.length][];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = Long.toString(longs.values[i]).getBytes(StandardCharsets.ISO_8859_1);
        }
        return Values.Bytes.of(digits, longs.valid, longs.constant);
    }

    private static Values rowwise(Expression.Cast cast, Values values, LogicalType from, int rowCount) {
        int count = values.constant ? 1 : rowCount;
        Object[] results = new Object[count];
        for (int row = 0; row < count; row++) {
            if (values.isValid(row)) {
                Literal one = new Literal(value(values, row), from);
                Object result = cast(one, cast.type());
                if (result == null && !cast.orNull()) {
                    throw new IllegalArgumentException("cannot cast " + ExpressionBuilder.print(one) + " to "
                            + ExpressionBuilder.describe(cast.type()));
                }
                results[row] = result;
            }
        }
        return gathered(results, cast.type(), values.constant);
    }

    private static Object value(Values values, int row) {
        return switch (values) {
            case Values.Bools bools -> bools.get(row);
            case Values.Longs longs -> longs.get(row);
            case Values.Doubles doubles -> doubles.get(row);
            case Values.Decimals decimals -> decimals.get(row);
            case Values.Bytes bytes -> bytes.get(row);
            case Values.Nulls _, Values.Nested _ -> throw new IllegalArgumentException("no value to cast");
        };
    }

    private static Values gathered(@Nullable Object[] results, LogicalType type, boolean constant) {
        int count = results.length;
        long[] valid = new long[Values.words(count)];
        long[] bits = new long[valid.length];
        long[] longs = new long[count];
        double[] doubles = new double[count];
        BigDecimal[] decimals = new BigDecimal[count];
        byte[][] bytes = new byte[count][];
        for (int row = 0; row < count; row++) {
            Object result = results[row];
            decimals[row] = BigDecimal.ZERO;
            bytes[row] = new byte[0];
            if (result != null) {
                Values.setBit(valid, row);
            }
            switch (result) {
                case Boolean flag when flag -> Values.setBit(bits, row);
                case Long value -> longs[row] = value;
                case Double value -> doubles[row] = value;
                case BigDecimal value -> decimals[row] = value;
                case byte[] value -> bytes[row] = value;
                case null, default -> {}
            }
        }
        return switch (Types.family(type)) {
            case BOOL -> new Values.Bools(bits, valid, constant);
            case WHOLE, TIME -> new Values.Longs(longs, valid, constant);
            case FLOATING -> new Values.Doubles(doubles, valid, constant);
            case DECIMAL -> new Values.Decimals(decimals, valid, constant);
            case TEXT, BINARY -> Values.Bytes.of(bytes, valid, constant);
            case NULL, OTHER -> new Values.Nulls();
        };
    }

    /// Null where it does not convert.
    static @Nullable Object cast(Literal value, LogicalType type) {
        Family from = Types.family(value.type());
        if (from == Family.TEXT) {
            return fromText(new String((byte[]) value.value(), StandardCharsets.UTF_8), value, type);
        }
        return switch (Types.family(type)) {
            case TEXT -> Texts.of(value).getBytes(StandardCharsets.UTF_8);
            case WHOLE -> {
                BigInteger whole = whole(value);
                Literal fitted = whole == null
                        ? null
                        : Types.coerce(
                                new Literal(whole.longValue(), whole.signum() < 0 ? Expression.INT64 : Types.UINT64),
                                type);
                yield fitted == null || whole.bitLength() > 64 ? null : fitted.value();
            }
            case FLOATING ->
                switch (value.value()) {
                    case Boolean flag -> flag ? 1.0 : 0.0;
                    case BigDecimal decimal -> Types.rounded(decimal.doubleValue(), type);
                    case null, default -> value(Types.coerce(value, type));
                };
            case DECIMAL -> {
                BigDecimal decimal = decimal(value);
                if (decimal == null) {
                    yield null;
                }
                int scale = ((LogicalType.Decimal) type).scale();
                yield value(Types.coerce(Types.decimal(decimal.setScale(scale, RoundingMode.HALF_UP)), type));
            }
            case BOOL ->
                switch (value.value()) {
                    case Long number -> number != 0;
                    case Double number -> number != 0;
                    case null, default -> null;
                };
            case TIME -> {
                if (from == Family.TIME) {
                    yield value.type() instanceof LogicalType.Timestamp t && type instanceof LogicalType.Date
                            ? (Object) Math.floorDiv((Long) value.value(), Types.perSecond(t.unit()) * 86_400)
                            : value(Types.coerce(value, type));
                }
                yield from == Family.WHOLE ? value.value() : null;
            }
            case BINARY -> from == Family.BINARY ? value.value() : null;
            case NULL, OTHER -> null;
        };
    }

    private static @Nullable Object value(@Nullable Literal literal) {
        return literal == null ? null : literal.value();
    }

    private static @Nullable BigInteger whole(Literal value) {
        return switch (value.value()) {
            case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
            case Long bits -> value.type().equals(Types.UINT64) ? Types.unsigned(bits) : BigInteger.valueOf(bits);
            case Double number ->
                Double.isFinite(number) ? new BigDecimal(number).toBigInteger() : null;
            case BigDecimal decimal -> decimal.toBigInteger();
            case null, default -> null;
        };
    }

    private static @Nullable BigDecimal decimal(Literal value) {
        return switch (value.value()) {
            case Long _ -> Types.exactDecimal(value);
            case Double number -> Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
            case BigDecimal decimal -> decimal;
            case null, default -> null;
        };
    }

    private static @Nullable Object fromText(String text, Literal value, LogicalType type) {
        try {
            return switch (Types.family(type)) {
                case TEXT, BINARY -> value.value();
                case WHOLE ->
                    text.length() > 100
                            ? null
                            : cast(new Literal(new BigDecimal(new BigInteger(text)), new LogicalType.Decimal(256, 76, 0)), type);
                case FLOATING -> {
                    Double number = Texts.number(text);
                    yield number == null ? null : (Object) Types.rounded(number, type);
                }
                case DECIMAL -> {
                    BigDecimal decimal = new BigDecimal(text.strip());
                    yield Math.abs((long) decimal.scale()) > 1000 ? null : cast(Types.decimal(decimal), type);
                }
                case BOOL ->
                    switch (text.toLowerCase(Locale.ROOT)) {
                        case "true", "t", "yes", "y", "on", "1" -> true;
                        case "false", "f", "no", "n", "off", "0" -> false;
                        default -> null;
                    };
                case TIME ->
                    type instanceof LogicalType.Date
                            ? value(Types.coerce(new Literal(Texts.date(text).toEpochDay(), Types.DATE), type))
                            : value(Types.coerce(Types.timestamp(ExpressionBuilder.parseTimestamp(text)), type));
                case NULL, OTHER -> null;
            };
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
