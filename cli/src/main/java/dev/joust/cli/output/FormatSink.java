// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;
import java.io.OutputStream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.schema.Schema;
import dev.joust.search.RowFormat;

/// A format of a module beside the chain.
final class FormatSink implements RowSink {
    private final OutputStream out;
    private final Schema schema;
    private final ArrowMemory memory;
    private final RowFormat.Writer writer;

    FormatSink(RowFormat format, OutputStream out, RowSinks.RowType type, ArrowMemory memory) throws IOException {
        this.out = out;
        this.schema = ArrowSchemas.fromArrow(type.schema(), type.dictionaries());
        this.memory = memory;
        this.writer = format.write(out, schema);
        type.dictionaries().close();
    }

    @Override
    public boolean keepsDictionaries() {
        return true;
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        write(rows, new MapDictionaryProvider());
    }

    @Override
    public void write(VectorSchemaRoot rows, DictionaryProvider dictionaries) throws IOException {
        try (Batch batch = ArrowBatches.toBatch(rows, schema, memory, dictionaries)) {
            writer.write(batch);
        }
    }

    @Override
    public void finish() throws IOException {
        writer.finish();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            out.close();
        }
    }
}
