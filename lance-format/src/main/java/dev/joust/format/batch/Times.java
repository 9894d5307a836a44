// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;

/// Dates and times between Java's classes and the whole numbers that columns hold.
final class Times {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private Times() {}

    private static long unitsPerSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }

    private static long nanosPerUnit(TimeUnit unit) {
        return 1_000_000_000 / unitsPerSecond(unit);
    }

    /// What a column of this type takes, for messages.
    static String expected(LogicalType type) {
        return switch (type) {
            case LogicalType.Date _ -> "LocalDate";
            case LogicalType.Time _ -> "LocalTime";
            case LogicalType.Timestamp _ -> "Instant, LocalDateTime or a whole number";
            default -> "Duration or a whole number";
        };
    }

    /// @throws ArithmeticException if the number does not fit 64 bits, or the time is finer than the unit
    /// @throws ClassCastException if the value is none that the type takes
    static long toUnits(Object value, LogicalType type) {
        return switch (type) {
            case LogicalType.Date(int bitWidth) -> {
                long day = ((LocalDate) value).toEpochDay();
                yield bitWidth == 32 ? day : Math.multiplyExact(day, MILLIS_PER_DAY);
            }
            case LogicalType.Time(TimeUnit unit, int _) ->
                exact(((LocalTime) value).toNanoOfDay(), nanosPerUnit(unit));
            case LogicalType.Timestamp t ->
                value instanceof Long || value instanceof Integer
                        ? ((Number) value).longValue()
                        : units(instant(value), t.unit());
            case LogicalType.Duration(TimeUnit unit) -> {
                if (value instanceof Long || value instanceof Integer) {
                    yield ((Number) value).longValue();
                }
                Duration duration = (Duration) value;
                yield units(duration.getSeconds(), duration.getNano(), unit);
            }
            default -> throw new ClassCastException();
        };
    }

    private static Instant instant(Object value) {
        return switch (value) {
            case Instant instant -> instant;
            case OffsetDateTime time -> time.toInstant();
            case ZonedDateTime time -> time.toInstant();
            default -> ((LocalDateTime) value).toInstant(ZoneOffset.UTC);
        };
    }

    private static long units(Instant instant, TimeUnit unit) {
        return units(instant.getEpochSecond(), instant.getNano(), unit);
    }

    private static long units(long seconds, int nanos, TimeUnit unit) {
        long fraction = exact(nanos, nanosPerUnit(unit));
        if (seconds < 0 && fraction > 0) {
            // The smallest values of the unit lie within a second whose start does not fit.
            return Math.addExact(
                    Math.multiplyExact(seconds + 1, unitsPerSecond(unit)), fraction - unitsPerSecond(unit));
        }
        return Math.addExact(Math.multiplyExact(seconds, unitsPerSecond(unit)), fraction);
    }

    private static long exact(long nanos, long nanosPerUnit) {
        if (nanos % nanosPerUnit != 0) {
            throw new ArithmeticException();
        }
        return nanos / nanosPerUnit;
    }

    /// The other way.
    static Object fromUnits(long units, LogicalType type) {
        return switch (type) {
            case LogicalType.Date(int bitWidth) ->
                LocalDate.ofEpochDay(bitWidth == 32 ? units : Math.floorDiv(units, MILLIS_PER_DAY));
            case LogicalType.Time(TimeUnit unit, int _) -> LocalTime.ofNanoOfDay(Math.multiplyExact(units, nanosPerUnit(unit)));
            case LogicalType.Timestamp t -> {
                long perSecond = unitsPerSecond(t.unit());
                long second = Math.floorDiv(units, perSecond);
                long nanos = Math.floorMod(units, perSecond) * nanosPerUnit(t.unit());
                yield t.timeZone() == null
                        ? LocalDateTime.ofEpochSecond(second, (int) nanos, ZoneOffset.UTC)
                        : Instant.ofEpochSecond(second, nanos);
            }
            case LogicalType.Duration(TimeUnit unit) -> {
                long perSecond = unitsPerSecond(unit);
                yield Duration.ofSeconds(
                        Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * nanosPerUnit(unit));
            }
            default -> throw new IllegalArgumentException(type + " is no time");
        };
    }
}
