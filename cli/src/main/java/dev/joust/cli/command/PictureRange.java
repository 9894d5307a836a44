// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.joust.pictures.PictureQuery;

/// Which pictures, of which version, and how many.
final class PictureRange {
    @Option(names = "-k", defaultValue = "10", paramLabel = "N", description = "How many. Default: 10.")
    private int k;

    @Option(names = "--offset", defaultValue = "0", paramLabel = "N", description = "Leave out the first N.")
    private int offset;

    @Option(
            names = {"-w", "--where"},
            paramLabel = "FILTER",
            description = "Among pictures alone that pass this filter, for example \"width > 800 AND array_has(tags, 'sea')\".")
    private @Nullable String filter;

    @Option(
            names = "--at",
            paramLabel = "N|TIME",
            description = "Version N of the table, or the newest at a time: 2026-07-01 or 2026-07-01T12:00:00, in UTC unless it says otherwise.")
    private @Nullable String at;

    /// @throws IllegalArgumentException if a number is none that is possible
    PictureQuery of(PictureQuery query) {
        PictureQuery ranged = query.k(k).offset(offset);
        if (filter != null) {
            ranged = ranged.where(filter);
        }
        if (at == null) {
            return ranged;
        }
        return at.matches("[0-9]{1,18}") ? ranged.version(Long.valueOf(at)) : ranged.at(time(at));
    }

    private static Instant time(String text) {
        try {
            if (text.length() <= "2026-07-01".length()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return text.matches(".*T.*(Z|[+-][0-9:]+)")
                    ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new UsageException("--at " + text + " is neither a version's number nor a time such as 2026-07-01T12:00:00");
        }
    }
}
