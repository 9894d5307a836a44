// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;

/// One batch as a stream. Closed before the batch was fetched, it closes the batch.
final class SingleBatchReader implements BatchReader {
    private final Schema schema;
    private @Nullable Batch batch;

    SingleBatchReader(Schema schema, @Nullable Batch batch) {
        this.schema = schema;
        this.batch = batch;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() {
        Batch next = batch;
        batch = null;
        return next;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }
}
