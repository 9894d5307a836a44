// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.Locale;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.TableCopy;

/// `copy`: a whole table, from store to store.
@Command(
        name = "copy",
        description = "Copy a whole table: all versions, branches and tags. Stopped, it goes on where it was when called again.",
        footer = {"", "Example: joust copy photos/images.lance s3://photos/images.lance"})
final class CopyCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "SRC", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Parameters(index = "1", paramLabel = "DST", description = "The folder of the copy.")
    @SuppressWarnings("NullAway.Init")
    private String target;

    @Mixin
    private final WrittenTable table = new WrittenTable();

    @Option(names = "--json", description = "Print one JSON object {files, bytes, skipped, versions, bases}.")
    private boolean asJson;

    CopyCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String from = table.uri(source);
        String to = table.uri(target);
        TableCopy.Result result =
                TableCopy.copy(resources.session(), resources.store(from), resources.store(to), this::show);
        if (context.showsProgress()) {
            context.err().print("\r\033[K");
        }
        for (String base : result.basesElsewhere()) {
            context.err().println("the table has files at " + base + ", which are where they were");
        }
        if (asJson) {
            print(result);
        } else {
            context.out().println(result.fileCount() + " files, " + result.byteCount() + " bytes copied; " + result.skippedCount()
                    + " were there; " + result.versionCount() + " versions");
        }
        return 0;
    }

    private synchronized void show(long doneBytes, long totalBytes) {
        if (context.showsProgress()) {
            context.err().printf(Locale.ROOT, "\r%,d of %,d bytes", doneBytes, totalBytes);
        }
    }

    private void print(TableCopy.Result result) throws IOException {
        Json.printObject(context.out(), json -> {
            json.writeNumberField("files", result.fileCount());
            json.writeNumberField("bytes", result.byteCount());
            json.writeNumberField("skipped", result.skippedCount());
            json.writeNumberField("versions", result.versionCount());
            json.writeArrayFieldStart("bases");
            for (String base : result.basesElsewhere()) {
                json.writeString(base);
            }
            json.writeEndArray();
        });
    }
}
