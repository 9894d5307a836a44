// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// One command, run in this process.
record Run(int exit, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Run of(Object... arguments) {
        return with(new ByteArrayInputStream(new byte[0]), arguments);
    }

    static Run with(InputStream in, Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int exit = Main.run(words, in, new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The output of a command that must succeed.
    static String ok(Object... arguments) {
        Run run = of(arguments);
        assertEquals(0, run.exit, () -> List.of(arguments) + ": " + run.err);
        return run.out;
    }

    /// The JSON that a command must print.
    static JsonNode json(Object... arguments) {
        return parse(ok(arguments));
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /// The rows that a command prints as JSON lines.
    static List<JsonNode> rows(Object... arguments) {
        return ok(arguments).lines().map(Run::parse).toList();
    }
}
