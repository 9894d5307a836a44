// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSources;

/// Computes the values of new columns from those of others, batch by batch. Called from several threads at once, for
/// batches of live rows in no particular order.
@FunctionalInterface
public interface ColumnFunction {
    /// The new columns, by name, for the rows of a batch, as many as it has.
    ///
    /// @param inputs the columns asked for; the caller's, closed after the answer is
    /// @param memory for the answer, whose columns may also lie in the memory of `inputs`
    Batch apply(Batch inputs, BufferSources memory) throws IOException;
}
