// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.commit.Redo;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowChange;
import dev.joust.format.table.ScanOptions;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.Expression;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;
import dev.joust.search.expr.Projection;
import dev.joust.search.internal.rows.RowBatches;

/// One update: rows that pass a condition are written anew with some columns worked out, and their old ones deleted
/// (spec: table format 6.1). Done anew where others changed the same rows meanwhile.
public final class UpdateExecution {
    /// What an update came to.
    public record Outcome(Dataset dataset, long updatedCount, int attempts) {}

    private final QueryPlan.@Nullable Condition where;
    private final Map<String, String> assignments;
    private final Dialect dialect;

    /// @param where       null for all rows
    /// @param assignments expression by column
    public UpdateExecution(
            QueryPlan.@Nullable Condition where, Map<String, String> assignments, Dialect dialect) {
        if (assignments.isEmpty()) {
            throw new IllegalArgumentException("the update sets no column");
        }
        this.where = where;
        this.assignments = assignments;
        this.dialect = dialect;
    }

    /// @param base a version to start from
    public Outcome run(Dataset base) throws IOException {
        return Redo.run(base.refresh(), Redo.MAX_ATTEMPTS, this::once);
    }

    private Outcome once(Dataset current, int attempt) throws IOException {
        Projection set = assignments(current.schema());
        ExpressionEvaluator predicate = where == null
                ? null
                : new ExpressionEvaluator(ExpressionParser.parseFilter(
                        where.text(), ExpressionParser.columnsOf(current.schema()), dialect, where.parameters()));
        long[] rows = Scans.addressList(current, predicate);
        BatchReader old = rows.length == 0
                ? RowBatches.of(current.schema(), List.of())
                : current.scanToWrite(ScanOptions.ALL.withPredicate(predicate));
        RowChange change = RowChange.of(rows, RowAddressSet.EMPTY, current.manifest())
                .withChangedFields(set.schema().fields().stream().map(Field::id).toList());
        Dataset next = current.replaceRows(change, new Changed(old, set));
        return new Outcome(next, rows.length, attempt);
    }

    private Projection assignments(Schema schema) {
        List<Field> fields = new ArrayList<>();
        List<Expression> expressions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, String> assignment : assignments.entrySet()) {
            String name = assignment.getKey();
            Field field = schema.field(name)
                    .orElseThrow(() -> new IllegalArgumentException("the table has no column '" + name + "' to set; it has "
                            + schema.fields().stream().map(Field::name).toList()));
            if (!names.add(name)) {
                throw new IllegalArgumentException("column '" + name + "' is set twice");
            }
            fields.add(field);
            expressions.add(ExpressionParser.parse(assignment.getValue(), schema, dialect, List.of()));
        }
        return Projection.into(fields, expressions);
    }

    /// Rows with some of their columns replaced.
    private record Changed(BatchReader rows, Projection set) implements BatchReader {
        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public @Nullable Batch next() throws IOException {
            Batch batch = rows.next();
            if (batch == null) {
                return null;
            }
            try {
                List<ColumnBuffers> worked = set.evaluate(batch, batch.memory());
                List<ColumnBuffers> columns = new ArrayList<>();
                for (ColumnBuffers column : batch.columns()) {
                    columns.add(worked.stream()
                            .filter(other -> other.field().name().equals(column.field().name()))
                            .findFirst()
                            .orElse(column));
                }
                return new Batch(batch.schema(), batch.rowCount(), columns, batch.memory());
            } catch (RuntimeException | Error e) {
                batch.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
