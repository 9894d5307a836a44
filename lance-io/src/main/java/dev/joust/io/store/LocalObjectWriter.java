// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectWriter;
import dev.joust.io.internal.StoreCounters;

/// Writes a temporary file, gathering small writes, and renames it in the end.
final class LocalObjectWriter implements ObjectWriter {
    private static final int BUFFER_BYTES = 256 << 10;

    private final ObjectPath path;
    private final TemporaryFile file;
    private final StoreCounters counters;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long positionInFile;
    private boolean open = true;

    LocalObjectWriter(ObjectPath path, TemporaryFile file, StoreCounters counters) {
        this.path = path;
        this.file = file;
        this.counters = counters;
    }

    @Override
    public void write(MemorySegment bytes) throws IOException {
        requireOpen();
        long remaining = bytes.byteSize();
        if (remaining > buffer.remaining()) {
            flush();
        }
        if (remaining <= buffer.remaining()) {
            buffer.put(bytes.asByteBuffer());
        } else {
            for (long start = 0; start < remaining; start += 1 << 30) {
                file.write(bytes.asSlice(start, Math.min(1 << 30, remaining - start)).asByteBuffer());
            }
        }
        positionInFile += remaining;
    }

    @Override
    public long position() {
        return positionInFile;
    }

    @Override
    public void finish() throws IOException {
        requireOpen();
        counters.put();
        flush();
        file.renameToTarget();
        open = false;
        counters.wrote(positionInFile);
    }

    @Override
    public void close() throws IOException {
        open = false;
        file.close();
    }

    private void flush() throws IOException {
        buffer.flip();
        file.write(buffer);
        buffer.clear();
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(path + ": the writer is finished or closed");
        }
    }
}
