// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.cli.input.ReadBytes;
import dev.joust.cli.input.RowSources;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;

/// The rows that a writing command takes: of standard input, a file by its ending, or a Lance table.
final class Sources {
    @Parameters(index = "0", paramLabel = "SRC", description = "A file (.arrow .arrows .parquet .csv .jsonl), a Lance table, or - (standard input).")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "What SRC is, whatever its name: arrow (the default of standard input), parquet, csv or jsonl.")
    private @Nullable String format;

    @Option(
            names = "--keep-lists",
            description = "Leave lists of numbers as they are in columns named like a vector or embedding; without it, those of one length become fixed-size lists.")
    private boolean keepLists;

    /// Opens them.
    ///
    /// @param table the schema of the table that they go to, whose types text is read as; null for a new one
    RowSources.Opened open(Context context, Resources resources, @Nullable Schema table) throws IOException {
        Map<String, Field> known = new HashMap<>();
        if (table != null) {
            table.fields().forEach(field -> known.put(field.name(), field));
        }
        RowSources.Hints hints = new RowSources.Hints(known, !keepLists);
        Optional<RowSources.Kind> kind = kind();
        if (source.equals(RowSources.STANDARD_INPUT)) {
            return RowSources.standardInput(context.in(), kind.orElse(RowSources.Kind.ARROW), resources.session(), hints);
        }
        if (kind.isPresent() && !Files.isDirectory(Path.of(source))) {
            return RowSources.file(Path.of(source), kind.get(), resources.session(), hints);
        }
        TableAddress address = TableAddress.parse(source, Optional.empty());
        if (!address.uri().contains("://") && !Files.isDirectory(Path.of(address.uri()))) {
            throw new IllegalArgumentException(
                    source + ": neither a table nor a file ending in .arrow, .arrows, .parquet, .csv or .jsonl");
        }
        Dataset dataset = resources.open(address);
        return new RowSources.Opened(dataset.scanToWrite(ScanOptions.ALL), dataset.countRows(), -1, new ReadBytes());
    }

    private Optional<RowSources.Kind> kind() {
        if (format == null) {
            return source.equals(RowSources.STANDARD_INPUT) ? Optional.empty() : RowSources.kindOf(source);
        }
        return Optional.of(RowSources.Kind.ofName(format).orElseThrow(
                () -> new UsageException("--format " + format + ": there are arrow, parquet, csv and jsonl")));
    }
}
