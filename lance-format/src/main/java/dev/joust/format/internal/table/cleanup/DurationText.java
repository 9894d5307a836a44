// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them into a table's config: `14d`, `1h 30m`, `2 weeks`.
public final class DurationText {
    private static final Pattern PART = Pattern.compile("\\s*(\\d+)\\s*([A-Za-zµ]+)\\s*");
    private static final long DAY_SECONDS = 86_400;

    private DurationText() {}

    /// @throws IllegalArgumentException if it is none
    public static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        try {
            while (end < text.length()) {
                if (!part.find(end) || part.start() != end) {
                    throw noDuration(text, null);
                }
                long count = Long.parseLong(part.group(1));
                sum = sum.plus(unit(part.group(2), text).multipliedBy(count));
                end = part.end();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw noDuration(text, e);
        }
        if (text.isBlank()) {
            throw noDuration(text, null);
        }
        return sum;
    }

    private static Duration unit(String name, String text) {
        return switch (name) {
            case "nsec", "ns" -> Duration.ofNanos(1);
            case "usec", "us", "µs" -> Duration.ofNanos(1_000);
            case "msec", "ms" -> Duration.ofMillis(1);
            case "seconds", "second", "sec", "s" -> Duration.ofSeconds(1);
            case "minutes", "minute", "min", "mins", "m" -> Duration.ofMinutes(1);
            case "hours", "hour", "hr", "hrs", "h" -> Duration.ofHours(1);
            case "days", "day", "d" -> Duration.ofDays(1);
            case "weeks", "week", "wk", "wks", "w" -> Duration.ofDays(7);
            // As the reference: a twelfth of a year, and a year with its share of a leap day.
            case "months", "month", "M" -> Duration.ofSeconds(2_630_016);
            case "years", "year", "yr", "yrs", "y" -> Duration.ofSeconds(365 * DAY_SECONDS + DAY_SECONDS / 4);
            default -> throw noDuration(text, null);
        };
    }

    private static IllegalArgumentException noDuration(String text, @org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException("'" + text + "' is no duration, such as 14d or 1h 30m", cause);
    }
}
