// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Rows of a CSV file with a header line. Null is an empty field, `""` an empty string. A column named like a vector whose
/// every value is a JSON list of numbers is one.
final class CsvSource extends TextSource {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Field> fields;
    private final Reader reader;
    private final CsvParser parser;
    private long line = 1;
    private long position;

    private CsvSource(Path file, Schema schema, BufferSources memory, Reader reader) throws IOException {
        super(file, schema, memory);
        this.fields = schema.fields();
        this.reader = reader;
        this.parser = new CsvParser(reader);
        parser.next();
    }

    static CsvSource open(Path file, BufferSources memory, Options options) throws IOException {
        Schema schema;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            schema = schema(infer(new CsvParser(in), options), options);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
        Reader rows = new BufferedReader(new InputStreamReader(
                counted(file, options.read()), StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        return new CsvSource(file, schema, memory, rows);
    }

    private static Map<String, InferredType> infer(CsvParser parser, Options options) throws IOException {
        List<@Nullable String> header = parser.next();
        if (header == null) {
            throw new IllegalArgumentException("line 1: no header line");
        }
        Map<String, InferredType> columns = new LinkedHashMap<>();
        for (String name : header) {
            if (name == null || name.isEmpty() || columns.put(name, new InferredType(name)) != null) {
                throw new IllegalArgumentException("line 1: a column has no name, or that of another");
            }
        }
        if (options.known().keySet().containsAll(columns.keySet())) {
            return columns;
        }
        long line = parser.line();
        for (List<@Nullable String> row = parser.next(); row != null; row = parser.next()) {
            checkWidth(row, columns.size(), line);
            int column = 0;
            for (Map.Entry<String, InferredType> entry : columns.entrySet()) {
                String text = row.get(column++);
                if (text != null && !options.known().containsKey(entry.getKey())) {
                    see(entry.getKey(), entry.getValue(), text, line, options);
                }
            }
            line = parser.line();
        }
        return columns;
    }

    private static void see(String name, InferredType column, String text, long line, Options options) {
        if (!options.vectors(name) || !column.isListSoFar() || !text.startsWith("[")) {
            column.seeText(text);
            return;
        }
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                column.seeJson(json, true, line);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("line " + line + ": column '" + name + "' holds no sound list", e);
        }
    }

    private static void checkWidth(List<@Nullable String> row, int columnCount, long line) {
        if (row.size() != columnCount) {
            throw new IllegalArgumentException("line " + line + ": " + row.size() + " fields, " + columnCount + " in the header");
        }
    }

    @Override
    @Nullable Object @Nullable [] row() throws IOException {
        line = parser.line();
        List<@Nullable String> row = parser.next();
        if (row == null) {
            return null;
        }
        checkWidth(row, fields.size(), line);
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        try {
            for (int column = 0; column < values.length; column++) {
                String text = row.get(column);
                if (text != null) {
                    position += text.length();
                    values[column] = TextValues.ofText(fields.get(column), text);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line + ": " + e.getMessage(), e);
        }
        return values;
    }

    @Override
    long position() {
        return position;
    }

    @Override
    long line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
