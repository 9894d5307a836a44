// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// `dictionary` of a plain column: index 0 is null, index k is item k - 1.
///
/// @param indexBits 8, 16, 32 or 64
record DictionaryReader(ValueReader indices, int indexBits, DictionaryItems items) implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        int count = Math.toIntExact(values.rowCount());
        ValueRead indicesRead = indices.read(values, task);
        DictionaryItems.Read itemsRead = items.read(task);
        return new ValueRead() {
            @Override
            public boolean askMore() {
                boolean any = indicesRead.askMore();
                any |= itemsRead.askMore();
                return any;
            }

            @Override
            public void appendTo(ValueSink sink, ValiditySink validity) {
                append(Indices.of(indicesRead, indexBits, count, task), itemsRead.items(), task, sink, validity);
            }
        };
    }

    private static void append(
            Indices indices, ColumnBuffers items, ReadTask task, ValueSink sink, ValiditySink validity) {
        for (int i = 0; i < indices.count(); i++) {
            long index = indices.isNull(i) ? 0 : indices.get(i);
            if (index < 0 || index > items.rowCount()) {
                throw task.context()
                        .corrupt("dictionary index " + Long.toUnsignedString(index) + " among " + items.rowCount()
                                + " items");
            }
            int item = (int) index - 1;
            if (item < 0 || items.isNull(item)) {
                sink.appendEmpty(1);
                validity.appendNulls(1);
            } else {
                appendItem(items, item, sink);
                validity.appendValid(1);
            }
        }
    }

    /// Appends one item that is not null.
    static void appendItem(ColumnBuffers items, int item, ValueSink sink) {
        MemorySegment values = Objects.requireNonNull(items.values());
        switch (sink) {
            case VariableSink variable -> {
                long start = Columns.offset(items, item);
                variable.append(values, start, Columns.offset(items, item + 1) - start);
            }
            case FixedWidthSink fixed -> fixed.append(values, (long) item * fixed.widthBytes(), 1);
            case BitSink bits -> bits.appendRepeated(BitCopy.get(values, item), 1);
            case FixedSizeListSink _, DictionarySink _, PackedStructSink _, NoneSink _, UnstoredSink _ ->
                throw new IllegalStateException("a dictionary of " + items.field().type());
        }
    }
}
