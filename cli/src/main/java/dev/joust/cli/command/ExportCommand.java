// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;

/// `export`: a table into a file, batch by batch.
@Command(
        name = "export",
        description = "Write a table to a file.",
        footer = {"", "Example: joust export photos/images.lance -o images.arrow"})
final class ExportCommand extends RowsCommand {
    @Mixin
    private final FilterOptions filter = new FilterOptions();

    ExportCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (output.file == null) {
            throw new UsageException("-o FILE is needed");
        }
        output.check();
        if (projection.isComputed()) {
            return computed(resources);
        }
        ScanOptions options = ScanOptions.ALL.withColumns(projection.names()).withBlobs(blobs.handling());
        Dataset dataset = resources.open(table.address());
        options = options.withPredicate(Filters.predicate(filter, dataset.schema()));
        long expected = filter.filter == null ? dataset.countRows() : -1;
        try (Progress rows = Progress.of(dataset.scan(options), expected, context)) {
            Rows.write(rows, output, context, resources);
            rows.close();
            context.err().println(rows.rowCount() + " rows written to " + output.file);
        }
        return 0;
    }

    private int computed(Resources resources) throws IOException {
        Dataset dataset = resources.open(table.address());
        try (Progress rows = Progress.of(
                QueriedRows.open(resources, table.address(), dataset, projection, List.of(), filter, null, 0, null), -1, context)) {
            Rows.write(rows, output, context, resources);
            rows.close();
            context.err().println(rows.rowCount() + " rows written to " + output.file);
        }
        return 0;
    }
}
