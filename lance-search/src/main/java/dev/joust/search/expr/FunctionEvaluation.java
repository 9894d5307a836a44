// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.schema.LogicalType;

/// Works out calls of {@link Functions}.
final class FunctionEvaluation {
    private FunctionEvaluation() {}

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        return switch (call.function().kind()) {
            case TEXT -> TextFunctions.evaluate(call, evaluation);
            case NUMBER -> NumberFunctions.evaluate(call, evaluation);
            case TIME -> TimeFunctions.evaluate(call, evaluation);
            case CHOICE -> choice(call, evaluation);
            case LIST -> list(call, evaluation);
        };
    }

    private static Values choice(Expression.Call call, Evaluation evaluation) {
        if (call.type() instanceof LogicalType.Null) {
            return new Values.Nulls();
        }
        return switch (call.function()) {
            case COALESCE, NVL -> coalesce(call, evaluation);
            case NVL2 -> nvl2(call, evaluation);
            case NULLIF -> nullIf(call, evaluation);
            case GREATEST, LEAST -> extreme(call, evaluation);
            default -> throw new IllegalArgumentException("no choice: " + call.function());
        };
    }

    private static List<Values> loaded(List<Expression> operands, LogicalType type, Evaluation evaluation) {
        List<Values> values = new ArrayList<>();
        operands.forEach(operand -> values.add(evaluation.load(operand, type)));
        return values;
    }

    private static Values coalesce(Expression.Call call, Evaluation evaluation) {
        List<Values> choices = loaded(call.operands(), call.type(), evaluation);
        int[] chosen = new int[evaluation.rowCount()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = -1;
            for (int i = 0; i < choices.size() && chosen[row] < 0; i++) {
                chosen[row] = choices.get(i).isValid(row) ? i : -1;
            }
        }
        return Choice.of(choices, chosen, call.type());
    }

    private static Values nvl2(Expression.Call call, Evaluation evaluation) {
        Values first = evaluation.evaluate(call.operands().getFirst());
        List<Values> choices = loaded(call.operands().subList(1, 3), call.type(), evaluation);
        int[] chosen = new int[evaluation.rowCount()];
        for (int row = 0; row < chosen.length; row++) {
            int wanted = first.isValid(row) ? 0 : 1;
            chosen[row] = choices.get(wanted).isValid(row) ? wanted : -1;
        }
        return Choice.of(choices, chosen, call.type());
    }

    private static Values nullIf(Expression.Call call, Evaluation evaluation) {
        Expression first = call.operands().get(0);
        Values values = evaluation.load(first, call.type());
        Values others = evaluation.load(call.operands().get(1), call.type());
        if (values instanceof Values.Nulls || others instanceof Values.Nulls) {
            return values;
        }
        Values.Bools equal = Comparisons.compare(
                Expression.Comparator.EQUAL, values, others, call.type(), false, evaluation.rowCount());
        int[] chosen = new int[evaluation.rowCount()];
        for (int row = 0; row < chosen.length; row++) {
            boolean same = equal.isValid(row) && equal.get(row);
            chosen[row] = same || !values.isValid(row) ? -1 : 0;
        }
        return Choice.of(List.of(values), chosen, call.type());
    }

    private static Values extreme(Expression.Call call, Evaluation evaluation) {
        int wanted = call.function() == Functions.GREATEST ? 1 : -1;
        List<Values> choices = loaded(call.operands(), call.type(), evaluation);
        int[] chosen = new int[evaluation.rowCount()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = -1;
            for (int i = 0; i < choices.size(); i++) {
                Values next = choices.get(i);
                if (next.isValid(row)
                        && (chosen[row] < 0
                                || Integer.signum(Comparisons.order(next, row, choices.get(chosen[row]), row, call.type(), false))
                                        == wanted)) {
                    chosen[row] = i;
                }
            }
        }
        return Choice.of(choices, chosen, call.type());
    }

    private static Values list(Expression.Call call, Evaluation evaluation) {
        return switch (call.function()) {
            case ARRAY_LENGTH ->
                ListEvaluation.lengths(evaluation.evaluate(call.operands().getFirst()), evaluation.rowCount());
            case ARRAY_HAS_ANY -> ListEvaluation.overlaps(call, false, evaluation);
            case ARRAY_HAS_ALL -> ListEvaluation.overlaps(call, true, evaluation);
            default -> positions(call, evaluation);
        };
    }

    private static Values positions(Expression.Call call, Evaluation evaluation) {
        if (!(ListEvaluation.positions(call, evaluation) instanceof Values.Longs positions)) {
            return new Values.Nulls();
        }
        int count = positions.values.length;
        long[] found = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            boolean valid = positions.valid == null || Values.bit(positions.valid, row);
            if (valid && positions.values[row] > 0) {
                Values.setBit(found, row);
            }
        }
        return call.function() == Functions.ARRAY_POSITION
                ? new Values.Longs(positions.values, found, positions.constant)
                : new Values.Bools(found, positions.valid, positions.constant);
    }
}
