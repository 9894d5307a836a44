// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.InvalidArrowFileException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Schema;

/// Rows of an Arrow IPC file or stream.
final class ArrowSource implements BatchReader {
    /// Four of them stand before every message of a stream.
    private static final byte CONTINUATION = (byte) 0xff;

    private final String name;
    private final ArrowReader reader;
    private final Schema schema;
    private final BufferSources memory;

    private ArrowSource(String name, ArrowReader reader, BufferSources memory) throws IOException {
        this.name = name;
        this.reader = reader;
        this.memory = memory;
        this.schema = guard(() -> ArrowSchemas.fromArrow(reader.getVectorSchemaRoot().getSchema(), reader));
    }

    static ArrowSource file(Path file, BufferAllocator allocator, BufferSources memory) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return open(String.valueOf(file.getFileName()), new ArrowFileReader(channel, allocator), memory);
    }

    static ArrowSource stream(String name, InputStream in, BufferAllocator allocator, BufferSources memory)
            throws IOException {
        PushbackInputStream start = new PushbackInputStream(new BufferedInputStream(in), Integer.BYTES);
        requireStream(name, start);
        return open(name, new ArrowStreamReader(start, allocator), memory);
    }

    /// Other bytes than those of a stream would be taken for the length of a message, and as much allocated.
    private static void requireStream(String name, PushbackInputStream in) throws IOException {
        byte[] first = in.readNBytes(Integer.BYTES);
        in.unread(first);
        for (byte each : first) {
            if (each != CONTINUATION) {
                throw new IllegalArgumentException(name + " is not an Arrow IPC stream");
            }
        }
        if (first.length < Integer.BYTES) {
            throw new IllegalArgumentException(name + " is cut short");
        }
    }

    private static ArrowSource open(String name, ArrowReader reader, BufferSources memory) throws IOException {
        try {
            return new ArrowSource(name, reader, memory);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        while (guard(reader::loadNextBatch)) {
            if (reader.getVectorSchemaRoot().getRowCount() > 0) {
                return ArrowBatches.toBatch(reader.getVectorSchemaRoot(), schema, memory, reader);
            }
        }
        return null;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /// Arrow's reader fails in many ways on bytes that are no sound IPC.
    private <T> T guard(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (InvalidArrowFileException | IndexOutOfBoundsException | IllegalStateException | ClassCastException
                | NegativeArraySizeException e) {
            throw new IllegalArgumentException(name + " is not sound Arrow IPC: " + e.getMessage(), e);
        } catch (OutOfMemoryException | OutOfMemoryError e) {
            // One allocation of a length that the file gives, so nothing else is short of memory
            throw new IllegalArgumentException(name + " holds a message too large for memory, or is damaged", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
