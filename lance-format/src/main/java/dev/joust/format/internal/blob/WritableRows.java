// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Rows that were read with blobs as bytes, in the form in which blobs are written.
public final class WritableRows implements BatchReader {
    private final BatchReader rows;
    private final Schema schema;

    private WritableRows(BatchReader rows, Schema schema) {
        this.rows = rows;
        this.schema = schema;
    }

    /// @param rows  with blobs as bytes; taken over
    /// @param table the schema that says which of them are blobs, by name
    public static BatchReader of(BatchReader rows, Schema table) {
        Schema schema = written(rows.schema(), table);
        return schema.fields().equals(rows.schema().fields()) ? rows : new WritableRows(rows, schema);
    }

    /// As the other, for a batch, which is taken over.
    public static Batch of(Batch rows, Schema table) {
        return written(rows, written(rows.schema(), table));
    }

    private static Schema written(Schema read, Schema table) {
        List<Field> fields = new ArrayList<>();
        for (Field field : read.fields()) {
            fields.add(written(field, table.field(field.name()).orElse(null)));
        }
        return new Schema(fields, table.metadata());
    }

    private static Field written(Field read, @Nullable Field inTable) {
        if (inTable == null) {
            return read;
        }
        if (BlobFields.isLogicalV2(inTable)) {
            return inTable;
        }
        List<Field> children = new ArrayList<>();
        for (Field child : read.children()) {
            children.add(written(child, new Schema(inTable.children(), Map.of()).field(child.name()).orElse(null)));
        }
        return read.withChildren(children);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        Batch batch = rows.next();
        return batch == null ? null : written(batch, schema);
    }

    private static Batch written(Batch batch, Schema schema) {
        List<ColumnBuffers> columns = new ArrayList<>();
        for (int i = 0; i < schema.fields().size(); i++) {
            columns.add(written(batch.columns().get(i), schema.fields().get(i), batch.memory()));
        }
        return new Batch(schema, batch.rowCount(), columns, batch.memory());
    }

    private static ColumnBuffers written(ColumnBuffers read, Field field, BufferSource memory) {
        if (read.field().equals(field)) {
            return read;
        }
        List<ColumnBuffers> children = new ArrayList<>();
        boolean isBytes = read.field().type() instanceof LogicalType.Binary;
        for (int i = 0; i < field.children().size(); i++) {
            Field child = field.children().get(i);
            if (!isBytes) {
                children.add(written(read.children().get(i), child, memory));
            } else if (child.name().equals(BlobFields.DATA)) {
                children.add(read.with(child, List.of()));
            } else {
                children.add(Columns.allNull(child, read.rowCount(), memory));
            }
        }
        return new ColumnBuffers(
                field, read.rowCount(), read.nullCount(), read.validity(), isBytes ? null : read.offsets(),
                isBytes ? null : read.values(), children);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
