// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.joust.format.batch.Batch;
import dev.joust.format.schema.Field;
import dev.joust.format.table.Dataset;

/// `take`: rows by number, in the order asked, as often as asked.
@Command(
        name = "take",
        description = "Rows by their position, in the order asked.",
        footer = {"", "Example: joust take photos/images.lance --rows 5,1,9 -c id"})
final class TakeCommand extends RowsCommand {
    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Numbers numbers;

    private static final class Numbers {
        @Option(names = "--rows", required = true, paramLabel = "5,1,9|@FILE", description = "Positions among the rows that are not deleted, from 0. FILE: .json (an array) or .npy.")
        @Nullable String rows;

        @Option(names = "--row-ids", required = true, paramLabel = "5,1,9|@FILE", description = "Values of _rowid.")
        @Nullable String rowIds;
    }

    TakeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        output.check();
        String rows = numbers.rows;
        String rowIds = numbers.rowIds;
        long[] wanted = rows != null ? RowNumbers.parse(rows, "--rows") : RowNumbers.parse(String.valueOf(rowIds), "--row-ids");
        List<String> names = projection.names();
        Dataset dataset = resources.open(table.address());
        List<String> columns = names == null ? dataset.schema().fields().stream().map(Field::name).toList() : names;
        if (rows == null && dataset.manifest().hasStableRowIds()) {
            throw UsageException.notAvailable("--row-ids of a table with stable row ids");
        }
        Batch batch = rows != null ? dataset.takePositions(wanted, columns, blobs.handling()) : dataset.take(wanted, columns, blobs.handling());
        Rows.write(batch, batch.schema(), output, context, resources);
        return 0;
    }
}
