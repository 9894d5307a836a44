// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;

import dev.joust.format.CorruptFileException;
import dev.joust.format.table.BlobFile;

/// A blob by its descriptor. Requests go straight to the store: one per read.
final class StoredBlob implements BlobFile {
    /// More is read by several calls, as of any channel.
    private static final int MAX_READ_BYTES = 16 << 20;

    private final BlobFiles.Place place;
    private final long offsetInFile;
    /// -1 until it is asked for: the whole file.
    private long sizeBytes;
    private long position;
    private boolean open = true;

    StoredBlob(BlobFiles.Place place, long offsetInFile, long sizeBytes) {
        this.place = place;
        this.offsetInFile = offsetInFile;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        if (sizeBytes < 0) {
            sizeBytes = place.store().head(place.path()).sizeBytes();
        }
        return sizeBytes;
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public BlobFile position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        long remaining = size() - position;
        if (!target.hasRemaining()) {
            return 0;
        }
        if (remaining <= 0) {
            return -1;
        }
        int count = (int) Math.min(Math.min(remaining, target.remaining()), MAX_READ_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            target.put(fetch(position, count, arena).asByteBuffer());
        }
        position += count;
        return count;
    }

    @Override
    public byte[] readRange(long offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, size());
        if (length == 0) {
            return new byte[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            return fetch(offset, length, arena).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
    }

    private MemorySegment fetch(long offset, int length, Arena arena) throws IOException {
        MemorySegment bytes = arena.allocate(length);
        try {
            place.store().read(place.path(), offsetInFile + offset, bytes);
        } catch (EOFException e) {
            throw new CorruptFileException(
                    place.path() + " @ " + (offsetInFile + offset) + ": a blob of " + sizeBytes + " bytes ends after the file", e);
        }
        return bytes;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public BlobFile truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public String toString() {
        return "blob of " + (sizeBytes < 0 ? "?" : String.valueOf(sizeBytes)) + " bytes at " + offsetInFile + " of " + place.path();
    }
}
