// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Lists, and maps as lists of entries.
final class ListBuilder extends ColumnBuilder {
    private final GrowingBytes offsets = new GrowingBytes();
    private final ColumnBuilder items;
    private final boolean map;

    ListBuilder(Field field) {
        super(field);
        map = field.type() instanceof LogicalType.Map;
        items = ColumnBuilder.of(field.children().getFirst());
    }

    @Override
    void appendValue(Object value) {
        List<@Nullable Object> all = map ? entries(value) : itemsOf(value);
        if (all == null) {
            throw wrong(value, map ? "Map" : "List or array");
        }
        // Items that went in before one that is refused would be of no row.
        ColumnBuilder trial = ColumnBuilder.of(items.field());
        all.forEach(trial::append);
        all.forEach(items::append);
        offsets.putInt(items.rowCount());
    }

    private @Nullable List<@Nullable Object> entries(Object value) {
        Collection<?> given = value instanceof Map<?, ?> unique ? unique.entrySet() : value instanceof Collection<?> all ? all : null;
        if (given == null || !given.stream().allMatch(Map.Entry.class::isInstance)) {
            return null;
        }
        List<Field> fields = items.field().children();
        List<@Nullable Object> entries = new ArrayList<>();
        for (Object each : given) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
            Map<String, @Nullable Object> pair = new LinkedHashMap<>();
            pair.put(fields.get(0).name(), entry.getKey());
            pair.put(fields.get(1).name(), entry.getValue());
            entries.add(pair);
        }
        return entries;
    }

    /// The items of an array or collection; null for anything else.
    static @Nullable List<@Nullable Object> itemsOf(Object value) {
        List<@Nullable Object> items = new ArrayList<>();
        if (value instanceof Iterable<?> all) {
            all.forEach(items::add);
            return items;
        }
        if (!value.getClass().isArray()) {
            return null;
        }
        for (int i = 0; i < Array.getLength(value); i++) {
            items.add(Array.get(value, i));
        }
        return items;
    }

    @Override
    void appendEmpty() {
        offsets.putInt(items.rowCount());
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        MemorySegment starts = buildOffsets(memory, rows, Columns.largeOffsets(field().type()), offsets);
        return new ColumnBuffers(field(), rows, nulls, validityBits, starts, null, List.of(items.build(memory)));
    }

    /// Offsets from the 32-bit ends of each row.
    static MemorySegment buildOffsets(SegmentAllocator memory, int rows, boolean large, GrowingBytes ends) {
        MemorySegment offsets = memory.allocate((rows + 1L) * (large ? 8 : 4), 64);
        MemorySegment source = ends.view();
        Columns.putOffset(offsets, large, 0, 0);
        for (int i = 0; i < rows; i++) {
            Columns.putOffset(offsets, large, i + 1, source.get(Columns.INT, (long) i << 2));
        }
        ends.clear();
        return offsets;
    }
}
