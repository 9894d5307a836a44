// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

import dev.joust.format.schema.LogicalType;

/// Works out calls of {@link Functions}.
final class FunctionEvaluation {
    private FunctionEvaluation() {}

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        List<Expression> arguments = call.operands();
        return switch (call.function()) {
            case LENGTH, CHAR_LENGTH, CHARACTER_LENGTH -> lengths(call, evaluation, false);
            case OCTET_LENGTH -> lengths(call, evaluation, true);
            case LOWER -> mapped(call, evaluation, text -> text.toLowerCase(Locale.ROOT));
            case UPPER -> mapped(call, evaluation, text -> text.toUpperCase(Locale.ROOT));
            case TRIM, BTRIM -> mapped(call, evaluation, text -> trimmed(text, true, true));
            case LTRIM -> mapped(call, evaluation, text -> trimmed(text, true, false));
            case RTRIM -> mapped(call, evaluation, text -> trimmed(text, false, true));
            case STARTS_WITH, ENDS_WITH, CONTAINS -> found(call, evaluation);
            case CONCAT -> concat(call, evaluation, false);
            case JOIN -> concat(call, evaluation, true);
            case COALESCE -> coalesce(call, evaluation);
            case NULLIF -> nullIf(call, evaluation);
            case ABS -> absolute(evaluation.evaluate(arguments.getFirst()), call.type());
            case ROUND, FLOOR, CEIL -> rounded(call, evaluation);
            case ISNAN -> {
                Values operand = evaluation.load(arguments.getFirst(), Expression.FLOAT64);
                if (!(operand instanceof Values.Doubles doubles)) {
                    yield new Values.Nulls();
                }
                long[] bits = new long[Values.words(doubles.values.length)];
                for (int i = 0; i < doubles.values.length; i++) {
                    if (Double.isNaN(doubles.values[i])) {
                        Values.setBit(bits, i);
                    }
                }
                yield new Values.Bools(bits, operand.valid, operand.constant);
            }
            case IS_VALID ->
                evaluation.evaluate(new Expression.Not(new Expression.IsNull(arguments.getFirst())));
        };
    }

    /// Only blanks, as the reference: tabs and line ends stay.
    private static String trimmed(String text, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (right && end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }

    private static Values lengths(Expression.Call call, Evaluation evaluation, boolean bytes) {
        if (!(evaluation.evaluate(call.operands().getFirst()) instanceof Values.Bytes texts)) {
            return new Values.Nulls();
        }
        long[] lengths = new long[texts.starts.length - 1];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = texts.starts[i + 1] - texts.starts[i];
            for (long at = texts.starts[i]; !bytes && at < texts.starts[i + 1]; at++) {
                // Every byte but those that continue a character.
                if ((texts.data.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at) & 0xc0) == 0x80) {
                    lengths[i]--;
                }
            }
        }
        return new Values.Longs(lengths, texts.valid, texts.constant);
    }

    private static Values mapped(Expression.Call call, Evaluation evaluation, UnaryOperator<String> change) {
        if (!(evaluation.evaluate(call.operands().getFirst()) instanceof Values.Bytes texts)) {
            return new Values.Nulls();
        }
        byte[][] results = new byte[texts.starts.length - 1][];
        for (int i = 0; i < results.length; i++) {
            String text = texts.isValid(i) ? new String(texts.get(i), StandardCharsets.UTF_8) : "";
            results[i] = change.apply(text).getBytes(StandardCharsets.UTF_8);
        }
        return Values.Bytes.of(results, texts.valid, texts.constant);
    }

    private static Values found(Expression.Call call, Evaluation evaluation) {
        if (!(evaluation.evaluate(call.operands().get(0)) instanceof Values.Bytes texts)
                || !(evaluation.evaluate(call.operands().get(1)) instanceof Values.Bytes parts)) {
            return new Values.Nulls();
        }
        boolean constant = texts.constant && parts.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            if (texts.isValid(row) && parts.isValid(row)) {
                String text = new String(texts.get(row), StandardCharsets.UTF_8);
                String part = new String(parts.get(row), StandardCharsets.UTF_8);
                boolean found =
                        switch (call.function()) {
                            case STARTS_WITH -> text.startsWith(part);
                            case ENDS_WITH -> text.endsWith(part);
                            default -> text.contains(part);
                        };
                if (found) {
                    Values.setBit(bits, row);
                }
            }
        }
        return new Values.Bools(bits, Evaluation.bothValid(texts, parts, count), constant);
    }

    private static Values concat(Expression.Call call, Evaluation evaluation, boolean nullIfAny) {
        List<Values> parts = new ArrayList<>();
        boolean constant = true;
        for (Expression operand : call.operands()) {
            Values part = evaluation.evaluate(operand);
            parts.add(part);
            constant &= part.constant;
        }
        int count = constant ? 1 : evaluation.rowCount();
        byte[][] results = new byte[count][];
        long[] valid = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            boolean any = false;
            for (Values part : parts) {
                if (part instanceof Values.Bytes bytes && bytes.isValid(row)) {
                    joined.writeBytes(bytes.get(row));
                } else {
                    any = true;
                }
            }
            results[row] = joined.toByteArray();
            if (!any || !nullIfAny) {
                Values.setBit(valid, row);
            }
        }
        return Values.Bytes.of(results, valid, constant);
    }

    private static Values coalesce(Expression.Call call, Evaluation evaluation) {
        if (call.type() instanceof LogicalType.Null) {
            return new Values.Nulls();
        }
        List<Values> choices = new ArrayList<>();
        for (Expression operand : call.operands()) {
            choices.add(evaluation.load(operand, call.type()));
        }
        int count = evaluation.rowCount();
        int[] chosen = new int[count];
        for (int row = 0; row < count; row++) {
            chosen[row] = -1;
            for (int i = 0; i < choices.size() && chosen[row] < 0; i++) {
                chosen[row] = choices.get(i).isValid(row) ? i : -1;
            }
        }
        return Choice.of(choices, chosen, call.type());
    }

    private static Values nullIf(Expression.Call call, Evaluation evaluation) {
        Expression first = call.operands().get(0);
        Values.Bools equal = evaluation.truth(
                new Expression.Compare(Expression.Comparator.EQUAL, first, call.operands().get(1)));
        Values values = evaluation.load(first, call.type());
        int[] chosen = new int[evaluation.rowCount()];
        for (int row = 0; row < chosen.length; row++) {
            boolean same = equal.isValid(row) && equal.get(row);
            chosen[row] = same || !values.isValid(row) ? -1 : 0;
        }
        return Choice.of(List.of(values), chosen, call.type());
    }

    private static Values absolute(Values operand, LogicalType type) {
        return switch (operand) {
            case Values.Longs longs -> {
                long[] results = longs.values.clone();
                for (int i = 0; i < results.length; i++) {
                    results[i] = type.equals(Types.UINT64) ? results[i] : Math.abs(results[i]);
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

    private static Values rounded(Expression.Call call, Evaluation evaluation) {
        Values operand = evaluation.load(call.operands().getFirst(), Expression.FLOAT64);
        if (!(operand instanceof Values.Doubles doubles)) {
            return operand;
        }
        double[] results = doubles.values.clone();
        for (int i = 0; i < results.length; i++) {
            results[i] =
                    switch (call.function()) {
                        case FLOOR -> Math.floor(results[i]);
                        case CEIL -> Math.ceil(results[i]);
                        // Halves go away from zero.
                        default ->
                            Math.copySign(
                                    Math.abs(results[i]) >= 0x1p52
                                            ? Math.abs(results[i])
                                            : Math.floor(Math.abs(results[i]) + 0.5),
                                    results[i]);
                    };
        }
        return new Values.Doubles(results, doubles.valid, doubles.constant);
    }
}
