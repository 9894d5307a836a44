// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/// Arrow IPC, as a file or a stream.
final class ArrowSink implements RowSink {
    private final VectorSchemaRoot root;
    private final ArrowWriter writer;

    ArrowSink(OutputStream out, Schema schema, BufferAllocator allocator, boolean asFile) throws IOException {
        this.root = VectorSchemaRoot.create(schema, allocator);
        WritableByteChannel channel = Channels.newChannel(out);
        DictionaryProvider none = new DictionaryProvider.MapDictionaryProvider();
        this.writer = asFile ? new ArrowFileWriter(root, none, channel) : new ArrowStreamWriter(root, none, channel);
        writer.start();
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        try (ArrowRecordBatch batch = new VectorUnloader(rows).getRecordBatch()) {
            new VectorLoader(root).load(batch);
        }
        writer.writeBatch();
        root.clear();
    }

    @Override
    public void finish() throws IOException {
        writer.end();
    }

    @Override
    public void close() {
        writer.close();
        root.close();
    }
}
