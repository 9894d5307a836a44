// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Batches to Arrow's vectors and back: the seam. Nothing below `lance-search` but this package names an Arrow class.
///
/// Where a batch's memory comes from {@link ArrowMemory} and the vectors' allocator is of the same root (or the other
/// way about), both share the memory and may be closed in any order; else it is copied.
public final class ArrowBatches {
    private ArrowBatches() {}

    /// The batch as vectors of `allocator`, the caller's to close. Dictionary columns are handed out as their values.
    public static VectorSchemaRoot toArrow(Batch batch, BufferAllocator allocator) {
        MapDictionaryProvider none = new MapDictionaryProvider();
        if (batch.columns().stream().noneMatch(column -> Dictionaries.anyBelow(column.field()))) {
            return new ToArrow(batch.memory(), allocator, none).root(batch.schema(), batch.rowCount(), batch.columns());
        }
        try (Arena arena = Arena.ofConfined()) {
            List<ColumnBuffers> columns = new ArrayList<>();
            batch.columns().forEach(column -> columns.add(Dictionaries.decode(column, arena)));
            Schema schema = new Schema(
                    batch.schema().fields().stream().map(Dictionaries::decoded).toList(),
                    batch.schema().metadata());
            return new ToArrow(batch.memory(), allocator, none).root(schema, batch.rowCount(), columns);
        }
    }

    /// The batch as vectors of `allocator`, dictionary columns as indices. Their dictionaries are put into
    /// `dictionaries`; their vectors are the caller's to close as well.
    public static VectorSchemaRoot toArrow(
            Batch batch, BufferAllocator allocator, MapDictionaryProvider dictionaries) {
        return new ToArrow(batch.memory(), allocator, dictionaries)
                .root(batch.schema(), batch.rowCount(), batch.columns());
    }

    /// Puts a dictionary without values, the caller's to close, for each dictionary column of the schema.
    public static void emptyDictionaries(
            Schema schema, BufferAllocator allocator, MapDictionaryProvider dictionaries) {
        try (ArenaSource memory = new ArenaSource(Arena.ofConfined())) {
            List<ColumnBuffers> columns = new ArrayList<>();
            schema.fields().forEach(field -> columns.add(Columns.allNull(field, 0, memory)));
            new ToArrow(memory, allocator, dictionaries).root(schema, 0, columns).close();
        }
    }

    private record ArenaSource(Arena arena) implements BufferSource {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            return arena.allocate(sizeBytes, 64);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /// All columns of the root, with the schema that {@link ArrowSchemas#fromArrow} gives it.
    public static Batch toBatch(VectorSchemaRoot root, BufferSources sources) {
        return toBatch(root, ArrowSchemas.fromArrow(root.getSchema()), sources);
    }

    /// As the other, of a root without dictionary columns.
    public static Batch toBatch(VectorSchemaRoot root, Schema schema, BufferSources sources) {
        return toBatch(root, schema, sources, new MapDictionaryProvider());
    }

    /// The columns of `schema`, found in the root by name. The root stays the caller's, and must not be written to
    /// as long as the batch is in use.
    ///
    /// @throws IllegalArgumentException naming a column that is missing, of another type, null where the schema allows
    ///                                  no null, or whose buffers are too short for its rows
    public static Batch toBatch(
            VectorSchemaRoot root, Schema schema, BufferSources sources, DictionaryProvider dictionaries) {
        BufferSource memory = sources.open();
        try {
            FromArrow fromArrow = new FromArrow(memory, dictionaries);
            List<ColumnBuffers> columns = new ArrayList<>();
            for (Field field : schema.fields()) {
                FieldVector vector = root.getVector(field.name());
                if (vector == null) {
                    throw new IllegalArgumentException("column " + field.name() + " is missing; there are "
                            + root.getSchema().getFields().stream()
                                    .map(org.apache.arrow.vector.types.pojo.Field::getName)
                                    .toList());
                }
                columns.add(fromArrow.column(vector, field, root.getRowCount()));
            }
            return new Batch(schema, root.getRowCount(), columns, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }
}
