// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.PrintStream;

import org.jspecify.annotations.Nullable;

/// One line of a terminal that is written again and again, and in the end not there. Nothing where there is no terminal. For
/// one thread.
final class TerminalLine {
    private final @Nullable PrintStream terminal;
    private int shownChars;

    TerminalLine(Context context) {
        terminal = context.showsProgress() ? context.err() : null;
    }

    boolean isShown() {
        return terminal != null;
    }

    void show(String line) {
        if (terminal != null) {
            terminal.print("\r" + line + " ".repeat(Math.max(0, shownChars - line.length())));
            terminal.flush();
            shownChars = line.length();
        }
    }

    /// Says something that stays.
    void say(String line) {
        clear();
        if (terminal != null) {
            terminal.println(line);
        }
    }

    void clear() {
        if (terminal != null && shownChars > 0) {
            show("");
            terminal.print("\r");
            terminal.flush();
        }
    }
}
