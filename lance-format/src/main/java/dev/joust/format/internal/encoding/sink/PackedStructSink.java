// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Structs that lie in one column: a sink for each field that is wanted. No field is null but where its struct is.
public final class PackedStructSink implements ValueSink {
    private final List<Integer> wanted;
    private final @Nullable ValueSink[] fields;
    private long count;

    /// @param stored shapes of the fields that are stored
    /// @param wanted numbers of those that are read
    public PackedStructSink(BufferSource memory, List<ValueShape> stored, List<Integer> wanted, long rowCapacity) {
        this.wanted = wanted;
        this.fields = new @Nullable ValueSink[stored.size()];
        for (int index : wanted) {
            fields[index] = stored.get(index).newSink(memory, rowCapacity);
        }
    }

    /// Where values of the stored field go; null if nobody wants them. Then {@link #advance} counts.
    public @Nullable ValueSink field(int index) {
        return fields[index];
    }

    /// Fields that are stored.
    public int fieldCount() {
        return fields.length;
    }

    /// Counts rows whose fields were appended.
    public void advance(int rowCount) {
        count += rowCount;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void appendEmpty(int slotCount) {
        for (@Nullable ValueSink field : fields) {
            if (field != null) {
                field.appendEmpty(slotCount);
            }
        }
        count += slotCount;
    }

    @Override
    public ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity) {
        List<ColumnBuffers> children = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            ValueSink child = java.util.Objects.requireNonNull(fields[wanted.get(i)]);
            children.add(child.finish(field.children().get(i), rowCount, 0, null));
        }
        return new ColumnBuffers(field, rowCount, nullCount, validity, null, null, children);
    }
}
