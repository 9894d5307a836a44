// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Runs one command after another in one JVM, for comparisons of thousands of tables, where a JVM for each command
/// would take most of the time. Not part of the product: `differential/loop.py` drives it.
///
/// A request is a line: the command's words, separated by tabs. The answer is a line:
///
///     exit TAB standard output in Base64 TAB standard error in Base64
///
/// {@link LibraryCommands} has more commands, for what the library does without the command line.
///
/// What a command throws past its own handling answers exit 70 and the stack trace as standard error.
final class CommandLoop {
    private static final int CRASHED = 70;

    private CommandLoop() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // Nothing else may write between the answers
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(answer(line.split("\t", -1)));
            answers.flush();
        }
    }

    private static String answer(String[] words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit;
        try (PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            try {
                exit = words[0].equals("api")
                        ? LibraryCommands.run(words, errors)
                        : Main.run(
                                words,
                                new ByteArrayInputStream(new byte[0]),
                                new PrintStream(out, false, StandardCharsets.UTF_8),
                                errors);
            } catch (RuntimeException | Error e) {
                e.printStackTrace(errors);
                exit = CRASHED;
            }
        }
        Base64.Encoder base64 = Base64.getEncoder();
        return exit + "\t" + base64.encodeToString(out.toByteArray()) + "\t" + base64.encodeToString(err.toByteArray());
    }
}
