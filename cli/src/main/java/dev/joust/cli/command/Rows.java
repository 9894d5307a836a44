// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;

import dev.joust.cli.output.RowSink;
import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.JsonText;
import dev.joust.format.schema.Schema;

/// Carries batches to where the user wants them.
final class Rows {
    private Rows() {}

    /// Writes all that the reader has, batch by batch. The reader stays the caller's to close.
    static void write(BatchReader reader, OutputOptions output, Context context, Resources resources) throws IOException {
        ArrowMemory memory = resources.memory();
        try (RowSink sink = output.open(context, reader.schema(), memory)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                write(batch, sink, memory.allocator());
            }
            sink.finish();
        }
    }

    /// Writes one batch, and closes it.
    static void write(Batch batch, Schema schema, OutputOptions output, Context context, Resources resources)
            throws IOException {
        ArrowMemory memory = resources.memory();
        try (RowSink sink = output.open(context, schema, memory)) {
            write(batch, sink, memory.allocator());
            sink.finish();
        }
    }

    private static void write(Batch stored, RowSink sink, BufferAllocator allocator) throws IOException {
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        try (stored) {
            Batch batch = JsonText.decode(stored);
            if (!sink.keepsDictionaries()) {
                try (VectorSchemaRoot rows = ArrowBatches.toArrow(batch, allocator)) {
                    sink.write(rows);
                }
                return;
            }
            try (VectorSchemaRoot rows = ArrowBatches.toArrow(batch, allocator, dictionaries)) {
                sink.write(rows, dictionaries);
            } finally {
                dictionaries.close();
            }
        }
    }
}
