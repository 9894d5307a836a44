// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowIpc;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;
import dev.joust.search.RowFormat;

/// Opens what `SRC` names, except Lance tables.
public final class RowSources {
    /// Standard input.
    public static final String STANDARD_INPUT = "-";

    private RowSources() {}

    /// Kinds of files, by their ending.
    public enum Kind {
        ARROW,
        CSV,
        JSON_LINES,
        PARQUET;

        /// What `--format` names; empty where it names nothing.
        public static Optional<Kind> ofName(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "arrow" -> Optional.of(ARROW);
                case "csv" -> Optional.of(CSV);
                case "jsonl" -> Optional.of(JSON_LINES);
                case "parquet" -> Optional.of(PARQUET);
                default -> Optional.empty();
            };
        }
    }

    /// What a name's ending says; empty where it says nothing.
    public static Optional<Kind> kindOf(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "arrow", "arrows" -> Optional.of(Kind.ARROW);
            case "csv" -> Optional.of(Kind.CSV);
            case "jsonl" -> Optional.of(Kind.JSON_LINES);
            case "parquet" -> Optional.of(Kind.PARQUET);
            default -> Optional.empty();
        };
    }

    /// Rows that are read, and how far.
    ///
    /// @param rowCount  in all; -1 where it is not known
    /// @param sizeBytes of the source; -1 where it is not known
    /// @param read      bytes of it so far; of no use where `rowCount` is known
    public record Opened(BatchReader rows, long rowCount, long sizeBytes, ReadBytes read) {}

    /// What is known of the rows before they are read.
    ///
    /// @param known   columns of the table that they go to, by name: text is read as their types
    /// @param vectors whether lists of numbers in columns named so are vectors
    public record Hints(Map<String, Field> known, boolean vectors) {
        public static final Hints NONE = new Hints(Map.of(), true);
    }

    /// Rows of standard input. What can only be read from a file goes through a temporary one.
    public static Opened standardInput(InputStream in, Kind kind, Session session, Hints hints) throws IOException {
        if (kind == Kind.ARROW) {
            ReadBytes read = new ReadBytes();
            return new Opened(vectors(ArrowIpc.readStream(read.counting(in), ArrowMemory.of(session)), hints), -1, -1, read);
        }
        Path file = Files.createTempFile("joust-", "-standard-input");
        try {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            Opened opened = file(file, kind, session, hints);
            return new Opened(new Temporary(opened.rows(), file), opened.rowCount(), opened.sizeBytes(), opened.read());
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /// Rows of a file.
    public static Opened file(Path file, Kind kind, Session session, Hints hints) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        ArrowMemory memory = ArrowMemory.of(session);
        ReadBytes read = new ReadBytes();
        long sizeBytes = Files.isRegularFile(file) ? Files.size(file) : -1;
        TextSource.Options text = new TextSource.Options(hints.known(), hints.vectors(), read);
        return switch (kind) {
            case ARROW -> new Opened(vectors(arrow(file, memory, read), hints), -1, sizeBytes, read);
            case CSV -> new Opened(CsvSource.open(file, memory, text), -1, sizeBytes, read);
            case JSON_LINES -> new Opened(JsonLinesSource.open(file, memory, text), -1, sizeBytes, read);
            case PARQUET -> {
                RowFormat.Rows rows = RowFormat.named("parquet")
                        .orElseThrow(() -> new IllegalArgumentException(file + ": interop-parquet is not on the class path"))
                        .read(file, session);
                long rowCount = rows.rowCount();
                yield new Opened(vectors(rows, hints), rowCount, sizeBytes, read);
            }
        };
    }

    private static BatchReader arrow(Path file, ArrowMemory memory, ReadBytes read) throws IOException {
        if (!Files.isRegularFile(file)) {
            return ArrowIpc.readStream(read.counting(Files.newInputStream(file)), memory);
        }
        return ArrowIpc.read(file, memory, read::add);
    }

    private static BatchReader vectors(BatchReader rows, Hints hints) throws IOException {
        return hints.vectors() ? VectorColumns.of(rows, hints.known()) : rows;
    }

    /// Deletes the file behind it.
    private record Temporary(BatchReader rows, Path file) implements BatchReader {
        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public @Nullable Batch next() throws IOException {
            return rows.next();
        }

        @Override
        public void close() throws IOException {
            try {
                rows.close();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }
}
