// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.Expression;
import dev.joust.search.expr.ExpressionParser;
import dev.joust.search.expr.Nullability;
import dev.joust.search.expr.Projection;

/// Columns to be added to a table, each with the expression that its values come from.
public final class ComputedColumns {
    private final Map<String, String> expressions;
    private final Dialect dialect;

    /// @param expressions by name of the new column, in order
    public ComputedColumns(Map<String, String> expressions, Dialect dialect) {
        if (expressions.isEmpty()) {
            throw new IllegalArgumentException("no column to add");
        }
        this.expressions = new LinkedHashMap<>(expressions);
        this.dialect = dialect;
    }

    /// A column that is a constant null, for all of them, writes no data.
    ///
    /// @throws IllegalArgumentException naming the place in the expression
    public Dataset addTo(Dataset dataset) throws IOException {
        Projection projection = projection(dataset.schema());
        if (projection.outputs().stream().allMatch(output -> isNull(output.expression()))) {
            return dataset.evolution().addNullColumns(projection.schema());
        }
        return dataset.evolution().addColumns(
                projection.schema(), projection.columns(), (rows, memory) -> evaluate(projection, rows, memory));
    }

    /// Columns that can't be null are declared so.
    private Projection projection(Schema schema) {
        Nullability nullability = new Nullability(schema);
        List<Field> fields = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        expressions.forEach((name, text) -> {
            Expression value = ExpressionParser.parse(text, schema, dialect, List.of());
            Field field = value.output(name);
            fields.add(new Field(
                    Field.UNASSIGNED, name, field.type(), nullability.mayBeNull(value), unassigned(field.children()),
                    Map.of()));
            values.add(value);
        });
        return Projection.into(fields, values);
    }

    private static List<Field> unassigned(List<Field> fields) {
        return fields.stream()
                .map(field -> field.withId(Field.UNASSIGNED).withChildren(unassigned(field.children())))
                .toList();
    }

    private static boolean isNull(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value() == null;
            case Expression.Cast cast -> isNull(cast.operand());
            default -> false;
        };
    }

    private static Batch evaluate(Projection projection, Batch rows, BufferSources sources) {
        BufferSource memory = sources.open();
        try {
            return new Batch(projection.schema(), rows.rowCount(), projection.evaluate(rows, memory), memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }
}
