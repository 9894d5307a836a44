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
import dev.joust.format.refs.Ref;
import dev.joust.format.table.Dataset;

/// `branch create`, `branch list`, `branch delete`: lines of versions of their own.
@Command(name = "branch", description = "Lines of versions of their own.", footer = {"", "Example: joust branch create photos/images.lance try"})
final class BranchCommand extends CommandGroup {
    /// `branch create`.
    @Command(name = "create", description = "Start a branch from a version, the newest if none is said.", footer = {"", "Example: joust branch create photos/images.lance try 3"})
    static final class Create extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Parameters(index = "1", paramLabel = "NAME", description = "Letters, digits, '.', '-', '_', parted by '/'.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(index = "2", arity = "0..1", paramLabel = "VERSION", description = "Number or tag.")
        private @Nullable String version;

        @Mixin
        private final PinnedTable pin = new PinnedTable();

        @Option(names = "--json", description = "Print {name, version}.")
        private boolean asJson;

        Create(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            Dataset from = resources.open(pin.address(uri, version));
            Dataset branch = from.createBranch(name, Ref.version(from.version()));
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeStringField("name", name);
                    json.writeNumberField("version", branch.version());
                });
            } else {
                context.out().println("branch " + name + " starts from version " + branch.version());
            }
            return 0;
        }
    }

    /// `branch list`.
    @Command(name = "list", description = "All branches but the main one.", footer = {"", "Example: joust branch list photos/images.lance"})
    static final class ListBranches extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Option(names = "--json", description = "Print a JSON array of {name, parent_branch, parent_version, created_at, metadata}.")
        private boolean asJson;

        ListBranches(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            TableAddress address = TableAddress.parse(uri, Optional.empty());
            Collection<Branch> branches = resources.open(address).refs().branches().list().values();
            if (asJson) {
                Json.print(context.out(), json -> {
                    json.writeStartArray();
                    for (Branch branch : branches) {
                        json.writeStartObject();
                        write(json, branch);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
            } else {
                for (Branch branch : branches) {
                    context.out().printf(Locale.ROOT, "%-30s  from version %d of %s%n",
                            branch.name(), branch.parentVersion(), parentOf(branch));
                }
            }
            return 0;
        }
    }

    /// `branch delete`.
    @Command(name = "delete", description = "Delete a branch with its versions.", footer = {"", "Example: joust branch delete photos/images.lance try"})
    static final class Delete extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Parameters(index = "1", paramLabel = "NAME", description = "The branch.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--force", description = "Also what was left of one that was not made to its end.")
        private boolean force;

        @Mixin
        private final WrittenTable written = new WrittenTable();

        @Option(names = "--json", description = "Print {name}.")
        private boolean asJson;

        Delete(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            var branches = resources.open(new TableAddress(written.uri(uri), Optional.empty())).refs().branches();
            if (force) {
                branches.deleteByForce(name);
            } else {
                branches.delete(name);
            }
            if (asJson) {
                Json.printObject(context.out(), json -> json.writeStringField("name", name));
            } else {
                context.out().println("branch " + name + " deleted");
            }
            return 0;
        }
    }

    private static String parentOf(Branch branch) {
        return branch.parentBranch() == null ? Branch.MAIN : branch.parentBranch();
    }

    private static void write(JsonGenerator json, Branch branch) throws IOException {
        json.writeStringField("name", branch.name());
        json.writeStringField("parent_branch", parentOf(branch));
        json.writeNumberField("parent_version", branch.parentVersion());
        Json.writeTime(json, "created_at", branch.createdAt());
        Json.writeTexts(json, "metadata", branch.metadata());
    }
}
