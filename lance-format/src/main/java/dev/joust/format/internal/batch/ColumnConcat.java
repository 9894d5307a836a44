// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.schema.LogicalType;

/// Columns of one field, one below the other, as one column in new memory.
public final class ColumnConcat {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private ColumnConcat() {}

    /// @param parts at least one, all of the same type
    public static ColumnBuffers concat(List<ColumnBuffers> parts, SegmentAllocator memory) {
        ColumnBuffers first = parts.getFirst();
        long rows = 0;
        int nullCount = 0;
        for (ColumnBuffers part : parts) {
            rows += part.rowCount();
            nullCount += part.nullCount();
        }
        int rowCount = Math.toIntExact(rows);
        MemorySegment validity = nullCount == 0 ? null : validity(parts, rowCount, memory);
        MemorySegment offsets = null;
        MemorySegment values = null;
        List<ColumnBuffers> children = new ArrayList<>();
        LogicalType type = first.field().type();
        switch (type) {
            case LogicalType.Null _ -> {}
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> {
                offsets = offsets(parts, rowCount, memory);
                values = bytes(parts, memory);
            }
            case LogicalType.List _, LogicalType.Map _ -> {
                offsets = offsets(parts, rowCount, memory);
                children.add(concat(
                        parts.stream()
                                .map(part -> Columns.head(
                                        part.children().getFirst(),
                                        Math.toIntExact(Columns.offset(part, part.rowCount()))))
                                .toList(),
                        memory));
            }
            case LogicalType.FixedSizeList(LogicalType _, int dimension) ->
                children.add(concat(
                        parts.stream()
                                .map(part -> Columns.head(
                                        part.children().getFirst(), Math.multiplyExact(part.rowCount(), dimension)))
                                .toList(),
                        memory));
            case LogicalType.Struct _ -> {
                for (int i = 0; i < first.children().size(); i++) {
                    int child = i;
                    children.add(concat(
                            parts.stream()
                                    .map(part -> part.children().get(child))
                                    .toList(),
                            memory));
                }
            }
            case LogicalType.Dictionary _ -> {
                return dictionaries(parts, rowCount, nullCount, validity, memory);
            }
            case LogicalType.Bool _ -> values = bits(parts, rowCount, memory);
            case LogicalType.Int _,
                    LogicalType.FloatingPoint _,
                    LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _,
                    LogicalType.Date _,
                    LogicalType.Time _,
                    LogicalType.Timestamp _,
                    LogicalType.Duration _,
                    LogicalType.BFloat16 _ ->
                values = fixedWidth(parts, type.bitsPerValue() >>> 3, rowCount, memory);
        }
        return new ColumnBuffers(first.field(), rowCount, nullCount, validity, offsets, values, children);
    }

    private static ColumnBuffers dictionaries(
            List<ColumnBuffers> parts,
            int rowCount,
            int nullCount,
            @Nullable MemorySegment validity,
            SegmentAllocator memory) {
        MemorySegment indices = memory.allocate(4L * rowCount, 8);
        DictionaryUnion union = new DictionaryUnion(parts.getFirst().field(), indices, rowCount, validity);
        int at = 0;
        for (ColumnBuffers part : parts) {
            for (int i = 0; i < part.rowCount(); i++, at++) {
                indices.set(INT, 4L * at, part.isNull(i) ? 0 : Math.toIntExact(Dictionaries.index(part, i)));
            }
            union.add(part.children().getFirst(), at);
        }
        return union.finish(nullCount, memory);
    }

    private static MemorySegment fixedWidth(
            List<ColumnBuffers> parts, int byteWidth, int rowCount, SegmentAllocator memory) {
        MemorySegment values = memory.allocate((long) rowCount * byteWidth, 8);
        long at = 0;
        for (ColumnBuffers part : parts) {
            long size = (long) part.rowCount() * byteWidth;
            MemorySegment.copy(buffer(part.values(), size), 0, values, at, size);
            at += size;
        }
        return values;
    }

    private static MemorySegment bytes(List<ColumnBuffers> parts, SegmentAllocator memory) {
        long total = 0;
        for (ColumnBuffers part : parts) {
            total += Columns.offset(part, part.rowCount());
        }
        MemorySegment values = memory.allocate(total, 8);
        long at = 0;
        for (ColumnBuffers part : parts) {
            long size = Columns.offset(part, part.rowCount());
            MemorySegment.copy(buffer(part.values(), size), 0, values, at, size);
            at += size;
        }
        return values;
    }

    private static MemorySegment offsets(List<ColumnBuffers> parts, int rowCount, SegmentAllocator memory) {
        boolean large = Columns.largeOffsets(parts.getFirst().field().type());
        MemorySegment offsets = memory.allocate((rowCount + 1L) * (large ? 8 : 4), 8);
        long base = 0;
        int at = 0;
        put(offsets, large, at++, 0);
        for (ColumnBuffers part : parts) {
            for (int i = 1; i <= part.rowCount(); i++) {
                put(offsets, large, at++, base + Columns.offset(part, i));
            }
            base += Columns.offset(part, part.rowCount());
        }
        if (!large && base > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("column '" + parts.getFirst().field().name()
                    + "': more than 2^31-1 bytes or items in one batch: take fewer rows");
        }
        return offsets;
    }

    private static void put(MemorySegment offsets, boolean large, int index, long value) {
        if (large) {
            offsets.set(LONG, 8L * index, value);
        } else {
            offsets.set(INT, 4L * index, (int) value);
        }
    }

    private static MemorySegment validity(List<ColumnBuffers> parts, int rowCount, SegmentAllocator memory) {
        MemorySegment bits = zeroBits(rowCount, memory);
        int at = 0;
        for (ColumnBuffers part : parts) {
            for (int i = 0; i < part.rowCount(); i++, at++) {
                if (!part.isNull(i)) {
                    set(bits, at);
                }
            }
        }
        return bits;
    }

    private static MemorySegment bits(List<ColumnBuffers> parts, int rowCount, SegmentAllocator memory) {
        MemorySegment bits = zeroBits(rowCount, memory);
        int at = 0;
        for (ColumnBuffers part : parts) {
            for (int i = 0; i < part.rowCount(); i++, at++) {
                byte word = buffer(part.values(), part.rowCount()).get(ValueLayout.JAVA_BYTE, i >>> 3);
                if ((word >> (i & 7) & 1) != 0) {
                    set(bits, at);
                }
            }
        }
        return bits;
    }

    private static MemorySegment zeroBits(int rowCount, SegmentAllocator memory) {
        MemorySegment bits = memory.allocate((rowCount + 63L) / 64 * 8, 8);
        return bits.fill((byte) 0);
    }

    private static void set(MemorySegment bits, int index) {
        byte word = bits.get(ValueLayout.JAVA_BYTE, index >>> 3);
        bits.set(ValueLayout.JAVA_BYTE, index >>> 3, (byte) (word | 1 << (index & 7)));
    }

    private static MemorySegment buffer(@Nullable MemorySegment values, long neededBytes) {
        return neededBytes == 0 ? MemorySegment.NULL : Objects.requireNonNull(values);
    }
}
