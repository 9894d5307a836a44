// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;

/// Structs, given as maps from field name to value; an absent name is null.
final class StructBuilder extends ColumnBuilder {
    private final List<ColumnBuilder> fields;

    StructBuilder(Field field) {
        super(field);
        fields = field.children().stream().map(ColumnBuilder::of).toList();
    }

    @Override
    void appendValue(Object given) {
        Object value = BlobFields.isLogicalV2(field()) && !(given instanceof Map)
                ? Map.of(given instanceof CharSequence ? BlobFields.URI : BlobFields.DATA, given)
                : given;
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(value, "Map");
        }
        for (Object key : map.keySet()) {
            if (fields.stream().noneMatch(child -> child.field().name().equals(key))) {
                throw misfit("field '" + key + "'", "is none of the struct");
            }
        }
        for (ColumnBuilder child : fields) {
            ColumnBuilder.of(child.field()).append(map.get(child.field().name()));
        }
        for (ColumnBuilder child : fields) {
            child.append(map.get(child.field().name()));
        }
    }

    @Override
    void appendEmpty() {
        fields.forEach(ColumnBuilder::appendPlaceholder);
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        return new ColumnBuffers(
                field(),
                rows,
                nulls,
                validityBits,
                null,
                null,
                fields.stream().map(child -> child.build(memory)).toList());
    }
}
