// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;

/// Rows of a column that has nothing but nulls.
final class NullBuilder extends ColumnBuilder {
    NullBuilder(Field field) {
        super(field);
    }

    @Override
    void appendValue(Object value) {
        throw wrong(value, "null");
    }

    @Override
    void appendEmpty() {}

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        return new ColumnBuffers(field(), rows, 0, null, null, null, List.of());
    }
}
