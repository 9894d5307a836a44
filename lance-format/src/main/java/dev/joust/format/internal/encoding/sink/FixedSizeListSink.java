// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Fixed-size lists of numbers, at any depth: the items, and which of them are null.
public final class FixedSizeListSink implements ValueSink {
    private final int dimension;
    private final ValueSink items;
    private final ValiditySink itemValidity;
    private long count;

    public FixedSizeListSink(BufferSource memory, int dimension, ValueShape item, long listCapacity) {
        this.dimension = dimension;
        long itemCapacity = Math.multiplyExact(listCapacity, (long) dimension);
        this.items = item.newSink(memory, itemCapacity);
        this.itemValidity = new ValiditySink(memory, itemCapacity);
    }

    public int dimension() {
        return dimension;
    }

    /// Where items go, `dimension` per list; then {@link #itemValidity} hears of as many, and {@link #advance} counts.
    public ValueSink items() {
        return items;
    }

    public ValiditySink itemValidity() {
        return itemValidity;
    }

    /// Counts lists whose items were appended.
    public void advance(int listCount) {
        count += listCount;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void expect(long valueCount) {
        items.expect(Math.multiplyExact(valueCount, (long) dimension));
    }

    @Override
    public void appendEmpty(int slotCount) {
        int itemCount = Math.multiplyExact(slotCount, dimension);
        items.appendEmpty(itemCount);
        itemValidity.appendValid(itemCount);
        count += slotCount;
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        int itemCount = Math.multiplyExact(rowCount, dimension);
        ColumnBuffers child = items.finish(
                ValueShape.itemField(field), itemCount, itemValidity.nullCount(), itemValidity.bitmap());
        return new ColumnBuffers(field, rowCount, nullCount, validity, null, null, List.of(child));
    }
}
