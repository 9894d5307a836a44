// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.commit.Transaction;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// `manifest show` and `manifest diff`: what a version of a table is made of.
@Command(name = "manifest", description = "What versions of a table are made of.", synopsisSubcommandLabel = "COMMAND")
final class ManifestCommand extends CommandGroup {
    /// `manifest show`.
    @Command(
            name = "show",
            description = "Everything a version's manifest says, with the deleted rows of each fragment and what made it.",
            footer = {"", "Example: joust manifest show photos/images.lance@3 --json"})
    static final class Show extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder, or a file of it: _versions/*.manifest, _deletions/*, _transactions/*.txn.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Option(names = {"--at", "--version"}, paramLabel = "N|TAG", description = "Show this version.")
        private @Nullable String at;

        @Option(names = "--branch", paramLabel = "NAME", description = "Of this branch.")
        private @Nullable String branch;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean asJson;

        Show(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            if (at == null && branch == null && SingleFile.show(uri, resources, context.out(), asJson)) {
                return 0;
            }
            TableAddress address = ManifestAddress.of(uri, Optional.ofNullable(at)).onBranch(Optional.ofNullable(branch));
            Dataset dataset = resources.open(address);
            Transaction transaction = dataset.transaction().orElse(null);
            if (asJson) {
                Json.printObject(context.out(), json -> new ManifestJson(json, dataset).write(transaction));
            } else {
                print(context.out(), dataset, transaction);
            }
            return 0;
        }

        private static void print(PrintStream out, Dataset dataset, @Nullable Transaction transaction) throws IOException {
            Manifest manifest = dataset.manifest();
            out.println("version      " + manifest.version() + (manifest.branch() == null ? "" : " of branch " + manifest.branch()));
            out.println("written      " + manifest.timestamp());
            if (transaction != null) {
                out.println("transaction  " + transaction.operation().name() + " on version " + transaction.readVersion() + ", " + transaction.uuid());
            }
            out.println("files of     " + manifest.dataFormatVersion());
            out.println("rows         " + manifest.liveRowCount());
            manifest.config().forEach((key, value) -> out.println("config       " + key + " = " + value));
            manifest.basePaths().forEach(base -> out.println("base " + Integer.toUnsignedString(base.id()) + "       "
                    + (base.isDatasetRoot() ? "table " : "folder ") + base.path()));
            for (Fragment fragment : manifest.fragments()) {
                out.println("fragment " + fragment.id() + "  " + fragment.physicalRowCount() + " rows");
                for (DataFile file : fragment.files()) {
                    out.println("  file " + file.path() + (file.baseId() == null ? "" : " at base " + Integer.toUnsignedString(file.baseId()))
                            + "  fields " + file.fieldIds() + ", " + file.majorVersion() + "." + file.minorVersion() + ", " + file.sizeBytes() + " bytes");
                }
                if (fragment.deletionFile() != null) {
                    long[] offsets = dataset.deletions(fragment).offsetsAscending();
                    out.println("  deleted " + offsets.length + ": " + ranges(offsets));
                }
            }
            manifest.indices().forEach(index -> out.println("index " + index.name() + "  " + index.uuid() + " on fields " + index.fieldIds()));
        }
    }

    /// `0-4 9 11-12`
    static String ranges(long[] ascending) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ascending.length; ) {
            int last = i;
            while (last + 1 < ascending.length && ascending[last + 1] == ascending[last] + 1) {
                last++;
            }
            text.append(text.isEmpty() ? "" : " ").append(ascending[i]).append(last == i ? "" : "-" + ascending[last]);
            i = last + 1;
        }
        return text.toString();
    }

    /// `manifest diff`.
    @Command(
            name = "diff",
            description = "What is in version B that is not in A, and the other way round.",
            footer = {"", "Example: joust manifest diff photos/images.lance 3 4"})
    static final class Diff extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Parameters(index = "1", paramLabel = "A", description = "Number or tag.")
        @SuppressWarnings("NullAway.Init")
        private String before;

        @Parameters(index = "2", paramLabel = "B", description = "Number or tag.")
        @SuppressWarnings("NullAway.Init")
        private String after;

        @Option(names = "--branch", paramLabel = "NAME", description = "Of this branch.")
        private @Nullable String branch;

        @Option(names = "--json", description = "Print {from, to, changes[{change, what, from, to}]}.")
        private boolean asJson;

        Diff(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            if (TableAddress.parse(uri, Optional.empty()).version().isPresent()) {
                throw new UsageException("the versions to compare are arguments: leave @ out");
            }
            Manifest from = open(resources, before);
            Manifest to = open(resources, after);
            List<ManifestChanges.Change> changes = ManifestChanges.between(from, to);
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeNumberField("from", from.version());
                    json.writeNumberField("to", to.version());
                    json.writeArrayFieldStart("changes");
                    for (ManifestChanges.Change change : changes) {
                        json.writeStartObject();
                        json.writeStringField("change", change.kind());
                        json.writeStringField("what", change.what());
                        json.writeFieldName("from");
                        json.writeString(change.from());
                        json.writeFieldName("to");
                        json.writeString(change.to());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
            } else {
                changes.forEach(change -> context.out().println(change));
            }
            return 0;
        }

        private Manifest open(Resources resources, String version) throws IOException {
            TableAddress address = TableAddress.parse(uri, Optional.of(version)).onBranch(Optional.ofNullable(branch));
            return resources.open(address).manifest();
        }
    }
}
