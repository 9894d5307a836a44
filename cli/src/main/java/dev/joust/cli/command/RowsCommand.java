// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import picocli.CommandLine.Mixin;

/// What commands share that hand out rows of a table: which table, which columns, what of blobs, and where to.
abstract class RowsCommand extends BaseCommand {
    @Mixin
    final TableParameters table = new TableParameters();

    @Mixin
    final ProjectionOptions projection = new ProjectionOptions();

    @Mixin
    final BlobOptions blobs = new BlobOptions();

    @Mixin
    final OutputOptions output = new OutputOptions();

    RowsCommand(Context context) {
        super(context);
    }
}
