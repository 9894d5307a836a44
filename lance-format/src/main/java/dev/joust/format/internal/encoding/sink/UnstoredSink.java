// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Counts slots of a field that is never stored: all of them are null.
public final class UnstoredSink implements ValueSink {
    private final BufferSource memory;
    private long count;

    public UnstoredSink(BufferSource memory) {
        this.memory = memory;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void appendEmpty(int slotCount) {
        count += slotCount;
    }

    /// @param nullCount ignored, as `validity`: the struct around tells of no more nulls than there are here
    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        return NullColumns.of(field, rowCount, memory);
    }
}
