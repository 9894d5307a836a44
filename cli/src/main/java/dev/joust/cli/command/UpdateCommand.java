// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.search.UpdateResult;

/// `update`: sets columns of rows to what expressions over their old values say.
@Command(
        name = "update",
        description = "Set columns of rows.",
        footer = {"", "Example: joust update photos/images.lance -w \"source = 'wiki'\" --set \"stars=stars + 1\" --set \"title='none'\""})
final class UpdateCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--set", required = true, paramLabel = "COL=SQL", description = "Set a column to the value of an expression; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    UpdateCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        Map<String, String> set = new LinkedHashMap<>();
        for (String assignment : assignments) {
            Named named = Named.parse("--set", assignment);
            if (set.put(named.name(), named.expression()) != null) {
                throw new UsageException("--set: column '" + named.name() + "' is set twice");
            }
        }
        UpdateResult result = WrittenRows.change(
                resources, written.uri(uri), Filters.dialect(filter.dialect), table -> table.update(filter.filter, set));
        report(result);
        return 0;
    }

    private void report(UpdateResult result) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("rows_updated", result.updatedCount());
                json.writeNumberField("version", result.version());
            });
        } else {
            context.out().println(result.updatedCount() + " rows updated, version " + result.version());
        }
    }
}
