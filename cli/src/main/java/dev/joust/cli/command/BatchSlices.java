// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;

/// Shorter batches over the same memory.
final class BatchSlices {
    private BatchSlices() {}

    /// The first rows of a batch, which the answer takes the place of.
    static Batch first(Batch batch, int rowCount) {
        List<ColumnBuffers> columns =
                batch.columns().stream().map(column -> Columns.head(column, rowCount)).toList();
        return new Batch(batch.schema(), rowCount, columns, batch.memory());
    }
}
