// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;

/// Finds the narrowest type that holds every value of a text column: int64, double, bool, date32, timestamp, vector, else
/// string. A column of nulls is a string column. Not thread-safe.
final class InferredColumn {
    /// What a value looks like.
    enum Kind {
        NOTHING,
        BOOL,
        INT,
        DOUBLE,
        DATE,
        TIMESTAMP,
        VECTOR,
        STRING
    }

    private static final Pattern INT = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    private static final Pattern DOUBLE =
            Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?|NaN|-?Infinity");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9]+.*");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.([0-9]{1,9}))?(Z|[-+][0-9]{2}:[0-9]{2})?");

    private final String name;
    private Kind kind = Kind.NOTHING;
    private int fractionDigits;
    private boolean zoned;
    private int dimension = -1;

    InferredColumn(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    /// Whether lists in a column of this name are vectors.
    boolean mayHoldVectors() {
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

    /// Takes one typed value into account.
    ///
    /// @throws IllegalArgumentException if it does not go with those before
    void see(Kind seen, long line) {
        Kind joined = join(kind, seen);
        if (joined == null) {
            throw new IllegalArgumentException("line " + line + ": column '" + name + "' holds "
                    + kind.name().toLowerCase(Locale.ROOT) + " before and " + seen.name().toLowerCase(Locale.ROOT) + " here");
        }
        kind = joined;
    }

    /// Takes one vector into account.
    ///
    /// @throws IllegalArgumentException if its length differs from those before
    void seeVector(int length, long line) {
        if (length == 0) {
            throw new IllegalArgumentException("line " + line + ": column '" + name + "' holds an empty vector");
        }
        if (dimension >= 0 && dimension != length) {
            throw new IllegalArgumentException("line " + line + ": column '" + name + "' holds a vector of " + length
                    + " values, of " + dimension + " before");
        }
        dimension = length;
        see(Kind.VECTOR, line);
    }

    /// The column in a schema, nullable.
    Field field() {
        return Field.nullable(name, switch (kind) {
            case NOTHING, STRING -> new LogicalType.Utf8(false);
            case BOOL -> new LogicalType.Bool();
            case INT -> new LogicalType.Int(64, true);
            case DOUBLE -> new LogicalType.FloatingPoint(64);
            case DATE -> new LogicalType.Date(32);
            case TIMESTAMP -> new LogicalType.Timestamp(unit(), zoned ? "UTC" : null);
            case VECTOR -> new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), dimension);
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
            java.time.LocalDate.parse(text);
            return true;
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    /// The kind that holds both, null where there is none.
    private static @org.jspecify.annotations.Nullable Kind join(Kind a, Kind b) {
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
