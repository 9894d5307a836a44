// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `delete`: takes rows away, in a new version.
@Command(name = "delete", description = "Delete rows.", footer = {"", "Example: joust delete photos/images.lance -w \"id = 'images/a.png'\""})
final class DeleteCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    DeleteCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String text = filter.filter;
        if (text == null) {
            throw new UsageException("-w FILTER is needed (-w true deletes every row)");
        }
        long[] outcome = WrittenRows.change(
                resources, written.uri(uri), Filters.dialect(filter.dialect), table -> new long[] {table.delete(text), table.version()});
        report(outcome[0], outcome[1]);
        return 0;
    }

    private void report(long rowsDeleted, long version) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("rows_deleted", rowsDeleted);
                json.writeNumberField("version", version);
            });
        } else {
            context.out().println(rowsDeleted + " rows deleted, version " + version);
        }
    }
}
