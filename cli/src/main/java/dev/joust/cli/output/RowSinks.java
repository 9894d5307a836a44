// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.search.RowFormat;

/// Opens sinks.
public final class RowSinks {
    private static final int BUFFER_BYTES = 1 << 16;

    private RowSinks() {}

    /// Rows to be written.
    ///
    /// @param dictionaries of each dictionary column in the schema, empty ones of the right type
    public record RowType(Schema schema, MapDictionaryProvider dictionaries) {
        /// Rows without dictionary columns.
        public static RowType plain(Schema schema) {
            return new RowType(schema, new MapDictionaryProvider());
        }
    }

    /// A sink that writes to `out`, which is flushed by {@link RowSink#finish} and never closed.
    public static RowSink toStream(OutputStream out, OutputFormat format, RowType type, ArrowMemory memory)
            throws IOException {
        return open(new BufferedOutputStream(new Unclosed(out), BUFFER_BYTES), format, type, memory);
    }

    /// A sink that writes a file, which appears, whole, with {@link RowSink#finish}.
    public static RowSink toFile(Path file, OutputFormat format, RowType type, ArrowMemory memory)
            throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return open(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES), format, type, memory);
        }
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER_BYTES);
        try {
            return new Replacing(open(out, format, type, memory), temporary, file);
        } catch (IOException | RuntimeException e) {
            out.close();
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static RowSink open(OutputStream out, OutputFormat format, RowType type, ArrowMemory memory)
            throws IOException {
        return switch (format) {
            case TABLE -> new TableSink(out, type.schema());
            case CSV -> new CsvSink(out, type.schema());
            case JSON -> new JsonSink(out, true);
            case JSONL -> new JsonSink(out, false);
            case ARROW -> new ArrowSink(out, type, memory.allocator(), false);
            case ARROW_FILE -> new ArrowSink(out, type, memory.allocator(), true);
            case PARQUET -> new FormatSink(RowFormat.named("parquet").orElseThrow(
                    () -> new IllegalArgumentException("interop-parquet is not on the class path")), out, type, memory);
        };
    }

    /// Writes beside the file and renames at the end.
    private record Replacing(RowSink sink, Path temporary, Path file) implements RowSink {
        @Override
        public void write(VectorSchemaRoot rows) throws IOException {
            sink.write(rows);
        }

        @Override
        public boolean keepsDictionaries() {
            return sink.keepsDictionaries();
        }

        @Override
        public void write(VectorSchemaRoot rows, DictionaryProvider dictionaries) throws IOException {
            sink.write(rows, dictionaries);
        }

        @Override
        public void finish() throws IOException {
            sink.finish();
            sink.close();
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            sink.close();
            Files.deleteIfExists(temporary);
        }
    }

    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            // Print streams keep failures to themselves; who reads us may have had enough (`| head`)
            if (out instanceof PrintStream print && print.checkError()) {
                throw new IOException("standard output is closed");
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
