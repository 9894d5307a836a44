// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.v20.ArrayEncoding;
import dev.joust.format.internal.encoding.v20.ArrayEncodingCodec;
import dev.joust.format.internal.encoding.v20.BufferRef;
import dev.joust.format.internal.encoding.write.LayerAccumulator;
import dev.joust.format.internal.encoding.write.LeafColumn.Step;
import dev.joust.format.internal.encoding.write.PageData;
import dev.joust.format.internal.encoding.write.Slots;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Field;

/// The column of a list: where each list ends among the items of the page. Not thread-safe.
final class ListColumnWriter extends ArrayColumnWriter {
    private final LayerAccumulator lists;
    private final ListCuts cuts = new ListCuts();
    private int slotCount;

    ListColumnWriter(Field field, SlotPath path, Step.IntoList step, @Nullable ListCuts outerCuts) {
        super(field, path, outerCuts);
        this.lists = new LayerAccumulator(step);
    }

    /// Where its pages end, for the columns below it.
    ListCuts cuts() {
        return cuts;
    }

    @Override
    int slotCount() {
        return slotCount;
    }

    @Override
    void checkArray(ColumnBuffers array) {
        lists.check(array);
    }

    @Override
    long contentBytes(ColumnBuffers array) {
        return 4L * array.rowCount();
    }

    @Override
    int topLevelRowsToFill(ColumnBuffers array, int startRow, long budgetBytes) {
        return Math.clamp((budgetBytes - sizeBytes() + 3) / 4, 1, array.rowCount() - startRow);
    }

    @Override
    void appendSlots(ColumnBuffers array, Slots slots) {
        lists.append(array, slots);
        slotCount = Math.addExact(slotCount, slots.slotCount());
    }

    @Override
    public long sizeBytes() {
        return lists.sizeBytes();
    }

    @Override
    Supplier<FilePage> takePage() {
        PageData.Layer layer = lists.take();
        int count = slotCount;
        slotCount = 0;
        return () -> encode(layer.validity(), layer.offsets(), count);
    }

    @Override
    void pageEnds(long row) {
        cuts.add(row);
    }

    private static FilePage encode(byte @Nullable [] validity, int @Nullable [] offsets, int count) {
        byte[] ends = new byte[Math.multiplyExact(8, count)];
        long itemCount = 0;
        if (offsets != null) {
            itemCount = offsets[count];
            for (int list = 0; list < count; list++) {
                boolean isNull = !Validity.isValid(validity, list);
                LittleEndian.putLong(ends, 8 * list, offsets[list + 1] + (isNull ? itemCount + 1 : 0));
            }
        }
        var flat = new ArrayEncoding.Flat(64, new BufferRef(0, BufferRef.Place.PAGE), null);
        var encoding = new ArrayEncoding.ListOffsets(new ArrayEncoding.NoNulls(flat), itemCount + 1, itemCount);
        return new FilePage(
                count, 0, ArrayEncodingCodec.toEncodedMessage(encoding), List.of(ByteSlice.of(ends)));
    }
}
