// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// Copies values that one sink holds to the end of another of the same shape.
final class SlotCopy {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SlotCopy() {}

    /// Values `[start, start + count)`.
    static void append(ValueSink from, int start, int count, ValueSink to) {
        switch (to) {
            case FixedWidthSink target -> {
                FixedWidthSink source = (FixedWidthSink) from;
                target.append(source.filled(), (long) start * target.widthBytes(), count);
            }
            case BitSink target -> target.append(((BitSink) from).filled(), start, count);
            case VariableSink target -> {
                VariableSink source = (VariableSink) from;
                MemorySegment offsets = source.filledOffsets();
                int width = (int) (offsets.byteSize() / (source.count() + 1));
                long first = width == 4
                        ? Integer.toUnsignedLong(offsets.get(INT, 4L * start))
                        : offsets.get(LONG, 8L * start);
                target.appendAdjacent(source.filledBytes(), first, offsets, (start + 1L) * width, width, count);
            }
            case FixedSizeListSink target -> {
                FixedSizeListSink source = (FixedSizeListSink) from;
                int itemStart = Math.multiplyExact(start, target.dimension());
                int itemCount = Math.multiplyExact(count, target.dimension());
                append(source.items(), itemStart, itemCount, target.items());
                @Nullable MemorySegment validity = source.itemValidity().bitmap();
                if (validity == null) {
                    target.itemValidity().appendValid(itemCount);
                } else {
                    target.itemValidity().append(validity, itemStart, itemCount);
                }
                target.advance(count);
            }
            case PackedStructSink target -> {
                PackedStructSink source = (PackedStructSink) from;
                for (int field = 0; field < target.fieldCount(); field++) {
                    ValueSink fieldTarget = target.field(field);
                    if (fieldTarget != null) {
                        append(Objects.requireNonNull(source.field(field)), start, count, fieldTarget);
                    }
                }
                target.advance(count);
            }
            case NoneSink target -> target.appendEmpty(count);
            case UnstoredSink target -> target.appendEmpty(count);
            case DictionarySink _ ->
                throw new UnsupportedFormatException("a dictionary column whose indices are zipped is not read");
        }
    }
}
