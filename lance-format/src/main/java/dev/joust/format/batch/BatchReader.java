// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Schema;

/// A stream of batches. Not thread-safe. Closing it stops the work behind it; batches handed out stay the caller's.
public interface BatchReader extends AutoCloseable {
    Schema schema();

    /// The next batch, the caller's to close; null at the end. Never an empty batch.
    @Nullable Batch next() throws IOException;

    @Override
    void close() throws IOException;
}
