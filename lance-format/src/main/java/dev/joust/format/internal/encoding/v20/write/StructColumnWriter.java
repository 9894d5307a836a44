// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.v20.ArrayEncoding;
import dev.joust.format.internal.encoding.v20.ArrayEncodingCodec;
import dev.joust.format.internal.encoding.write.Slots;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Field;

/// The column of a struct: one page that says nothing but how many there are. There is no room for nulls.
/// Not thread-safe.
final class StructColumnWriter extends ArrayColumnWriter {
    private int slotCount;

    StructColumnWriter(Field field, SlotPath path, @Nullable ListCuts outerCuts) {
        super(field, path, outerCuts);
    }

    @Override
    int slotCount() {
        return slotCount;
    }

    @Override
    void checkArray(ColumnBuffers array) {
        StructNulls.checkChildren(array, field());
    }

    @Override
    int firstRefused(ColumnBuffers array, Slots slots) {
        return StructNulls.first(array, slots);
    }

    @Override
    String refusal(long row) {
        return StructNulls.message(field(), row);
    }

    @Override
    long contentBytes(ColumnBuffers array) {
        return 0;
    }

    @Override
    int topLevelRowsToFill(ColumnBuffers array, int startRow, long budgetBytes) {
        return array.rowCount() - startRow;
    }

    @Override
    void appendSlots(ColumnBuffers array, Slots slots) {
        slotCount = Math.addExact(slotCount, slots.slotCount());
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public boolean isFull(long budgetBytes) {
        return false;
    }

    @Override
    public boolean needsPage() {
        return !isPaged();
    }

    @Override
    Supplier<FilePage> takePage() {
        var page = new FilePage(
                slotCount, 0, ArrayEncodingCodec.toEncodedMessage(new ArrayEncoding.StructHeader()), List.of());
        return () -> page;
    }
}
