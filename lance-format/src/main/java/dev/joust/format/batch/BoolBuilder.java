// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.BitSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;

/// Booleans, a bit each.
final class BoolBuilder extends ColumnBuilder {
    private final BitSet bits = new BitSet();

    BoolBuilder(Field field) {
        super(field);
    }

    @Override
    void appendValue(Object value) {
        if (!(value instanceof Boolean flag)) {
            throw wrong(value, "Boolean");
        }
        bits.set(rowCount(), flag);
    }

    @Override
    void appendEmpty() {}

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        MemorySegment values = Bits.allocate(memory, rows);
        byte[] set = bits.toByteArray();
        MemorySegment.copy(MemorySegment.ofArray(set), 0, values, 0, set.length);
        bits.clear();
        return new ColumnBuffers(field(), rows, nulls, validityBits, null, values, List.of());
    }
}
