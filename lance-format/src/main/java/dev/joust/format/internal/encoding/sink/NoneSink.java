// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Counts slots of the null type, which has no values and, as in Arrow, no validity either: every row is null.
public final class NoneSink implements ValueSink {
    private long count;

    @Override
    public long count() {
        return count;
    }

    @Override
    public void appendEmpty(int slotCount) {
        count += slotCount;
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        return new ColumnBuffers(field, rowCount, 0, null, null, null, List.of());
    }
}
