// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.SeekableReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Schema;

/// Batches from and to Arrow's own files and streams. Bodies are neither compressed nor decompressed: a compressed one
/// is an {@link IOException} that says so.
public final class ArrowIpc {
    private static final byte[] FILE_MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

    /// A schema, or the places of a batch's buffers, takes far less.
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private ArrowIpc() {}

    /// The batches of a file on disk: an Arrow file, or a stream where it does not begin as one.
    public static BatchReader read(Path path, ArrowMemory memory) throws IOException {
        return read(path, memory, _ -> {});
    }

    /// As the other.
    ///
    /// @param bytesRead told how many bytes of batches were read, whenever some are
    public static BatchReader read(Path path, ArrowMemory memory, LongConsumer bytesRead) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            ByteBuffer start = ByteBuffer.allocate(FILE_MAGIC.length);
            channel.read(start, 0);
            return Arrays.equals(start.array(), FILE_MAGIC)
                    ? readFile(channel, memory, new Body(bytesRead))
                    : readStream(Channels.newInputStream(channel), memory, new Body(bytesRead));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// The batches of an Arrow file.
    ///
    /// @param channel closed with the reader
    public static BatchReader readFile(SeekableByteChannel channel, ArrowMemory memory) throws IOException {
        return readFile(channel, memory, new Body(_ -> {}));
    }

    private static BatchReader readFile(SeekableByteChannel channel, ArrowMemory memory, Body body) throws IOException {
        SeekableReadChannel source = new SeekableReadChannel(channel) {
            @Override
            public long readFully(ArrowBuf buffer, long sizeBytes) throws IOException {
                return body.read(buffer, super.readFully(buffer, sizeBytes));
            }
        };
        return Reader.open(new ArrowFileReader(source, memory.allocator()), memory, body);
    }

    /// The batches of an Arrow stream.
    ///
    /// @param stream closed with the reader
    public static BatchReader readStream(InputStream stream, ArrowMemory memory) throws IOException {
        return readStream(stream, memory, new Body(_ -> {}));
    }

    private static BatchReader readStream(InputStream stream, ArrowMemory memory, Body body) throws IOException {
        MessageChannelReader messages =
                new MessageChannelReader(new CheckedChannel(Channels.newChannel(stream), body), memory.allocator());
        return Reader.open(new ArrowStreamReader(messages, memory.allocator()), memory, body);
    }

    /// Writes an Arrow stream; closing the writer ends it and leaves `target` open.
    public static Writer writeStream(OutputStream target, ArrowMemory memory) {
        return new Writer(target, false, memory);
    }

    /// Writes an Arrow file; closing the writer ends it and leaves `target` open.
    public static Writer writeFile(OutputStream target, ArrowMemory memory) {
        return new Writer(target, true, memory);
    }

    /// The buffers of the message that is being read. Arrow forgets them where the message is damaged.
    private static final class Body {
        private final List<ArrowBuf> buffers = new ArrayList<>();
        private final LongConsumer bytesRead;

        Body(LongConsumer bytesRead) {
            this.bytesRead = bytesRead;
        }

        long read(ArrowBuf buffer, long sizeBytes) {
            buffers.add(buffer);
            bytesRead.accept(sizeBytes);
            return sizeBytes;
        }

        /// Before the next message: what was read belongs to batches now.
        void handedOn() {
            buffers.clear();
        }

        /// After Arrow's reader is closed.
        void release() {
            for (ArrowBuf buffer : buffers) {
                int holds = buffer.getReferenceManager().getRefCount();
                if (holds > 0) {
                    buffer.getReferenceManager().release(holds);
                }
            }
            buffers.clear();
        }
    }

    /// Refuses the length of a message before Arrow allocates it on the heap. Arrow reads four bytes at a time where a
    /// length stands, and nowhere else.
    private static final class CheckedChannel extends ReadChannel {
        private static final int CONTINUATION = -1;

        private final Body body;

        CheckedChannel(ReadableByteChannel source, Body body) {
            super(source);
            this.body = body;
        }

        @Override
        public long readFully(ArrowBuf buffer, long sizeBytes) throws IOException {
            return body.read(buffer, super.readFully(buffer, sizeBytes));
        }

        @Override
        public int readFully(ByteBuffer buffer) throws IOException {
            boolean isLength = buffer.remaining() == 4;
            int count = super.readFully(buffer);
            if (isLength && count == 4) {
                int length = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(buffer.position() - 4);
                if (length != CONTINUATION && (length < 0 || length > MAX_MESSAGE_BYTES)) {
                    throw new IOException("no sound Arrow data: a message of " + Integer.toUnsignedString(length)
                            + " bytes without its body");
                }
            }
            return count;
        }
    }

    private static final class Reader implements BatchReader {
        private final ArrowReader reader;
        private final ArrowMemory memory;
        private final Schema schema;
        private final Body body;

        private Reader(ArrowReader reader, ArrowMemory memory, Schema schema, Body body) {
            this.reader = reader;
            this.memory = memory;
            this.schema = schema;
            this.body = body;
        }

        static Reader open(ArrowReader reader, ArrowMemory memory, Body body) throws IOException {
            try {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                return new Reader(reader, memory, ArrowSchemas.fromArrow(root.getSchema(), reader), body);
            } catch (RuntimeException | IOException e) {
                closeQuietly(reader, e);
                body.release();
                throw unsound(e);
            }
        }

        private static void closeQuietly(ArrowReader reader, Exception reason) {
            try {
                reader.close();
            } catch (IOException | RuntimeException e) {
                reason.addSuppressed(e);
            }
        }

        /// Arrow meets damaged bytes with whatever its buffers throw.
        private static IOException unsound(Exception e) {
            return e instanceof IOException io ? io : new IOException("no sound Arrow data: " + e.getMessage(), e);
        }

        @Override
        public Schema schema() {
            return schema;
        }

        @Override
        public @Nullable Batch next() throws IOException {
            body.handedOn();
            try {
                while (reader.loadNextBatch()) {
                    VectorSchemaRoot root = reader.getVectorSchemaRoot();
                    if (root.getRowCount() > 0) {
                        return ArrowBatches.toBatch(root, schema, memory, reader);
                    }
                }
                return null;
            } catch (BufferSource.OutOfBudgetException e) {
                throw e;
            } catch (RuntimeException | IOException e) {
                closeQuietly(reader, e);
                body.release();
                throw unsound(e);
            }
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /// Takes batches of one schema. Not thread-safe.
    public static final class Writer implements AutoCloseable {
        private final OutputStream target;
        private final boolean file;
        private final ArrowMemory memory;
        private @Nullable ArrowWriter writer;
        private @Nullable VectorSchemaRoot root;

        private Writer(OutputStream target, boolean file, ArrowMemory memory) {
            this.target = target;
            this.file = file;
            this.memory = memory;
        }

        /// Writes the batch, dictionary columns as their values. The batch stays the caller's; the first one, even if
        /// it is empty, decides the schema.
        public void write(Batch batch) throws IOException {
            try (VectorSchemaRoot next = ArrowBatches.toArrow(batch, memory.allocator())) {
                VectorSchemaRoot known = root;
                ArrowWriter open = writer;
                if (known == null || open == null) {
                    known = VectorSchemaRoot.create(next.getSchema(), memory.allocator());
                    root = known;
                    open = open(known);
                    writer = open;
                    open.start();
                }
                if (!next.getSchema().equals(known.getSchema())) {
                    throw new IllegalArgumentException(
                            "a batch of " + next.getSchema() + " among those of " + known.getSchema());
                }
                if (next.getRowCount() == 0) {
                    return;
                }
                for (int i = 0; i < known.getFieldVectors().size(); i++) {
                    next.getVector(i).makeTransferPair(known.getVector(i)).transfer();
                }
                known.setRowCount(next.getRowCount());
                open.writeBatch();
                known.clear();
            }
        }

        private ArrowWriter open(VectorSchemaRoot schema) {
            var channel = Channels.newChannel(new Uncloseable(target));
            return file
                    ? new ArrowFileWriter(schema, new MapDictionaryProvider(), channel)
                    : new ArrowStreamWriter(schema, new MapDictionaryProvider(), channel);
        }

        /// Ends stream or file. One without a batch stays empty, and is no Arrow data.
        @Override
        public void close() throws IOException {
            try {
                if (writer != null) {
                    writer.end();
                    writer.close();
                }
                target.flush();
            } finally {
                if (root != null) {
                    root.close();
                }
            }
        }
    }

    private static final class Uncloseable extends FilterOutputStream {
        Uncloseable(OutputStream target) {
            super(target);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
