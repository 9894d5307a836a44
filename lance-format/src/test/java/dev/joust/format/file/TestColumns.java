// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Small columns by hand, in memory that the garbage collector frees.
final class TestColumns {
    /// Hands out nothing; batches made here need no closing.
    private static final BufferSource NO_MEMORY = new BufferSource() {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}
    };

    private TestColumns() {}

    static Batch batch(ColumnBuffers... columns) {
        return Batch.of(columns[0].rowCount(), List.of(columns), NO_MEMORY);
    }

    static ColumnBuffers int32(Field field, @Nullable Integer... values) {
        MemorySegment target = Arena.ofAuto().allocate(4L * values.length + 1);
        for (int i = 0; i < values.length; i++) {
            Integer value = values[i];
            target.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, value == null ? 0x55555555 : value);
        }
        return column(field, validity((Object[]) values), null, target, values.length, nulls((Object[]) values));
    }

    static ColumnBuffers string(Field field, @Nullable String... values) {
        MemorySegment offsets = Arena.ofAuto().allocate(4L * (values.length + 1));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            text.append(value == null ? "" : value);
            offsets.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i + 1,
                    text.toString().getBytes(StandardCharsets.UTF_8).length);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment target = Arena.ofAuto().allocate(bytes.length + 1);
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return column(field, validity((Object[]) values), offsets, target, values.length, nulls((Object[]) values));
    }

    private static ColumnBuffers column(
            Field field, @Nullable MemorySegment validity, @Nullable MemorySegment offsets, MemorySegment values,
            int rowCount, int nullCount) {
        return new ColumnBuffers(field, rowCount, nullCount, validity, offsets, values, List.of());
    }

    private static int nulls(@Nullable Object... values) {
        int nulls = 0;
        for (Object value : values) {
            nulls += value == null ? 1 : 0;
        }
        return nulls;
    }

    private static @Nullable MemorySegment validity(@Nullable Object... values) {
        if (nulls(values) == 0) {
            return null;
        }
        MemorySegment bits = Arena.ofAuto().allocate((values.length + 7) / 8);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                byte old = bits.get(ValueLayout.JAVA_BYTE, i / 8);
                bits.set(ValueLayout.JAVA_BYTE, i / 8, (byte) (old | 1 << i % 8));
            }
        }
        return bits;
    }
}
