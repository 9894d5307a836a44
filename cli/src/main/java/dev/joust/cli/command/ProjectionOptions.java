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
            description = "These columns alone, in this order, or 'expression as name'; names with odd characters in back-ticks.")
    private @Nullable String columns;

    /// Whether a column is worked out, so that there are no names for all.
    boolean isComputed() {
        return columns != null && ColumnList.split(columns).stream().anyMatch(ColumnList::isComputed);
    }

    /// Columns and expressions as they were given; null means all columns.
    @Nullable List<String> items() {
        return columns == null ? null : isComputed() ? ColumnList.split(columns) : ColumnList.names(columns);
    }

    /// The columns' names; null means all.
    @Nullable List<String> names() {
        return columns == null ? null : ColumnList.names(columns);
    }
}
