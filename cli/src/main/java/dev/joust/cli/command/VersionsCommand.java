// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.VersionInfo;

/// `versions`: every version that can still be opened, oldest first.
@Command(name = "versions", description = "The versions of a table, oldest first.", footer = {"", "Example: joust versions photos/images.lance"})
final class VersionsCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Option(names = "--json", description = "Print a JSON array of {version, timestamp, rows, operation}.")
    private boolean asJson;

    @Mixin
    private final PinnedTable pin = new PinnedTable();

    VersionsCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        List<VersionInfo> versions =
                resources.open(pin.unpinned(uri)).versions();
        if (asJson) {
            Json.print(context.out(), json -> {
                json.writeStartArray();
                for (VersionInfo version : versions) {
                    json.writeStartObject();
                    json.writeNumberField("version", version.version());
                    json.writeStringField("timestamp", version.timestamp().toString());
                    json.writeNumberField("rows", version.rowCount());
                    json.writeStringField("operation", version.operation());
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        } else {
            for (VersionInfo version : versions) {
                context.out().printf(Locale.ROOT, "%6d  %-30s  %12d rows  %s%n",
                        version.version(), version.timestamp(), version.rowCount(), version.operation());
            }
        }
        return 0;
    }
}
