// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Operator;

/// Sums, products and quotients of columns.
final class ArithmeticEvaluation {
    private static final double SIGNED_NAN = Double.longBitsToDouble(0xfff8_0000_0000_0000L);

    private ArithmeticEvaluation() {}

    static Values evaluate(Expression.Arithmetic expression, Evaluation evaluation) {
        LogicalType type = expression.type();
        Operator operator = expression.operator();
        ArithmeticTypes types =
                ArithmeticTypes.of(operator, expression.left().type(), expression.right().type());
        if (types == null) {
            throw new IllegalArgumentException("no arithmetic: " + expression);
        }
        Values left = evaluation.load(expression.left(), types.left());
        Values right = evaluation.load(expression.right(), types.right());
        if (left instanceof Values.Nulls || right instanceof Values.Nulls) {
            return new Values.Nulls();
        }
        boolean constant = left.constant && right.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(left, right, count);
        return switch (left) {
            case Values.Longs longs ->
                new Values.Longs(longs(operator, longs, (Values.Longs) right, valid, count, type), valid, constant);
            case Values.Doubles doubles ->
                new Values.Doubles(doubles(operator, doubles, (Values.Doubles) right, count, type), valid, constant);
            case Values.Decimals decimals -> {
                LogicalType.Decimal decimal = (LogicalType.Decimal) type;
                BigDecimal[] results = new BigDecimal[count];
                for (int row = 0; row < count; row++) {
                    results[row] = valid == null || Values.bit(valid, row)
                            ? decimal(operator, decimals.get(row), ((Values.Decimals) right).get(row), decimal)
                            : BigDecimal.ZERO;
                }
                yield new Values.Decimals(results, valid, constant);
            }
            case Values.Bools _, Values.Bytes _, Values.Nulls _, Values.Nested _ ->
                throw new IllegalArgumentException("no arithmetic on " + type);
        };
    }

    private static long[] longs(
            Operator operator, Values.Longs leftValues, Values.Longs rightValues, long[] valid, int count, LogicalType type) {
        long[] left = leftValues.perRow(count);
        long[] right = rightValues.perRow(count);
        long[] results = new long[count];
        switch (operator) {
            case ADD -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] + right[row];
                }
            }
            case SUBTRACT -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] - right[row];
                }
            }
            case MULTIPLY -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] * right[row];
                }
            }
            case DIVIDE, REMAINDER -> {
                boolean unsigned = type.equals(Types.UINT64);
                for (int row = 0; row < count; row++) {
                    if (valid == null || Values.bit(valid, row)) {
                        results[row] = quotient(operator, left[row], right[row], unsigned);
                    }
                }
            }
        }
        wrap(results, type);
        return results;
    }

    private static long quotient(Operator operator, long left, long right, boolean unsigned) {
        requireDivisor(right != 0);
        if (operator == Operator.DIVIDE) {
            return unsigned ? Long.divideUnsigned(left, right) : left / right;
        }
        return unsigned ? Long.remainderUnsigned(left, right) : left % right;
    }

    private static void requireDivisor(boolean there) {
        if (!there) {
            throw new IllegalArgumentException("division by zero");
        }
    }

    /// To the width of the type.
    private static void wrap(long[] values, LogicalType type) {
        if (!(type instanceof LogicalType.Int(int bitWidth, boolean signed)) || bitWidth == 64) {
            return;
        }
        int unused = 64 - bitWidth;
        for (int i = 0; i < values.length; i++) {
            values[i] = signed ? values[i] << unused >> unused : values[i] << unused >>> unused;
        }
    }

    private static double[] doubles(
            Operator operator, Values.Doubles leftValues, Values.Doubles rightValues, int count, LogicalType type) {
        double[] left = leftValues.perRow(count);
        double[] right = rightValues.perRow(count);
        double[] results = new double[count];
        switch (operator) {
            case ADD -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] + right[row];
                }
            }
            case SUBTRACT -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] - right[row];
                }
            }
            case MULTIPLY -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] * right[row];
                }
            }
            case DIVIDE -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] / right[row];
                }
            }
            case REMAINDER -> {
                for (int row = 0; row < count; row++) {
                    results[row] = left[row] % right[row];
                }
            }
        }
        for (int row = 0; row < count; row++) {
            // What hardware makes of 0/0 is the NaN with the sign set, which sorts below everything.
            if (Double.isNaN(results[row]) && !Double.isNaN(left[row]) && !Double.isNaN(right[row])) {
                results[row] = SIGNED_NAN;
            }
        }
        Types.round(results, type);
        return results;
    }

    private static BigDecimal decimal(
            Operator operator, BigDecimal left, BigDecimal right, LogicalType.Decimal type) {
        BigDecimal result =
                switch (operator) {
                    case ADD -> left.add(right);
                    case SUBTRACT -> left.subtract(right);
                    case MULTIPLY -> left.multiply(right);
                    case DIVIDE -> {
                        requireDivisor(right.signum() != 0);
                        yield left.divide(right, type.scale(), RoundingMode.DOWN);
                    }
                    case REMAINDER -> {
                        requireDivisor(right.signum() != 0);
                        yield left.remainder(right);
                    }
                };
        if (result.unscaledValue().bitLength() >= type.bitWidth()) {
            throw new IllegalArgumentException("decimal overflow: " + left.toPlainString() + " " + operator.symbol() + " "
                    + right.toPlainString());
        }
        return result;
    }
}
