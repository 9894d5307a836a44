// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.rows;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.joust.search.Column;

/// Records as maps from column to value, and back. Components and columns belong together by name.
public final class Records {
    private Records() {}

    static @Nullable Object get(RecordComponent component, Object instance) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(instance);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "component '" + component.getName() + "' of " + instance.getClass().getName() + " throws", e);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "component '" + component.getName() + "' of " + instance.getClass().getName()
                            + " is not accessible",
                    e);
        }
    }

    /// The column of a component.
    static String columnOf(RecordComponent component) {
        Column hint = component.getAnnotation(Column.class);
        return hint == null || hint.name().isEmpty() ? component.getName() : hint.name();
    }

    /// The values of a record or map as column builders take them: nested records as maps, optionals unpacked, UUIDs as
    /// their bytes.
    public static Map<String, @Nullable Object> toMap(Object row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (row instanceof Record) {
            for (RecordComponent component : row.getClass().getRecordComponents()) {
                values.put(columnOf(component), plain(get(component, row)));
            }
        } else if (row instanceof Map<?, ?> map) {
            map.forEach((name, value) -> values.put(String.valueOf(name), plain(value)));
        } else {
            throw new IllegalArgumentException("rows are records or maps, not "
                    + (row == null ? "null" : row.getClass().getName()));
        }
        return values;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Optional<?> optional -> plain(optional.orElse(null));
            case Record nested -> toMap(nested);
            case Collection<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(plain(item)));
                yield items;
            }
            case Object[] list -> plain(Arrays.asList(list));
            case Map<?, ?> map -> {
                Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(plain(key), plain(item)));
                yield entries;
            }
            case UUID id -> bytes(id);
            case Character letter -> letter.toString();
            case null, default -> value;
        };
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    }

    private static @Nullable UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 16 ? new UUID(buffer.getLong(), buffer.getLong()) : null;
    }

    /// Rows as maps become rows of a class: a record, or `Map` itself.
    public static final class Reader<T> {
        private final Class<T> type;
        private final @Nullable RecordReader record;

        public Reader(Class<T> type) {
            this.type = type;
            this.record = type.isRecord() ? new RecordReader(type) : null;
            if (record == null && !type.isAssignableFrom(Map.class)) {
                throw new IllegalArgumentException("rows are read as records or maps, not " + type.getName());
            }
        }

        /// Names of the columns that the class takes; null where it takes all.
        public @Nullable List<String> columns() {
            return record == null
                    ? null
                    : Arrays.stream(record.components).map(Records::columnOf).toList();
        }

        public T read(Map<String, @Nullable Object> row) {
            return type.cast(record == null ? row : record.read(row));
        }
    }

    private static final class RecordReader {
        private final Class<?> type;
        private final RecordComponent[] components;
        private final Constructor<?> constructor;

        RecordReader(Class<?> type) {
            this.type = type;
            components = type.getRecordComponents();
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
            } catch (NoSuchMethodException | RuntimeException e) {
                throw new IllegalArgumentException("record " + type.getName() + " cannot be made", e);
            }
        }

        Object read(Map<?, ?> row) {
            @Nullable Object[] arguments = new @Nullable Object[components.length];
            for (int i = 0; i < components.length; i++) {
                String name = columnOf(components[i]);
                String where = "component '" + components[i].getName() + "' of " + type.getSimpleName();
                if (!row.containsKey(name)) {
                    throw new IllegalArgumentException(where + ": no such column; there are " + row.keySet());
                }
                arguments[i] = convert(row.get(name), components[i].getGenericType(), where);
            }
            try {
                return constructor.newInstance(arguments);
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException("record " + type.getSimpleName() + " refuses a row: "
                        + e.getCause().getMessage(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("record " + type.getName() + " cannot be made", e);
            }
        }
    }

    private static @Nullable Object convert(@Nullable Object value, Type target, String where) {
        if (target instanceof ParameterizedType generic) {
            Type raw = generic.getRawType();
            Type argument = generic.getActualTypeArguments()[0];
            if (raw == Optional.class) {
                return Optional.ofNullable(convert(value, argument, where));
            }
            boolean listed = value instanceof List<?> || (value != null && value.getClass().isArray());
            if (listed && raw instanceof Class<?> list && list.isAssignableFrom(ArrayList.class)) {
                return items(value, argument, where);
            }
            if (listed && raw instanceof Class<?> set && set.isAssignableFrom(LinkedHashSet.class)) {
                return new LinkedHashSet<>(items(value, argument, where));
            }
            if (value instanceof Map<?, ?> map && raw instanceof Class<?> wanted && wanted.isAssignableFrom(LinkedHashMap.class)) {
                Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(
                        convert(key, argument, where), convert(item, generic.getActualTypeArguments()[1], where)));
                return entries;
            }
            return convert(value, raw, where);
        }
        if (!(target instanceof Class<?> type)) {
            return value;
        }
        if (value == null) {
            if (type.isPrimitive()) {
                throw new IllegalArgumentException(where + ": the column is null, and " + type + " cannot be");
            }
            return null;
        }
        if (type.isInstance(value)) {
            return value;
        }
        Object converted =
                switch (value) {
                    case Number number -> number(number, type);
                    case Boolean flag -> type == boolean.class ? flag : null;
                    case String text -> text(text, type, where);
                    case LocalDateTime time -> type == Instant.class ? time.toInstant(ZoneOffset.UTC) : null;
                    case Instant instant -> time(instant, type);
                    case byte[] bytes -> type == UUID.class ? uuid(bytes) : type == ByteBuffer.class ? ByteBuffer.wrap(bytes) : null;
                    case float[] vector -> type == double[].class ? doubles(vector) : null;
                    case double[] vector -> type == float[].class ? floats(vector) : null;
                    case List<?> list -> array(list, type, where);
                    case Map<?, ?> struct -> type.isRecord() ? new RecordReader(type).read(struct) : null;
                    default -> value.getClass().isArray() ? array(list(value), type, where) : null;
                };
        if (converted == null) {
            throw new IllegalArgumentException(where + ": the column holds "
                    + value.getClass().getSimpleName() + " " + value + ", not " + type.getSimpleName());
        }
        return converted;
    }

    private static List<@Nullable Object> items(Object value, Type argument, String where) {
        List<@Nullable Object> items = new ArrayList<>();
        for (Object item : list(value)) {
            items.add(convert(item, argument, where));
        }
        return items;
    }

    private static @Nullable Object text(String text, Class<?> type, String where) {
        if (type.isEnum()) {
            return constant(type, text, where);
        }
        return (type == char.class || type == Character.class) && text.length() == 1 ? text.charAt(0) : null;
    }

    private static @Nullable Object time(Instant instant, Class<?> type) {
        if (type == LocalDateTime.class) {
            return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        }
        if (type == OffsetDateTime.class) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        return type == ZonedDateTime.class ? instant.atZone(ZoneOffset.UTC) : null;
    }

    private static List<@Nullable Object> list(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
            items.add(java.lang.reflect.Array.get(value, i));
        }
        return items;
    }

    private static Object constant(Class<?> type, String name, String where) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(where + ": '" + name + "' is none of " + Arrays.toString(type.getEnumConstants()));
    }

    /// Without loss, or null.
    private static @Nullable Object number(Number value, Class<?> type) {
        boolean floating = value instanceof Float || value instanceof Double;
        if (type == double.class || type == Double.class) {
            return value.doubleValue();
        }
        if (type == float.class || type == Float.class) {
            float narrowed = value.floatValue();
            return narrowed == value.doubleValue() || Double.isNaN(value.doubleValue()) ? (Object) narrowed : null;
        }
        if (floating) {
            return null;
        }
        if (type == BigDecimal.class) {
            return new BigDecimal(value.toString());
        }
        if (value instanceof BigDecimal) {
            return null;
        }
        BigInteger whole = new BigInteger(value.toString());
        if (type == BigInteger.class) {
            return whole;
        }
        int bits = whole.bitLength();
        if (type == long.class || type == Long.class) {
            return bits < 64 ? (Object) whole.longValue() : null;
        }
        if (type == int.class || type == Integer.class) {
            return bits < 32 ? (Object) whole.intValue() : null;
        }
        if (type == short.class || type == Short.class) {
            return bits < 16 ? (Object) whole.shortValue() : null;
        }
        if (type == byte.class || type == Byte.class) {
            return bits < 8 ? (Object) whole.byteValue() : null;
        }
        return null;
    }

    private static double[] doubles(float[] vector) {
        double[] wide = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            wide[i] = vector[i];
        }
        return wide;
    }

    private static float[] floats(double[] vector) {
        float[] narrow = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            narrow[i] = (float) vector[i];
        }
        return narrow;
    }

    private static @Nullable Object array(List<?> list, Class<?> type, String where) {
        if (!type.isArray()) {
            return null;
        }
        Object array = java.lang.reflect.Array.newInstance(type.getComponentType(), list.size());
        for (int i = 0; i < list.size(); i++) {
            java.lang.reflect.Array.set(array, i, convert(list.get(i), type.getComponentType(), where));
        }
        return array;
    }
}
