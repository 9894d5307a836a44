// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.search.expr.Expression.Literal;

/// Which literals fit which columns, and what two operands are compared as.
final class Types {
    static final LogicalType UINT64 = new LogicalType.Int(64, false);
    static final LogicalType DATE = new LogicalType.Date(32);
    static final LogicalType TIMESTAMP = new LogicalType.Timestamp(TimeUnit.MICROSECOND, null);
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private Types() {}

    /// Families of types that are evaluated alike.
    enum Family {
        NULL,
        BOOL,
        WHOLE,
        FLOATING,
        DECIMAL,
        TEXT,
        BINARY,
        TIME,
        OTHER
    }

    static Family family(LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> Family.NULL;
            case LogicalType.Bool _ -> Family.BOOL;
            case LogicalType.Int _ -> Family.WHOLE;
            case LogicalType.FloatingPoint _, LogicalType.BFloat16 _ -> Family.FLOATING;
            case LogicalType.Decimal _ -> Family.DECIMAL;
            case LogicalType.Utf8 _ -> Family.TEXT;
            case LogicalType.Binary _, LogicalType.FixedSizeBinary _, LogicalType.Json _ -> Family.BINARY;
            case LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _ -> Family.TIME;
            case LogicalType.Dictionary d -> family(d.value());
            case LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _ ->
                Family.OTHER;
        };
    }

    /// A number as written: the narrowest of int64, uint64, float64.
    static Literal number(String digits) {
        if (digits.chars().allMatch(Character::isDigit)) {
            BigInteger value = new BigInteger(digits);
            if (value.bitLength() < 64) {
                return new Literal(value.longValue(), Expression.INT64);
            }
            if (value.bitLength() == 64) {
                return new Literal(value.longValue(), UINT64);
            }
        }
        return new Literal(Double.parseDouble(digits), Expression.FLOAT64);
    }

    static @Nullable Literal negated(Literal number) {
        return switch (number.value()) {
            case Long value when number.type().equals(Expression.INT64) -> new Literal(-value, Expression.INT64);
            // 9223372036854775808 is written without its sign.
            case Long value when value == Long.MIN_VALUE -> new Literal(value, Expression.INT64);
            case Long value -> new Literal(-unsigned(value).doubleValue(), Expression.FLOAT64);
            case Double value -> new Literal(-value, Expression.FLOAT64);
            case BigDecimal value -> new Literal(value.negate(), number.type());
            case null, default -> null;
        };
    }

    static Literal text(String value) {
        return new Literal(value.getBytes(StandardCharsets.UTF_8), Expression.TEXT);
    }

    /// The literal for a parameter's Java value; null where there is none for its class.
    static @Nullable Literal parameter(@Nullable Object value) {
        return switch (value) {
            case null -> new Literal(null, Expression.NULL);
            case Boolean flag -> new Literal(flag, Expression.BOOL);
            case Byte n -> new Literal(n.longValue(), Expression.INT64);
            case Short n -> new Literal(n.longValue(), Expression.INT64);
            case Integer n -> new Literal(n.longValue(), Expression.INT64);
            case Long n -> new Literal(n, Expression.INT64);
            case BigInteger n when n.bitLength() < 64 -> new Literal(n.longValue(), Expression.INT64);
            case BigInteger n when n.signum() > 0 && n.bitLength() == 64 -> new Literal(n.longValue(), UINT64);
            case Float n -> new Literal(n.doubleValue(), Expression.FLOAT64);
            case Double n -> new Literal(n, Expression.FLOAT64);
            case BigDecimal n -> decimal(n);
            case CharSequence text -> text(text.toString());
            case Enum<?> constant -> text(constant.name());
            case byte[] bytes -> new Literal(bytes.clone(), new LogicalType.Binary(false));
            case ByteBuffer buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                yield new Literal(bytes, new LogicalType.Binary(false));
            }
            case LocalDate date -> new Literal(date.toEpochDay(), DATE);
            case Instant instant -> timestamp(instant);
            case LocalDateTime time -> timestamp(time.toInstant(ZoneOffset.UTC));
            case OffsetDateTime time -> timestamp(time.toInstant());
            case ZonedDateTime time -> timestamp(time.toInstant());
            default -> null;
        };
    }

    static Literal decimal(BigDecimal value) {
        BigDecimal whole = value.scale() < 0 ? value.setScale(0) : value;
        int precision = Math.max(whole.precision(), whole.scale());
        return new Literal(whole, new LogicalType.Decimal(precision > 38 ? 256 : 128, precision, whole.scale()));
    }

    /// In microseconds, in nanoseconds where it has them.
    static Literal timestamp(Instant instant) {
        TimeUnit unit = instant.getNano() % 1000 == 0 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
        long perSecond = perSecond(unit);
        long units = Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), perSecond),
                instant.getNano() / (1_000_000_000 / perSecond));
        return new Literal(units, new LogicalType.Timestamp(unit, null));
    }

    static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    /// The literal as a value of `target`, or null where it is none: literals are never stretched, and columns are
    /// never converted to fit a literal.
    static @Nullable Literal coerce(Literal literal, LogicalType target) {
        Object value = literal.value();
        if (value == null) {
            return new Literal(null, target);
        }
        LogicalType from = literal.type();
        return switch (family(target)) {
            case BOOL -> family(from) == Family.BOOL ? new Literal(value, target) : null;
            case WHOLE -> family(from) == Family.WHOLE ? whole(literal, target) : null;
            case FLOATING ->
                switch (family(from)) {
                    case WHOLE ->
                        floating(
                                from.equals(UINT64) ? unsigned((Long) value).doubleValue() : ((Long) value).doubleValue(),
                                target);
                    case FLOATING -> floating((Double) value, target);
                    default -> null;
                };
            case DECIMAL ->
                switch (family(from)) {
                    case WHOLE -> fitted(exactDecimal(literal), target);
                    case DECIMAL -> fitted((BigDecimal) value, target);
                    default -> null;
                };
            case TEXT -> family(from) == Family.TEXT ? new Literal(value, target) : null;
            case BINARY -> family(from) == Family.BINARY ? new Literal(value, target) : null;
            case TIME -> time(literal, target);
            case NULL, OTHER -> null;
        };
    }

    /// Past the range of half floats there is no literal; past that of floats it is infinite.
    private static @Nullable Literal floating(double value, LogicalType target) {
        double rounded = rounded(value, target);
        boolean half = value(target).equals(new LogicalType.FloatingPoint(16));
        return half && Double.isInfinite(rounded) && !Double.isInfinite(value) ? null : new Literal(rounded, target);
    }

    static BigDecimal exactDecimal(Literal whole) {
        long bits = (Long) whole.value();
        return whole.type().equals(UINT64) ? new BigDecimal(unsigned(bits)) : BigDecimal.valueOf(bits);
    }

    private static @Nullable Literal fitted(BigDecimal value, LogicalType target) {
        LogicalType.Decimal type = (LogicalType.Decimal) value(target);
        BigDecimal scaled;
        try {
            scaled = value.setScale(type.scale(), RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            return null;
        }
        return scaled.signum() == 0 || scaled.precision() <= type.precision() ? new Literal(scaled, target) : null;
    }

    /// Bits of a floating point type.
    static int bitsOf(LogicalType type) {
        return value(type) instanceof LogicalType.FloatingPoint(int bitWidth) ? bitWidth : 32;
    }

    /// What a dictionary's values are; the type itself otherwise.
    static LogicalType value(LogicalType type) {
        return type instanceof LogicalType.Dictionary d ? d.value() : type;
    }

    private static @Nullable Literal whole(Literal literal, LogicalType target) {
        LogicalType.Int type = (LogicalType.Int) value(target);
        long bits = (Long) literal.value();
        BigInteger number = literal.type().equals(UINT64) ? unsigned(bits) : BigInteger.valueOf(bits);
        boolean fits = type.signed()
                ? number.bitLength() < type.bitWidth()
                : number.signum() >= 0 && number.bitLength() <= type.bitWidth();
        return fits ? new Literal(bits, target) : null;
    }

    /// Each value to the width of the type.
    static void round(double[] values, LogicalType target) {
        int bitWidth = value(target) instanceof LogicalType.FloatingPoint(int width) ? width : 32;
        if (bitWidth == 64) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            float narrow = (float) values[i];
            values[i] = bitWidth == 32 ? narrow : Float.float16ToFloat(Float.floatToFloat16(narrow));
        }
    }

    static double rounded(double value, LogicalType target) {
        int bitWidth = value(target) instanceof LogicalType.FloatingPoint(int width) ? width : 32;
        return switch (bitWidth) {
            case 16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case 32 -> (float) value;
            default -> value;
        };
    }

    private static @Nullable Literal time(Literal literal, LogicalType target) {
        LogicalType from = literal.type();
        long units = (literal.value() instanceof Long value) ? value : 0;
        return switch (value(target)) {
            case LogicalType.Date(int bitWidth) ->
                from instanceof LogicalType.Date(int fromWidth)
                        ? new Literal(fromWidth == bitWidth ? units : bitWidth == 64 ? units * MILLIS_PER_DAY : Math.floorDiv(units, MILLIS_PER_DAY), target)
                        : null;
            case LogicalType.Timestamp t ->
                switch (from) {
                    case LogicalType.Date(int bitWidth) ->
                        new Literal(
                                convert(bitWidth == 32 ? units * 86_400 : Math.floorDiv(units, 1000), 1, perSecond(t.unit())),
                                target);
                    case LogicalType.Timestamp f ->
                        new Literal(convert(units, perSecond(f.unit()), perSecond(t.unit())), target);
                    default -> null;
                };
            case LogicalType.Time _, LogicalType.Duration _ -> from.equals(target) ? literal : null;
            default -> null;
        };
    }

    static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }

    /// Units of one clock in those of another; past the end of the range it stays at the end, and keeps its order.
    static long convert(long units, long fromPerSecond, long toPerSecond) {
        if (fromPerSecond > toPerSecond) {
            return units / (fromPerSecond / toPerSecond);
        }
        long factor = toPerSecond / fromPerSecond;
        long high = Math.multiplyHigh(units, factor);
        long low = units * factor;
        if (high != low >> 63) {
            return units < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return low;
    }

    /// What values of both types are compared as; null where they are not comparable.
    static @Nullable LogicalType common(LogicalType leftType, LogicalType rightType) {
        LogicalType left = value(leftType);
        LogicalType right = value(rightType);
        Family leftFamily = family(left);
        Family rightFamily = family(right);
        if (leftFamily == Family.NULL || rightFamily == Family.NULL) {
            LogicalType other = leftFamily == Family.NULL ? right : left;
            return family(other) == Family.OTHER ? null : other;
        }
        if (leftFamily == Family.OTHER || rightFamily == Family.OTHER) {
            return null;
        }
        if (left.equals(right)) {
            return left;
        }
        if (leftFamily == rightFamily) {
            return switch (leftFamily) {
                case BOOL, TEXT, BINARY -> left;
                case FLOATING -> ArithmeticTypes.floating(left, right);
                case WHOLE -> {
                    boolean mixed = left.equals(UINT64) != right.equals(UINT64)
                            && (((LogicalType.Int) left).signed() || ((LogicalType.Int) right).signed());
                    yield mixed
                            ? new LogicalType.Decimal(128, 20, 0)
                            : left.equals(UINT64) || right.equals(UINT64) ? UINT64 : Expression.INT64;
                }
                case DECIMAL -> left;
                case TIME -> commonTime(left, right);
                case NULL, OTHER -> null;
            };
        }
        boolean numbers = isNumber(leftFamily) && isNumber(rightFamily);
        if (!numbers) {
            return null;
        }
        if (leftFamily == Family.FLOATING || rightFamily == Family.FLOATING) {
            boolean decimal = leftFamily == Family.DECIMAL || rightFamily == Family.DECIMAL;
            return decimal ? Expression.FLOAT64 : ArithmeticTypes.floating(left, right);
        }
        return leftFamily == Family.DECIMAL ? left : right;
    }

    /// The type of a value that is of one type or the other; null where there is none.
    static @Nullable LogicalType union(LogicalType leftType, LogicalType rightType) {
        LogicalType left = value(leftType);
        LogicalType right = value(rightType);
        if (left instanceof LogicalType.Int one && right instanceof LogicalType.Int other) {
            return ArithmeticTypes.whole(one, other);
        }
        boolean decimal = left instanceof LogicalType.Decimal || right instanceof LogicalType.Decimal;
        boolean exact = family(left) != Family.FLOATING && family(right) != Family.FLOATING;
        if (decimal && exact && isNumber(family(left)) && isNumber(family(right))) {
            return ArithmeticTypes.union(left, right);
        }
        if (left instanceof LogicalType.Utf8(boolean oneLarge) && right instanceof LogicalType.Utf8(boolean otherLarge)) {
            return new LogicalType.Utf8(oneLarge || otherLarge);
        }
        boolean dateAndTime = (left instanceof LogicalType.Date && right instanceof LogicalType.Timestamp)
                || (left instanceof LogicalType.Timestamp && right instanceof LogicalType.Date);
        return dateAndTime ? new LogicalType.Timestamp(TimeUnit.NANOSECOND, null) : common(left, right);
    }

    static boolean isNumber(Family family) {
        return family == Family.WHOLE || family == Family.FLOATING || family == Family.DECIMAL;
    }

    private static @Nullable LogicalType commonTime(LogicalType left, LogicalType right) {
        return switch (left) {
            case LogicalType.Date _ when right instanceof LogicalType.Date -> new LogicalType.Date(64);
            case LogicalType.Date _ -> right instanceof LogicalType.Timestamp ? right : null;
            case LogicalType.Timestamp _ when right instanceof LogicalType.Date -> left;
            case LogicalType.Timestamp one ->
                right instanceof LogicalType.Timestamp other
                        ? (one.unit().compareTo(other.unit()) <= 0 ? one : other)
                        : null;
            case LogicalType.Time one ->
                right instanceof LogicalType.Time other
                        ? new LogicalType.Time(finer(one.unit(), other.unit()), 64)
                        : null;
            case LogicalType.Duration one ->
                right instanceof LogicalType.Duration other
                        ? new LogicalType.Duration(finer(one.unit(), other.unit()))
                        : null;
            default -> null;
        };
    }

    private static TimeUnit finer(TimeUnit one, TimeUnit other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
