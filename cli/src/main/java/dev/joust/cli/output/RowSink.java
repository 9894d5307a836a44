// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/// Takes rows, batch by batch, all of one schema. Not thread-safe.
public interface RowSink extends AutoCloseable {
    /// Writes all rows of the batch, which stays the caller's.
    void write(VectorSchemaRoot rows) throws IOException;

    /// Whether it writes dictionary columns as they are; if not, it wants their values in the place of indices.
    default boolean keepsDictionaries() {
        return false;
    }

    /// The same, with the dictionaries of the batch's columns. For sinks that keep them; may change the indices.
    default void write(VectorSchemaRoot rows, DictionaryProvider dictionaries) throws IOException {
        throw new UnsupportedOperationException("dictionaries");
    }

    /// Writes what belongs after the last row, and flushes. Call it once, after the last batch.
    void finish() throws IOException;

    @Override
    void close() throws IOException;
}
