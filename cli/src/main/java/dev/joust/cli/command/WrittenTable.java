// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of commands that write a table: always its latest version, so those that pin one are refused.
final class WrittenTable {
    @Option(
            names = {"--at", "--version"},
            paramLabel = "N|TAG",
            hidden = true)
    private @Nullable String at;

    @Option(names = "--branch", paramLabel = "NAME", hidden = true)
    private @Nullable String branch;

    /// The folder of the table.
    String uri(String text) {
        if (at != null || TableAddress.parse(text, Optional.empty()).version().isPresent()) {
            throw new UsageException("this command writes: it cannot be pinned to a version");
        }
        if (branch != null) {
            throw new UsageException("this command writes: to write to a branch, name its folder, tree/" + branch
                    + " below that of the table");
        }
        return TableAddress.parse(text, Optional.empty()).uri();
    }
}
