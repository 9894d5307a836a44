// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// `fixed_size_list`: `dimension` items per value, which may be null and may be lists themselves.
record FixedSizeListReader(int dimension, ValueReader items) implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        int count = Math.toIntExact(values.rowCount());
        ValueRead below = items.read(values.times(dimension), task);
        return new ValueRead() {
            @Override
            public boolean askMore() {
                return below.askMore();
            }

            @Override
            public void appendTo(ValueSink sink, ValiditySink validity) {
                FixedSizeListSink target = (FixedSizeListSink) sink;
                below.appendTo(target.items(), target.itemValidity());
                target.advance(count);
                validity.appendValid(count);
            }
        };
    }
}
