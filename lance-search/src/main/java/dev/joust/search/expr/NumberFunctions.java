// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.DoubleUnaryOperator;

import dev.joust.format.schema.LogicalType;

/// Works out calls of functions on numbers.
final class NumberFunctions {
    private NumberFunctions() {}

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        Expression first = call.operands().getFirst();
        return switch (call.function()) {
            case ABS -> absolute(evaluation.evaluate(first), call.type());
            case ROUND, TRUNC ->
                call.type() instanceof LogicalType.Decimal decimal
                        ? rounded(call, decimal, evaluation)
                        : roundedFloats(call, evaluation);
            case FLOOR -> mapped(call, evaluation, Math::floor);
            case CEIL -> mapped(call, evaluation, Math::ceil);
            case SIGNUM -> mapped(call, evaluation, value -> value == 0 ? 0.0 : Math.signum(value));
            case SQRT -> mapped(call, evaluation, Math::sqrt);
            case EXP -> mapped(call, evaluation, Math::exp);
            case LN -> mapped(call, evaluation, Math::log);
            case LOG2 -> mapped(call, evaluation, NumberFunctions::log2);
            case LOG10 -> mapped(call, evaluation, Math::log10);
            case POWER -> powers(call, evaluation);
            case ISNAN -> test(call, evaluation, true);
            case ISZERO -> test(call, evaluation, false);
            default -> throw new IllegalArgumentException("no function of numbers: " + call.function());
        };
    }

    private static Values absolute(Values operand, LogicalType type) {
        return switch (operand) {
            case Values.Longs longs -> {
                long[] results = longs.values.clone();
                boolean signed = ((LogicalType.Int) type).signed();
                long least = signed ? -1L << (((LogicalType.Int) type).bitWidth() - 1) : 0;
                for (int i = 0; signed && i < results.length; i++) {
                    if (results[i] == least && (longs.valid == null || Values.bit(longs.valid, i))) {
                        throw new IllegalArgumentException(
                                "abs(" + least + ") does not fit " + ExpressionBuilder.describe(type));
                    }
                    results[i] = Math.abs(results[i]);
                }
                yield new Values.Longs(results, longs.valid, longs.constant);
            }
            case Values.Doubles doubles -> {
                double[] results = doubles.values.clone();
                for (int i = 0; i < results.length; i++) {
                    results[i] = Math.abs(results[i]);
                }
                yield new Values.Doubles(results, doubles.valid, doubles.constant);
            }
            case Values.Decimals decimals -> {
                BigDecimal[] results = decimals.values.clone();
                for (int i = 0; i < results.length; i++) {
                    results[i] = results[i].abs();
                }
                yield new Values.Decimals(results, decimals.valid, decimals.constant);
            }
            case Values.Bools _, Values.Bytes _, Values.Nulls _, Values.Nested _ -> operand;
        };
    }

    private static Values mapped(Expression.Call call, Evaluation evaluation, DoubleUnaryOperator function) {
        Values operand = evaluation.load(call.operands().getFirst(), call.type());
        if (!(operand instanceof Values.Doubles doubles)) {
            return new Values.Nulls();
        }
        double[] results = new double[doubles.values.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = function.applyAsDouble(doubles.values[i]);
        }
        Types.round(results, call.type());
        return new Values.Doubles(results, doubles.valid, doubles.constant);
    }

    private static double log2(double value) {
        int exponent = Math.getExponent(value);
        boolean power = value > 0 && exponent >= Double.MIN_EXPONENT && Math.scalb(1.0, exponent) == value;
        return power ? exponent : Math.log(value) / Math.log(2);
    }

    private static Values powers(Expression.Call call, Evaluation evaluation) {
        Values base = evaluation.load(call.operands().get(0), Expression.FLOAT64);
        Values exponent = evaluation.load(call.operands().get(1), Expression.FLOAT64);
        if (!(base instanceof Values.Doubles bases) || !(exponent instanceof Values.Doubles exponents)) {
            return new Values.Nulls();
        }
        boolean constant = bases.constant && exponents.constant;
        double[] results = new double[constant ? 1 : evaluation.rowCount()];
        for (int i = 0; i < results.length; i++) {
            results[i] = Math.pow(bases.get(i), exponents.get(i));
        }
        return new Values.Doubles(results, Evaluation.bothValid(bases, exponents, results.length), constant);
    }

    private static Values test(Expression.Call call, Evaluation evaluation, boolean isNan) {
        Values operand = evaluation.load(call.operands().getFirst(), Expression.FLOAT64);
        if (!(operand instanceof Values.Doubles doubles)) {
            return new Values.Nulls();
        }
        long[] bits = new long[Values.words(doubles.values.length)];
        for (int i = 0; i < doubles.values.length; i++) {
            if (isNan ? Double.isNaN(doubles.values[i]) : doubles.values[i] == 0) {
                Values.setBit(bits, i);
            }
        }
        return new Values.Bools(bits, operand.valid, operand.constant);
    }

    private static Values rounded(Expression.Call call, LogicalType.Decimal type, Evaluation evaluation) {
        if (!(evaluation.evaluate(call.operands().getFirst()) instanceof Values.Decimals decimals)) {
            return new Values.Nulls();
        }
        RoundingMode mode = call.function() == Functions.ROUND ? RoundingMode.HALF_UP : RoundingMode.DOWN;
        BigDecimal[] results = new BigDecimal[decimals.values.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = decimals.values[i].setScale(type.scale(), mode);
        }
        return new Values.Decimals(results, decimals.valid, decimals.constant);
    }

    /// Halves go away from zero.
    private static Values roundedFloats(Expression.Call call, Evaluation evaluation) {
        Values operand = evaluation.load(call.operands().getFirst(), call.type());
        Values places = call.operands().size() == 1
                ? new Values.Longs(new long[1], null, true)
                : evaluation.load(call.operands().get(1), Expression.INT64);
        if (!(operand instanceof Values.Doubles doubles) || !(places instanceof Values.Longs digits)) {
            return new Values.Nulls();
        }
        boolean constant = doubles.constant && digits.constant;
        double[] results = new double[constant ? 1 : evaluation.rowCount()];
        for (int i = 0; i < results.length; i++) {
            double factor = Math.pow(10, (double) digits.get(i));
            double value = doubles.get(i);
            double scaled = Types.rounded(value * factor, call.type());
            double whole = call.function() == Functions.ROUND ? rounded(scaled) : truncated(scaled);
            results[i] = Double.isFinite(scaled) && factor != 0 ? whole / factor : factor == 0 ? 0 * value : value;
        }
        Types.round(results, call.type());
        return new Values.Doubles(results, Evaluation.bothValid(doubles, digits, results.length), constant);
    }

    private static double rounded(double value) {
        double magnitude = Math.abs(value);
        double whole = magnitude >= 0x1p52 ? magnitude : Math.floor(magnitude);
        return Math.copySign(magnitude - whole >= 0.5 ? whole + 1 : whole, value);
    }

    private static double truncated(double value) {
        return Math.copySign(Math.floor(Math.abs(value)), value);
    }
}
