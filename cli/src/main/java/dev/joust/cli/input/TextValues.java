// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Text and JSON as values of a column, in the forms that the command line writes: decimals and times as strings, binary
/// in Base64, durations as whole numbers, maps as arrays of pairs (or as objects, where keys are strings).
final class TextValues {
    private static final JsonFactory JSON = new JsonFactory();

    private TextValues() {}

    /// The value of a CSV field, which is not null.
    ///
    /// @throws IllegalArgumentException naming the column, if it is none of its type
    static Object ofText(Field field, String text) {
        try {
            return switch (field.type()) {
                case LogicalType.Bool _ -> bool(text);
                case LogicalType.Int _, LogicalType.Duration _ -> whole(text);
                case LogicalType.FloatingPoint _, LogicalType.BFloat16 _ -> Double.valueOf(text);
                case LogicalType.Decimal _ -> new BigDecimal(text);
                case LogicalType.Utf8 _ -> text;
                case LogicalType.Binary _, LogicalType.FixedSizeBinary _ -> Base64.getDecoder().decode(text);
                case LogicalType.Date _ -> LocalDate.parse(text);
                case LogicalType.Time _ -> LocalTime.parse(text);
                case LogicalType.Timestamp _ -> timestamp(text.replace(' ', 'T'));
                case LogicalType.Dictionary(LogicalType value, LogicalType.Int _) -> ofText(field.withType(value), text);
                case LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _ -> nested(field, text);
                case LogicalType.Null _ -> throw new IllegalArgumentException("a value in a column of nulls");
                case LogicalType.Json _ -> text;
            };
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("column '" + field.name() + "': '" + shortened(text) + "' is no value of its type", e);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("column '") ? e : new IllegalArgumentException("column '" + field.name() + "': " + message, e);
        }
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static Boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("'" + shortened(text) + "' is neither true nor false");
        }
        return Boolean.valueOf(text);
    }

    private static Object whole(String text) {
        BigInteger number = new BigInteger(text);
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    private static Object timestamp(String text) {
        boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > 10;
        return zoned ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    private static Object nested(Field field, String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Object value = ofJson(field, json);
            if (value == null) {
                throw new IllegalArgumentException("'null' where a list or an object was expected");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("no sound JSON: " + shortened(text), e);
        }
    }

    /// The value at which the parser stands, which is left at its end.
    ///
    /// @throws IllegalArgumentException naming the column, if it is none of its type
    static @Nullable Object ofJson(Field field, JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        return switch (field.type()) {
            case LogicalType.FixedSizeList(LogicalType item, int dimension)
            when item instanceof LogicalType.FloatingPoint(int bitWidth) && bitWidth == 32 -> floats(field, json, dimension);
            case LogicalType.FixedSizeList _ -> list(field, Columns.itemField(field), json);
            case LogicalType.List _ -> list(field, field.children().getFirst(), json);
            case LogicalType.Map _ -> map(field, json);
            case LogicalType.Struct _ -> struct(field, json);
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                    LogicalType.Null _, LogicalType.Json _, LogicalType.BFloat16 _ -> scalar(field, json);
        };
    }

    private static Object scalar(Field field, JsonParser json) throws IOException {
        if (!json.currentToken().isScalarValue()) {
            throw wrong(field, json, "a single value");
        }
        return switch (field.type()) {
            case LogicalType.FloatingPoint _ when json.currentToken().isNumeric() -> json.getDoubleValue();
            case LogicalType.Int _ when json.currentToken() == JsonToken.VALUE_NUMBER_INT -> json.getNumberValue();
            case LogicalType.Timestamp _ when json.currentToken() == JsonToken.VALUE_NUMBER_INT -> json.getLongValue();
            default -> ofText(field, json.getText());
        };
    }

    private static IllegalArgumentException wrong(Field field, JsonParser json, String expected) {
        return new IllegalArgumentException("column '" + field.name() + "': " + expected + " expected, not " + json.currentToken());
    }

    /// The numbers of a vector, boxed only where one is null.
    private static Object floats(Field field, JsonParser json, int dimension) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, json, "a list of numbers");
        }
        float[] values = new float[Math.min(dimension, 1 << 16)];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return withNulls(field, json, values, count);
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, values.length * 2);
            }
            values[count++] = switch (json.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getFloatValue();
                case VALUE_STRING -> nonFinite(field, json);
                default -> throw wrong(field, json, "a number");
            };
        }
        return count == values.length ? values : Arrays.copyOf(values, count);
    }

    private static List<@Nullable Object> withNulls(Field field, JsonParser json, float[] values, int count) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(values[i]);
        }
        Field item = Columns.itemField(field);
        do {
            items.add(ofJson(item, json));
        } while (json.nextToken() != JsonToken.END_ARRAY);
        return items;
    }

    private static float nonFinite(Field field, JsonParser json) throws IOException {
        return switch (json.getText()) {
            case "NaN" -> Float.NaN;
            case "Infinity" -> Float.POSITIVE_INFINITY;
            case "-Infinity" -> Float.NEGATIVE_INFINITY;
            default -> throw wrong(field, json, "a number");
        };
    }

    private static List<@Nullable Object> list(Field field, Field item, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, json, "a list");
        }
        List<@Nullable Object> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            items.add(ofJson(item, json));
        }
        return items;
    }

    private static List<Map.Entry<@Nullable Object, @Nullable Object>> map(Field field, JsonParser json) throws IOException {
        List<Field> entry = field.children().getFirst().children();
        List<Map.Entry<@Nullable Object, @Nullable Object>> map = new ArrayList<>();
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                Object key = ofText(entry.get(0), json.currentName());
                json.nextToken();
                map.add(new AbstractMap.SimpleEntry<>(key, ofJson(entry.get(1), json)));
            }
            return map;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, json, "an array of pairs or an object");
        }
        while (json.nextToken() == JsonToken.START_ARRAY) {
            json.nextToken();
            Object key = ofJson(entry.get(0), json);
            json.nextToken();
            map.add(new AbstractMap.SimpleEntry<>(key, ofJson(entry.get(1), json)));
            if (json.nextToken() != JsonToken.END_ARRAY) {
                throw wrong(field, json, "the end of a pair");
            }
        }
        return map;
    }

    private static Map<String, @Nullable Object> struct(Field field, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(field, json, "an object");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            Field child = field.children().stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
            if (child == null) {
                throw new IllegalArgumentException("column '" + field.name() + "' has no field '" + name + "'");
            }
            values.put(name, ofJson(child, json));
        }
        return values;
    }
}
