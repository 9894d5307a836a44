// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;

import org.apache.arrow.vector.VectorSchemaRoot;

/// Takes rows, batch by batch, all of one schema. Not thread-safe.
public interface RowSink extends AutoCloseable {
    /// Writes all rows of the batch, which stays the caller's.
    void write(VectorSchemaRoot rows) throws IOException;

    /// Writes what belongs after the last row, and flushes. Call it once, after the last batch.
    void finish() throws IOException;

    @Override
    void close() throws IOException;
}
