// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;

/// Where a command reads and writes. Used by one command.
///
/// @param in  standard input
/// @param out standard output: results alone
/// @param err standard error: notes, progress, failures
public record Context(InputStream in, PrintStream out, PrintStream err) {
    /// Whether standard error is a terminal, where progress is shown. The launcher knows; a JVM can but guess.
    boolean showsProgress() {
        String told = System.getProperty("joust.stderr.terminal");
        return told == null ? isTerminal() : Boolean.parseBoolean(told);
    }

    /// Whether results go to a person.
    @SuppressWarnings("SystemConsoleNull") // null all the same, in JDK 25 and without a terminal
    boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
