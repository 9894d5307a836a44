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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.format.schema.Schema;

/// Columns for Java's types: of records by their components, of maps by their values. All columns take nulls, as those
/// that other Lance clients make.
public final class JavaTypes {
    private static final LogicalType FLOAT32 = new LogicalType.FloatingPoint(32);
    private static final LogicalType FLOAT64 = new LogicalType.FloatingPoint(64);

    private JavaTypes() {}

    /// The schema for rows of one kind: all maps, or all records of one class.
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
            fields.add(field(component.getName(), component.getGenericType(), values, where));
        }
        return fields;
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
                return list(name, field("item", argument, items(samples), where));
            }
            if (generic.getRawType() == Map.class) {
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
            int scale = samples.stream().mapToInt(value -> Math.max(0, ((BigDecimal) value).scale())).max().orElse(0);
            return Field.nullable(name, new LogicalType.Decimal(128, 38, Math.min(38, scale)));
        }
        LogicalType item = vectorItem(known);
        if (item != null) {
            return Field.nullable(name, new LogicalType.FixedSizeList(item, dimension(samples, where)));
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
            return list(name, field("item", widest(items), items, where));
        }
        throw new IllegalArgumentException(where + ": no column type for " + known.getName());
    }

    private static Field list(String name, Field item) {
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
                    where + ": no vector to take the dimension from: create the table with a Schema");
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
        return type == long[].class ? new LogicalType.Int(64, true) : null;
    }

    private static @Nullable LogicalType flat(Class<?> type) {
        if (type == String.class || type == CharSequence.class || type.isEnum()
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
        if (type == Instant.class) {
            return new LogicalType.Timestamp(TimeUnit.MICROSECOND, "UTC");
        }
        if (type == LocalDateTime.class) {
            return new LogicalType.Timestamp(TimeUnit.MICROSECOND, null);
        }
        return type == Duration.class ? new LogicalType.Duration(TimeUnit.MICROSECOND) : null;
    }
}
