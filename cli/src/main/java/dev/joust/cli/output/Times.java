// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import org.apache.arrow.vector.types.TimeUnit;
import org.jspecify.annotations.Nullable;

/// ISO 8601 with the digits of the unit: `2024-01-03T00:00:00.000Z`. What lies outside the calendar is a whole number.
final class Times {
    private Times() {}

    /// @param epochDay days since 1970-01-01
    static String date(long epochDay) {
        try {
            return LocalDate.ofEpochDay(epochDay).toString();
        } catch (DateTimeException e) {
            return Long.toString(epochDay);
        }
    }

    /// @param sinceMidnight in `unit`
    static String time(long sinceMidnight, TimeUnit unit) {
        long perSecond = perSecond(unit);
        long seconds = Math.floorDiv(sinceMidnight, perSecond);
        StringBuilder text = new StringBuilder();
        if (seconds < 0 || seconds >= 86_400) {
            return Long.toString(sinceMidnight);
        }
        two(text, seconds / 3600).append(':');
        two(text, seconds / 60 % 60).append(':');
        two(text, seconds % 60);
        return fraction(text, Math.floorMod(sinceMidnight, perSecond), unit).toString();
    }

    /// @param sinceEpoch in `unit`
    /// @param zone       null for local time
    static String timestamp(long sinceEpoch, TimeUnit unit, @Nullable String zone) {
        long perSecond = perSecond(unit);
        long seconds = Math.floorDiv(sinceEpoch, perSecond);
        long fraction = Math.floorMod(sinceEpoch, perSecond);
        try {
            if (zone == null || zone.isEmpty()) {
                return local(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC), fraction, unit).toString();
            }
            ZonedDateTime zoned = Instant.ofEpochSecond(seconds).atZone(ZoneId.of(zone));
            return local(zoned.toLocalDateTime(), fraction, unit).append(offset(zone, zoned.getOffset())).toString();
        } catch (DateTimeException e) {
            return Long.toString(sinceEpoch);
        }
    }

    /// `Z` for UTC itself; another zone that stands at no offset keeps its digits.
    private static String offset(String zone, ZoneOffset offset) {
        if (zone.equals("UTC") || zone.equals("Z")) {
            return "Z";
        }
        return offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId();
    }

    private static StringBuilder local(LocalDateTime time, long fraction, TimeUnit unit) {
        StringBuilder text = new StringBuilder(time.toLocalDate().toString()).append('T');
        two(text, time.getHour()).append(':');
        two(text, time.getMinute()).append(':');
        two(text, time.getSecond());
        return fraction(text, fraction, unit);
    }

    private static StringBuilder two(StringBuilder text, long value) {
        return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    private static StringBuilder fraction(StringBuilder text, long value, TimeUnit unit) {
        int digits = digits(unit);
        if (digits > 0) {
            String number = Long.toString(value);
            text.append('.').repeat('0', digits - number.length()).append(number);
        }
        return text;
    }

    private static int digits(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 0;
            case MILLISECOND -> 3;
            case MICROSECOND -> 6;
            case NANOSECOND -> 9;
        };
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }
}
