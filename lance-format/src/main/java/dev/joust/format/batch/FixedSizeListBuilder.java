// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Vectors: lists of one length.
final class FixedSizeListBuilder extends ColumnBuilder {
    private final ColumnBuilder items;
    private final int dimension;
    private final boolean floats;

    FixedSizeListBuilder(Field field, int dimension) {
        super(field);
        this.dimension = dimension;
        items = ColumnBuilder.of(Columns.itemField(field));
        floats = items.field().type().equals(new LogicalType.FloatingPoint(32));
    }

    @Override
    void appendValue(Object value) {
        if (floats && value instanceof float[] vector) {
            checkLength(vector.length);
            ((FixedWidthBuilder) items).appendFloats(vector);
            return;
        }
        List<@Nullable Object> all = ListBuilder.itemsOf(value);
        if (all == null) {
            throw wrong(value, "an array or list of " + dimension);
        }
        checkLength(all.size());
        ColumnBuilder trial = ColumnBuilder.of(items.field());
        all.forEach(trial::append);
        all.forEach(items::append);
    }

    private void checkLength(int length) {
        if (length != dimension) {
            throw misfit(length + " items", "given, " + dimension + " expected");
        }
    }

    @Override
    void appendEmpty() {
        for (int i = 0; i < dimension; i++) {
            if (items.field().type() instanceof LogicalType.Struct) {
                items.appendPlaceholder();
            } else {
                // The reference keeps no validity of items below a null row.
                items.appendEmpty();
                items.added(true);
            }
        }
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        return new ColumnBuffers(field(), rows, nulls, validityBits, null, null, List.of(items.build(memory)));
    }
}
