// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Dates, times, timestamps and durations as others. What a coarser unit can't tell is cut off.
@FunctionalInterface
interface TimeCast {
    long NANOS_OF_DAY = 86_400_000_000_000L;

    long apply(long value);

    static boolean isPossible(LogicalType from, LogicalType to) {
        return switch (from) {
            case LogicalType.Date _ -> to instanceof LogicalType.Date || to instanceof LogicalType.Timestamp;
            case LogicalType.Timestamp _ ->
                to instanceof LogicalType.Timestamp
                        || to instanceof LogicalType.Date
                        || to instanceof LogicalType.Time;
            case LogicalType.Time _ -> to instanceof LogicalType.Time;
            case LogicalType.Duration _ -> to instanceof LogicalType.Duration;
            default -> false;
        };
    }

    /// @param to the column's new field, named where a value does not fit
    static TimeCast of(LogicalType from, Field to) {
        long source = nanosPerUnit(from);
        long target = nanosPerUnit(to.type());
        boolean fromInstant = from instanceof LogicalType.Timestamp;
        TimeCast scaled = switch (to.type()) {
            // Days and times of day are those of the calendar, also before 1970.
            case LogicalType.Date(int width) when fromInstant && width == 32 ->
                value -> Math.floorDiv(value, NANOS_OF_DAY / source);
            case LogicalType.Time _ when fromInstant ->
                value -> rescale(Math.floorMod(value, NANOS_OF_DAY / source), source, target);
            default -> value -> rescale(value, source, target);
        };
        ZoneId local = localZone(from, to.type());
        ZoneId added = addedZone(from, to.type());
        int width = to.type().bitsPerValue();
        return value -> {
            try {
                long cast = scaled.apply(local == null ? value : toLocal(value, source, local));
                cast = added == null ? cast : toInstant(cast, target, added);
                if (width == 32 && cast != (int) cast) {
                    throw ValueCast.doesNotFit(to, Long.toString(value));
                }
                return cast;
            } catch (ArithmeticException | DateTimeException e) {
                throw ValueCast.doesNotFit(to, Long.toString(value));
            }
        };
    }

    private static long rescale(long value, long source, long target) {
        return source >= target ? Math.multiplyExact(value, source / target) : value / (target / source);
    }

    private static boolean isUtc(@Nullable String zone) {
        return zone == null || zone.equals("UTC") || zone.equals("Z") || zone.equals("+00:00");
    }

    /// Where instants become days or times of day, these are those of their zone.
    private static @Nullable ZoneId localZone(LogicalType from, LogicalType to) {
        return from instanceof LogicalType.Timestamp(var _, var zone)
                        && !isUtc(zone)
                        && ((to instanceof LogicalType.Date(int width) && width == 32) || to instanceof LogicalType.Time)
                ? ZoneId.of(zone)
                : null;
    }

    /// Local times become instants where a zone is added; the other way the instants stay, as UTC.
    private static @Nullable ZoneId addedZone(LogicalType from, LogicalType to) {
        boolean isLocal = from instanceof LogicalType.Timestamp(var _, var before) ? before == null : true;
        return isLocal
                        && to instanceof LogicalType.Timestamp(var _, var after)
                        && !isUtc(after)
                ? ZoneId.of(after)
                : null;
    }

    private static long toLocal(long value, long nanosPerUnit, ZoneId zone) {
        long unitsPerSecond = 1_000_000_000L / nanosPerUnit;
        long offsetSeconds = zone.getRules()
                .getOffset(Instant.ofEpochSecond(Math.floorDiv(value, unitsPerSecond)))
                .getTotalSeconds();
        return Math.addExact(value, Math.multiplyExact(offsetSeconds, unitsPerSecond));
    }

    private static long toInstant(long value, long nanosPerUnit, ZoneId zone) {
        long unitsPerSecond = 1_000_000_000L / nanosPerUnit;
        LocalDateTime local = LocalDateTime.ofEpochSecond(Math.floorDiv(value, unitsPerSecond), 0, ZoneOffset.UTC);
        long offsetSeconds = local.atZone(zone).getOffset().getTotalSeconds();
        return Math.subtractExact(value, Math.multiplyExact(offsetSeconds, unitsPerSecond));
    }

    private static long nanosPerUnit(LogicalType type) {
        return switch (type) {
            case LogicalType.Date(int width) -> width == 32 ? NANOS_OF_DAY : 1_000_000L;
            case LogicalType.Time(LogicalType.TimeUnit unit, int _) -> nanos(unit);
            case LogicalType.Timestamp(LogicalType.TimeUnit unit, var _) -> nanos(unit);
            case LogicalType.Duration(LogicalType.TimeUnit unit) -> nanos(unit);
            default -> throw new IllegalStateException(type + " is no time");
        };
    }

    private static long nanos(LogicalType.TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1_000_000_000L;
            case MILLISECOND -> 1_000_000L;
            case MICROSECOND -> 1_000L;
            case NANOSECOND -> 1L;
        };
    }
}
