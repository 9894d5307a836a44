// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;
import dev.joust.io.ByteRange;

/// Values of one width, side by side (encoding PLAIN): numbers, booleans as bits, and fixed-size lists of such, whose
/// items lie flat, bits too.
///
/// @param bitsPerRow of one value
record FixedColumn(Field field, ValueShape shape, long bitsPerRow, PageSource pages) implements LegacyColumn {
    static FixedColumn of(Field field, ValueShape shape, PageSource pages) {
        return new FixedColumn(field, shape, bits(shape), pages);
    }

    /// Bits of one value.
    static long bits(ValueShape shape) {
        return switch (shape) {
            case ValueShape.Fixed(int bits) -> bits;
            case ValueShape.FixedSizeList(int dimension, ValueShape item) -> Math.multiplyExact(dimension, bits(item));
            case ValueShape.None _, ValueShape.Variable _, ValueShape.Dictionary _, ValueShape.PackedStruct _,
                    ValueShape.Unstored _ -> throw new IllegalArgumentException("no width: " + shape);
        };
    }

    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        page.require(to);
        long firstBit = Math.multiplyExact(from, bitsPerRow);
        PageRows rows = new PageRows(batch, from, to);
        rows.leadingBits = (int) (firstBit & 7);
        ByteRange range = page.bytes(firstBit >>> 3, byteCount(to));
        fetch.need(page, range, bytes -> rows.page = bytes);
        return rows;
    }

    private long byteCount(long values) {
        return Math.ceilDiv(Math.multiplyExact(values, bitsPerRow), 8);
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        fetch.prefetch(page.bytes(0, byteCount(page.length())));
    }

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        ValueSink sink = shape.newSink(memory, rowCount);
        for (PageRows rows : parts) {
            append(sink, rows.page, rows.leadingBits, rows.count());
        }
        return sink.finish(field, rowCount, 0, null);
    }

    private static void append(ValueSink sink, MemorySegment source, long firstBit, int count) {
        switch (sink) {
            case BitSink bits -> bits.append(source, firstBit, count);
            case FixedWidthSink values -> values.append(source, firstBit >>> 3, count);
            case FixedSizeListSink lists -> {
                int itemCount = Math.multiplyExact(count, lists.dimension());
                append(lists.items(), source, firstBit, itemCount);
                lists.itemValidity().appendValid(itemCount);
                lists.advance(count);
            }
            case NoneSink _, VariableSink _, DictionarySink _, PackedStructSink _, UnstoredSink _ -> throw new IllegalArgumentException("no width");
        }
    }
}
