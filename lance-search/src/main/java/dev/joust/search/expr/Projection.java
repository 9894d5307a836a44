// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Columns that are worked out from those of a batch. Immutable and thread-safe.
public final class Projection {
    /// One column: an expression and what it is called.
    public record Output(String name, Expression expression) {
        Field field() {
            return expression.output(name);
        }
    }

    private final List<Output> outputs;
    private final List<Field> fields;
    private final Schema schema;
    private final List<String> columns;

    private Projection(List<Output> outputs, List<Field> fields, Map<String, String> metadata) {
        this.outputs = List.copyOf(outputs);
        this.fields = List.copyOf(fields);
        this.schema = new Schema(fields, metadata);
        Set<String> names = new LinkedHashSet<>();
        outputs.forEach(output -> output.expression().collectColumns(names));
        this.columns = List.copyOf(names);
    }

    /// Columns of the types that the expressions have.
    ///
    /// @param metadata of the schema
    /// @throws IllegalArgumentException if two have one name
    public static Projection of(List<Output> outputs, Map<String, String> metadata) {
        Set<String> names = new HashSet<>();
        for (Output output : outputs) {
            if (!names.add(output.name())) {
                throw new IllegalArgumentException("two columns are called '" + output.name() + "'; name one with AS");
            }
        }
        return new Projection(outputs, outputs.stream().map(Output::field).toList(), metadata);
    }

    /// Columns for these fields of a table, one expression each: converted to the field's type, by CAST where it is
    /// another.
    ///
    /// @throws IllegalArgumentException naming the column, if there is no such conversion, or a constant does not convert
    public static Projection into(List<Field> fields, List<Expression> expressions) {
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            outputs.add(new Output(fields.get(i).name(), Assignments.fitted(expressions.get(i), fields.get(i))));
        }
        return new Projection(outputs, fields, Map.of());
    }

    /// Of what {@link #project} answers.
    public Schema schema() {
        return schema;
    }

    public List<Output> outputs() {
        return outputs;
    }

    /// Names of the top-level columns that it reads.
    public List<String> columns() {
        return columns;
    }

    /// The columns for the rows of a batch. Takes the batch over: the answer shares its memory.
    ///
    /// @throws IllegalArgumentException if a value cannot be worked out: a division by zero, a cast that fails
    public Batch project(Batch rows) {
        try {
            return new Batch(schema, rows.rowCount(), evaluate(rows, rows.memory()), rows.memory());
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    /// The columns for the rows of a batch, which stays the caller's.
    ///
    /// @param memory of what is new; plain columns are shared with the batch
    public List<ColumnBuffers> evaluate(Batch rows, SegmentAllocator memory) {
        List<ColumnBuffers> answer = new ArrayList<>();
        try (Evaluation evaluation = new Evaluation(rows)) {
            for (int i = 0; i < outputs.size(); i++) {
                answer.add(column(outputs.get(i).expression(), fields.get(i), evaluation, rows, memory));
            }
        }
        return answer;
    }

    private static ColumnBuffers column(
            Expression expression, Field field, Evaluation evaluation, Batch rows, SegmentAllocator memory) {
        if (expression instanceof Expression.Column column && column.path().size() == 1) {
            ColumnBuffers stored = rows.column(column.path().getFirst());
            ValueColumns.requireNullable(field, stored.nullCount());
            return stored.with(field, stored.children());
        }
        return ValueColumns.column(evaluation.evaluate(expression), field, rows.rowCount(), memory);
    }
}
