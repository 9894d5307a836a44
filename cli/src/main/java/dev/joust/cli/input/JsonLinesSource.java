// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Rows of a file of JSON objects, one after the other. Columns stand in the order in which they first appear; one that an
/// object lacks is null there. Objects in objects are structs, arrays are lists.
final class JsonLinesSource extends TextSource {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Integer> columnByName = new HashMap<>();
    private final List<Field> fields;
    private final InputStream in;
    private final JsonParser json;

    private JsonLinesSource(Path file, Schema schema, BufferSources memory, InputStream in) throws IOException {
        super(file, schema, memory);
        this.fields = schema.fields();
        for (int column = 0; column < fields.size(); column++) {
            columnByName.put(fields.get(column).name(), column);
        }
        this.in = in;
        this.json = JSON.createParser(in);
    }

    static JsonLinesSource open(Path file, BufferSources memory, Options options) throws IOException {
        Map<String, InferredType> columns = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = JSON.createParser(in)) {
            while (startOfRow(json)) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    InferredType column = columns.computeIfAbsent(name, InferredType::new);
                    json.nextToken();
                    if (options.known().containsKey(name)) {
                        json.skipChildren();
                    } else {
                        column.seeJson(json, options.vectors(name), line(json));
                    }
                }
            }
            if (columns.isEmpty()) {
                throw new IllegalArgumentException("no rows, so no columns");
            }
            return new JsonLinesSource(file, schema(columns, options), memory, counted(file, options.read()));
        } catch (JsonParseException e) {
            throw broken(file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
    }

    private static boolean startOfRow(JsonParser json) throws IOException {
        JsonToken token = json.nextToken();
        if (token == null) {
            return false;
        }
        if (token != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("line " + line(json) + ": an object was expected for each row");
        }
        return true;
    }

    private static long line(JsonParser json) {
        return json.currentLocation().getLineNr();
    }

    @Override
    @Nullable Object @Nullable [] row() throws IOException {
        if (!startOfRow(json)) {
            return null;
        }
        @Nullable Object[] row = new @Nullable Object[fields.size()];
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Integer column = columnByName.get(json.currentName());
            if (column == null) {
                throw new IllegalArgumentException("line " + line() + ": the file changed while it was read");
            }
            json.nextToken();
            try {
                row[column] = TextValues.ofJson(fields.get(column), json);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + line() + ": " + e.getMessage(), e);
            }
        }
        return row;
    }

    @Override
    long position() {
        return json.currentLocation().getByteOffset();
    }

    @Override
    long line() {
        return line(json);
    }

    @Override
    public void close() throws IOException {
        json.close();
        in.close();
    }
}
