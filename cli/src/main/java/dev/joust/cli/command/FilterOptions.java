// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which rows.
final class FilterOptions {
    @Option(
            names = {"-w", "--where"},
            paramLabel = "FILTER",
            description = "Rows that pass this filter alone, for example \"id > 5 AND name LIKE 'a%%'\".")
    @Nullable String filter;

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            defaultValue = "lance",
            description = "What \"x\" means in filters: a string (lance, the default) or a column (lancedb).")
    @SuppressWarnings("NullAway.Init")
    String dialect;
}
