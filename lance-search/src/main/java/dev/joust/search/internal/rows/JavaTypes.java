// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.rows;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.search.Column;

/// Columns for Java's types: of records by their components and what {@link Column} says of them, of maps by their values.
/// All columns take nulls, as those that other Lance clients make.
///
///     boolean, byte, short, int, long      bool, int8, int16, int32, int64 (boxed ones too)
///     float, double                        float32, float64
///     BigDecimal                           decimal(38, most decimal places among the rows)
///     BigInteger                           uint64
///     String, CharSequence, char, enums    string
///     byte[], ByteBuffer                   binary;   UUID: fixed-size binary of 16
///     LocalDate, LocalTime                 date32, time64(ns)
///     Instant, OffsetDateTime, ZonedDateTime   timestamp(us, UTC);   LocalDateTime: timestamp(us)
///     Duration                             duration(us)
///     float[], double[]                    fixed-size list, all of one length
///     short[], int[], long[], boolean[]    fixed-size list if all have one length, else list
///     other arrays, List, Set, Iterable    list; of numbers, one length and a name with `vector` or `embedding`:
///                                          fixed-size list of float32
///     Map<K, V>                            map;   as the value of a row that is a map: struct
///     records                              struct
///     Optional<T>                          T
public final class JavaTypes {
    private static final LogicalType FLOAT32 = new LogicalType.FloatingPoint(32);
    private static final LogicalType FLOAT64 = new LogicalType.FloatingPoint(64);

    /// Decimal places where no value tells.
    private static final int UNKNOWN_SCALE = 18;

    private JavaTypes() {}

    /// The schema for records of a class, no row known: vectors need {@link Column#dimension}.
    public static Schema schemaOf(Class<? extends Record> type) {
        return new Schema(recordFields(type, List.of()), Map.of());
    }

    /// The schema for rows of one kind: all maps, or all records of one class, or Arrow's vectors or batches.
    public static Schema schemaOf(List<?> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no rows to take the columns from: create the table with a Schema");
        }
        Object first = rows.getFirst();
        if (first instanceof Record) {
            return new Schema(recordFields(first.getClass(), rows), Map.of());
        }
        if (first instanceof Map) {
            return new Schema(mapFields("", rows), Map.of());
        }
        if (first instanceof VectorSchemaRoot vectors) {
            return ArrowSchemas.fromArrow(vectors.getSchema());
        }
        if (first instanceof Batch batch) {
            return batch.schema();
        }
        throw new IllegalArgumentException("rows are records or maps, not "
                + (first == null ? "null" : first.getClass().getName()));
    }

    private static List<Field> recordFields(Class<?> type, List<?> samples) {
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            List<Object> values = new ArrayList<>();
            for (Object sample : samples) {
                Object value = type.isInstance(sample) ? Records.get(component, sample) : null;
                if (value != null) {
                    values.add(value);
                }
            }
            String where = type.getSimpleName() + "." + component.getName();
            fields.add(hinted(component, values, where));
        }
        return fields;
    }

    private static Field hinted(RecordComponent component, List<Object> samples, String where) {
        Column hint = component.getAnnotation(Column.class);
        String name = Records.columnOf(component);
        if (hint == null) {
            return field(name, component.getGenericType(), samples, where);
        }
        if (hint.metadata().length % 2 != 0) {
            throw new IllegalArgumentException(where + ": a key without a value in its metadata");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < hint.metadata().length; i += 2) {
            metadata.put(hint.metadata()[i], hint.metadata()[i + 1]);
        }
        Field plain = hint.type().isEmpty()
                ? sized(name, component.getGenericType(), samples, hint.dimension(), where)
                : Field.nullable(name, typed(hint.type(), where));
        return new Field(Field.UNASSIGNED, name, plain.type(), hint.nullable(), plain.children(), metadata);
    }

    private static LogicalType typed(String text, String where) {
        LogicalType type;
        try {
            type = LogicalTypes.parse(text);
        } catch (UnsupportedFormatException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
        boolean nested = type instanceof LogicalType.List || type instanceof LogicalType.Struct || type instanceof LogicalType.Map
                || (type instanceof LogicalType.FixedSizeList list && list.item() == null);
        if (nested) {
            throw new IllegalArgumentException(where + ": " + text + " needs to know its fields, which a type's name does not tell");
        }
        return type;
    }

    private static Field sized(String name, Type type, List<Object> samples, int dimension, String where) {
        LogicalType item = type instanceof Class<?> known ? vectorItem(known) : null;
        if (dimension == 0) {
            return field(name, type, samples, where);
        }
        if (item == null && type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw
                && Iterable.class.isAssignableFrom(raw)) {
            item = field("item", generic.getActualTypeArguments()[0], List.of(), where).type();
        }
        if (item == null || dimension < 0) {
            throw new IllegalArgumentException(where + ": a dimension of " + dimension + " for " + type.getTypeName());
        }
        return Field.nullable(name, new LogicalType.FixedSizeList(item, dimension));
    }

    private static List<Field> mapFields(String path, List<?> samples) {
        Map<String, List<Object>> valuesByName = new LinkedHashMap<>();
        for (Object sample : samples) {
            if (!(sample instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("rows are all maps or all records");
            }
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                List<Object> values =
                        valuesByName.computeIfAbsent(String.valueOf(entry.getKey()), _ -> new ArrayList<>());
                if (entry.getValue() != null) {
                    values.add(entry.getValue());
                }
            }
        }
        List<Field> fields = new ArrayList<>();
        valuesByName.forEach((name, values) -> {
            if (values.isEmpty()) {
                throw new IllegalArgumentException(
                        "column '" + path + name + "' has only nulls to take its type from: create the table with a Schema");
            }
            fields.add(field(name, widest(values), values, path + name));
        });
        return fields;
    }

    /// The class of the values; of mixed numbers the one that holds them all.
    private static Class<?> widest(List<Object> values) {
        Class<?> type = values.getFirst().getClass();
        for (Object value : values) {
            Class<?> other = value.getClass();
            if (other.equals(type)) {
                continue;
            }
            if (Number.class.isAssignableFrom(type) && Number.class.isAssignableFrom(other)) {
                boolean floating = List.of(Float.class, Double.class).contains(type)
                        || List.of(Float.class, Double.class).contains(other);
                type = floating ? Double.class : Long.class;
            }
        }
        return type;
    }

    private static Field field(String name, Type type, List<Object> samples, String where) {
        if (type instanceof ParameterizedType generic) {
            Type argument = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                List<Object> present = new ArrayList<>();
                for (Object sample : samples) {
                    ((Optional<?>) sample).ifPresent(present::add);
                }
                return field(name, argument, present, where);
            }
            if (generic.getRawType() instanceof Class<?> raw && Iterable.class.isAssignableFrom(raw)) {
                return list(name, field("item", argument, items(samples), where), samples);
            }
            if (generic.getRawType() instanceof Class<?> raw && Map.class.isAssignableFrom(raw)) {
                return map(name, generic, samples, where);
            }
            return field(name, generic.getRawType(), samples, where);
        }
        if (!(type instanceof Class<?> known)) {
            throw new IllegalArgumentException(where + ": no column type for " + type.getTypeName());
        }
        LogicalType flat = flat(known);
        if (flat != null) {
            return Field.nullable(name, flat);
        }
        if (known == BigDecimal.class) {
            int scale = samples.stream().mapToInt(value -> Math.max(0, ((BigDecimal) value).scale())).max().orElse(UNKNOWN_SCALE);
            return Field.nullable(name, new LogicalType.Decimal(128, 38, Math.min(38, scale)));
        }
        LogicalType item = vectorItem(known);
        if (item != null) {
            return array(name, item, known, samples, where);
        }
        if (known.isArray()) {
            List<Object> items = items(samples.stream().map(sample -> (Object) Arrays.asList((Object[]) sample)).toList());
            return list(name, field("item", known.getComponentType(), items, where), List.of());
        }
        if (known.isRecord()) {
            return Field.nullable(name, new LogicalType.Struct()).withChildren(recordFields(known, samples));
        }
        if (Map.class.isAssignableFrom(known)) {
            return Field.nullable(name, new LogicalType.Struct()).withChildren(mapFields(where + ".", samples));
        }
        if (Iterable.class.isAssignableFrom(known)) {
            List<Object> items = items(samples);
            if (items.isEmpty()) {
                throw new IllegalArgumentException(where + ": only empty lists to take the items' type from");
            }
            return list(name, field("item", widest(items), items, where), samples);
        }
        throw new IllegalArgumentException(where + ": no column type for " + known.getName());
    }

    /// Arrays of floats are vectors, all of one length; others are lists, unless all have one.
    private static Field array(String name, LogicalType item, Class<?> type, List<Object> samples, String where) {
        boolean vectors = type == float[].class || type == double[].class;
        boolean differ = samples.isEmpty() || samples.stream().mapToInt(java.lang.reflect.Array::getLength).distinct().count() > 1;
        boolean empty = !samples.isEmpty() && java.lang.reflect.Array.getLength(samples.getFirst()) == 0;
        if (!vectors && (differ || empty)) {
            return list(name, Field.nullable("item", item), List.of());
        }
        return Field.nullable(name, new LogicalType.FixedSizeList(item, dimension(samples, where)));
    }

    /// Lists of numbers in a column named like a vector are vectors, if all have one length: other Lance clients have it so.
    private static Field list(String name, Field item, List<Object> samples) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean numbers = item.type() instanceof LogicalType.FloatingPoint || item.type() instanceof LogicalType.Int;
        if (numbers && (lower.contains("vector") || lower.contains("embedding"))) {
            int[] lengths = samples.stream().mapToInt(JavaTypes::length).distinct().toArray();
            if (lengths.length == 1 && lengths[0] > 0) {
                return Field.nullable(name, new LogicalType.FixedSizeList(FLOAT32, lengths[0]));
            }
        }
        boolean ofStruct = item.type() instanceof LogicalType.Struct;
        return Field.nullable(name, new LogicalType.List(false, ofStruct)).withChildren(List.of(item));
    }

    private static Field map(String name, ParameterizedType type, List<Object> samples, String where) {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Object sample : samples) {
            ((Map<?, ?>) sample).forEach((key, value) -> {
                keys.add(key);
                if (value != null) {
                    values.add(value);
                }
            });
        }
        Field key = field("key", type.getActualTypeArguments()[0], keys, where);
        Field value = field("value", type.getActualTypeArguments()[1], values, where);
        return Field.nullable(name, new LogicalType.Map())
                .withChildren(List.of(Field.required("entries", new LogicalType.Struct())
                        .withChildren(List.of(
                                new Field(Field.UNASSIGNED, "key", key.type(), false, key.children(), Map.of()),
                                value))));
    }

    private static int length(Object list) {
        int length = 0;
        for (Object _ : (Iterable<?>) list) {
            length++;
        }
        return length;
    }

    private static List<Object> items(List<Object> samples) {
        List<Object> items = new ArrayList<>();
        for (Object sample : samples) {
            for (Object item : (Iterable<?>) sample) {
                if (item != null) {
                    items.add(item);
                }
            }
        }
        return items;
    }

    private static int dimension(List<Object> samples, String where) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(
                    where + ": no vector to take the dimension from: say @Column(dimension = …), or create the table with a Schema");
        }
        int dimension = java.lang.reflect.Array.getLength(samples.getFirst());
        if (dimension == 0) {
            throw new IllegalArgumentException(where + ": a vector of no elements");
        }
        return dimension;
    }

    private static @Nullable LogicalType vectorItem(Class<?> type) {
        if (type == float[].class) {
            return FLOAT32;
        }
        if (type == double[].class) {
            return FLOAT64;
        }
        if (type == int[].class) {
            return new LogicalType.Int(32, true);
        }
        if (type == short[].class) {
            return new LogicalType.Int(16, true);
        }
        if (type == boolean[].class) {
            return new LogicalType.Bool();
        }
        return type == long[].class ? new LogicalType.Int(64, true) : null;
    }

    private static @Nullable LogicalType flat(Class<?> type) {
        if (type == String.class || type == CharSequence.class || type == char.class || type == Character.class || type.isEnum()
                || (type.getSuperclass() != null && type.getSuperclass().isEnum())) {
            return new LogicalType.Utf8(false);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new LogicalType.Bool();
        }
        if (type == byte.class || type == Byte.class) {
            return new LogicalType.Int(8, true);
        }
        if (type == short.class || type == Short.class) {
            return new LogicalType.Int(16, true);
        }
        if (type == int.class || type == Integer.class) {
            return new LogicalType.Int(32, true);
        }
        if (type == long.class || type == Long.class) {
            return new LogicalType.Int(64, true);
        }
        if (type == BigInteger.class) {
            return new LogicalType.Int(64, false);
        }
        if (type == float.class || type == Float.class) {
            return FLOAT32;
        }
        if (type == double.class || type == Double.class) {
            return FLOAT64;
        }
        if (type == byte[].class || ByteBuffer.class.isAssignableFrom(type)) {
            return new LogicalType.Binary(false);
        }
        if (type == LocalDate.class) {
            return new LogicalType.Date(32);
        }
        if (type == LocalTime.class) {
            return new LogicalType.Time(TimeUnit.NANOSECOND, 64);
        }
        if (type == UUID.class) {
            return new LogicalType.FixedSizeBinary(16);
        }
        if (type == Instant.class || type == OffsetDateTime.class || type == ZonedDateTime.class) {
            return new LogicalType.Timestamp(TimeUnit.MICROSECOND, "UTC");
        }
        if (type == LocalDateTime.class) {
            return new LogicalType.Timestamp(TimeUnit.MICROSECOND, null);
        }
        return type == Duration.class ? new LogicalType.Duration(TimeUnit.MICROSECOND) : null;
    }
}
