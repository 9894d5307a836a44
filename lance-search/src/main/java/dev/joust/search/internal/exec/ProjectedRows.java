// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;
import dev.joust.search.expr.Projection;

/// Rows with columns worked out from those of other rows, which are closed with it.
record ProjectedRows(BatchReader rows, Projection projection) implements BatchReader {
    @Override
    public Schema schema() {
        return projection.schema();
    }

    @Override
    public @Nullable Batch next() throws IOException {
        Batch batch = rows.next();
        return batch == null ? null : projection.project(batch);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
