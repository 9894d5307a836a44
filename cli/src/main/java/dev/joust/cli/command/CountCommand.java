// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;

/// `count`: the number of rows, alone on its line.
@Command(name = "count", description = "The number of rows.", footer = {"", "Example: joust count photos/images.lance -w \"path IS NULL\""})
final class CountCommand extends BaseCommand {
    @Mixin
    private final TableParameters table = new TableParameters();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    CountCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        Dataset dataset = resources.open(table.address());
        RowPredicate predicate = Filters.predicate(filter, dataset.schema());
        long rows = predicate == null ? dataset.countRows() : count(dataset, predicate);
        if (asJson) {
            Json.printObject(context.out(), json -> json.writeNumberField("rows", rows));
        } else {
            context.out().println(rows);
        }
        return 0;
    }

    private static long count(Dataset dataset, RowPredicate predicate) throws IOException {
        long rows = 0;
        ScanOptions options = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows += batch.rowCount();
                batch.close();
            }
        }
        return rows;
    }
}
