// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.kernel.DecodeKernels;
import dev.joust.format.schema.Field;

/// Gathers one physical column for one batch: its values, and which of its slots are null. For columns without lists
/// above them: one slot per row. Not thread-safe.
public final class LeafSink {
    private final ValueSink values;
    private final ValiditySink validity;
    private final DecodeContext.Scratch bitmap;

    public LeafSink(BufferSource memory, DecodeContext context, ValueShape shape, long slotCapacity) {
        values = shape.newSink(memory, slotCapacity);
        validity = new ValiditySink(memory, slotCapacity);
        bitmap = context.newScratch();
    }

    public ValueSink values() {
        return values;
    }

    /// `slotCount` slots, none of them null.
    public void appendValid(long slotCount) {
        validity.appendValid(slotCount);
    }

    /// `slotCount` slots, all of them null; their values are still to be appended.
    public void appendNulls(long slotCount) {
        validity.appendNulls(slotCount);
    }

    /// The slots of entries `[from, to)` of `definition` (u16 each): null where the level is not 0.
    public void appendDefinition(MemorySegment definition, int from, int to) {
        int count = to - from;
        MemorySegment bits = bitmap.atLeast(BitCopy.byteCount(count));
        DecodeKernels.INSTANCE.lessThan(1, definition, 2L * from, count, bits, 0);
        validity.append(bits, 0, count);
    }

    /// The column.
    public ColumnBuffers finish(Field field, int rowCount) {
        @Nullable MemorySegment bits = validity.bitmap();
        return values.finish(field, rowCount, validity.nullCount(), bits);
    }
}
