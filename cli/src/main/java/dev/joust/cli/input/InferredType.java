// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;

/// Finds the narrowest type that holds every value of a column of text or JSON: int64, double, bool, date32, timestamp,
/// list, struct, else string. What is null everywhere is a string column. Not thread-safe.
final class InferredType {
    private enum Kind {
        NOTHING,
        BOOL,
        INT,
        DOUBLE,
        DATE,
        TIMESTAMP,
        LIST,
        STRUCT,
        STRING
    }

    private static final Pattern INT = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    private static final Pattern DOUBLE =
            Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?|NaN|-?Infinity");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9]+.*");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.([0-9]{1,9}))?(Z|[-+][0-9]{2}:[0-9]{2})?");

    private final String path;
    private Kind kind = Kind.NOTHING;
    private int fractionDigits;
    private boolean zoned;
    /// NaN and infinities were seen before any number, as strings.
    private boolean onlyNonFinite;

    private @Nullable InferredType item;
    private int listLength = -1;
    private final Map<String, InferredType> fields = new LinkedHashMap<>();

    /// @param path to it, for errors
    InferredType(String path) {
        this.path = path;
    }

    /// Whether lists in a column of this name are vectors.
    static boolean mayHoldVectors(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("vector") || lower.contains("embedding");
    }

    /// Takes one value of a CSV column into account; values of different kinds make a string column.
    void seeText(String text) {
        Kind seen = kindOf(text);
        if (seen == Kind.TIMESTAMP && !seeTimestamp(text)) {
            seen = Kind.STRING;
        }
        Kind joined = join(kind, seen);
        kind = joined == null ? Kind.STRING : joined;
    }

    /// Whether it makes sense to take text as JSON: only lists were seen, or nothing.
    boolean isListSoFar() {
        return kind == Kind.NOTHING || kind == Kind.LIST;
    }

    /// Takes the JSON value at which the parser stands into account, and leaves it at its end.
    ///
    /// @param vectors whether lists must be of one length
    /// @throws IllegalArgumentException if it does not go with those before
    void seeJson(JsonParser json, boolean vectors, long line) throws IOException {
        switch (json.currentToken()) {
            case VALUE_NULL -> {}
            case VALUE_TRUE, VALUE_FALSE -> see(Kind.BOOL, line);
            case VALUE_NUMBER_INT ->
                see(json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? Kind.DOUBLE : Kind.INT, line);
            case VALUE_NUMBER_FLOAT -> see(Kind.DOUBLE, line);
            case VALUE_STRING -> seeString(json.getText(), line);
            case START_ARRAY -> {
                see(Kind.LIST, line);
                InferredType items = item == null ? new InferredType(path) : item;
                item = items;
                int length = 0;
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.seeJson(json, false, line);
                    length++;
                }
                seeLength(length, vectors, line);
            }
            case START_OBJECT -> {
                see(Kind.STRUCT, line);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    InferredType field = fields.computeIfAbsent(name, _ -> new InferredType(path + "." + name));
                    json.nextToken();
                    field.seeJson(json, false, line);
                }
            }
            default -> throw new IllegalArgumentException("line " + line + ": column '" + path + "' has no value");
        }
    }

    private void seeString(String text, long line) {
        boolean nonFinite = text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        if (nonFinite && (kind == Kind.NOTHING || kind == Kind.INT || kind == Kind.DOUBLE)) {
            onlyNonFinite |= kind == Kind.NOTHING;
            kind = Kind.DOUBLE;
        } else if (onlyNonFinite && kind == Kind.DOUBLE) {
            kind = Kind.STRING; // so the words before were words
            onlyNonFinite = false;
        } else {
            see(Kind.STRING, line);
        }
    }

    private void seeLength(int length, boolean vectors, long line) {
        if (vectors && isNumber() && listLength >= 0 && listLength != length) {
            throw new IllegalArgumentException("line " + line + ": column '" + path + "' holds a vector of " + length
                    + " values, of " + listLength + " before; --keep-lists takes such columns as lists");
        }
        if (vectors && isNumber() && length == 0) {
            throw new IllegalArgumentException("line " + line + ": column '" + path
                    + "' holds an empty vector; --keep-lists takes such columns as lists");
        }
        listLength = length;
    }

    private boolean isNumber() {
        return item != null && (item.kind == Kind.INT || item.kind == Kind.DOUBLE || item.kind == Kind.NOTHING);
    }

    private void see(Kind seen, long line) {
        Kind joined = join(kind, seen);
        if (joined == null) {
            throw new IllegalArgumentException("line " + line + ": column '" + path + "' holds "
                    + kind.name().toLowerCase(Locale.ROOT) + " before and " + seen.name().toLowerCase(Locale.ROOT) + " here");
        }
        onlyNonFinite &= seen == Kind.DOUBLE && kind == Kind.DOUBLE;
        kind = joined;
    }

    /// The column in a schema, nullable.
    ///
    /// @param vectors whether lists of numbers are vectors
    Field field(String name, boolean vectors) {
        if (kind == Kind.LIST) {
            InferredType items = item == null ? new InferredType(path) : item;
            if (vectors && isNumber() && listLength > 0 && items.kind != Kind.NOTHING) {
                return Field.nullable(name, new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), listLength));
            }
            return Field.nullable(name, new LogicalType.List(false, items.kind == Kind.STRUCT))
                    .withChildren(List.of(items.field("item", false)));
        }
        if (kind == Kind.STRUCT) {
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("column '" + path + "' holds objects without fields");
            }
            return Field.nullable(name, new LogicalType.Struct()).withChildren(fields.entrySet().stream()
                    .map(entry -> entry.getValue().field(entry.getKey(), false)).toList());
        }
        return Field.nullable(name, switch (kind) {
            case NOTHING, STRING, LIST, STRUCT -> new LogicalType.Utf8(false);
            case BOOL -> new LogicalType.Bool();
            case INT -> new LogicalType.Int(64, true);
            case DOUBLE -> new LogicalType.FloatingPoint(64);
            case DATE -> new LogicalType.Date(32);
            case TIMESTAMP -> new LogicalType.Timestamp(unit(), zoned ? "UTC" : null);
        });
    }

    private TimeUnit unit() {
        if (fractionDigits == 0) {
            return TimeUnit.SECOND;
        }
        return fractionDigits <= 3 ? TimeUnit.MILLISECOND : fractionDigits <= 6 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
    }

    private boolean seeTimestamp(String text) {
        Matcher matcher = TIMESTAMP.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        boolean thisZoned = matcher.group(2) != null;
        if (kind == Kind.TIMESTAMP && thisZoned != zoned) {
            return false;
        }
        zoned = thisZoned;
        fractionDigits = Math.max(fractionDigits, matcher.group(1) == null ? 0 : matcher.group(1).length());
        return true;
    }

    private static Kind kindOf(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Kind.BOOL;
        }
        if (INT.matcher(text).matches() && fitsLong(text)) {
            return Kind.INT;
        }
        // 007 is a code, not a number
        if (DOUBLE.matcher(text).matches() && !LEADING_ZERO.matcher(text).matches()) {
            return Kind.DOUBLE;
        }
        if (DATE.matcher(text).matches()) {
            return isDate(text) ? Kind.DATE : Kind.STRING;
        }
        return TIMESTAMP.matcher(text).matches() && isDate(text.substring(0, 10)) ? Kind.TIMESTAMP : Kind.STRING;
    }

    private static boolean fitsLong(String digits) {
        try {
            Long.parseLong(digits);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /// The kind that holds both, null where there is none.
    private static @Nullable Kind join(Kind a, Kind b) {
        if (a == b || b == Kind.NOTHING) {
            return a;
        }
        if (a == Kind.NOTHING) {
            return b;
        }
        boolean numbers = (a == Kind.INT || a == Kind.DOUBLE) && (b == Kind.INT || b == Kind.DOUBLE);
        return numbers ? Kind.DOUBLE : null;
    }
}
