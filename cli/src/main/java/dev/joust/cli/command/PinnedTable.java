// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which version of a table a command is about that takes one as an argument, too: by that argument, by `@`, by `--at`, or
/// none of them. The table itself is a parameter of the command.
final class PinnedTable {
    @Option(
            names = {"--at", "--version"},
            paramLabel = "N|TAG",
            description = "This version, as the argument says it.")
    private @Nullable String at;

    @Option(names = "--branch", paramLabel = "NAME", description = "Of this branch.")
    private @Nullable String branch;

    /// @param uri     perhaps with `@`
    /// @param version the argument; null where it is left out
    TableAddress address(String uri, @Nullable String version) {
        if (at != null && version != null) {
            throw new UsageException("the version is given twice, as an argument and by --at");
        }
        Optional<String> given = Optional.ofNullable(at == null ? version : at);
        return TableAddress.parse(uri, given).onBranch(Optional.ofNullable(branch));
    }

    /// The table or branch, of which no version may be named.
    TableAddress unpinned(String uri) {
        TableAddress address = address(uri, null);
        if (address.version().isPresent()) {
            throw new UsageException("this command is about the table, not about one version of it");
        }
        return address;
    }
}
