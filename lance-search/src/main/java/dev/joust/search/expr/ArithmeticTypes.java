// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.search.expr.Expression.Operator;
import dev.joust.search.expr.Types.Family;

/// What sums, products and quotients are worked out in, and what they are.
///
/// @param left   what the left operand is converted to
/// @param right  what the right operand is converted to
/// @param result type of the result
record ArithmeticTypes(LogicalType left, LogicalType right, LogicalType result) {
    private static final int MAX_PRECISION = 38;
    private static final int MAX_WIDE_PRECISION = 76;
    /// Digits that a quotient has more than its dividend.
    private static final int QUOTIENT_DIGITS = 4;

    /// Null where there is no such operation.
    static @Nullable ArithmeticTypes of(Operator operator, LogicalType leftType, LogicalType rightType) {
        LogicalType left = Types.value(leftType);
        LogicalType right = Types.value(rightType);
        Family leftFamily = Types.family(left);
        Family rightFamily = Types.family(right);
        if (leftFamily == Family.TIME && rightFamily == Family.TIME) {
            return times(operator, left, right);
        }
        if (leftFamily == Family.NULL) {
            return Types.isNumber(rightFamily) ? new ArithmeticTypes(right, right, right) : null;
        }
        if (rightFamily == Family.NULL) {
            return Types.isNumber(leftFamily) ? new ArithmeticTypes(left, left, left) : null;
        }
        if (!Types.isNumber(leftFamily) || !Types.isNumber(rightFamily)) {
            return null;
        }
        if (leftFamily == Family.FLOATING || rightFamily == Family.FLOATING) {
            LogicalType type = floating(left, right);
            return new ArithmeticTypes(type, type, type);
        }
        if (left instanceof LogicalType.Int one && right instanceof LogicalType.Int other) {
            LogicalType common = whole(one, other);
            if (!(common instanceof LogicalType.Decimal decimal)) {
                return new ArithmeticTypes(common, common, common);
            }
            return new ArithmeticTypes(decimal, decimal, decimal(operator, decimal, decimal));
        }
        LogicalType.Decimal one = asDecimal(left);
        LogicalType.Decimal other = asDecimal(right);
        return new ArithmeticTypes(one, other, decimal(operator, one, other));
    }

    /// The wider of two that are floating point; of the other kinds, the one that is.
    static LogicalType floating(LogicalType left, LogicalType right) {
        if (left instanceof LogicalType.FloatingPoint one && right instanceof LogicalType.FloatingPoint other) {
            return one.bitWidth() >= other.bitWidth() ? one : other;
        }
        LogicalType type = Types.family(left) == Family.FLOATING ? left : right;
        return type instanceof LogicalType.BFloat16 ? new LogicalType.FloatingPoint(32) : type;
    }

    /// What holds both: decimal where one is uint64 and the other has a sign.
    static LogicalType whole(LogicalType.Int one, LogicalType.Int other) {
        if (one.signed() == other.signed()) {
            return one.bitWidth() >= other.bitWidth() ? one : other;
        }
        LogicalType.Int signed = one.signed() ? one : other;
        LogicalType.Int unsigned = one.signed() ? other : one;
        if (unsigned.bitWidth() == 64) {
            return new LogicalType.Decimal(128, 20, 0);
        }
        return new LogicalType.Int(Math.min(64, Math.max(signed.bitWidth(), unsigned.bitWidth() * 2)), true);
    }

    private static LogicalType.Decimal asDecimal(LogicalType type) {
        if (type instanceof LogicalType.Decimal decimal) {
            return decimal;
        }
        int precision =
                switch (((LogicalType.Int) type).bitWidth()) {
                    case 8 -> 3;
                    case 16 -> 5;
                    case 32 -> 10;
                    default -> 20;
                };
        return new LogicalType.Decimal(128, precision, 0);
    }

    /// A decimal that holds the values of both.
    static LogicalType.Decimal union(LogicalType left, LogicalType right) {
        LogicalType.Decimal one = asDecimal(left);
        LogicalType.Decimal other = asDecimal(right);
        int scale = Math.max(one.scale(), other.scale());
        int precision = scale + Math.max(one.precision() - one.scale(), other.precision() - other.scale());
        int bitWidth = Math.max(one.bitWidth(), other.bitWidth());
        return new LogicalType.Decimal(
                bitWidth, Math.min(bitWidth == 128 ? MAX_PRECISION : MAX_WIDE_PRECISION, precision), scale);
    }

    private static LogicalType.Decimal decimal(Operator operator, LogicalType.Decimal one, LogicalType.Decimal other) {
        int bitWidth = Math.max(one.bitWidth(), other.bitWidth());
        int most = bitWidth == 128 ? MAX_PRECISION : MAX_WIDE_PRECISION;
        int wholeDigits = one.precision() - one.scale();
        int otherWholeDigits = other.precision() - other.scale();
        return switch (operator) {
            case ADD, SUBTRACT -> {
                int scale = Math.max(one.scale(), other.scale());
                int precision = scale + Math.max(wholeDigits, otherWholeDigits) + 1;
                yield new LogicalType.Decimal(bitWidth, Math.min(most, precision), scale);
            }
            case MULTIPLY ->
                new LogicalType.Decimal(
                        bitWidth,
                        Math.min(most, one.precision() + other.precision() + 1),
                        Math.min(most, one.scale() + other.scale()));
            case DIVIDE -> {
                int scale = Math.min(most, one.scale() + QUOTIENT_DIGITS);
                int precision = one.precision() + scale - one.scale() + other.scale();
                yield new LogicalType.Decimal(bitWidth, Math.min(most, precision), scale);
            }
            case REMAINDER -> {
                int scale = Math.max(one.scale(), other.scale());
                int precision = scale + Math.min(wholeDigits, otherWholeDigits);
                yield new LogicalType.Decimal(bitWidth, Math.min(most, precision), scale);
            }
        };
    }

    private static @Nullable ArithmeticTypes times(Operator operator, LogicalType left, LogicalType right) {
        if (operator != Operator.ADD && operator != Operator.SUBTRACT) {
            return null;
        }
        if (left instanceof LogicalType.Duration one && right instanceof LogicalType.Duration other) {
            LogicalType.Duration type = new LogicalType.Duration(coarser(one.unit(), other.unit()));
            return new ArithmeticTypes(type, type, type);
        }
        if (left instanceof LogicalType.Timestamp time && right instanceof LogicalType.Duration) {
            return new ArithmeticTypes(time, new LogicalType.Duration(time.unit()), time);
        }
        if (operator == Operator.ADD) {
            return left instanceof LogicalType.Duration && right instanceof LogicalType.Timestamp time
                    ? new ArithmeticTypes(new LogicalType.Duration(time.unit()), time, time)
                    : null;
        }
        if (left instanceof LogicalType.Date && right instanceof LogicalType.Date) {
            return new ArithmeticTypes(Types.DATE, Types.DATE, Expression.INT64);
        }
        TimeUnit unit = null;
        if (left instanceof LogicalType.Timestamp one && right instanceof LogicalType.Timestamp other) {
            boolean twoZones = one.timeZone() != null
                    && other.timeZone() != null
                    && !one.timeZone().equals(other.timeZone());
            unit = twoZones ? null : coarser(one.unit(), other.unit());
        } else if ((left instanceof LogicalType.Timestamp && right instanceof LogicalType.Date)
                || (left instanceof LogicalType.Date && right instanceof LogicalType.Timestamp)) {
            unit = TimeUnit.NANOSECOND;
        }
        if (unit == null) {
            return null;
        }
        LogicalType type = new LogicalType.Timestamp(unit, null);
        return new ArithmeticTypes(type, type, new LogicalType.Duration(unit));
    }

    static TimeUnit coarser(TimeUnit one, TimeUnit other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
