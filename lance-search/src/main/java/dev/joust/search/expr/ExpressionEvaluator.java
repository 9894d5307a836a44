// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.joust.format.batch.Batch;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.RowPredicate;

/// A condition as a predicate of scans: rows for which it is true pass. Immutable and thread-safe.
public final class ExpressionEvaluator implements RowPredicate {
    private final Expression condition;
    private final Set<String> columns;

    /// @param condition an expression of type bool
    public ExpressionEvaluator(Expression condition) {
        if (!(condition.type() instanceof LogicalType.Bool)) {
            throw new IllegalArgumentException("not a condition: " + condition);
        }
        this.condition = condition;
        Set<String> names = new LinkedHashSet<>();
        condition.collectColumns(names);
        this.columns = Set.copyOf(names);
    }

    public Expression condition() {
        return condition;
    }

    @Override
    public Set<String> columns() {
        return columns;
    }

    /// @throws IllegalArgumentException if a value cannot be worked out: a division by zero, a cast that fails
    @Override
    public BitSet select(Batch batch) {
        try (Evaluation evaluation = new Evaluation(batch)) {
            return evaluation.select(condition);
        }
    }
}
