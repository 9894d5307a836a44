// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// `nullable` with some nulls: a bitmap, 1 = valid, and the values with slots for null ones.
record NullableReader(PageBuffer bitmap, ValueReader values) implements ValueReader {
    @Override
    public ValueRead read(RowRanges ranges, ReadTask task) {
        List<PageBuffer.Part> bits = new ArrayList<>(ranges.count());
        for (int i = 0; i < ranges.count(); i++) {
            bits.add(bitmap.ask(task, ranges.start(i) >>> 3, (ranges.end(i) + 7) >>> 3));
        }
        ValueRead below = values.read(ranges, task);
        return new ValueRead() {
            @Override
            public boolean askMore() {
                return below.askMore();
            }

            @Override
            public void appendTo(ValueSink sink, ValiditySink validity) {
                below.appendTo(sink, new ValiditySink(task.context().temporary(), 0));
                for (int i = 0; i < ranges.count(); i++) {
                    validity.append(bits.get(i).bytes(), ranges.start(i) & 7, ranges.end(i) - ranges.start(i));
                }
            }
        };
    }
}
