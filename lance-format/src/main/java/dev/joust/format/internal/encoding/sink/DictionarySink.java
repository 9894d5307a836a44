// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.batch.DictionaryUnion;
import dev.joust.format.internal.encoding.compress.DictionaryValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Indices into dictionaries, of which every page has its own. Rows of one page keep its dictionary; rows of several
/// get one that holds the values that occur.
public final class DictionarySink implements ValueSink {
    private static final int INDEX_BYTES = 4;

    private final BufferSource memory;
    private final ValueShape value;
    private final FixedWidthSink indices;
    private final List<Part> parts = new ArrayList<>();

    /// The dictionary of indices up to a row.
    private record Part(DictionaryValues dictionary, int endRow) {}

    public DictionarySink(BufferSource memory, ValueShape value, long rowCapacity) {
        this.memory = memory;
        this.value = value;
        this.indices = new FixedWidthSink(memory, INDEX_BYTES, rowCapacity);
    }

    /// Where indices into `dictionary` go, 4 bytes each, each checked to be one of the dictionary's; then
    /// {@link #advance}.
    public FixedWidthSink indices() {
        return indices;
    }

    /// Counts rows whose indices, into `dictionary`, were appended.
    @SuppressWarnings("ReferenceEquality") // each page has one, and comparing their values is what this saves
    public void advance(DictionaryValues dictionary) {
        if (!parts.isEmpty() && parts.getLast().dictionary() == dictionary) {
            parts.removeLast();
        }
        parts.add(new Part(dictionary, Math.toIntExact(indices.count())));
    }

    @Override
    public long count() {
        return indices.count();
    }

    @Override
    public void appendEmpty(int slotCount) {
        indices.appendEmpty(slotCount);
        if (!parts.isEmpty()) {
            advance(parts.getLast().dictionary());
        }
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        LogicalType.Dictionary type = (LogicalType.Dictionary) field.type();
        Field valueField = Field.nullable(field.name(), type.value());
        DictionaryUnion union = new DictionaryUnion(field, indices.filled(), rowCount, validity);
        for (Part part : parts) {
            ValueSink values = value.newSink(memory, part.dictionary().itemCount());
            part.dictionary().appendAll(values);
            int itemCount = part.dictionary().itemCount();
            union.add(values.finish(valueField, itemCount, 0, null), part.endRow());
        }
        if (parts.isEmpty()) {
            union.add(value.newSink(memory, 0).finish(valueField, 0, 0, null), rowCount);
        }
        return union.finish(nullCount, memory);
    }
}
