// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.joust.cli.output.OutputFormat;
import dev.joust.cli.output.RowSink;
import dev.joust.cli.output.RowSinks;

/// Where rows go, and how they are written.
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to FILE, by its ending: .arrow .arrows .csv .json .jsonl")
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

    RowSink open(Context context, Schema schema, BufferAllocator allocator) throws IOException {
        if (file != null) {
            return RowSinks.toFile(file, formatOfFile(), schema, allocator);
        }
        return RowSinks.toStream(context.out(), streamFormat(context), schema, allocator);
    }

    private OutputFormat formatOfFile() {
        if (file == null) {
            return OutputFormat.JSONL;
        }
        OutputFormat byEnding = OutputFormat.ofFile(file).orElseThrow(() -> new UsageException(
                "-o " + file + ": the ending must be .arrow, .arrows, .csv, .json or .jsonl"));
        if (byEnding == OutputFormat.PARQUET) {
            throw UsageException.notAvailable("-o " + file + ": Parquet");
        }
        return byEnding;
    }

    private OutputFormat streamFormat(Context context) {
        if (format == null) {
            return context.isTerminal() ? OutputFormat.TABLE : OutputFormat.JSONL;
        }
        return OutputFormat.ofName(format).orElseThrow();
    }
}
