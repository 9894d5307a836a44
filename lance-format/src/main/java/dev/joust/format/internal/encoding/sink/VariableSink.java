// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Strings and binaries: offsets and bytes. Decoders either append whole values, or write bytes into
/// {@link #bytes} and then end each value.
public final class VariableSink implements ValueSink {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final boolean large;
    private final GrowingSegment offsets;
    private final GrowingSegment bytes;

    /// @param offsetBytes 4 or 8
    public VariableSink(SegmentAllocator memory, int offsetBytes, long valueCapacity) {
        large = offsetBytes == 8;
        offsets = new GrowingSegment(memory, (valueCapacity + 1) * offsetBytes);
        bytes = new GrowingSegment(memory, 0);
        endValue();
    }

    /// Where bytes of values go: reserve, write, advance; then {@link #endValue}.
    public GrowingSegment bytes() {
        return bytes;
    }

    /// Ends a value at the bytes filled so far.
    public void endValue() {
        long at = reserveOffsets(1);
        setEnd(at, bytes.sizeBytes());
        offsets.advance(large ? 8 : 4);
    }

    /// Makes room for the bytes of values, and `slackBytes` that may be written to and are not counted.
    ///
    /// @return offset of the first of them in {@link #bytes}
    public long reserveBytes(long additionalBytes, int slackBytes) {
        checkSize(Math.addExact(bytes.sizeBytes(), additionalBytes));
        return bytes.reserve(Math.addExact(additionalBytes, slackBytes));
    }

    /// Ends values at these numbers of bytes, which were reserved, written and are filled from now on.
    public void endValues(long[] ends, int valueCount) {
        if (valueCount == 0) {
            return;
        }
        long last = ends[valueCount - 1];
        checkSize(last);
        long at = reserveOffsets(valueCount);
        MemorySegment target = offsets.segment();
        if (large) {
            for (int i = 0; i < valueCount; i++) {
                target.set(LONG, at + 8L * i, ends[i]);
            }
        } else {
            for (int i = 0; i < valueCount; i++) {
                target.set(INT, at + 4L * i, (int) ends[i]);
            }
        }
        offsets.advance((long) valueCount * (large ? 8 : 4));
        bytes.advance(last - bytes.sizeBytes());
    }

    /// Makes room for `valueCount` ends.
    private long reserveOffsets(int valueCount) {
        return offsets.reserve((long) valueCount * (large ? 8 : 4));
    }

    /// Appends values that lie side by side.
    ///
    /// @param ends     where value i of them ends: ends in `source`, 4 or 8 bytes each, checked by the caller to be
    ///     ascending from `start` and inside `source`
    /// @param endsAt   offset in `ends` of the first value's end
    /// @param endBytes 4 or 8
    /// @param start    offset in `source` of the first value's first byte
    public void appendAdjacent(
            MemorySegment source, long start, MemorySegment ends, long endsAt, int endBytes, int valueCount) {
        if (valueCount == 0) {
            return;
        }
        long last = end(ends, endsAt, endBytes, valueCount - 1);
        long shift = bytes.sizeBytes() - start;
        checkSize(last + shift);
        long at = reserveOffsets(valueCount);
        MemorySegment target = offsets.segment();
        if (!large && endBytes == 4) {
            for (int i = 0; i < valueCount; i++) {
                target.set(INT, at + 4L * i, (int) (ends.get(INT, endsAt + 4L * i) + shift));
            }
        } else {
            for (int i = 0; i < valueCount; i++) {
                setEnd(at + (long) i * (large ? 8 : 4), end(ends, endsAt, endBytes, i) + shift);
            }
        }
        offsets.advance((long) valueCount * (large ? 8 : 4));
        bytes.append(source, start, last - start);
    }

    /// Appends one value.
    public void append(MemorySegment source, long start, long length) {
        bytes.append(source, start, length);
        endValue();
    }

    private static long end(MemorySegment ends, long endsAt, int endBytes, int index) {
        return endBytes == 4
                ? Integer.toUnsignedLong(ends.get(INT, endsAt + 4L * index))
                : ends.get(LONG, endsAt + 8L * index);
    }

    private void setEnd(long at, long end) {
        if (large) {
            offsets.segment().set(LONG, at, end);
        } else {
            checkSize(end);
            offsets.segment().set(INT, at, (int) end);
        }
    }

    private void checkSize(long sizeBytes) {
        if (!large && sizeBytes > Integer.MAX_VALUE) {
            throw new UnsupportedFormatException(
                    "strings or binaries of more than 2 GiB in one batch: read fewer rows at a time");
        }
    }

    @Override
    public long count() {
        return offsets.sizeBytes() / (large ? 8 : 4) - 1;
    }

    @Override
    public void expect(long valueCount) {
        offsets.reserve(valueCount * (large ? 8 : 4));
    }

    @Override
    public void appendEmpty(int slotCount) {
        for (int i = 0; i < slotCount; i++) {
            endValue();
        }
    }

    /// Ends of the values, a 0 in front.
    public MemorySegment filledOffsets() {
        return offsets.filled();
    }

    public MemorySegment filledBytes() {
        return bytes.filled();
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        return new ColumnBuffers(field, rowCount, nullCount, validity, offsets.filled(), bytes.filled(), List.of());
    }
}
