// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.batch.Bits;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.interop.parquet.internal.read.ColumnAssembly.Validity;

/// A dictionary column of one batch. Parquet's own dictionaries are of a column chunk, and end where its writer gave up.
final class BatchDictionary {
    private BatchDictionary() {}

    /// @param field of dictionaries with indices of 32 bits
    /// @param dense the values that are no null
    static ColumnBuffers column(
            Field field, int slots, Validity validity, boolean nulls, GrowingValues dense, BufferSource memory) {
        Map<ByteBuffer, Integer> indexByValue = new HashMap<>();
        GrowingValues distinct = new GrowingValues();
        MemorySegment indices = memory.allocate(4L * slots);
        MemorySegment valid = validity.bits();
        int next = 0;
        for (int slot = 0; slot < slots; slot++) {
            int index = 0;
            if (valid == null || Bits.get(valid, slot)) {
                int start = next == 0 ? 0 : dense.ends[next - 1];
                int length = dense.ends[next++] - start;
                ByteBuffer value = ByteBuffer.wrap(dense.bytes, start, length);
                Integer known = indexByValue.get(value);
                index = known == null ? distinct.count : known;
                if (known == null) {
                    indexByValue.put(value, index);
                    distinct.reserve(1);
                    distinct.add(dense.bytes, start, length);
                }
            }
            indices.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * slot, index);
        }
        return new ColumnBuffers(
                field,
                slots,
                nulls ? validity.nullCount() : 0,
                nulls ? validity.bits() : null,
                null,
                indices,
                List.of(values(field, distinct, memory)));
    }

    private static ColumnBuffers values(Field field, GrowingValues distinct, BufferSource memory) {
        LogicalType type = ((LogicalType.Dictionary) field.type()).value();
        boolean large = Columns.largeOffsets(type);
        MemorySegment offsets = memory.allocate((distinct.count + 1L) * (large ? 8 : 4));
        for (int i = 0; i <= distinct.count; i++) {
            int end = i == 0 ? 0 : distinct.ends[i - 1];
            if (large) {
                offsets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, end);
            } else {
                offsets.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, end);
            }
        }
        MemorySegment bytes = memory.allocate(distinct.size);
        MemorySegment.copy(distinct.bytes, 0, bytes, ValueLayout.JAVA_BYTE, 0, distinct.size);
        return new ColumnBuffers(Field.nullable(field.name(), type), distinct.count, 0, null, offsets, bytes, List.of());
    }
}
