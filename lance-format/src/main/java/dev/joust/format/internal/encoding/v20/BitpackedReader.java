// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;

/// `bitpacked`: value i takes bits `[i * packedBits, (i + 1) * packedBits)` of the buffer, LSB first; where they are
/// signed, the highest of them is repeated.
///
/// @param packedBits 1 to `bits`
/// @param bits       of a value in memory: 8, 16, 32 or 64
record BitpackedReader(PageBuffer buffer, int packedBits, int bits, boolean signed) implements ValueReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        List<PageBuffer.Part> parts = new ArrayList<>(values.count());
        for (int i = 0; i < values.count(); i++) {
            long firstByte = Math.multiplyExact(values.start(i), (long) packedBits) >>> 3;
            long endBit = Math.multiplyExact(values.end(i), (long) packedBits);
            parts.add(buffer.ask(task, firstByte, (endBit + 7) >>> 3));
        }
        return (sink, validity) -> {
            for (int i = 0; i < values.count(); i++) {
                int count = Math.toIntExact(values.end(i) - values.start(i));
                int firstBit = (int) (values.start(i) * packedBits & 7);
                unpack(parts.get(i).bytes(), firstBit, count, (FixedWidthSink) sink);
                validity.appendValid(count);
            }
        };
    }

    private void unpack(MemorySegment packed, int firstBit, int count, FixedWidthSink sink) {
        long at = sink.reserve(count);
        MemorySegment target = sink.segment();
        int unused = 64 - packedBits;
        for (int i = 0; i < count; i++) {
            long high = word(packed, firstBit + (long) i * packedBits) << unused;
            long value = signed ? high >> unused : high >>> unused;
            switch (bits) {
                case 8 -> target.set(ValueLayout.JAVA_BYTE, at + i, (byte) value);
                case 16 -> target.set(SHORT, at + 2L * i, (short) value);
                case 32 -> target.set(INT, at + 4L * i, (int) value);
                default -> target.set(LONG, at + 8L * i, value);
            }
        }
        sink.advance(count);
    }

    /// 64 bits from `bit` on, as far as there are so many.
    private static long word(MemorySegment packed, long bit) {
        long at = bit >>> 3;
        int shift = (int) (bit & 7);
        if (at + 9 <= packed.byteSize()) {
            long low = packed.get(LONG, at) >>> shift;
            return shift == 0 ? low : low | (long) packed.get(ValueLayout.JAVA_BYTE, at + 8) << (64 - shift);
        }
        long word = 0;
        for (int i = 0; i < 9 && at + i < packed.byteSize(); i++) {
            long next = packed.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
            int left = 8 * i - shift;
            word |= left < 0 ? next >>> -left : left < 64 ? next << left : 0;
        }
        return word;
    }
}
