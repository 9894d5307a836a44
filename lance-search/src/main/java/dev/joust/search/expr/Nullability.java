// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.List;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Whether an expression can be null in some row, as far as the types of its columns tell. Where in doubt it can; the
/// answers are the reference's, so that columns made of expressions are declared alike.
public final class Nullability {
    private final Schema schema;

    /// @param schema of the columns
    public Nullability(Schema schema) {
        this.schema = schema;
    }

    public boolean mayBeNull(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> mayBeNull(column.path());
            case Expression.Literal literal -> literal.value() == null;
            case Expression.IsNull _, Expression.IsTruth _, Expression.ListOf _ -> false;
            case Expression.ListItem _ -> true;
            case Expression.Cast cast -> cast.orNull() || mayBeNull(cast.operand());
            case Expression.Call call -> mayBeNull(call);
            case Expression.Compare _, Expression.And _, Expression.Or _, Expression.Not _, Expression.In _,
                    Expression.Like _, Expression.Arithmetic _ -> anyMayBeNull(expression.operands());
        };
    }

    private boolean mayBeNull(Expression.Call call) {
        return switch (call.function()) {
            case COALESCE, NVL -> call.operands().stream().allMatch(this::mayBeNull);
            case JOIN, STARTS_WITH -> anyMayBeNull(call.operands());
            case IS_VALID, NOW, TODAY -> false;
            default -> true;
        };
    }

    private boolean anyMayBeNull(List<Expression> operands) {
        return operands.stream().anyMatch(this::mayBeNull);
    }

    private boolean mayBeNull(List<String> path) {
        List<Field> among = schema.fields();
        for (String name : path) {
            Field step = among.stream()
                    .filter(field -> field.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (step == null || step.nullable()) {
                return true;
            }
            among = step.children();
        }
        return false;
    }
}
