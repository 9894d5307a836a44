// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/// Segments over Arrow buffers, and the way back from a segment to its buffer.
final class ArrowBufferSource implements BufferSource {
    private static final int ALIGNMENT_BYTES = 64;

    private final ArrowMemory memory;
    private final @Nullable Throwable openedAt;
    /// By address of their first byte.
    private final TreeMap<Long, ArrowBuf> buffers = new TreeMap<>();

    private final List<ArrowBuf> owned = new ArrayList<>();
    private boolean closed;

    ArrowBufferSource(ArrowMemory memory, @Nullable Throwable openedAt) {
        this.memory = memory;
        this.openedAt = openedAt;
    }

    @Nullable Throwable openedAt() {
        return openedAt;
    }

    BufferAllocator root() {
        return memory.allocator();
    }

    @Override
    public MemorySegment allocate(long sizeBytes) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size " + sizeBytes);
        }
        if (sizeBytes == 0) {
            return MemorySegment.NULL;
        }
        ArrowBuf buffer;
        try {
            // The allocator aligns to 16 only.
            buffer = memory.allocator().buffer(Math.addExact(sizeBytes, ALIGNMENT_BYTES - 1));
        } catch (OutOfMemoryException e) {
            throw new OutOfBudgetException(
                    sizeBytes + " bytes wanted, " + memory.allocatedBytes() + " of " + memory.limitBytes()
                            + " bytes are in use",
                    e);
        }
        long skip = -buffer.memoryAddress() & (ALIGNMENT_BYTES - 1);
        return keep(buffer, skip, sizeBytes);
    }

    /// A segment over a buffer of the same root, which this source shares from now on.
    MemorySegment share(ArrowBuf buffer) {
        if (buffer.capacity() == 0) {
            return MemorySegment.NULL;
        }
        ArrowBuf shared = buffer.getReferenceManager().retain(buffer, memory.allocator());
        return keep(shared, 0, shared.capacity());
    }

    boolean canShare(ArrowBuf buffer) {
        BufferAllocator allocator = buffer.getReferenceManager().getAllocator();
        return allocator != null && allocator.getRoot() == memory.allocator();
    }

    private synchronized MemorySegment keep(ArrowBuf buffer, long offset, long sizeBytes) {
        if (closed) {
            buffer.getReferenceManager().release();
            throw new IllegalStateException("the batch is closed");
        }
        owned.add(buffer);
        ArrowBuf known = buffers.get(buffer.memoryAddress());
        if (known == null || known.capacity() < buffer.capacity()) {
            buffers.put(buffer.memoryAddress(), buffer);
        }
        return segment(buffer, offset, sizeBytes);
    }

    @SuppressWarnings("restricted") // Only past what a byte buffer can span.
    private static MemorySegment segment(ArrowBuf buffer, long offset, long sizeBytes) {
        return sizeBytes <= Integer.MAX_VALUE
                ? MemorySegment.ofBuffer(buffer.nioBuffer(offset, (int) sizeBytes))
                : MemorySegment.ofAddress(buffer.memoryAddress() + offset).reinterpret(sizeBytes);
    }

    /// The buffer whose memory the segment is (a slice, owned by this source), or null where it is none of ours.
    synchronized @Nullable ArrowBuf bufferOf(MemorySegment segment) {
        if (closed) {
            throw new IllegalStateException("the batch is closed");
        }
        if (segment.byteSize() == 0) {
            return memory.allocator().getEmpty();
        }
        if (!segment.isNative()) {
            return null;
        }
        Map.Entry<Long, ArrowBuf> below = buffers.floorEntry(segment.address());
        if (below == null) {
            return null;
        }
        long offset = segment.address() - below.getKey();
        ArrowBuf buffer = below.getValue();
        return offset + segment.byteSize() <= buffer.capacity() ? buffer.slice(offset, segment.byteSize()) : null;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            owned.forEach(buffer -> buffer.getReferenceManager().release());
            owned.clear();
            buffers.clear();
        }
        memory.closed(this);
    }
}
