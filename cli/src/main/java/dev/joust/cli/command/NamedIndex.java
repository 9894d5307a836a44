// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import picocli.CommandLine.Parameters;

/// `URI NAME`: an index of a table.
final class NamedIndex {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    String uri;

    @Parameters(index = "1", paramLabel = "NAME", description = "The index.")
    @SuppressWarnings("NullAway.Init")
    String name;
}
