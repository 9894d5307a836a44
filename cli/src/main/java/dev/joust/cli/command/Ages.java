// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.CleanupPolicy;

/// Ages as options give them: `30d`, `12h`.
final class Ages {
    private Ages() {}

    /// @throws UsageException naming the option
    static Duration parse(String option, String text) {
        try {
            return CleanupPolicy.age(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " " + text + ": " + e.getMessage());
        }
    }

    /// Null where the option is not given.
    static @Nullable Duration parseIfGiven(String option, @Nullable String text) {
        return text == null ? null : parse(option, text);
    }
}
