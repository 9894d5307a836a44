// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Values of one width, a whole number of bytes. Decoders write into {@link #segment} directly: reserve, write, advance.
public final class FixedWidthSink implements ValueSink {
    private final int widthBytes;
    private final GrowingSegment values;

    public FixedWidthSink(SegmentAllocator memory, int widthBytes, long valueCapacity) {
        this.widthBytes = widthBytes;
        this.values = new GrowingSegment(memory, Math.multiplyExact(valueCapacity, (long) widthBytes));
    }

    public int widthBytes() {
        return widthBytes;
    }

    /// Where to write; valid until the next {@link #reserve}.
    public MemorySegment segment() {
        return values.segment();
    }

    /// Makes room for `valueCount` values.
    ///
    /// @return offset in {@link #segment} where they go
    public long reserve(int valueCount) {
        return values.reserve((long) valueCount * widthBytes);
    }

    /// The same, with `slackBytes` more that may be written to and are not counted.
    public long reserve(int valueCount, int slackBytes) {
        return values.reserve((long) valueCount * widthBytes + slackBytes);
    }

    /// Counts values that were written after {@link #reserve}.
    public void advance(int valueCount) {
        values.advance((long) valueCount * widthBytes);
    }

    public void append(MemorySegment source, long sourceOffset, int valueCount) {
        values.append(source, sourceOffset, (long) valueCount * widthBytes);
    }

    /// The same value `valueCount` times.
    public void appendRepeated(MemorySegment source, long sourceOffset, int valueCount) {
        if (valueCount == 0) {
            return;
        }
        long total = (long) valueCount * widthBytes;
        long start = values.reserve(total);
        MemorySegment target = values.segment();
        MemorySegment.copy(source, sourceOffset, target, start, widthBytes);
        for (long done = widthBytes; done < total; ) {
            long step = Math.min(done, total - done);
            MemorySegment.copy(target, start, target, start + done, step);
            done += step;
        }
        values.advance(total);
    }

    @Override
    public long count() {
        return values.sizeBytes() / widthBytes;
    }

    @Override
    public void expect(long valueCount) {
        values.reserve(valueCount * widthBytes);
    }

    @Override
    public void appendEmpty(int slotCount) {
        values.appendZeros((long) slotCount * widthBytes);
    }

    /// What was gathered.
    public MemorySegment filled() {
        return values.filled();
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        return new ColumnBuffers(field, rowCount, nullCount, validity, null, values.filled(), List.of());
    }
}
