// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import dev.joust.format.batch.ArrowIpc;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.BatchReader;

/// Opens what `SRC` names, except Lance tables.
public final class RowSources {
    /// Standard input, an IPC stream.
    public static final String STANDARD_INPUT = "-";

    private RowSources() {}

    /// Kinds of files, by their ending.
    public enum Kind {
        ARROW,
        CSV,
        JSON_LINES,
        PARQUET
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

    /// Rows of standard input.
    public static BatchReader standardInput(InputStream in, ArrowMemory memory) throws IOException {
        return ArrowIpc.readStream(in, memory);
    }

    /// Rows of a file.
    public static BatchReader file(Path file, Kind kind, ArrowMemory memory) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return switch (kind) {
            case ARROW -> ArrowIpc.read(file, memory);
            case CSV -> CsvSource.open(file, memory);
            case JSON_LINES -> JsonLinesSource.open(file, memory);
            case PARQUET -> throw new IllegalArgumentException(file + ": Parquet is not read yet");
        };
    }
}
