// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;

/// `export`: a table into a file, batch by batch.
@Command(
        name = "export",
        description = "Write a table to a file.",
        footer = {"", "Example: joust export photos/images.lance -o images.arrow"})
final class ExportCommand extends BaseCommand {
    @Mixin
    private final TableParameters table = new TableParameters();

    @Mixin
    private final ProjectionOptions projection = new ProjectionOptions();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ExportCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (output.file == null) {
            throw new UsageException("-o FILE is needed");
        }
        output.check();
        ScanOptions options = ScanOptions.ALL.withColumns(projection.names());
        Dataset dataset = resources.open(table.address());
        options = options.withPredicate(Filters.predicate(filter, dataset.schema()));
        try (BatchReader reader = dataset.scan(options)) {
            long rows = Rows.write(reader, output, context, resources);
            context.err().println(rows + " rows written to " + output.file);
        }
        return 0;
    }
}
