// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;

/// `flat`: values side by side; a bitmap where they have one bit.
///
/// @param bits of a value: 1, or a multiple of 8
record FlatReader(PageBuffer buffer, int bits) implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        List<PageBuffer.Part> parts = new ArrayList<>(values.count());
        for (int i = 0; i < values.count(); i++) {
            long firstByte = Math.multiplyExact(values.start(i), (long) bits) >>> 3;
            long endBit = Math.multiplyExact(values.end(i), (long) bits);
            parts.add(buffer.ask(task, firstByte, (endBit + 7) >>> 3));
        }
        return (sink, validity) -> {
            for (int i = 0; i < values.count(); i++) {
                long count = values.end(i) - values.start(i);
                if (bits == 1) {
                    ((BitSink) sink).append(parts.get(i).bytes(), values.start(i) & 7, count);
                } else {
                    ((FixedWidthSink) sink).append(parts.get(i).bytes(), 0, Math.toIntExact(count));
                }
                validity.appendValid(count);
            }
        };
    }
}
