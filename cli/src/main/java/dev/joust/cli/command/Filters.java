// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Schema;
import dev.joust.format.table.RowPredicate;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;

/// Filters as the user types them.
final class Filters {
    private Filters() {}

    /// What `--dialect` names.
    static Dialect dialect(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "lance" -> Dialect.LANCE;
            case "lancedb" -> Dialect.LANCEDB;
            default -> throw new UsageException("--dialect " + name + ": there are lance and lancedb");
        };
    }

    /// The filter as a predicate on rows of the schema; null where none is asked for.
    ///
    /// @throws IllegalArgumentException if the text is no filter on this schema
    static @Nullable RowPredicate predicate(FilterOptions options, Schema schema) {
        Dialect dialect = dialect(options.dialect);
        if (options.filter == null) {
            return null;
        }
        return new ExpressionEvaluator(ExpressionParser.parseFilter(
                options.filter, ExpressionParser.columnsOf(schema), dialect, List.of()));
    }
}
