// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Schema;

/// Rows of a file of JSON objects, one after the other, read twice: for the columns' types, then for the rows. Columns
/// stand in the order in which they first appear; one that an object lacks is null there.
final class JsonLinesSource implements BatchReader {
    private static final int BATCH_ROWS = 4096;
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Map<String, Integer> columnByName = new HashMap<>();
    private final List<InferredColumn> columns;
    private final Schema schema;
    private final BufferSources memory;
    private final InputStream in;
    private final JsonParser json;

    private JsonLinesSource(Path file, List<InferredColumn> columns, BufferSources memory) throws IOException {
        this.file = file;
        this.columns = columns;
        for (int column = 0; column < columns.size(); column++) {
            columnByName.put(columns.get(column).name(), column);
        }
        this.schema = new Schema(columns.stream().map(InferredColumn::field).toList(), Map.of());
        this.memory = memory;
        this.in = Files.newInputStream(file);
        this.json = JSON.createParser(in);
    }

    static JsonLinesSource open(Path file, BufferSources memory) throws IOException {
        Map<String, InferredColumn> columns = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = JSON.createParser(in)) {
            while (startOfRow(json)) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    InferredColumn column = columns.computeIfAbsent(json.currentName(), InferredColumn::new);
                    see(column, json);
                }
            }
        } catch (JsonParseException e) {
            throw broken(file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(file.getFileName() + ": no rows, so no columns");
        }
        return new JsonLinesSource(file, List.copyOf(columns.values()), memory);
    }

    private static IllegalArgumentException broken(Path file, JsonParseException e) {
        return new IllegalArgumentException(
                file.getFileName() + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
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

    private static void see(InferredColumn column, JsonParser json) throws IOException {
        switch (json.nextToken()) {
            case VALUE_NULL -> {}
            case VALUE_TRUE, VALUE_FALSE -> column.see(InferredColumn.Kind.BOOL, line(json));
            case VALUE_NUMBER_INT -> column.see(
                    json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? InferredColumn.Kind.DOUBLE
                            : InferredColumn.Kind.INT,
                    line(json));
            case VALUE_NUMBER_FLOAT -> column.see(InferredColumn.Kind.DOUBLE, line(json));
            case VALUE_STRING -> {
                boolean number = isNonFinite(json.getText())
                        && (column.kind() == InferredColumn.Kind.DOUBLE || column.kind() == InferredColumn.Kind.INT);
                column.see(number ? InferredColumn.Kind.DOUBLE : InferredColumn.Kind.STRING, line(json));
            }
            case START_ARRAY -> {
                if (!column.mayHoldVectors()) {
                    throw new IllegalArgumentException("line " + line(json) + ": column '" + column.name()
                            + "' holds a list; lists are taken only as vectors, in a column named so");
                }
                int length = 0;
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    vectorItem(json);
                    length++;
                }
                column.seeVector(length, line(json));
            }
            default -> throw new IllegalArgumentException(
                    "line " + line(json) + ": column '" + column.name() + "' holds an object, which is not taken yet");
        }
    }

    private static boolean isNonFinite(String text) {
        return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    }

    /// One number of a vector.
    static float vectorItem(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getFloatValue();
            case VALUE_STRING -> {
                if (!isNonFinite(json.getText())) {
                    throw notANumber(json);
                }
                yield Float.parseFloat(json.getText());
            }
            default -> throw notANumber(json);
        };
    }

    private static IllegalArgumentException notANumber(JsonParser json) {
        return new IllegalArgumentException("line " + line(json) + ": a vector holds something that is no number");
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try {
            while (rows.size() < BATCH_ROWS && startOfRow(json)) {
                @Nullable Object[] row = new @Nullable Object[columns.size()];
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    Integer column = columnByName.get(json.currentName());
                    if (column == null) {
                        throw new IllegalArgumentException("line " + line(json) + ": the file changed while it was read");
                    }
                    json.nextToken();
                    row[column] = value(columns.get(column));
                }
                rows.add(row);
            }
            return rows.isEmpty() ? null : ColumnBuilder.batch(schema, rows, memory);
        } catch (JsonParseException e) {
            throw broken(file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
    }

    private @Nullable Object value(InferredColumn column) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        return switch (column.kind()) {
            case BOOL -> json.getBooleanValue();
            case INT -> json.getLongValue();
            case DOUBLE ->
                json.currentToken() == JsonToken.VALUE_STRING ? Double.valueOf(json.getText()) : (Object) json.getDoubleValue();
            case VECTOR -> vector();
            case NOTHING, DATE, TIMESTAMP, STRING -> json.getText();
        };
    }

    private float[] vector() throws IOException {
        List<Float> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(vectorItem(json));
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    @Override
    public void close() throws IOException {
        json.close();
        in.close();
    }
}
