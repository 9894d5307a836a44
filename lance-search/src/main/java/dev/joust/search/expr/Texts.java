// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Literal;

/// Values as the strings that CAST makes of them, and strings as numbers.
final class Texts {
    private static final Pattern FLOAT = Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    private static final Pattern NAMED_FLOAT = Pattern.compile("([+-]?)(nan|inf|infinity)");
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Texts() {}

    static String of(Literal value) {
        LogicalType type = Types.value(value.type());
        return switch (value.value()) {
            case Long days when type instanceof LogicalType.Date(int bitWidth) ->
                bitWidth == 32
                        ? LocalDate.ofEpochDay(days).toString()
                        : timestamp(days, 1_000, ZoneOffset.UTC, false);
            case Long units when type instanceof LogicalType.Timestamp t ->
                timestamp(units, Types.perSecond(t.unit()), zone(t), t.timeZone() != null);
            case Long units when type instanceof LogicalType.Time t -> {
                long perSecond = Types.perSecond(t.unit());
                LocalTime time = LocalTime.ofSecondOfDay(Math.floorMod(Math.floorDiv(units, perSecond), 86_400L));
                yield clock(time) + fraction(Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
            }
            case Double number when type.equals(new LogicalType.FloatingPoint(16)) -> plain(number.floatValue());
            case Double number ->
                Types.bitsOf(type) == 64
                        ? floating(number, Double.toString(Math.abs(number)), 16, -5)
                        : floating(number, Float.toString((float) Math.abs(number)), 13, -6);
            case BigDecimal decimal -> decimal.toPlainString();
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> ExpressionBuilder.print(value);
        };
    }

    private static ZoneId zone(LogicalType.Timestamp type) {
        try {
            return type.timeZone() == null ? ZoneOffset.UTC : ZoneId.of(type.timeZone());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time zone '" + type.timeZone() + "'", e);
        }
    }

    private static String timestamp(long units, long perSecond, ZoneId zone, boolean withOffset) {
        long nanos = Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond);
        OffsetDateTime time = Instant.ofEpochSecond(Math.floorDiv(units, perSecond), nanos)
                .atZone(zone)
                .toOffsetDateTime();
        LocalDateTime local = time.toLocalDateTime();
        String offset = withOffset ? time.getOffset().toString() : "";
        return local.toLocalDate() + "T" + clock(local.toLocalTime()) + fraction(nanos) + offset;
    }

    private static String clock(LocalTime time) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    }

    /// Three, six or nine digits; none for 0.
    private static String fraction(long nanos) {
        if (nanos == 0) {
            return "";
        }
        if (nanos % 1_000_000 == 0) {
            return String.format(Locale.ROOT, ".%03d", nanos / 1_000_000);
        }
        return nanos % 1_000 == 0
                ? String.format(Locale.ROOT, ".%06d", nanos / 1_000)
                : String.format(Locale.ROOT, ".%09d", nanos);
    }

    private static String plain(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            return floating(value, "", 0, 0);
        }
        String digits = new BigDecimal(Float.toString(Math.abs(value))).stripTrailingZeros().toPlainString();
        return (Float.floatToRawIntBits(value) < 0 ? "-" : "") + digits;
    }

    /// @param shortest the digits that tell the value from its neighbours
    /// @param mostWhole  digits before the point, past which an exponent is written
    /// @param leastWhole as many zeros behind the point, negative, as are not written any more
    private static String floating(double value, String shortest, int mostWhole, int leastWhole) {
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return sign + "inf";
        }
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal decimal = new BigDecimal(shortest).stripTrailingZeros();
        String digits = decimal.unscaledValue().toString();
        int whole = digits.length() - decimal.scale();
        if (whole > 0 && whole <= mostWhole) {
            String text = decimal.toPlainString();
            return sign + text + (text.indexOf('.') < 0 ? ".0" : "");
        }
        if (whole > leastWhole && whole <= 0) {
            return sign + decimal.toPlainString();
        }
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (whole - 1);
    }

    /// Null for what is no number.
    static @Nullable Double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (FLOAT.matcher(text).matches()) {
            return Double.valueOf(text);
        }
        if (!NAMED_FLOAT.matcher(lower).matches()) {
            return null;
        }
        double value = lower.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
        return lower.startsWith("-") ? -value : value;
    }

    /// The day of a date, or of a date with a time behind it.
    static LocalDate date(String text) {
        if (text.length() > 10 && (text.charAt(10) == ' ' || text.charAt(10) == 'T')) {
            ExpressionBuilder.parseTimestamp(text);
            return LocalDate.parse(text.substring(0, 10));
        }
        String[] parts = text.split("-", 4);
        if (parts.length == 3 && parts[0].length() == 4) {
            return LocalDate.parse(parts[0] + "-" + twoDigits(parts[1]) + "-" + twoDigits(parts[2]));
        }
        return LocalDate.parse(text);
    }

    private static String twoDigits(String part) {
        return part.length() == 1 ? "0" + part : part;
    }
}
