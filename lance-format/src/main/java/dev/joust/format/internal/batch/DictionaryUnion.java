// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Brings rows under one dictionary that were indices into several. One dictionary stays as it is; of several, the
/// values that occur are kept, each once, in the order of their first row. Not thread-safe.
public final class DictionaryUnion {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Field field;
    private final LogicalType.Int index;
    private final MemorySegment indices;
    private final int rowCount;
    private final @Nullable MemorySegment validity;
    private final List<ColumnBuffers> dictionaries = new ArrayList<>();
    private final List<Integer> endRows = new ArrayList<>();

    /// @param indices  `rowCount` of them, 4 bytes each; those of rows that are not null are checked by the caller to
    ///     be of a value in their dictionary
    /// @param validity of the rows; null if none is null
    public DictionaryUnion(
            Field field, MemorySegment indices, int rowCount, @Nullable MemorySegment validity) {
        this.field = field;
        this.index = ((LogicalType.Dictionary) field.type()).index();
        this.indices = indices;
        this.rowCount = rowCount;
        this.validity = validity;
    }

    /// The dictionary of the rows that follow those added before, up to `endRow`.
    public void add(ColumnBuffers dictionary, int endRow) {
        dictionaries.add(dictionary);
        endRows.add(endRow);
    }

    /// @throws UnsupportedFormatException if the values that occur are more than the column's indices can tell apart
    public ColumnBuffers finish(int nullCount, SegmentAllocator memory) {
        ColumnBuffers dictionary = dictionaries.size() == 1 ? dictionaries.getFirst() : unite(memory);
        long limit = 1L << Math.min(31, index.bitWidth() - (index.signed() ? 1 : 0));
        if (dictionary.rowCount() > limit) {
            throw new UnsupportedFormatException("column '" + field.name() + "': " + dictionary.rowCount()
                    + " values of several dictionaries in one batch, its indices of " + index.bitWidth()
                    + " bits can tell " + limit + " apart: read fewer rows at a time");
        }
        return new ColumnBuffers(
                field, rowCount, nullCount, validity, null, narrowed(memory), List.of(dictionary));
    }

    /// Replaces the indices.
    private ColumnBuffers unite(SegmentAllocator memory) {
        ColumnBuffers all = ColumnConcat.concat(dictionaries, memory);
        Map<ByteBuffer, Integer> indexByValue = new HashMap<>();
        int[] unitedByValue = new int[all.rowCount()];
        Arrays.fill(unitedByValue, -1);
        int[] firstRows = new int[all.rowCount()];
        int base = 0;
        int row = 0;
        for (int i = 0; i < dictionaries.size(); i++) {
            for (; row < endRows.get(i); row++) {
                int united = 0;
                if (isValid(row)) {
                    int value = base + indices.get(INT, 4L * row);
                    if (unitedByValue[value] < 0) {
                        int next = indexByValue.size();
                        Integer known = indexByValue.putIfAbsent(key(all, value), next);
                        unitedByValue[value] = known == null ? next : known;
                        if (known == null) {
                            firstRows[next] = value;
                        }
                    }
                    united = unitedByValue[value];
                }
                indices.set(INT, 4L * row, united);
            }
            base += dictionaries.get(i).rowCount();
        }
        return Columns.take(all, Arrays.copyOf(firstRows, indexByValue.size()), memory);
    }

    private boolean isValid(int row) {
        return validity == null || (validity.get(ValueLayout.JAVA_BYTE, row >>> 3) >> (row & 7) & 1) != 0;
    }

    /// The value's bytes, told from those of a null.
    private static ByteBuffer key(ColumnBuffers values, int row) {
        if (values.isNull(row)) {
            return ByteBuffer.allocate(0);
        }
        int width = values.field().type().bitsPerValue();
        byte[] bytes;
        if (width == 0) {
            bytes = Columns.bytes(values, row);
        } else {
            MemorySegment segment = Objects.requireNonNull(values.values());
            bytes = width == 1
                    ? new byte[] {(byte) (segment.get(ValueLayout.JAVA_BYTE, row >>> 3) >> (row & 7) & 1)}
                    : segment.asSlice((long) row * (width / 8), width / 8).toArray(ValueLayout.JAVA_BYTE);
        }
        return ByteBuffer.allocate(bytes.length + 1).put((byte) 1).put(bytes).flip();
    }

    private MemorySegment narrowed(SegmentAllocator memory) {
        int width = index.bitWidth() / 8;
        if (width == 4) {
            return indices;
        }
        MemorySegment target = memory.allocate((long) rowCount * width, 8);
        for (int row = 0; row < rowCount; row++) {
            int value = indices.get(INT, 4L * row);
            switch (width) {
                case 1 -> target.set(ValueLayout.JAVA_BYTE, row, (byte) value);
                case 2 -> target.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * row, (short) value);
                default -> target.set(LONG, 8L * row, value);
            }
        }
        return target;
    }
}
