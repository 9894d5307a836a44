// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonParseException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Rows of a file of text, read twice: for the columns' types, then for the rows. Batches end after so many rows or so
/// much text.
abstract class TextSource implements BatchReader {
    private static final int BATCH_ROWS = 4096;
    private static final long BATCH_BYTES = 8 << 20;

    private final Path file;
    private final Schema schema;
    private final BufferSources memory;
    private long firstRow;

    TextSource(Path file, Schema schema, BufferSources memory) {
        this.file = file;
        this.schema = schema;
        this.memory = memory;
    }

    /// How text becomes columns.
    ///
    /// @param known   columns whose type is given, by name
    /// @param vectors whether lists of numbers in columns named so are vectors
    /// @param read    told about bytes that are read for rows
    record Options(Map<String, Field> known, boolean vectors, ReadBytes read) {
        boolean vectors(String column) {
            return vectors && InferredType.mayHoldVectors(column);
        }
    }

    /// The bytes of a file, counted.
    static InputStream counted(Path file, ReadBytes read) throws IOException {
        return read.counting(Files.newInputStream(file));
    }

    /// The types that were found, with those that were known in their place.
    static Schema schema(Map<String, InferredType> found, Options options) {
        Map<String, Field> fields = new LinkedHashMap<>();
        found.forEach((name, type) -> {
            Field known = options.known().get(name);
            fields.put(name, known != null ? known : type.field(name, options.vectors(name)));
        });
        return new Schema(List.copyOf(fields.values()), Map.of());
    }

    @Override
    public final Schema schema() {
        return schema;
    }

    /// The next row; null at the end.
    abstract @Nullable Object @Nullable [] row() throws IOException;

    /// Bytes or characters of text so far, about.
    abstract long position();

    /// Line of the row that is being read, from 1.
    abstract long line();

    @Override
    public final @Nullable Batch next() throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        long start = position();
        try {
            while (rows.size() < BATCH_ROWS && position() - start < BATCH_BYTES) {
                @Nullable Object[] row = row();
                if (row == null) {
                    break;
                }
                rows.add(row);
            }
            Batch batch = rows.isEmpty() ? null : ColumnBuilder.batch(schema, rows, memory);
            firstRow += rows.size();
            return batch;
        } catch (JsonParseException e) {
            throw broken(file, e);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            String where = message.startsWith("line ") ? "" : "after row " + firstRow + ": ";
            throw new IllegalArgumentException(file.getFileName() + ", " + where + message, e);
        }
    }

    static IllegalArgumentException broken(Path file, JsonParseException e) {
        return new IllegalArgumentException(
                file.getFileName() + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    }
}
