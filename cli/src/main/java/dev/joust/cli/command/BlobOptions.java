// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import picocli.CommandLine.Option;

import dev.joust.format.table.BlobHandling;

/// What to show of blob columns.
final class BlobOptions {
    @Option(
            names = "--blobs",
            paramLabel = "descriptors|bytes",
            defaultValue = "descriptors",
            description = "Of blob columns: where each blob lies, or its bytes. Default: descriptors.")
    @SuppressWarnings("NullAway.Init")
    private BlobHandling handling;

    BlobHandling handling() {
        return handling;
    }
}
