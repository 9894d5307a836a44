// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Query;

/// Rows of a version with columns that are worked out, or in an order of their own: by way of the library's queries.
final class QueriedRows implements BatchReader {
    private final Database database;
    private final BatchReader rows;

    private QueriedRows(Database database, BatchReader rows) {
        this.database = database;
        this.rows = rows;
    }

    /// @param more    columns to add to those asked for
    /// @param orderBy keys with commas between; null for the table's order
    /// @param limit   null for all rows
    static BatchReader open(
            Resources resources,
            TableAddress address,
            Dataset dataset,
            ProjectionOptions projection,
            List<String> more,
            FilterOptions filter,
            @Nullable String orderBy,
            long offset,
            @Nullable Long limit)
            throws IOException {
        ConnectOptions options = ConnectOptions.DEFAULT.withDialect(Filters.dialect(filter.dialect));
        var folder = resources.store(address.uri());
        Database database = Database.over(folder, resources.session(), options);
        try {
            List<String> asked = projection.items();
            List<String> items = new ArrayList<>(
                    asked == null ? dataset.schema().fields().stream().map(Field::name).toList() : asked);
            items.addAll(more);
            Query query = database.viewOf(address.uri(), folder, dataset)
                    .query()
                    .select(items.toArray(String[]::new))
                    .offset(asInt("--offset", offset));
            query = filter.filter == null ? query : query.where(filter.filter);
            query = limit == null ? query : query.limit((int) Math.min(limit, Integer.MAX_VALUE));
            query = orderBy == null ? query : query.orderBy(ColumnList.split(orderBy).toArray(String[]::new));
            return new QueriedRows(database, query.batches());
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private static int asInt(String option, long value) {
        if (value > Integer.MAX_VALUE) {
            throw new UsageException(option + " " + value + " is too large here");
        }
        return (int) value;
    }

    @Override
    public Schema schema() {
        return rows.schema();
    }

    @Override
    public dev.joust.format.batch.@Nullable Batch next() throws IOException {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
        database.close();
    }
}
