// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// `schema`: the Arrow schema, with field ids and metadata.
@Command(name = "schema", description = "The Arrow schema, with field ids and metadata.", footer = {"", "Example: joust schema photos/images.lance"})
final class SchemaCommand extends BaseCommand {
    @Mixin
    private final TableParameters table = new TableParameters();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    SchemaCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        Schema schema = resources.open(table.address()).schema();
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeArrayFieldStart("fields");
                for (Field field : schema.fields()) {
                    write(json, field);
                }
                json.writeEndArray();
                writeMetadata(json, schema.metadata());
            });
        } else {
            schema.fields().forEach(field -> print(context.out(), field, ""));
            printMetadata(context.out(), schema.metadata(), "");
        }
        return 0;
    }

    private static void write(JsonGenerator json, Field field) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", field.name());
        json.writeStringField("type", TypeNames.of(field));
        json.writeBooleanField("nullable", field.nullable());
        json.writeNumberField("field_id", field.id());
        if (!field.children().isEmpty()) {
            json.writeArrayFieldStart("fields");
            for (Field child : field.children()) {
                write(json, child);
            }
            json.writeEndArray();
        }
        writeMetadata(json, field.metadata());
        json.writeEndObject();
    }

    private static void writeMetadata(JsonGenerator json, Map<String, String> metadata) throws IOException {
        json.writeObjectFieldStart("metadata");
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void print(PrintStream out, Field field, String indent) {
        out.println(indent + field.name() + ": " + TypeNames.of(field) + (field.nullable() ? "" : " not null")
                + "  (field " + field.id() + ")");
        printMetadata(out, field.metadata(), indent + "  ");
        field.children().forEach(child -> print(out, child, indent + "  "));
    }

    private static void printMetadata(PrintStream out, Map<String, String> metadata, String indent) {
        new TreeMap<>(metadata).forEach((key, value) -> out.println(indent + "metadata " + key + " = " + value));
    }
}
