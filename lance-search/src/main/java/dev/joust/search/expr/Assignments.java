// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Literal;
import dev.joust.search.expr.Types.Family;

/// Expressions as values of a column: converted by CAST where they are of another type.
final class Assignments {
    private Assignments() {}

    static Expression fitted(Expression expression, Field field) {
        LogicalType target = field.type();
        LogicalType plain = Types.value(target);
        if (expression.type() instanceof LogicalType.Null) {
            return new Literal(null, target);
        }
        if (Types.family(plain) == Family.OTHER) {
            if (sameShape(expression.output(field.name()), field)) {
                return expression;
            }
            if (expression instanceof Expression.ListOf list) {
                return intoList(list, field);
            }
            throw misfit(expression, field);
        }
        if (Types.value(expression.type()).equals(plain)) {
            return expression;
        }
        if (Types.family(expression.type()) == Family.OTHER) {
            throw misfit(expression, field);
        }
        if (expression instanceof Literal literal) {
            Object value = Casts.cast(literal, plain);
            if (value == null) {
                throw new IllegalArgumentException("column '" + field.name() + "': " + ExpressionBuilder.print(literal)
                        + " cannot be cast to " + ExpressionBuilder.describe(plain));
            }
            return new Literal(value, plain);
        }
        return new Expression.Cast(expression, plain, false);
    }

    private static Expression intoList(Expression.ListOf list, Field field) {
        Expression.ListOf fitted =
                switch (field.type()) {
                    case LogicalType.FixedSizeList(_, int dimension) -> {
                        if (list.items().size() != dimension) {
                            throw new IllegalArgumentException("column '" + field.name() + "' takes lists of " + dimension
                                    + " items, not of " + list.items().size());
                        }
                        yield list.into(field);
                    }
                    case LogicalType.List _ -> list.into(field);
                    default -> throw misfit(list, field);
                };
        return fitted;
    }

    private static IllegalArgumentException misfit(Expression expression, Field field) {
        return new IllegalArgumentException("column '" + field.name() + "' of type "
                + ExpressionBuilder.describe(field.type()) + " takes no "
                + ExpressionBuilder.describe(expression.type()));
    }

    /// Whether values of one are values of the other, whatever the names of lists' items.
    static boolean sameShape(Field one, Field other) {
        if (!one.type().equals(other.type()) || one.children().size() != other.children().size()) {
            return false;
        }
        boolean named = one.type() instanceof LogicalType.Struct;
        for (int i = 0; i < one.children().size(); i++) {
            Field child = one.children().get(i);
            Field otherChild = other.children().get(i);
            if (!sameShape(child, otherChild) || (named && !child.name().equals(otherChild.name()))) {
                return false;
            }
        }
        return true;
    }
}
