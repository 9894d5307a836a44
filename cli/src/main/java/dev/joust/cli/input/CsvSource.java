// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Schema;

/// Rows of a CSV file with a header line, read twice: for the columns' types, then for the rows. Null is an empty field,
/// `""` an empty string. A column named like a vector whose every value is a JSON list of numbers is one.
final class CsvSource implements BatchReader {
    private static final int BATCH_ROWS = 4096;
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final List<InferredColumn> columns;
    private final Schema schema;
    private final BufferSources memory;
    private final Reader reader;
    private final CsvParser parser;

    private CsvSource(Path file, List<InferredColumn> columns, BufferSources memory) throws IOException {
        this.file = file;
        this.columns = columns;
        this.schema = new Schema(columns.stream().map(InferredColumn::field).toList(), Map.of());
        this.memory = memory;
        this.reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        this.parser = new CsvParser(reader);
        parser.next();
    }

    static CsvSource open(Path file, BufferSources memory) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new CsvSource(file, infer(new CsvParser(in)), memory);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
    }

    private static List<InferredColumn> infer(CsvParser parser) throws IOException {
        List<@Nullable String> header = parser.next();
        if (header == null) {
            throw new IllegalArgumentException("line 1: no header line");
        }
        List<InferredColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String name : header) {
            if (name == null || name.isEmpty() || !names.add(name)) {
                throw new IllegalArgumentException("line 1: a column has no name, or that of another");
            }
            columns.add(new InferredColumn(name));
        }
        long line = parser.line();
        for (List<@Nullable String> row = parser.next(); row != null; row = parser.next()) {
            checkWidth(row, columns.size(), line);
            for (int column = 0; column < columns.size(); column++) {
                String text = row.get(column);
                if (text != null) {
                    see(columns.get(column), text, line);
                }
            }
            line = parser.line();
        }
        return columns;
    }

    private static void see(InferredColumn column, String text, long line) {
        boolean likeVector = column.kind() == InferredColumn.Kind.NOTHING || column.kind() == InferredColumn.Kind.VECTOR;
        if (likeVector && column.mayHoldVectors() && text.startsWith("[")) {
            column.seeVector(vector(text, line).length, line);
        } else {
            column.seeText(text);
        }
    }

    private static void checkWidth(List<@Nullable String> row, int columnCount, long line) {
        if (row.size() != columnCount) {
            throw new IllegalArgumentException("line " + line + ": " + row.size() + " fields, " + columnCount + " in the header");
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        long line = parser.line();
        try {
            while (rows.size() < BATCH_ROWS) {
                line = parser.line();
                List<@Nullable String> row = parser.next();
                if (row == null) {
                    break;
                }
                checkWidth(row, columns.size(), line);
                rows.add(values(row, line));
            }
            return rows.isEmpty() ? null : ColumnBuilder.batch(schema, rows, memory);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", " + e.getMessage(), e);
        }
    }

    private @Nullable Object[] values(List<@Nullable String> row, long line) {
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int column = 0; column < values.length; column++) {
            String text = row.get(column);
            values[column] = text == null ? null : value(columns.get(column).kind(), text, line);
        }
        return values;
    }

    private static Object value(InferredColumn.Kind kind, String text, long line) {
        return switch (kind) {
            case BOOL -> Boolean.valueOf(text);
            case INT -> Long.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case DATE -> LocalDate.parse(text);
            case TIMESTAMP -> timestamp(text.replace(' ', 'T'));
            case VECTOR -> vector(text, line);
            case NOTHING, STRING -> text;
        };
    }

    private static Object timestamp(String text) {
        boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > 10;
        return zoned ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    private static float[] vector(String text, long line) {
        List<Float> values = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                values.add(JsonLinesSource.vectorItem(json));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("line " + line + ": not a list of numbers: " + text, e);
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
