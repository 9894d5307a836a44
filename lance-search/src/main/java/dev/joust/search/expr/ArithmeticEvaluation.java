// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.MathContext;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Operator;

/// Sums, products and quotients of columns.
final class ArithmeticEvaluation {
    private ArithmeticEvaluation() {}

    static Values evaluate(Expression.Arithmetic expression, Evaluation evaluation) {
        LogicalType type = expression.type();
        Values left = evaluation.load(expression.left(), type);
        Values right = evaluation.load(expression.right(), type);
        if (left instanceof Values.Nulls || right instanceof Values.Nulls) {
            return new Values.Nulls();
        }
        boolean constant = left.constant && right.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(left, right, count);
        Operator operator = expression.operator();
        return switch (left) {
            case Values.Longs longs -> {
                long[] results = new long[count];
                for (int row = 0; row < count; row++) {
                    if (left.isValid(row) && right.isValid(row)) {
                        results[row] = wrapped(
                                whole(operator, longs.get(row), ((Values.Longs) right).get(row), type), type);
                    }
                }
                yield new Values.Longs(results, valid, constant);
            }
            case Values.Doubles doubles -> {
                double[] results = new double[count];
                for (int row = 0; row < count; row++) {
                    double result = floating(operator, doubles.get(row), ((Values.Doubles) right).get(row));
                    results[row] = Types.rounded(result, type);
                }
                yield new Values.Doubles(results, valid, constant);
            }
            case Values.Decimals decimals -> {
                BigDecimal[] results = new BigDecimal[count];
                for (int row = 0; row < count; row++) {
                    results[row] = left.isValid(row) && right.isValid(row)
                            ? decimal(operator, decimals.get(row), ((Values.Decimals) right).get(row))
                            : BigDecimal.ZERO;
                }
                yield new Values.Decimals(results, valid, constant);
            }
            case Values.Bools _, Values.Bytes _, Values.Nulls _, Values.Opaque _ ->
                throw new IllegalArgumentException("no arithmetic on " + type);
        };
    }

    private static long whole(Operator operator, long left, long right, LogicalType type) {
        boolean unsigned = type.equals(Types.UINT64);
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> {
                requireDivisor(right != 0);
                yield unsigned ? Long.divideUnsigned(left, right) : left / right;
            }
            case REMAINDER -> {
                requireDivisor(right != 0);
                yield unsigned ? Long.remainderUnsigned(left, right) : left % right;
            }
        };
    }

    private static void requireDivisor(boolean there) {
        if (!there) {
            throw new IllegalArgumentException("division by zero");
        }
    }

    /// At the width of the type.
    private static long wrapped(long value, LogicalType type) {
        LogicalType.Int whole = (LogicalType.Int) type;
        int unused = 64 - whole.bitWidth();
        return whole.signed() ? value << unused >> unused : value << unused >>> unused;
    }

    private static double floating(Operator operator, double left, double right) {
        double result =
                switch (operator) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    case DIVIDE -> left / right;
                    case REMAINDER -> left % right;
                };
        // What hardware makes of 0/0 is the NaN with the sign set, which sorts below everything.
        boolean made = Double.isNaN(result) && !Double.isNaN(left) && !Double.isNaN(right);
        return made ? Double.longBitsToDouble(0xfff8_0000_0000_0000L) : result;
    }

    private static BigDecimal decimal(Operator operator, BigDecimal left, BigDecimal right) {
        return switch (operator) {
            case ADD -> left.add(right);
            case SUBTRACT -> left.subtract(right);
            case MULTIPLY -> left.multiply(right);
            case DIVIDE -> {
                requireDivisor(right.signum() != 0);
                yield left.divide(right, MathContext.DECIMAL128);
            }
            case REMAINDER -> {
                requireDivisor(right.signum() != 0);
                yield left.remainder(right);
            }
        };
    }
}
