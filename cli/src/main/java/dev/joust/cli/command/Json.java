// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/// One object of JSON on standard output, for `--json`.
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// Writes what stands inside the braces or brackets.
    @FunctionalInterface
    interface Body {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /// Prints `{...}` and a line feed.
    static void printObject(PrintStream out, Body fields) throws IOException {
        print(out, json -> {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        });
    }

    /// Prints a value and a line feed.
    static void print(PrintStream out, Body value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            value.writeTo(json);
        }
        out.print(text);
        out.print('\n');
    }
}
