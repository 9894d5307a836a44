// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Locale;

/// How a part of some work is shown on a terminal, and how long the rest may take.
final class ProgressBar {
    private static final int CHARS = 30;

    private ProgressBar() {}

    /// `[######      ]  50 %`.
    ///
    /// @param part that is done, 0 to 1
    static String of(double part) {
        int full = (int) Math.round(part * CHARS);
        return String.format(Locale.ROOT, "[%s%s] %3.0f %%", "#".repeat(full), " ".repeat(CHARS - full), 100 * part);
    }

    /// `  1:05 left`, as the part took so long; nothing before the first second and at the end.
    ///
    /// @param part that is done, 0 to 1
    static String timeLeft(double part, double seconds) {
        if (part <= 0 || part >= 1 || seconds <= 1) {
            return "";
        }
        long left = Math.round(seconds / part - seconds);
        return String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60);
    }
}
