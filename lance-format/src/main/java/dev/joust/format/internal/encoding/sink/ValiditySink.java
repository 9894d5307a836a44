// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

import org.jspecify.annotations.Nullable;

/// Gathers which slots are valid. Nothing is allocated before the first null. Not thread-safe.
public final class ValiditySink {
    private final SegmentAllocator memory;
    private final long slotCapacity;
    private @Nullable BitSink bits;
    private long count;
    private long nullCount;

    public ValiditySink(SegmentAllocator memory, long slotCapacity) {
        this.memory = memory;
        this.slotCapacity = slotCapacity;
    }

    public void appendValid(long slotCount) {
        if (bits != null) {
            bits.appendRepeated(true, slotCount);
        }
        count += slotCount;
    }

    public void appendNulls(long slotCount) {
        if (slotCount > 0) {
            materialize().appendRepeated(false, slotCount);
            count += slotCount;
            nullCount += slotCount;
        }
    }

    /// @param bitmap 1 = valid
    public void append(MemorySegment bitmap, long firstBit, long slotCount) {
        long nulls = BitCopy.countZeros(bitmap, firstBit, slotCount);
        if (nulls == 0) {
            appendValid(slotCount);
        } else {
            materialize().append(bitmap, firstBit, slotCount);
            count += slotCount;
            nullCount += nulls;
        }
    }

    private BitSink materialize() {
        if (bits == null) {
            bits = new BitSink(memory, Math.max(slotCapacity, count));
            bits.appendRepeated(true, count);
        }
        return bits;
    }

    /// Slots so far.
    public long count() {
        return count;
    }

    public int nullCount() {
        return Math.toIntExact(nullCount);
    }

    /// Bit per slot, 1 = valid; null if none is null.
    public @Nullable MemorySegment bitmap() {
        return bits == null ? null : bits.filled();
    }
}
