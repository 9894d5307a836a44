// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// How rows are written.
public enum OutputFormat {
    /// For people: aligned columns, long values shortened.
    TABLE,
    CSV,
    /// One array of objects.
    JSON,
    /// One object per line.
    JSONL,
    /// An IPC stream.
    ARROW,
    /// An IPC file, which only `-o FILE` can be.
    ARROW_FILE,
    PARQUET;

    /// Whether it can tell which columns are dictionaries.
    public boolean keepsDictionaries() {
        return this == ARROW || this == ARROW_FILE || this == PARQUET;
    }

    /// What a file's ending asks for; empty where it means nothing here.
    public static Optional<OutputFormat> ofFile(Path file) {
        String name = file.getFileName().toString();
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "arrow" -> Optional.of(ARROW_FILE);
            case "arrows" -> Optional.of(ARROW);
            case "csv" -> Optional.of(CSV);
            case "json" -> Optional.of(JSON);
            case "jsonl" -> Optional.of(JSONL);
            case "parquet" -> Optional.of(PARQUET);
            default -> Optional.empty();
        };
    }

    /// What `--format` names; empty where it names nothing.
    public static Optional<OutputFormat> ofName(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "table" -> Optional.of(TABLE);
            case "csv" -> Optional.of(CSV);
            case "json" -> Optional.of(JSON);
            case "jsonl" -> Optional.of(JSONL);
            case "arrow" -> Optional.of(ARROW);
            default -> Optional.empty();
        };
    }
}
