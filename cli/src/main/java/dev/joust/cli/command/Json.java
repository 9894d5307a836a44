// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

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

    /// `"fields"`: every field of a schema, parents before children.
    static void writeFields(JsonGenerator json, Schema schema) throws IOException {
        json.writeArrayFieldStart("fields");
        for (Field field : schema.preOrder()) {
            json.writeStartObject();
            json.writeNumberField("id", field.id());
            json.writeStringField("name", field.name());
            json.writeStringField("type", TypeNames.of(field));
            json.writeBooleanField("nullable", field.nullable());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// An object of texts.
    static void writeTexts(JsonGenerator json, String key, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(key);
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    /// An array of texts.
    static void writeTexts(JsonGenerator json, String key, List<String> texts) throws IOException {
        json.writeArrayFieldStart(key);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /// A moment, or null.
    static void writeTime(JsonGenerator json, String key, @Nullable Instant time) throws IOException {
        json.writeFieldName(key);
        json.writeString(time == null ? null : time.toString());
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
