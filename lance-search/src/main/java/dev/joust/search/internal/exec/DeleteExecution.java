// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.List;

import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Redo;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddressSet;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.Expression;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;

/// One deletion by a condition (spec: table format 5), done anew where others changed the same rows meanwhile.
public final class DeleteExecution {
    /// What a deletion came to.
    public record Outcome(Dataset dataset, long deletedCount) {}

    private final QueryPlan.Condition where;
    private final Dialect dialect;

    public DeleteExecution(QueryPlan.Condition where, Dialect dialect) {
        this.where = where;
        this.dialect = dialect;
    }

    /// @param base a version to start from
    public Outcome run(Dataset base) throws IOException {
        return Redo.run(base.refresh(), Redo.MAX_ATTEMPTS, (newest, _) -> once(newest));
    }

    private Outcome once(Dataset current) throws IOException {
        Expression condition = ExpressionParser.parseFilter(
                where.text(), ExpressionParser.columnsOf(current.schema()), dialect, where.parameters());
        if (condition instanceof Expression.Literal literal) {
            return Boolean.TRUE.equals(literal.value())
                    ? all(current)
                    : new Outcome(current.deleteRows(RowAddressSet.EMPTY, where.text()), 0);
        }
        RowAddressSet rows = Scans.addresses(current, new ExpressionEvaluator(condition));
        return new Outcome(current.deleteRows(rows, where.text()), rows.size());
    }

    /// Every fragment goes, and none is looked at.
    private Outcome all(Dataset current) throws IOException {
        List<Long> fragments =
                current.manifest().fragments().stream().map(Fragment::id).toList();
        long count = current.countRows();
        return new Outcome(current.commit(new Operation.Delete(List.of(), fragments, where.text())), count);
    }
}
