// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.PrintStream;
import java.util.Arrays;

/// What the library does and the command line has no words for, as commands of the {@link CommandLoop}:
///
///     api WHAT URI ARGUMENT...
///
/// Exits and what is printed are those of the command line.
final class LibraryCommands {
    private LibraryCommands() {}

    static int run(String[] words, PrintStream errors) {
        return switch (words[1]) {
            default -> {
                errors.println("api " + Arrays.toString(words) + ": not available yet");
                yield 2;
            }
        };
    }
}
