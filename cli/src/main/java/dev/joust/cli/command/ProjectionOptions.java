// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which columns.
final class ProjectionOptions {
    @Option(
            names = {"-c", "--columns", "--select"},
            paramLabel = "A,B",
            description = "These columns alone, in this order; names with odd characters in back-ticks.")
    private @Nullable String columns;

    /// The columns' names; null means all.
    @Nullable List<String> names() {
        return columns == null ? null : ColumnList.names(columns);
    }
}
