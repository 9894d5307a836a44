// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Memory that is filled front to back and grows by doubling where its first size was too small. What it leaves behind
/// when it grows stays with its source until that closes. Not thread-safe.
public final class GrowingSegment {
    private final SegmentAllocator memory;
    private MemorySegment segment;
    private long sizeBytes;

    /// @param capacityBytes room to start with; 0 allocates on first use
    public GrowingSegment(SegmentAllocator memory, long capacityBytes) {
        this.memory = memory;
        this.segment = capacityBytes == 0 ? MemorySegment.NULL : memory.allocate(capacityBytes);
    }

    /// The memory as it is now; the next {@link #reserve} may replace it.
    public MemorySegment segment() {
        return segment;
    }

    /// Bytes filled.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Makes room for `additionalBytes` after those filled.
    ///
    /// @return offset of the first of them
    public long reserve(long additionalBytes) {
        long needed = Math.addExact(sizeBytes, additionalBytes);
        if (needed > segment.byteSize()) {
            MemorySegment larger = memory.allocate(Math.max(needed, Math.max(64, segment.byteSize() * 2)));
            MemorySegment.copy(segment, 0, larger, 0, sizeBytes);
            segment = larger;
        }
        return sizeBytes;
    }

    /// Counts `additionalBytes` of reserved room as filled.
    public void advance(long additionalBytes) {
        sizeBytes += additionalBytes;
    }

    public void append(MemorySegment source, long sourceOffset, long lengthBytes) {
        long at = reserve(lengthBytes);
        MemorySegment.copy(source, sourceOffset, segment, at, lengthBytes);
        sizeBytes += lengthBytes;
    }

    public void appendZeros(long lengthBytes) {
        long at = reserve(lengthBytes);
        segment.asSlice(at, lengthBytes).fill((byte) 0);
        sizeBytes += lengthBytes;
    }

    /// What was filled.
    public MemorySegment filled() {
        return segment.asSlice(0, sizeBytes);
    }
}
