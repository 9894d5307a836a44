// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as storage options have them: `30s`, `5 seconds`, `1m 30s`, `500ms`.
final class Durations {
    private static final Pattern PART = Pattern.compile("\\s*([0-9]{1,9})\\s*([a-zµ]+)");
    private static final Duration LONGEST = Duration.ofDays(1);

    private Durations() {}

    /// @param name of the option, for the message
    /// @throws IllegalArgumentException if that is no duration, or one of nothing or of more than a day
    static Duration parse(String name, String text) {
        String rest = text.strip().toLowerCase(Locale.ROOT);
        Matcher matcher = PART.matcher(rest);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < rest.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw invalid(name, text);
            }
            sum = sum.plus(unit(name, text, matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1))));
            end = matcher.end();
        }
        if (sum.isZero() || sum.compareTo(LONGEST) > 0) {
            throw invalid(name, text);
        }
        return sum;
    }

    private static Duration unit(String name, String text, String unit) {
        return switch (unit) {
            case "ms", "msec", "millis" -> Duration.ofMillis(1);
            case "s", "sec", "secs", "second", "seconds" -> Duration.ofSeconds(1);
            case "m", "min", "mins", "minute", "minutes" -> Duration.ofMinutes(1);
            case "h", "hr", "hrs", "hour", "hours" -> Duration.ofHours(1);
            default -> throw invalid(name, text);
        };
    }

    private static IllegalArgumentException invalid(String name, String text) {
        return new IllegalArgumentException(name + " is a duration such as 30s or 500ms, up to a day, not '" + text + "'");
    }
}
