// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.refs.Branch;
import dev.joust.format.refs.Tag;
import dev.joust.format.table.Dataset;

/// `tag create`, `tag list`, `tag delete`: names for versions.
@Command(name = "tag", description = "Names for versions.", footer = {"", "Example: joust tag create photos/images.lance before-cleanup"})
final class TagCommand extends CommandGroup {
    /// `tag create`.
    @Command(name = "create", description = "Name a version, the newest if none is said.", footer = {"", "Example: joust tag create photos/images.lance v1 3"})
    static final class Create extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Parameters(index = "1", paramLabel = "NAME", description = "Letters, digits, '.', '-', '_'.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(index = "2", arity = "0..1", paramLabel = "VERSION", description = "Number or tag.")
        private @Nullable String version;

        @Mixin
        private final PinnedTable pin = new PinnedTable();

        @Option(names = "--json", description = "Print {name, version, branch}.")
        private boolean asJson;

        Create(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            Dataset dataset = resources.open(pin.address(uri, version));
            Tag tag = dataset.refs().tags().create(name, dataset.branch(), dataset.version());
            if (asJson) {
                Json.printObject(context.out(), json -> writeNames(json, tag));
            } else {
                context.out().println("tag " + tag.name() + "  version " + tag.version());
            }
            return 0;
        }
    }

    /// `tag list`.
    @Command(name = "list", description = "All tags, of all branches.", footer = {"", "Example: joust tag list photos/images.lance"})
    static final class ListTags extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Option(names = "--json", description = "Print a JSON array of {name, version, branch, created_at, updated_at, metadata}.")
        private boolean asJson;

        ListTags(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            TableAddress address = TableAddress.parse(uri, Optional.empty());
            Collection<Tag> tags = resources.open(address).refs().tags().list().values();
            if (asJson) {
                Json.print(context.out(), json -> {
                    json.writeStartArray();
                    for (Tag tag : tags) {
                        json.writeStartObject();
                        write(json, tag);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
            } else {
                for (Tag tag : tags) {
                    context.out().printf(Locale.ROOT, "%-30s  version %d%s%n",
                            tag.name(), tag.version(), tag.branch() == null ? "" : "  of branch " + tag.branch());
                }
            }
            return 0;
        }
    }

    /// `tag delete`.
    @Command(name = "delete", description = "Delete a tag; the version stays.", footer = {"", "Example: joust tag delete photos/images.lance v1"})
    static final class Delete extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Parameters(index = "1", paramLabel = "NAME", description = "The tag.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Mixin
        private final WrittenTable written = new WrittenTable();

        @Option(names = "--json", description = "Print {name}.")
        private boolean asJson;

        Delete(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            resources.open(new TableAddress(written.uri(uri), Optional.empty())).refs().tags().delete(name);
            if (asJson) {
                Json.printObject(context.out(), json -> json.writeStringField("name", name));
            } else {
                context.out().println("tag " + name + " deleted");
            }
            return 0;
        }
    }

    private static void writeNames(JsonGenerator json, Tag tag) throws IOException {
        json.writeStringField("name", tag.name());
        json.writeNumberField("version", tag.version());
        json.writeStringField("branch", tag.branch() == null ? Branch.MAIN : tag.branch());
    }

    private static void write(JsonGenerator json, Tag tag) throws IOException {
        writeNames(json, tag);
        Json.writeTime(json, "created_at", tag.createdAt());
        Json.writeTime(json, "updated_at", tag.updatedAt());
        Json.writeTexts(json, "metadata", tag.metadata());
    }
}
