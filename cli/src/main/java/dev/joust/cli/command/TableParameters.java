// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The table that a reading command looks at, and which version of it.
final class TableParameters {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder; URI@3 is its version 3, URI@name the tagged one.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Option(
            names = {"--at", "--version"},
            paramLabel = "N|TAG",
            description = "Look at this version.")
    private @Nullable String at;

    @Option(names = "--branch", paramLabel = "NAME", description = "Look at this branch.")
    private @Nullable String branch;

    TableAddress address() {
        return TableAddress.parse(uri, Optional.ofNullable(at)).onBranch(Optional.ofNullable(branch));
    }
}
