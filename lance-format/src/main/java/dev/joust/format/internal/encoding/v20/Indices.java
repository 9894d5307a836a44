// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;

/// Numbers of dictionary items, as read.
///
/// @param widthBytes 1, 2, 4 or 8; unsigned
/// @param validity   null where none is null
record Indices(MemorySegment values, int widthBytes, int count, @Nullable MemorySegment validity) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static Indices of(ValueReader.ValueRead read, int bits, int count, ReadTask task) {
        FixedWidthSink sink =
                new FixedWidthSink(task.context().temporary(), bits / 8, task.capacity(count, bits));
        ValiditySink validity = new ValiditySink(task.context().temporary(), task.capacity(count, 1));
        read.appendTo(sink, validity);
        return new Indices(sink.filled(), bits / 8, count, validity.bitmap());
    }

    boolean isNull(int position) {
        return validity != null && !BitCopy.get(validity, position);
    }

    /// The index at a position; one beyond 63 bits is negative.
    long get(int position) {
        return switch (widthBytes) {
            case 1 -> values.get(ValueLayout.JAVA_BYTE, position) & 0xFF;
            case 2 -> values.get(SHORT, 2L * position) & 0xFFFF;
            case 4 -> Integer.toUnsignedLong(values.get(INT, 4L * position));
            default -> values.get(LONG, 8L * position);
        };
    }
}
