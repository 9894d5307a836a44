// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjLongConsumer;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.DistanceType;
import dev.joust.io.Session;
import dev.joust.pictures.PictureHit;
import dev.joust.search.Table;

/// Rows of the picture table to and from Java values.
public final class PictureTable {
    public static final String ID = "id";
    public static final String PATH = "path";
    public static final String VECTOR = "vector";

    private PictureTable() {}

    public static Schema schema(int dimension) {
        return Schema.of(
                Field.nullable(ID, new LogicalType.Utf8(false)),
                Field.nullable(PATH, new LogicalType.Utf8(false)),
                Field.nullable(VECTOR, new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), dimension)));
    }

    /// Floats per vector of a table that may be anybody's.
    ///
    /// @throws IllegalArgumentException if it is not a table of pictures
    public static int dimension(Schema schema) {
        for (String name : List.of(ID, PATH)) {
            if (!(schema.field(name).map(Field::type).orElse(null) instanceof LogicalType.Utf8)) {
                throw new IllegalArgumentException("not a table of pictures: no string column '" + name + "'");
            }
        }
        if (schema.field(VECTOR).map(Field::type).orElse(null)
                        instanceof LogicalType.FixedSizeList(LogicalType item, int dimension)
                && item instanceof LogicalType.FloatingPoint(int bitWidth) && bitWidth == 32) {
            return dimension;
        }
        throw new IllegalArgumentException("not a table of pictures: no column 'vector' of float32 lists");
    }

    /// One batch of the rows, or none.
    public static BatchReader reader(Session session, Schema schema, List<PictureRow> rows) {
        List<Object[]> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(new Object[] {row.id(), row.path(), row.vector()}));
        return new SingleBatchReader(
                schema, rows.isEmpty() ? null : ColumnBuilder.batch(schema, values, ArrowMemory.of(session)));
    }

    /// Hands on id and address of every live row of the fragments that has an id.
    static void forEachId(Dataset dataset, List<Long> fragmentIds, ObjLongConsumer<String> target)
            throws IOException {
        ScanOptions options = ScanOptions.ALL.withColumns(ID).withRowAddresses().withFragments(fragmentIds);
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch next = reader.next(); next != null; next = reader.next()) {
                try (Batch batch = next) {
                    ColumnBuffers ids = batch.column(ID);
                    long[] addresses = addresses(batch);
                    for (int i = 0; i < addresses.length; i++) {
                        if (ColumnValues.get(ids, i) instanceof String id) {
                            target.accept(id, addresses[i]);
                        }
                    }
                }
            }
        }
    }

    /// The `k` rows nearest to a vector by squared L2 distance, nearest first.
    public static List<PictureHit> search(Table table, float[] query, int k) {
        return table.search(query).column(VECTOR).metric(DistanceType.L2).select(ID, PATH).limit(k).hits().stream()
                .map(hit -> new PictureHit(text(hit.row(), ID), text(hit.row(), PATH), hit.distance()))
                .toList();
    }

    /// Column names to types as Arrow prints them.
    public static Map<String, String> columnTypes(Schema schema) {
        Map<String, String> types = new LinkedHashMap<>();
        schema.fields().forEach(field -> types.put(field.name(), typeName(field)));
        return types;
    }

    private static String typeName(Field field) {
        return switch (field.type()) {
            case LogicalType.FixedSizeList(LogicalType.FloatingPoint(int bitWidth), int dimension) ->
                "fixed_size_list<item: " + (bitWidth == 16 ? "halffloat" : bitWidth == 32 ? "float" : "double") + ">["
                        + dimension + "]";
            default -> LogicalTypes.format(field.type());
        };
    }

    private static String text(Map<String, @Nullable Object> row, String column) {
        return Objects.toString(row.get(column), "");
    }

    private static long[] addresses(Batch batch) {
        ColumnBuffers column = batch.column(ScanOptions.ROW_ADDRESS);
        long[] addresses = new long[batch.rowCount()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = ((Number) Objects.requireNonNull(ColumnValues.get(column, i))).longValue();
        }
        return addresses;
    }
}
