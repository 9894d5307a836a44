// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.Session;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureHit;
import dev.joust.search.Hit;
import dev.joust.search.Query;
import dev.joust.search.Table;

/// Rows of the picture table to and from Java values.
public final class PictureTable {
    public static final String ID = "id";
    public static final String PATH = "path";
    public static final String VECTOR = "vector";
    private static final Set<String> ALWAYS_SAID = Set.of(ID, PATH, VECTOR);

    private PictureTable() {}

    /// The columns of a new table.
    public static Schema schema(int dimension) {
        return schema(dimension, Map.of());
    }

    /// As the other, with what is said about the column of vectors.
    static Schema schema(int dimension, Map<String, String> vectorMetadata) {
        List<Field> fields = new ArrayList<>(List.of(
                Field.nullable(ID, new LogicalType.Utf8(false)),
                Field.nullable(PATH, new LogicalType.Utf8(false)),
                vectorField(VECTOR, dimension).withMetadata(vectorMetadata)));
        fields.addAll(MetadataColumns.FIELDS);
        return new Schema(fields, Map.of());
    }

    static Field vectorField(String name, int dimension) {
        return Field.nullable(name, new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), dimension));
    }

    /// The columns of metadata that a table has not, to be added to it.
    static Optional<Schema> missingColumns(Schema table) {
        List<Field> missing = MetadataColumns.missing(table);
        return missing.isEmpty() ? Optional.empty() : Optional.of(new Schema(missing, Map.of()));
    }

    /// Columns that hold no nulls, and of which a picture may have nothing to say.
    static List<String> requiredColumnsOfOthers(Schema table) {
        return table.fields().stream()
                .filter(field -> !field.nullable() && !ALWAYS_SAID.contains(field.name()))
                .map(Field::name)
                .toList();
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
        return schema.field(VECTOR)
                .map(PictureTable::vectorLength)
                .filter(dimension -> dimension > 0)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not a table of pictures: no column 'vector' of float32 lists"));
    }

    /// Floats per vector of a column; 0 where it holds no such vectors.
    static int vectorLength(Field field) {
        return field.type() instanceof LogicalType.FixedSizeList(LogicalType.FloatingPoint(int bitWidth), int dimension)
                        && bitWidth == 32
                ? dimension
                : 0;
    }

    /// The columns of vectors of a table.
    static List<Field> vectorColumns(Schema table) {
        return table.fields().stream().filter(field -> vectorLength(field) > 0).toList();
    }

    /// One batch of the rows, or none.
    ///
    /// @param table its columns; those that rows say nothing about are left out, which makes them null
    public static BatchReader reader(Session session, Schema table, List<PictureRow> rows) {
        List<Field> fields = writtenFields(table, rows);
        List<Object[]> values = new ArrayList<>(rows.size());
        for (PictureRow row : rows) {
            values.add(fields.stream().map(field -> value(row, field.name())).toArray());
        }
        Schema schema = new Schema(fields, Map.of());
        return new SingleBatchReader(
                schema, rows.isEmpty() ? null : ColumnBuilder.batch(schema, values, ArrowMemory.of(session)));
    }

    /// A batch of one row with all its columns.
    static BatchReader reader(Session session, Schema table, Map<String, @Nullable Object> row) {
        Object[] values = table.fields().stream().map(field -> row.get(field.name())).toArray();
        return new SingleBatchReader(
                table, ColumnBuilder.batch(table, List.<Object[]>of(values), ArrowMemory.of(session)));
    }

    private static List<Field> writtenFields(Schema table, List<PictureRow> rows) {
        Set<String> names = new HashSet<>(List.of(ID, PATH));
        MetadataColumns.usable(table).forEach(field -> names.add(field.name()));
        rows.forEach(row -> names.addAll(row.vectors().keySet()));
        return table.fields().stream().filter(field -> names.contains(field.name())).toList();
    }

    private static @Nullable Object value(PictureRow row, String column) {
        return switch (column) {
            case ID -> row.id();
            case PATH -> row.path();
            default -> row.vectors().containsKey(column)
                    ? row.vectors().get(column)
                    : MetadataColumns.isName(column) ? MetadataColumns.value(row.metadata(), column) : null;
        };
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

    /// Of each fragment, how many rows have no vector in a column and something to make one of, and how many have one.
    ///
    /// @param source   the column that is not null where there is something to make a vector of
    /// @param hopeless ids of rows that do not count
    static Map<Long, int[]> countMissing(
            Dataset dataset, List<Long> fragmentIds, String column, String source, Set<String> hopeless)
            throws IOException {
        Map<Long, int[]> counts = new HashMap<>();
        ScanOptions options = ScanOptions.ALL.withColumns(ID, source, column)
                .withRowAddresses()
                .withFragments(fragmentIds);
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch next = reader.next(); next != null; next = reader.next()) {
                try (Batch batch = next) {
                    long[] addresses = addresses(batch);
                    for (int i = 0; i < addresses.length; i++) {
                        long fragment = Integer.toUnsignedLong(RowAddress.fragmentId(addresses[i]));
                        boolean isPresent = !batch.column(column).isNull(i);
                        if (isPresent
                                || (!batch.column(source).isNull(i)
                                        && ColumnValues.get(batch.column(ID), i) instanceof String id
                                        && !hopeless.contains(id))) {
                            counts.computeIfAbsent(fragment, _ -> new int[2])[isPresent ? 1 : 0]++;
                        }
                    }
                }
            }
        }
        return counts;
    }

    /// The row of an id.
    ///
    /// @param columns of it; all if none is named
    static Optional<Map<String, @Nullable Object>> row(Table table, String id, String... columns) {
        Query query = table.query().where(ID + " = ?", id).limit(1);
        return (columns.length == 0 ? query : query.select(columns)).toMaps().stream().findFirst();
    }

    /// What a picture's row says, but for its vectors.
    static String[] describingColumns(Schema table) {
        List<String> names = new ArrayList<>(List.of(ID, PATH));
        MetadataColumns.usable(table).forEach(field -> names.add(field.name()));
        return names.toArray(String[]::new);
    }

    public static Picture picture(Map<String, @Nullable Object> row) {
        return new Picture(text(row, ID), text(row, PATH), MetadataColumns.read(row));
    }

    static PictureHit hit(Hit<Map<String, @Nullable Object>> hit) {
        Picture picture = picture(hit.row());
        return new PictureHit(picture.id(), picture.path(), hit.distance(), picture.metadata());
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
            case LogicalType.Timestamp(LogicalType.TimeUnit unit, String zone) ->
                "timestamp[" + unit.code() + (zone == null ? "" : ", tz=" + zone) + "]";
            case LogicalType.List(boolean large, boolean _) when !field.children().isEmpty() ->
                (large ? "large_list<" : "list<") + field.children().getFirst().name() + ": "
                        + typeName(field.children().getFirst()) + ">";
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
