// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowIpc;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.MetadataUpdate;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// What the library does and the command line has no words for, as commands of the {@link CommandLoop}:
///
///     api truncate URI
///     api add-null URI FILE                         the columns of an Arrow file, null in every row
///     api add-rows URI FILE                         the columns of an Arrow file, row by row in the order of a scan
///     api nullable URI COLUMN true|false
///     api config URI {KEY: VALUE...}                null deletes a key; also table-metadata and schema-metadata
///     api table-metadata URI {...} REPLACE
///     api schema-metadata URI {...} REPLACE
///     api field-metadata URI COLUMN {...} REPLACE
///
/// Exits are those of the command line: 1 when the operation failed, 2 for one that is not there.
final class LibraryCommands {
    private LibraryCommands() {}

    static int run(String[] words, PrintStream errors) {
        try (Session session = Session.create()) {
            Dataset table = Dataset.open(session, ObjectStores.open(words[2]));
            String[] arguments = Arrays.copyOfRange(words, 3, words.length - (words[words.length - 1].equals("--debug") ? 1 : 0));
            return switch (words[1]) {
                case "truncate" -> done(table.deleteAllRows());
                case "add-null" -> {
                    try (BatchReader columns = ArrowIpc.read(Path.of(arguments[0]), ArrowMemory.of(session))) {
                        yield done(table.evolution().addNullColumns(columns.schema()));
                    }
                }
                case "add-rows" -> done(table.evolution().addColumns(ArrowIpc.read(Path.of(arguments[0]), ArrowMemory.of(session))));
                case "nullable" ->
                    done(table.evolution().alterColumns(List.of(ColumnAlteration.of(arguments[0]).setNullable(Boolean.parseBoolean(arguments[1])))));
                case "config" -> done(table.updateConfig(update(arguments[0], "false")));
                case "table-metadata" -> done(table.updateTableMetadata(update(arguments[0], arguments[1])));
                case "schema-metadata" -> done(table.updateSchemaMetadata(update(arguments[0], arguments[1])));
                case "field-metadata" ->
                    done(table.updateFieldMetadata(Map.of(arguments[0], update(arguments[1], arguments[2]))));
                default -> {
                    errors.println("api " + words[1] + ": not available yet");
                    yield 2;
                }
            };
        } catch (IOException | IllegalArgumentException | UnsupportedFormatException | CommitConflictException e) {
            e.printStackTrace(errors);
            return 1;
        }
    }

    private static int done(Dataset changed) {
        return changed.version() > 0 ? 0 : 1;
    }

    private static MetadataUpdate update(String json, String replace) throws IOException {
        Map<String, @Nullable String> entries = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                entries.put(key, parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText());
            }
        }
        return new MetadataUpdate(entries, Boolean.parseBoolean(replace));
    }
}
