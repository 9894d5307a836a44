// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Comparator;
import dev.joust.search.expr.Expression.Literal;

/// Works an expression out for one batch, a column at a time.
final class Evaluation implements AutoCloseable {
    private final Batch batch;
    private final int rowCount;
    private final Arena arena = Arena.ofConfined();

    Evaluation(Batch batch) {
        this.batch = batch;
        this.rowCount = batch.rowCount();
    }

    /// Memory of intermediate results.
    Arena arena() {
        return arena;
    }

    int rowCount() {
        return rowCount;
    }

    BitSet select(Expression condition) {
        Values.Bools truth = truth(condition);
        BitSet selected = new BitSet(rowCount);
        if (truth.constant) {
            selected.set(0, truth.get(0) && truth.isValid(0) ? rowCount : 0);
            return selected;
        }
        long[] passing = truth.bits.clone();
        for (int i = 0; truth.valid != null && i < passing.length; i++) {
            passing[i] &= truth.valid[i];
        }
        selected.or(BitSet.valueOf(passing));
        // Negations set bits past the last row.
        selected.clear(rowCount, Math.max(rowCount, selected.length()));
        return selected;
    }

    Values evaluate(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> ColumnLoader.load(batch, column.path(), arena);
            case Literal literal -> literal(literal);
            case Expression.ListOf list -> ListEvaluation.constant(list, arena);
            case Expression.ListItem item -> ListEvaluation.item(item, this);
            case Expression.Compare compare -> compare(compare);
            case Expression.And and -> connect(and.operands(), true);
            case Expression.Or or -> connect(or.operands(), false);
            case Expression.Not not -> not(truth(not.operand()));
            case Expression.IsNull isNull -> isNull(evaluate(isNull.operand()));
            case Expression.IsTruth isTruth -> isTruth(truth(isTruth.operand()), isTruth.truth());
            case Expression.In in -> in(in);
            case Expression.Like like -> LikePattern.evaluate(like, this);
            case Expression.Arithmetic arithmetic -> ArithmeticEvaluation.evaluate(arithmetic, this);
            case Expression.Call call -> FunctionEvaluation.evaluate(call, this);
            case Expression.Cast cast -> Casts.evaluate(cast, this);
        };
    }

    private static Values literal(Literal literal) {
        long[] valid = literal.value() == null ? new long[1] : null;
        return switch (literal.value()) {
            case null ->
                switch (Types.family(literal.type())) {
                    case BOOL -> new Values.Bools(new long[1], valid, true);
                    case WHOLE, TIME -> new Values.Longs(new long[1], valid, true);
                    case FLOATING -> new Values.Doubles(new double[1], valid, true);
                    case DECIMAL -> new Values.Decimals(new BigDecimal[] {BigDecimal.ZERO}, valid, true);
                    case TEXT, BINARY -> Values.Bytes.of(new byte[1][0], valid, true);
                    case NULL, OTHER -> new Values.Nulls();
                };
            case Boolean flag -> new Values.Bools(new long[] {flag ? 1 : 0}, null, true);
            case Long value -> new Values.Longs(new long[] {value}, null, true);
            case Double value -> new Values.Doubles(new double[] {value}, null, true);
            case BigDecimal value -> new Values.Decimals(new BigDecimal[] {value}, null, true);
            case byte[] value -> Values.Bytes.of(new byte[][] {value}, null, true);
            default -> throw new IllegalArgumentException("no literal: " + literal);
        };
    }

    Values.Bools truth(Expression expression) {
        return switch (evaluate(expression)) {
            case Values.Bools bools -> bools;
            case Values.Nulls _ -> new Values.Bools(new long[1], new long[1], true);
            default -> throw new IllegalArgumentException("not a condition: " + expression);
        };
    }

    /// The values of an expression as values of `target`.
    Values load(Expression expression, LogicalType target) {
        return Casts.widen(evaluate(expression), expression.type(), target, rowCount);
    }

    private Values.Bools compare(Expression.Compare compare) {
        LogicalType common = Types.common(compare.left().type(), compare.right().type());
        if (common == null) {
            throw new IllegalArgumentException("not comparable: " + compare);
        }
        Comparator comparator = compare.comparator();
        Values left = load(compare.left(), common);
        Values right = load(compare.right(), common);
        if (left instanceof Values.Nulls || right instanceof Values.Nulls) {
            return switch (comparator) {
                case DISTINCT -> not(isNull(left instanceof Values.Nulls ? right : left));
                case NOT_DISTINCT -> isNull(left instanceof Values.Nulls ? right : left);
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                    new Values.Bools(new long[1], new long[1], true);
            };
        }
        boolean zerosEqual = compare.left() instanceof Literal || compare.right() instanceof Literal;
        return Comparisons.compare(comparator, left, right, common, zerosEqual, rowCount);
    }

    /// Rows where both are valid; null where all are.
    static long @Nullable [] bothValid(Values left, Values right, int count) {
        if (left.valid == null && right.valid == null) {
            return null;
        }
        long[] valid = new long[Values.words(count)];
        for (int i = 0; i < valid.length; i++) {
            valid[i] = validWord(left, i) & validWord(right, i);
        }
        return valid;
    }

    private static long validWord(Values values, int index) {
        if (values.constant) {
            return values.isValid(0) ? -1L : 0;
        }
        return values.valid == null ? -1L : values.valid[index];
    }

    /// False wins over null in AND, true in OR.
    private Values.Bools connect(List<Expression> operands, boolean and) {
        int words = Values.words(rowCount);
        long[] isTrue = new long[words];
        long[] isFalse = new long[words];
        Arrays.fill(and ? isTrue : isFalse, -1L);
        for (Expression operand : operands) {
            Values.Bools next = truth(operand);
            boolean open = false;
            for (int i = 0; i < words; i++) {
                long valid = next.constant ? (next.isValid(0) ? -1L : 0) : next.valid == null ? -1L : next.valid[i];
                long bits = next.constant ? (next.get(0) ? -1L : 0) : next.bits[i];
                if (and) {
                    isTrue[i] &= valid & bits;
                    isFalse[i] |= valid & ~bits;
                    open |= isFalse[i] != -1L;
                } else {
                    isTrue[i] |= valid & bits;
                    isFalse[i] &= valid & ~bits;
                    open |= isTrue[i] != -1L;
                }
            }
            if (!open) {
                break;
            }
        }
        long[] valid = new long[words];
        for (int i = 0; i < words; i++) {
            valid[i] = isTrue[i] | isFalse[i];
        }
        return new Values.Bools(isTrue, valid, false);
    }

    private static Values.Bools not(Values.Bools operand) {
        long[] bits = new long[operand.bits.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = ~operand.bits[i];
        }
        return new Values.Bools(bits, operand.valid, operand.constant);
    }

    private static Values.Bools isNull(Values operand) {
        if (operand.valid == null) {
            return new Values.Bools(new long[1], null, true);
        }
        long[] bits = new long[operand.valid.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = ~operand.valid[i];
        }
        return new Values.Bools(bits, null, operand.constant);
    }

    private static Values.Bools isTruth(Values.Bools operand, boolean truth) {
        long[] bits = new long[operand.bits.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (truth ? operand.bits[i] : ~operand.bits[i]) & (operand.valid == null ? -1L : operand.valid[i]);
        }
        return new Values.Bools(bits, null, operand.constant);
    }

    private Values.Bools in(Expression.In in) {
        Values operand = evaluate(in.operand());
        List<Object> wanted = new ArrayList<>();
        for (Literal item : in.items()) {
            if (item.value() != null) {
                wanted.add(item.value());
            }
        }
        int count = operand.constant ? 1 : rowCount;
        long[] found = Membership.of(operand, wanted, count);
        long[] valid = new long[found.length];
        boolean hasNull = wanted.size() < in.items().size();
        for (int i = 0; i < found.length; i++) {
            found[i] &= validWord(operand, i);
            // What is not among values of which one is unknown may be that one.
            valid[i] = hasNull ? found[i] : validWord(operand, i);
        }
        return new Values.Bools(found, valid, operand.constant);
    }

    @Override
    public void close() {
        arena.close();
    }
}
