// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Booleans: one bit per value, LSB first.
public final class BitSink implements ValueSink {
    private final GrowingSegment bytes;
    private long bitCount;

    public BitSink(SegmentAllocator memory, long bitCapacity) {
        bytes = new GrowingSegment(memory, BitCopy.byteCount(bitCapacity));
    }

    public void append(MemorySegment source, long sourceBit, long count) {
        room(count);
        BitCopy.copy(source, sourceBit, bytes.segment(), bitCount, count);
        bitCount += count;
    }

    /// The same bit `count` times.
    public void appendRepeated(boolean value, long count) {
        room(count);
        BitCopy.fill(bytes.segment(), bitCount, count, value);
        bitCount += count;
    }

    private void room(long count) {
        long neededBytes = BitCopy.byteCount(bitCount + count);
        if (neededBytes > bytes.sizeBytes()) {
            long additional = neededBytes - bytes.sizeBytes();
            bytes.reserve(additional);
            bytes.advance(additional);
        }
    }

    @Override
    public long count() {
        return bitCount;
    }

    @Override
    public void appendEmpty(int slotCount) {
        appendRepeated(false, slotCount);
    }

    /// What was gathered.
    public MemorySegment filled() {
        return bytes.filled();
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        return new ColumnBuffers(field, rowCount, nullCount, validity, null, bytes.filled(), List.of());
    }
}
