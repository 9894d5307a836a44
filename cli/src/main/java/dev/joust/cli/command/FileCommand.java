// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.file.FileLayout;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.schema.Field;
import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// `file meta` and `file pages`: what is in one data file.
@Command(name = "file", description = "What is in one data file.", synopsisSubcommandLabel = "COMMAND")
final class FileCommand extends CommandGroup {
    /// Opens the file for both.
    private abstract static class OfFile extends BaseCommand {
        @Parameters(paramLabel = "FILE", description = "A data file: TABLE/data/*.lance.")
        @SuppressWarnings("NullAway.Init")
        private String file;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean asJson;

        OfFile(Context context) {
            super(context);
        }

        @Override
        final int run(Resources resources) throws IOException {
            int slash = file.lastIndexOf('/');
            if (!file.contains("://") && !Files.isRegularFile(Path.of(file))) {
                throw new NoSuchFileException(file);
            }
            ObjectStore store = resources.anyStore(slash < 0 ? "." : file.substring(0, Math.max(1, slash)));
            ObjectPath path = ObjectPath.of(file.substring(slash + 1));
            try (LanceFileReader reader = LanceFileReader.open(resources.session(), store, path, -1)) {
                FileLayout layout = reader.layout();
                if (asJson) {
                    Json.printObject(context.out(), json -> {
                        json.writeStringField("file_version", layout.version().toString());
                        json.writeNumberField("bytes", layout.sizeBytes());
                        json.writeNumberField("rows", layout.rowCount());
                        write(json, layout);
                    });
                } else {
                    context.out().println("version " + layout.version() + ", " + layout.rowCount() + " rows, "
                            + layout.columns().size() + " columns, " + layout.sizeBytes() + " bytes");
                    print(context.out(), layout);
                }
            }
            return 0;
        }

        abstract void write(JsonGenerator json, FileLayout layout) throws IOException;

        abstract void print(PrintStream out, FileLayout layout);
    }

    /// Versions, schema, bytes per column.
    @Command(
            name = "meta",
            description = "Version, schema, and the bytes of each column.",
            footer = {"", "Example: joust file meta photos/images.lance/data/0.lance"})
    static final class Meta extends OfFile {
        Meta(Context context) {
            super(context);
        }

        @Override
        void write(JsonGenerator json, FileLayout layout) throws IOException {
            Json.writeFields(json, layout.schema());
            json.writeArrayFieldStart("columns");
            for (FileLayout.Column column : layout.columns()) {
                json.writeStartObject();
                json.writeNumberField("index", column.index());
                json.writeStringField("name", column.name());
                json.writeNumberField("pages", column.pages().size());
                json.writeNumberField("bytes", column.sizeBytes());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        @Override
        void print(PrintStream out, FileLayout layout) {
            for (Field field : layout.schema().preOrder()) {
                out.println("field " + field.id() + "  " + field.name() + ": " + TypeNames.of(field)
                        + (field.nullable() ? "" : " not null"));
            }
            for (FileLayout.Column column : layout.columns()) {
                out.println("column " + column.index() + "  " + column.name() + "  " + column.pages().size() + " pages, "
                        + column.sizeBytes() + " bytes");
            }
        }
    }

    /// Layout, encoding and buffers of each page.
    @Command(
            name = "pages",
            description = "Layout, encoding and buffers of each page.",
            footer = {"", "Example: joust file pages photos/images.lance/data/0.lance"})
    static final class Pages extends OfFile {
        Pages(Context context) {
            super(context);
        }

        @Override
        void write(JsonGenerator json, FileLayout layout) throws IOException {
            json.writeArrayFieldStart("pages");
            for (FileLayout.Column column : layout.columns()) {
                for (FileLayout.Page page : column.pages()) {
                    json.writeStartObject();
                    json.writeNumberField("column", column.index());
                    json.writeStringField("name", column.name());
                    json.writeNumberField("first_row", page.firstRow());
                    json.writeNumberField("rows", page.rowCount());
                    json.writeNumberField("bytes", page.sizeBytes());
                    json.writeStringField("encoding", page.encoding());
                    json.writeArrayFieldStart("buffers");
                    for (ByteRange buffer : page.buffers()) {
                        json.writeStartObject();
                        json.writeNumberField("offset", buffer.offset());
                        json.writeNumberField("bytes", buffer.length());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        }

        @Override
        void print(PrintStream out, FileLayout layout) {
            for (FileLayout.Column column : layout.columns()) {
                out.println("column " + column.index() + "  " + column.name() + "  " + column.sizeBytes() + " bytes");
                for (FileLayout.Page page : column.pages()) {
                    String buffers = page.buffers().stream()
                            .map(buffer -> buffer.offset() + "+" + buffer.length())
                            .collect(Collectors.joining(" "));
                    out.println("  from row " + page.firstRow() + ", " + page.rowCount() + " rows: " + page.encoding() + "  at " + buffers);
                }
            }
        }
    }
}
