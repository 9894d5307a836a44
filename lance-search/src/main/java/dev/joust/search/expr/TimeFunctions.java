// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Literal;

/// Parts of dates and times, and times cut off at a part. Those with a time zone are looked at in it.
final class TimeFunctions {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private TimeFunctions() {}

    /// What `date_part` and `date_trunc` are asked for.
    enum Part {
        YEAR(true),
        QUARTER(true),
        MONTH(true),
        WEEK(true),
        DAY(true),
        HOUR(true),
        MINUTE(true),
        SECOND(true),
        MILLISECOND(true),
        MICROSECOND(true),
        NANOSECOND(false),
        /// 0 is Sunday.
        DOW(false),
        /// 1 is Monday, 7 Sunday.
        ISODOW(false),
        DOY(false),
        ISOYEAR(false),
        EPOCH(false);

        private final boolean truncates;

        Part(boolean truncates) {
            this.truncates = truncates;
        }

        boolean canTruncate() {
            return truncates;
        }

        /// Upper and lower case, one or many.
        static @Nullable Part named(String name) {
            String upper = name.toUpperCase(Locale.ROOT);
            for (Part part : values()) {
                if (upper.equals(part.name()) || upper.equals(part.name() + "S")) {
                    return part;
                }
            }
            return null;
        }

        static List<String> names(Functions function) {
            return Arrays.stream(values())
                    .filter(part -> function == Functions.DATE_PART || part.truncates)
                    .map(part -> part.name().toLowerCase(Locale.ROOT))
                    .toList();
        }
    }

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        return switch (call.function()) {
            case DATE_PART -> parts(call, evaluation);
            case DATE_TRUNC -> truncated(call, evaluation);
            default -> throw new IllegalArgumentException("no function of times: " + call.function());
        };
    }

    private static Part part(Expression.Call call) {
        byte[] name = (byte[]) ((Literal) call.operands().getFirst()).value();
        Part part = name == null ? null : Part.named(new String(name, StandardCharsets.UTF_8));
        if (part == null) {
            throw new IllegalArgumentException("no part of a time: " + call);
        }
        return part;
    }

    private static Values parts(Expression.Call call, Evaluation evaluation) {
        Part part = part(call);
        Expression operand = call.operands().get(1);
        LogicalType type = Types.value(operand.type());
        if (!(evaluation.evaluate(operand) instanceof Values.Longs times)) {
            return new Values.Nulls();
        }
        int count = times.values.length;
        if (part == Part.EPOCH) {
            double[] seconds = new double[count];
            for (int i = 0; i < count; i++) {
                seconds[i] = type instanceof LogicalType.Date(int bitWidth) && bitWidth == 32
                        ? times.values[i] * (double) SECONDS_PER_DAY
                        : times.values[i] / (double) Casts.unitsPerSecond(type);
            }
            return new Values.Doubles(seconds, times.valid, times.constant);
        }
        ZoneId zone = zone(type);
        long[] results = new long[count];
        for (int i = 0; i < count; i++) {
            if (times.valid == null || Values.bit(times.valid, i)) {
                results[i] = part(part, local(times.values[i], type, zone));
            }
        }
        return new Values.Longs(results, times.valid, times.constant);
    }

    private static ZoneId zone(LogicalType type) {
        String name = type instanceof LogicalType.Timestamp t ? t.timeZone() : null;
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time zone '" + name + "'", e);
        }
    }

    /// What a clock in that zone shows.
    private static LocalDateTime local(long units, LogicalType type, ZoneId zone) {
        long seconds;
        long nanos = 0;
        if (type instanceof LogicalType.Date(int bitWidth) && bitWidth == 32) {
            seconds = Math.multiplyExact(units, SECONDS_PER_DAY);
        } else {
            long perSecond = Casts.unitsPerSecond(type);
            seconds = Math.floorDiv(units, perSecond);
            nanos = Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond);
        }
        try {
            return LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds, nanos), zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(units + " is no " + ExpressionBuilder.describe(type), e);
        }
    }

    private static long part(Part part, LocalDateTime time) {
        return switch (part) {
            case YEAR -> time.getYear();
            case QUARTER -> (time.getMonthValue() + 2) / 3;
            case MONTH -> time.getMonthValue();
            case WEEK -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAY -> time.getDayOfMonth();
            case HOUR -> time.getHour();
            case MINUTE -> time.getMinute();
            case SECOND -> time.getSecond();
            case MILLISECOND -> time.getSecond() * 1_000L + time.getNano() / 1_000_000;
            case MICROSECOND -> time.getSecond() * 1_000_000L + time.getNano() / 1_000;
            case NANOSECOND -> time.getSecond() * NANOS_PER_SECOND + time.getNano();
            case DOW -> time.getDayOfWeek().getValue() % 7;
            case ISODOW -> time.getDayOfWeek().getValue();
            case DOY -> time.getDayOfYear();
            case ISOYEAR -> time.get(IsoFields.WEEK_BASED_YEAR);
            case EPOCH -> throw new IllegalArgumentException("the epoch is no whole number");
        };
    }

    private static Values truncated(Expression.Call call, Evaluation evaluation) {
        Part part = part(call);
        LogicalType type = call.type();
        if (!(evaluation.load(call.operands().get(1), type) instanceof Values.Longs times)) {
            return new Values.Nulls();
        }
        ZoneId zone = zone(type);
        long[] results = new long[times.values.length];
        for (int i = 0; i < results.length; i++) {
            if (times.valid == null || Values.bit(times.valid, i)) {
                results[i] = truncated(part, times.values[i], type, zone);
            }
        }
        return new Values.Longs(results, times.valid, times.constant);
    }

    private static long truncated(Part part, long units, LogicalType type, ZoneId zone) {
        long perSecond = Casts.unitsPerSecond(type);
        long perPart =
                switch (part) {
                    case SECOND -> perSecond;
                    case MILLISECOND -> Math.max(1, perSecond / 1_000);
                    case MICROSECOND -> Math.max(1, perSecond / 1_000_000);
                    default -> 0;
                };
        if (perPart > 0) {
            return Math.floorDiv(units, perPart) * perPart;
        }
        LocalDateTime time = local(units, type, zone);
        LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
        LocalDateTime cut =
                switch (part) {
                    case YEAR -> day.withDayOfYear(1);
                    case QUARTER -> day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1);
                    case MONTH -> day.withDayOfMonth(1);
                    case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                    case DAY -> day;
                    case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
                    case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES);
                    default -> throw new IllegalArgumentException("no times are cut off at " + part);
                };
        try {
            return Math.multiplyExact(cut.atZone(zone).toEpochSecond(), perSecond);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(cut + " does not fit " + ExpressionBuilder.describe(type), e);
        }
    }
}
