// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.UnsupportedFormatException;

/// Gathers where lists begin among their items. A list goes on until the next one begins, also from one page to
/// another. Not thread-safe.
public final class OffsetSink {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final boolean large;
    private final GrowingSegment offsets;
    private long itemCount;

    /// @param offsetBytes 4 or 8
    public OffsetSink(SegmentAllocator memory, int offsetBytes, long listCapacity) {
        large = offsetBytes == 8;
        offsets = new GrowingSegment(memory, (listCapacity + 1) * offsetBytes);
    }

    /// Items so far.
    public long itemCount() {
        return itemCount;
    }

    /// Lists that begin at the set bits of `starts`, their items among the set bits of `items`.
    public void append(long starts, long items) {
        int count = Long.bitCount(starts);
        if (count > 0) {
            checkSize(itemCount + 64);
            if (large) {
                long at = offsets.reserve(8L * count);
                MemorySegment target = offsets.segment();
                for (long left = starts; left != 0; left &= left - 1, at += 8) {
                    target.set(LONG, at, itemCount + Long.bitCount(items & (Long.lowestOneBit(left) - 1)));
                }
                offsets.advance(8L * count);
            } else {
                long at = offsets.reserve(4L * count);
                MemorySegment target = offsets.segment();
                int first = (int) itemCount;
                for (long left = starts; left != 0; left &= left - 1, at += 4) {
                    target.set(INT, at, first + Long.bitCount(items & (Long.lowestOneBit(left) - 1)));
                }
                offsets.advance(4L * count);
            }
        }
        itemCount += Long.bitCount(items);
    }

    private void checkSize(long size) {
        if (!large && size > Integer.MAX_VALUE) {
            throw new UnsupportedFormatException(
                    "lists of more than 2^31 items in one batch: read fewer rows at a time");
        }
    }

    /// The offsets, the end of the last list behind them. The sink is used no more.
    public MemorySegment finish() {
        checkSize(itemCount);
        long at = offsets.reserve(large ? 8 : 4);
        if (large) {
            offsets.segment().set(LONG, at, itemCount);
        } else {
            offsets.segment().set(INT, at, (int) itemCount);
        }
        offsets.advance(large ? 8 : 4);
        return offsets.filled();
    }
}
