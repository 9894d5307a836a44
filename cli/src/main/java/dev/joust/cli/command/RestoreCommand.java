// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.Dataset;

/// `restore`: makes the content of an older version the newest, in a version of its own.
@Command(name = "restore", description = "Make an older version the newest again.", footer = {"", "Example: joust restore photos/images.lance 3"})
final class RestoreCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Number or tag.")
    private @Nullable String version;

    @Mixin
    private final PinnedTable pin = new PinnedTable();

    @Option(names = "--json", description = "Print {version}.")
    private boolean asJson;

    RestoreCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        TableAddress address = pin.address(uri, version);
        if (address.version().isEmpty()) {
            throw new UsageException("which version is to be restored?");
        }
        Dataset restored = resources.open(address).restore();
        if (asJson) {
            Json.printObject(context.out(), json -> json.writeNumberField("version", restored.version()));
        } else {
            context.out().println("version " + restored.version());
        }
        return 0;
    }
}
