// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.util.List;
import java.util.Map;

import dev.joust.format.schema.Schema;

/// Rows, column by column. Owns its memory: close it when done, and use none of its buffers after.
/// Not thread-safe for closing; its columns may be read from any thread.
public final class Batch implements AutoCloseable {
    private final Schema schema;
    private final int rowCount;
    private final List<ColumnBuffers> columns;
    private final BufferSource memory;

    /// @param memory the source of every buffer in `columns`, closed with the batch
    public Batch(Schema schema, int rowCount, List<ColumnBuffers> columns, BufferSource memory) {
        if (columns.size() != schema.fields().size()) {
            throw new IllegalArgumentException(columns.size() + " columns for " + schema.fields().size() + " fields");
        }
        for (ColumnBuffers column : columns) {
            if (column.rowCount() != rowCount) {
                throw new IllegalArgumentException("column " + column.field().name() + " has " + column.rowCount()
                        + " rows, the batch " + rowCount);
            }
        }
        this.schema = schema;
        this.rowCount = rowCount;
        this.columns = List.copyOf(columns);
        this.memory = memory;
    }

    /// A batch from its columns; the schema is theirs.
    public static Batch of(int rowCount, List<ColumnBuffers> columns, BufferSource memory) {
        Schema schema = new Schema(columns.stream().map(ColumnBuffers::field).toList(), Map.of());
        return new Batch(schema, rowCount, columns, memory);
    }

    public Schema schema() {
        return schema;
    }

    public int rowCount() {
        return rowCount;
    }

    public List<ColumnBuffers> columns() {
        return columns;
    }

    /// The column of that name.
    public ColumnBuffers column(String name) {
        for (ColumnBuffers column : columns) {
            if (column.field().name().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("no column '" + name + "' in " + schema.fields());
    }

    /// The source of the batch's memory, for columns that are added to it.
    public BufferSource memory() {
        return memory;
    }

    @Override
    public void close() {
        memory.close();
    }
}
