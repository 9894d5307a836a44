// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import org.apache.arrow.vector.VectorSchemaRoot;

import dev.joust.format.schema.Schema;
import dev.joust.testdata.ExpectedRows;

/// Expected rows with dictionary columns as their values: the same rows may be indices into dictionaries of another
/// order. Owns its memory.
public final class PlainRows implements AutoCloseable {
    private final ArrowMemory memory = new ArrowMemory(4L << 30);
    private final VectorSchemaRoot root;

    public PlainRows(ExpectedRows rows) {
        Schema schema = ArrowSchemas.fromArrow(rows.root().getSchema(), rows.dictionaries());
        try (Batch batch = ArrowBatches.toBatch(rows.root(), schema, memory, rows.dictionaries())) {
            root = ArrowBatches.toArrow(batch, memory.allocator());
        }
    }

    public VectorSchemaRoot root() {
        return root;
    }

    @Override
    public void close() {
        root.close();
        memory.close();
    }
}
