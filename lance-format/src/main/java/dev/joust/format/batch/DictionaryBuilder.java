// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Values that repeat, each kept once, in the order they came.
final class DictionaryBuilder extends ColumnBuilder {
    private final ColumnBuilder values;
    private final ColumnBuilder indices;
    private final Map<Object, Integer> indexByValue = new HashMap<>();

    DictionaryBuilder(Field field, LogicalType.Dictionary type) {
        super(field);
        values = ColumnBuilder.of(Field.nullable(field.name(), type.value()));
        indices = ColumnBuilder.of(Field.nullable(field.name(), type.index()));
    }

    @Override
    void appendValue(Object value) {
        Object key = value instanceof byte[] bytes ? ByteBuffer.wrap(bytes.clone()) : value;
        Integer index = indexByValue.get(key);
        if (index == null) {
            index = values.rowCount();
            // Indices do not fit, or the value is of another type: nothing is added yet.
            ColumnBuilder.of(indices.field()).append(index);
            values.append(value);
            indices.append(index);
            indexByValue.put(key, index);
        } else {
            indices.append(index);
        }
    }

    @Override
    void appendEmpty() {
        indices.appendEmpty();
        indices.added(true);
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        indexByValue.clear();
        return new ColumnBuffers(
                field(),
                rows,
                nulls,
                validityBits,
                null,
                indices.build(memory).values(),
                List.of(values.build(memory)));
    }
}
