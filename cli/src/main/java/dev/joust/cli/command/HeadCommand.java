// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.ScanOptions;

/// `head`: the first rows.
@Command(name = "head", description = "The first rows of a table.", footer = {"", "Example: joust head photos/images.lance -n 3"})
final class HeadCommand extends BaseCommand {
    @Mixin
    private final TableParameters table = new TableParameters();

    @Mixin
    private final ProjectionOptions projection = new ProjectionOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "-n", paramLabel = "N", defaultValue = "10", description = "How many rows. Default: 10.")
    private long count;

    HeadCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        output.check();
        if (count < 0) {
            throw new UsageException("-n must not be negative");
        }
        ScanOptions options = ScanOptions.ALL.withColumns(projection.names()).withLimit(count);
        try (BatchReader reader = resources.open(table.address()).scan(options)) {
            Rows.write(reader, output, context, resources);
        }
        return 0;
    }
}
