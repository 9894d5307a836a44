// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Streams of batches from rows of any kind.
public final class RowBatches {
    private static final int ROWS_PER_BATCH = 8192;
    private static final Pattern ROW_OF_BATCH = Pattern.compile(", row [0-9]+|; row [0-9]+ is null");

    private RowBatches() {}

    /// Records, maps, vectors (which stay the caller's) and batches (closed here), in any order, as columns of `schema`;
    /// columns that a row does not name are null.
    public static BatchReader ofRows(Iterator<?> rows, Schema schema, BufferSources memory) {
        return new Rows(rows, schema, memory);
    }

    /// All rows in one batch, of only those columns of `schema` that a row names.
    public static Batch ofMergeRows(List<?> rows, Schema schema, BufferSources memory) {
        Set<String> named = new HashSet<>();
        List<Map<String, @Nullable Object>> maps = new ArrayList<>();
        for (Object row : rows) {
            Map<String, @Nullable Object> map = Records.toMap(row);
            named.addAll(map.keySet());
            maps.add(map);
        }
        for (String name : named) {
            if (schema.field(name).isEmpty()) {
                throw unknown(name, schema);
            }
        }
        List<Field> fields =
                schema.fields().stream().filter(field -> named.contains(field.name())).toList();
        List<Object[]> values = maps.stream()
                .map(map -> fields.stream().map(field -> map.get(field.name())).toArray())
                .toList();
        return ColumnBuilder.batch(new Schema(fields, schema.metadata()), values, memory);
    }

    /// Batches that exist, handed out once.
    public static BatchReader of(Schema schema, List<Batch> batches) {
        return new Batches(schema, batches.iterator());
    }

    /// The vectors as columns of `schema`: shared where the types are the same, else converted value by value.
    public static Batch ofArrow(VectorSchemaRoot root, Schema schema, BufferSources memory) {
        return fitted(ArrowBatches.toBatch(root, memory), schema);
    }

    /// The rows of a reader, which is closed with the answer, as those columns of `schema` that it has.
    public static BatchReader fitted(BatchReader rows, Schema schema) {
        for (Field field : rows.schema().fields()) {
            if (schema.field(field.name()).isEmpty()) {
                throw unknown(field.name(), schema);
            }
        }
        List<Field> present = schema.fields().stream()
                .filter(field -> rows.schema().field(field.name()).isPresent())
                .toList();
        return new Fitted(rows, new Schema(present, schema.metadata()));
    }

    private record Fitted(BatchReader rows, Schema schema) implements BatchReader {
        @Override
        public @Nullable Batch next() throws IOException {
            Batch batch = rows.next();
            return batch == null ? null : fitted(batch, schema);
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    /// Shares the memory of `given`, which is closed with the result, and where it does not fit.
    private static Batch fitted(Batch given, Schema schema) {
        try {
            for (Field field : given.schema().fields()) {
                if (schema.field(field.name()).isEmpty()) {
                    throw unknown(field.name(), schema);
                }
            }
            return converted(given, schema);
        } catch (RuntimeException | Error e) {
            given.close();
            throw e;
        }
    }

    private static Batch converted(Batch given, Schema schema) {
        List<ColumnBuffers> columns = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            if (given.schema().field(field.name()).isEmpty()) {
                continue;
            }
            ColumnBuffers column = given.column(field.name());
            columns.add(sameShape(column.field(), field) ? renamed(column, field) : converted(column, field, given.memory()));
            fields.add(field);
        }
        return new Batch(new Schema(fields, schema.metadata()), given.rowCount(), columns, given.memory());
    }

    private static boolean sameShape(Field one, Field other) {
        if (!one.type().equals(other.type()) || one.children().size() != other.children().size()) {
            return false;
        }
        for (int i = 0; i < one.children().size(); i++) {
            if (!sameShape(one.children().get(i), other.children().get(i))
                    || !one.children().get(i).name().equals(other.children().get(i).name())) {
                return false;
            }
        }
        return true;
    }

    private static ColumnBuffers renamed(ColumnBuffers column, Field field) {
        if (column.nullCount() > 0 && !field.nullable()) {
            throw new IllegalArgumentException("column '" + field.name() + "' takes no nulls");
        }
        List<ColumnBuffers> children = new ArrayList<>();
        for (int i = 0; i < column.children().size(); i++) {
            boolean named = !field.children().isEmpty();
            children.add(named ? renamed(column.children().get(i), field.children().get(i)) : column.children().get(i));
        }
        return column.with(field, children);
    }

    private static ColumnBuffers converted(ColumnBuffers column, Field field, BufferSource memory) {
        ColumnBuilder builder = ColumnBuilder.of(field);
        for (int i = 0; i < column.rowCount(); i++) {
            builder.append(ColumnValues.get(column, i));
        }
        return builder.build(memory);
    }

    static IllegalArgumentException unknown(String name, Schema schema) {
        return new IllegalArgumentException("the table has no column '" + name + "'; it has "
                + schema.fields().stream().map(Field::name).toList());
    }

    private static final class Rows implements BatchReader {
        private final Iterator<?> rows;
        private final Schema schema;
        private final BufferSources memory;
        private final Set<String> names = new HashSet<>();
        /// What interrupted the rows before it: its turn is next.
        private @Nullable Object whole;
        private long rowsRead;

        Rows(Iterator<?> rows, Schema schema, BufferSources memory) {
            this.rows = rows;
            this.schema = schema;
            this.memory = memory;
            schema.fields().forEach(field -> names.add(field.name()));
        }

        @Override
        public Schema schema() {
            return schema;
        }

        @Override
        public @Nullable Batch next() {
            while (whole != null || rows.hasNext()) {
                Batch batch = whole == null ? gathered() : allColumns(whole);
                if (batch != null && batch.rowCount() > 0) {
                    return batch;
                }
                if (batch != null) {
                    batch.close();
                }
            }
            return null;
        }

        /// Rows up to the next vectors or batch; null where there are none before it.
        private @Nullable Batch gathered() {
            List<ColumnBuilder> builders = schema.fields().stream().map(ColumnBuilder::of).toList();
            int rowCount = 0;
            while (rowCount < ROWS_PER_BATCH && whole == null && rows.hasNext()) {
                Object row = rows.next();
                if (row instanceof VectorSchemaRoot || row instanceof Batch) {
                    whole = row;
                } else {
                    append(row, builders);
                    rowCount++;
                    rowsRead++;
                }
            }
            if (rowCount == 0) {
                return null;
            }
            BufferSource source = memory.open();
            try {
                return new Batch(
                        schema,
                        rowCount,
                        builders.stream().map(builder -> builder.build(source)).toList(),
                        source);
            } catch (RuntimeException | Error e) {
                source.close();
                throw e;
            }
        }

        private void append(Object row, List<ColumnBuilder> builders) {
            try {
                Map<String, @Nullable Object> values = Records.toMap(row);
                for (String name : values.keySet()) {
                    if (!names.contains(name)) {
                        throw unknown(name, schema);
                    }
                }
                for (ColumnBuilder builder : builders) {
                    builder.append(values.get(builder.field().name()));
                }
            } catch (IllegalArgumentException e) {
                // Builders count the rows of their batch alone
                String problem = ROW_OF_BATCH.matcher(String.valueOf(e.getMessage())).replaceFirst("");
                throw new IllegalArgumentException("row " + rowsRead + ": " + problem, e);
            }
        }

        /// Columns that the vectors or batch do not have are null.
        private Batch allColumns(Object given) {
            whole = null;
            Batch batch = given instanceof VectorSchemaRoot root
                    ? ofArrow(root, schema, memory)
                    : fitted((Batch) given, schema);
            rowsRead += batch.rowCount();
            try {
                List<ColumnBuffers> columns = new ArrayList<>();
                for (Field field : schema.fields()) {
                    boolean present = batch.schema().field(field.name()).isPresent();
                    columns.add(present ? batch.column(field.name()) : Columns.allNull(field, batch.rowCount(), batch.memory()));
                }
                return new Batch(schema, batch.rowCount(), columns, batch.memory());
            } catch (RuntimeException | Error e) {
                batch.close();
                throw e;
            }
        }

        @Override
        public void close() {}
    }

    /// The batches of an Arrow stream or file, with the columns that it has.
    public static BatchReader ofReader(ArrowReader reader, BufferSources memory) throws IOException {
        return ofReader(
                reader, ArrowSchemas.fromArrow(reader.getVectorSchemaRoot().getSchema(), reader), memory);
    }

    /// The batches of an Arrow reader, which is closed with them, as columns of `schema`.
    public static BatchReader ofReader(ArrowReader reader, Schema schema, BufferSources memory) throws IOException {
        Schema given = ArrowSchemas.fromArrow(reader.getVectorSchemaRoot().getSchema(), reader);
        for (Field field : given.fields()) {
            if (schema.field(field.name()).isEmpty()) {
                throw unknown(field.name(), schema);
            }
        }
        List<Field> present = schema.fields().stream().filter(field -> given.field(field.name()).isPresent()).toList();
        return new Vectors(reader, given, new Schema(present, schema.metadata()), memory);
    }

    private record Vectors(ArrowReader reader, Schema given, Schema schema, BufferSources memory) implements BatchReader {
        @Override
        public @Nullable Batch next() throws IOException {
            while (reader.loadNextBatch()) {
                if (reader.getVectorSchemaRoot().getRowCount() > 0) {
                    // The reader fills the same vectors again: it may, as buffers are shared, not vectors
                    return fitted(ArrowBatches.toBatch(reader.getVectorSchemaRoot(), given, memory, reader), schema);
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    private static final class Batches implements BatchReader {
        private final Schema schema;
        private final Iterator<Batch> batches;

        Batches(Schema schema, Iterator<Batch> batches) {
            this.schema = schema;
            this.batches = batches;
        }

        @Override
        public Schema schema() {
            return schema;
        }

        @Override
        public @Nullable Batch next() {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                if (batch.rowCount() > 0) {
                    return batch;
                }
                batch.close();
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            batches.forEachRemaining(Batch::close);
        }
    }
}
