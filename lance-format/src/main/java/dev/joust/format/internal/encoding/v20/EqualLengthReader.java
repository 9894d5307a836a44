// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// `fixed_size_binary`: strings or binaries of `byteWidth` bytes each, without ends.
record EqualLengthReader(PageBuffer bytes, int byteWidth) implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        RowRanges byteRanges = values.times(byteWidth);
        List<PageBuffer.Part> parts = new ArrayList<>(values.count());
        for (int i = 0; i < values.count(); i++) {
            parts.add(bytes.ask(task, byteRanges.start(i), byteRanges.end(i)));
        }
        return (sink, validity) -> {
            for (int i = 0; i < values.count(); i++) {
                long count = values.end(i) - values.start(i);
                for (long value = 0; value < count; value++) {
                    ((VariableSink) sink).append(parts.get(i).bytes(), value * byteWidth, byteWidth);
                }
                validity.appendValid(count);
            }
        };
    }
}
