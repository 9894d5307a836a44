// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.joust.cli.output.OutputFormat;
import dev.joust.cli.output.RowSink;
import dev.joust.cli.output.RowSinks;
import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.batch.JsonText;
import dev.joust.format.schema.Schema;

/// Where rows go, and how they are written.
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to FILE, by its ending: .arrow .arrows .csv .json .jsonl .parquet")
    @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "On standard output: table, csv, json, jsonl or arrow (a stream). Default: table on a terminal, else jsonl.")
    @Nullable String format;

    /// Refuses what cannot be meant, before any work is done.
    void check() {
        if (file != null && format != null) {
            throw new UsageException("--format is for standard output; with -o the file's ending decides");
        }
        formatOfFile();
        if (format != null && OutputFormat.ofName(format).isEmpty()) {
            throw new UsageException("--format " + format + ": there are table, csv, json, jsonl and arrow");
        }
        if (file != null) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new IllegalArgumentException("no folder " + folder + " to write " + file + " to");
            }
        }
    }

    /// A sink for rows of a table. Dictionary columns come as they are where the format can hold them, JSON as text.
    RowSink open(Context context, Schema stored, ArrowMemory memory) throws IOException {
        Schema schema = JsonText.decoded(stored);
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        if (!format(context).keepsDictionaries()) {
            Schema decoded = new Schema(
                    schema.fields().stream().map(Dictionaries::decoded).toList(), schema.metadata());
            return open(context, new RowSinks.RowType(ArrowSchemas.toArrow(decoded), dictionaries), memory);
        }
        ArrowBatches.emptyDictionaries(schema, memory.allocator(), dictionaries);
        return open(context, new RowSinks.RowType(ArrowSchemas.toArrow(schema), dictionaries), memory);
    }

    RowSink open(Context context, RowSinks.RowType type, ArrowMemory memory) throws IOException {
        return file == null
                ? RowSinks.toStream(context.out(), format(context), type, memory)
                : RowSinks.toFile(file, format(context), type, memory);
    }

    private OutputFormat format(Context context) {
        return file == null ? streamFormat(context) : formatOfFile();
    }

    private OutputFormat formatOfFile() {
        if (file == null) {
            return OutputFormat.JSONL;
        }
        return OutputFormat.ofFile(file).orElseThrow(() -> new UsageException(
                "-o " + file + ": the ending must be .arrow, .arrows, .csv, .json, .jsonl or .parquet"));
    }

    private OutputFormat streamFormat(Context context) {
        if (format == null) {
            return context.isTerminal() ? OutputFormat.TABLE : OutputFormat.JSONL;
        }
        return OutputFormat.ofName(format).orElseThrow();
    }
}
