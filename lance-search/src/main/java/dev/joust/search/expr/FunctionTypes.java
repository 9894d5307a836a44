// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.List;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.search.expr.Expression.Literal;
import dev.joust.search.expr.Types.Family;

/// What functions take, and the types of their results.
final class FunctionTypes {
    private static final LogicalType INT32 = new LogicalType.Int(32, true);

    private FunctionTypes() {}

    /// Arguments that do not fit.
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Misfit(String message) {
            super(message, null, false, false);
        }
    }

    /// @throws Misfit saying what is wrong, if the function does not take these arguments
    static LogicalType result(Functions function, List<Expression> arguments) {
        return switch (function) {
            case LENGTH, OCTET_LENGTH, BIT_LENGTH -> {
                requireOneOf(function, arguments.getFirst(), Family.TEXT, Family.BINARY, Family.WHOLE);
                yield isLarge(arguments.getFirst()) ? Expression.INT64 : INT32;
            }
            case LOWER, UPPER, TRIM, LTRIM, RTRIM, REVERSE, INITCAP, REPLACE, SPLIT_PART, REGEXP_REPLACE -> {
                int texts = function == Functions.SPLIT_PART ? 2 : arguments.size();
                arguments.subList(0, texts).forEach(argument -> requireText(function, argument));
                if (function == Functions.SPLIT_PART) {
                    requireWhole(function, arguments.get(2));
                }
                yield textLike(arguments.getFirst());
            }
            case REPEAT, LPAD, RPAD, LEFT, RIGHT -> {
                requireText(function, arguments.getFirst());
                requireWhole(function, arguments.get(1));
                arguments.subList(2, arguments.size()).forEach(argument -> requireText(function, argument));
                yield textLike(arguments.getFirst());
            }
            case STARTS_WITH, ENDS_WITH, CONTAINS, REGEXP_LIKE -> {
                arguments.forEach(argument -> requireText(function, argument));
                yield Expression.BOOL;
            }
            case CONCAT, CONCAT_WS, JOIN -> {
                arguments.forEach(argument -> requirePlain(function, argument));
                boolean anyText = arguments.stream().anyMatch(argument -> isText(argument));
                if (function == Functions.JOIN && !anyText) {
                    throw new Misfit("|| joins strings, not " + describe(arguments.get(0)) + " and " + describe(arguments.get(1)));
                }
                yield new LogicalType.Utf8(arguments.stream().anyMatch(argument -> isText(argument) && isLarge(argument)));
            }
            case STRPOS -> {
                arguments.forEach(argument -> requireText(function, argument));
                yield isLarge(arguments.getFirst()) ? Expression.INT64 : INT32;
            }
            case ASCII -> {
                requireText(function, arguments.getFirst());
                yield INT32;
            }
            case ABS -> number(function, arguments.getFirst());
            case ROUND, TRUNC -> {
                LogicalType type = number(function, arguments.getFirst());
                if (arguments.size() == 2) {
                    requireWhole(function, arguments.get(1));
                }
                yield type instanceof LogicalType.Decimal decimal ? roundedDecimal(decimal, arguments) : floatLike(type);
            }
            case FLOOR, CEIL -> {
                number(function, arguments.getFirst());
                yield Expression.FLOAT64;
            }
            case SIGNUM, SQRT, EXP, LN, LOG2, LOG10 -> floatLike(number(function, arguments.getFirst()));
            case POWER -> {
                arguments.forEach(argument -> number(function, argument));
                yield Expression.FLOAT64;
            }
            case ISNAN, ISZERO -> {
                number(function, arguments.getFirst());
                yield Expression.BOOL;
            }
            case COALESCE, NVL, NULLIF, GREATEST, LEAST -> common(function, arguments);
            case NVL2 -> common(function, arguments.subList(1, 3));
            case IS_VALID -> Expression.BOOL;
            case DATE_PART -> {
                TimeFunctions.Part part = part(function, arguments.getFirst());
                requireOneOf(function, arguments.get(1), Family.TIME);
                yield part == TimeFunctions.Part.EPOCH
                        ? Expression.FLOAT64
                        : part == TimeFunctions.Part.NANOSECOND ? Expression.INT64 : INT32;
            }
            case DATE_TRUNC -> {
                part(function, arguments.getFirst());
                yield switch (Types.value(arguments.get(1).type())) {
                    case LogicalType.Timestamp type -> type;
                    case LogicalType.Date _ -> new LogicalType.Timestamp(TimeUnit.NANOSECOND, null);
                    default -> throw wrong(function, arguments.get(1));
                };
            }
            case NOW -> new LogicalType.Timestamp(TimeUnit.NANOSECOND, null);
            case TODAY, TO_DATE -> Types.DATE;
            case TO_TIMESTAMP -> timestamp(function, arguments.getFirst(), TimeUnit.NANOSECOND);
            case TO_TIMESTAMP_SECONDS -> timestamp(function, arguments.getFirst(), TimeUnit.SECOND);
            case TO_TIMESTAMP_MILLIS -> timestamp(function, arguments.getFirst(), TimeUnit.MILLISECOND);
            case TO_TIMESTAMP_MICROS -> timestamp(function, arguments.getFirst(), TimeUnit.MICROSECOND);
            case ARRAY_LENGTH -> {
                item(function, arguments.getFirst());
                yield Types.UINT64;
            }
            case ARRAY_HAS -> {
                requireComparable(function, item(function, arguments.get(0)), arguments.get(1).type());
                yield Expression.BOOL;
            }
            case ARRAY_POSITION -> {
                requireComparable(function, item(function, arguments.get(0)), arguments.get(1).type());
                yield Types.UINT64;
            }
            case ARRAY_HAS_ANY, ARRAY_HAS_ALL -> {
                requireComparable(function, item(function, arguments.get(0)), item(function, arguments.get(1)));
                yield Expression.BOOL;
            }
            case ARRAY_ELEMENT -> item(function, arguments.getFirst());
        };
    }

    private static String describe(Expression argument) {
        return ExpressionBuilder.describe(argument.type());
    }

    private static Misfit wrong(Functions function, Expression argument) {
        return new Misfit(function.sqlName() + " takes no " + describe(argument));
    }

    private static void requireOneOf(Functions function, Expression argument, Family... families) {
        Family family = Types.family(argument.type());
        if (family != Family.NULL && !List.of(families).contains(family)) {
            throw wrong(function, argument);
        }
    }

    private static boolean isText(Expression argument) {
        return Types.family(argument.type()) == Family.TEXT;
    }

    private static void requireText(Functions function, Expression argument) {
        if (!isText(argument) && Types.family(argument.type()) != Family.NULL) {
            throw new Misfit(function.sqlName() + " takes strings, not " + describe(argument));
        }
    }

    private static void requireWhole(Functions function, Expression argument) {
        requireOneOf(function, argument, Family.WHOLE);
    }

    private static void requirePlain(Functions function, Expression argument) {
        if (Types.family(argument.type()) == Family.OTHER) {
            throw wrong(function, argument);
        }
    }

    private static boolean isLarge(Expression argument) {
        return Types.value(argument.type()) instanceof LogicalType.Utf8(boolean large) && large;
    }

    private static LogicalType textLike(Expression argument) {
        return new LogicalType.Utf8(isLarge(argument));
    }

    private static LogicalType number(Functions function, Expression argument) {
        if (!Types.isNumber(Types.family(argument.type()))) {
            throw new Misfit(function.sqlName() + " takes numbers, not " + describe(argument));
        }
        return Types.value(argument.type());
    }

    /// Floats of 32 bits stay so.
    private static LogicalType floatLike(LogicalType type) {
        return type.equals(new LogicalType.FloatingPoint(32)) ? type : Expression.FLOAT64;
    }

    private static LogicalType roundedDecimal(LogicalType.Decimal type, List<Expression> arguments) {
        long places = 0;
        if (arguments.size() == 2) {
            if (!(arguments.get(1) instanceof Literal literal && literal.value() instanceof Long known)) {
                throw new Misfit("decimals are rounded to a constant number of places");
            }
            places = known;
        }
        int scale = (int) Math.max(0, Math.min(type.scale(), places));
        return new LogicalType.Decimal(type.bitWidth(), type.precision(), scale);
    }

    private static LogicalType common(Functions function, List<Expression> arguments) {
        LogicalType type = Expression.NULL;
        for (Expression argument : arguments) {
            LogicalType common = Types.union(type, argument.type());
            if (common == null) {
                throw new Misfit(function.sqlName() + " takes values of one type, not "
                        + ExpressionBuilder.describe(type) + " and " + describe(argument));
            }
            type = common;
        }
        return type;
    }

    private static TimeFunctions.Part part(Functions function, Expression argument) {
        String name = argument instanceof Literal literal && literal.value() instanceof byte[] bytes && isText(argument)
                ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                : null;
        TimeFunctions.Part part = name == null ? null : TimeFunctions.Part.named(name);
        if (part == null || (function == Functions.DATE_TRUNC && !part.canTruncate())) {
            throw new Misfit(function.sqlName() + " takes the name of a part first: " + TimeFunctions.Part.names(function));
        }
        return part;
    }

    private static LogicalType timestamp(Functions function, Expression argument, TimeUnit unit) {
        requireOneOf(function, argument, Family.WHOLE, Family.TEXT, Family.TIME);
        LogicalType type = Types.value(argument.type());
        if (type instanceof LogicalType.Time || type instanceof LogicalType.Duration) {
            throw wrong(function, argument);
        }
        return new LogicalType.Timestamp(unit, null);
    }

    private static LogicalType item(Functions function, Expression argument) {
        if (!ListEvaluation.isList(argument.type())) {
            throw new Misfit(function.sqlName() + " takes lists, not " + describe(argument));
        }
        return ListEvaluation.itemField(argument.output("item")).type();
    }

    private static void requireComparable(Functions function, LogicalType one, LogicalType other) {
        if (Types.common(one, other) == null) {
            throw new Misfit(function.sqlName() + " compares no " + ExpressionBuilder.describe(one) + " with "
                    + ExpressionBuilder.describe(other));
        }
    }
}
