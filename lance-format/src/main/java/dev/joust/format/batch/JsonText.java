// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.batch.JsonbText;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// JSON columns, stored as JSONB, as the text that the reference hands out: strings with the extension `arrow.json`.
/// Scans of a table answer what is stored; who wants text wraps them.
public final class JsonText {
    private JsonText() {}

    private static boolean anyBelow(Field field) {
        return field.type() instanceof LogicalType.Json || field.children().stream().anyMatch(JsonText::anyBelow);
    }

    /// The schema with JSON columns, and fields below others, as strings.
    public static Schema decoded(Schema schema) {
        return new Schema(schema.fields().stream().map(JsonText::decoded).toList(), schema.metadata());
    }

    private static Field decoded(Field field) {
        if (!anyBelow(field)) {
            return field;
        }
        boolean json = field.type() instanceof LogicalType.Json;
        Map<String, String> metadata = new HashMap<>(field.metadata());
        if (json) {
            metadata.put(Field.EXTENSION_NAME, ArrowSchemas.ARROW_JSON);
        }
        return new Field(
                field.id(),
                field.name(),
                json ? new LogicalType.Utf8(false) : field.type(),
                field.nullable(),
                field.children().stream().map(JsonText::decoded).toList(),
                metadata);
    }

    /// The batch with such columns, in the same memory: close one of the two.
    ///
    /// @throws CorruptFileException naming the column and row of a value that is not JSONB
    public static Batch decode(Batch batch) {
        if (batch.schema().fields().stream().noneMatch(JsonText::anyBelow)) {
            return batch;
        }
        List<ColumnBuffers> columns = new ArrayList<>();
        batch.columns().forEach(column -> columns.add(decode(column, batch.memory())));
        return new Batch(decoded(batch.schema()), batch.rowCount(), columns, batch.memory());
    }

    /// The batches of `reader` with such columns; closing the answer closes it.
    public static BatchReader decode(BatchReader reader) {
        Schema schema = decoded(reader.schema());
        return new BatchReader() {
            @Override
            public Schema schema() {
                return schema;
            }

            @Override
            public @Nullable Batch next() throws IOException {
                Batch stored = reader.next();
                if (stored == null) {
                    return null;
                }
                try {
                    return decode(stored);
                } catch (RuntimeException | Error e) {
                    stored.close();
                    throw e;
                }
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }

    private static ColumnBuffers decode(ColumnBuffers column, BufferSource memory) {
        if (!anyBelow(column.field())) {
            return column;
        }
        if (!(column.field().type() instanceof LogicalType.Json)) {
            List<ColumnBuffers> children = new ArrayList<>();
            column.children().forEach(child -> children.add(decode(child, memory)));
            return column.with(decoded(column.field()), children);
        }
        GrowingBytes text = new GrowingBytes();
        MemorySegment offsets = memory.allocate((column.rowCount() + 1L) * 4);
        offsets.set(Columns.INT, 0, 0);
        for (int row = 0; row < column.rowCount(); row++) {
            if (!column.isNull(row)) {
                try {
                    byte[] utf8 = JsonbText.of(Columns.bytes(column, row)).getBytes(StandardCharsets.UTF_8);
                    text.putBytes(utf8, 0, utf8.length);
                } catch (CorruptFileException e) {
                    throw new CorruptFileException(
                            "column " + column.field().name() + ", row " + row + " of a batch: " + e.getMessage(), e);
                }
            }
            offsets.set(Columns.INT, 4L * row + 4, text.size());
        }
        return new ColumnBuffers(
                decoded(column.field()),
                column.rowCount(),
                column.nullCount(),
                column.validity(),
                offsets,
                text.moveTo(memory),
                List.of());
    }
}
