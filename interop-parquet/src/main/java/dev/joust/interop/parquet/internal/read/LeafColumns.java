// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.joust.format.batch.Bits;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.interop.parquet.internal.read.ColumnAssembly.Validity;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;
import dev.joust.interop.parquet.internal.schema.LeafType;

/// Values of one leaf in their slots: read one after the other, converted, then moved apart where nulls are.
final class LeafColumns {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long JULIAN_DAY_OF_1970 = 2_440_588;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private final LeafReader reader;
    private final ColumnPlan.Leaf leaf;
    private final int slots;
    private final Validity validity;
    private final BufferSource memory;

    private LeafColumns(LeafReader reader, int slots, Validity validity, BufferSource memory) {
        this.reader = reader;
        this.leaf = reader.leaf();
        this.slots = slots;
        this.validity = validity;
        this.memory = memory;
    }

    static ColumnBuffers column(LeafReader reader, int slots, Validity validity, BufferSource memory) {
        return new LeafColumns(reader, slots, validity, memory).column();
    }

    private ColumnBuffers column() {
        if (slots - validity.nullCount() != reader.definedCount()) {
            throw reader.corrupt(reader.definedCount() + " values for " + (slots - validity.nullCount()) + " places");
        }
        LeafType type = leaf.type();
        LogicalType value = type.value();
        return switch (type.conversion()) {
            case NULL -> new ColumnBuffers(leaf.field(), slots, 0, null, null, null, List.of());
            case BOOL -> flat(booleans());
            case BYTES -> bytes();
            case NONE -> {
                MemorySegment values = allocate(type.byteWidth());
                reader.readFixed(values);
                yield flat(spread(values, type.byteWidth()));
            }
            case NARROW, DECIMAL_OF_INT, INT96, MILLIS_TO_SECONDS, DAYS_TO_MILLIS -> {
                int width = value.bitsPerValue() >>> 3;
                MemorySegment values = allocate(width);
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment stored = arena.allocate((long) reader.definedCount() * type.byteWidth(), 8);
                    int count = reader.definedCount();
                    reader.readFixed(stored);
                    for (int i = 0; i < count; i++) {
                        convert(stored, i, values, width);
                    }
                }
                yield flat(spread(values, width));
            }
            case DECIMAL_OF_BYTES -> flat(spread(decimals(value.bitsPerValue() >>> 3), value.bitsPerValue() >>> 3));
        };
    }

    private MemorySegment allocate(int width) {
        return memory.allocate((long) slots * width);
    }

    private ColumnBuffers flat(MemorySegment values) {
        return with(leaf.field(), null, values);
    }

    /// A field that holds no nulls has none to tell of, even where a struct around it is null.
    private ColumnBuffers with(
            Field field, @org.jspecify.annotations.Nullable MemorySegment offsets, MemorySegment values) {
        boolean nulls = field.nullable() && validity.nullCount() > 0;
        return new ColumnBuffers(
                field, slots, nulls ? validity.nullCount() : 0, nulls ? validity.bits() : null, offsets, values, List.of());
    }

    private void convert(MemorySegment stored, int i, MemorySegment values, int width) {
        int storedWidth = leaf.type().byteWidth();
        switch (leaf.type().conversion()) {
            case NARROW -> {
                switch (width) {
                    case 1 -> values.set(ValueLayout.JAVA_BYTE, i, stored.get(ValueLayout.JAVA_BYTE, (long) i * storedWidth));
                    case 2 -> values.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, stored.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i * storedWidth));
                    default -> values.set(INT, 4L * i, stored.get(INT, (long) i * storedWidth));
                }
            }
            case DECIMAL_OF_INT -> {
                long value = whole(stored, i, storedWidth);
                values.set(LONG, (long) i * width, value);
                for (int at = 8; at < width; at += 8) {
                    values.set(LONG, (long) i * width + at, value >> 63);
                }
            }
            case INT96 -> {
                long nanos = stored.get(LONG, 12L * i);
                long days = stored.get(INT, 12L * i + 8) - JULIAN_DAY_OF_1970;
                try {
                    values.set(LONG, 8L * i, Math.addExact(Math.multiplyExact(days, NANOS_PER_DAY), nanos));
                } catch (ArithmeticException e) {
                    throw reader.corrupt("a time that does not fit nanoseconds since 1970, " + days + " days after it");
                }
            }
            case MILLIS_TO_SECONDS -> {
                long millis = whole(stored, i, storedWidth);
                if (millis % 1000 != 0) {
                    throw reader.corrupt(millis + " ms in a column of whole seconds");
                }
                if (width == 4) {
                    values.set(INT, 4L * i, (int) (millis / 1000));
                } else {
                    values.set(LONG, 8L * i, millis / 1000);
                }
            }
            case DAYS_TO_MILLIS -> values.set(LONG, 8L * i, stored.get(INT, 4L * i) * MILLIS_PER_DAY);
            case NONE, BOOL, BYTES, NULL, DECIMAL_OF_BYTES -> throw new AssertionError(leaf.type());
        }
    }

    private static long whole(MemorySegment stored, int i, int width) {
        return width == 4 ? stored.get(INT, 4L * i) : stored.get(LONG, 8L * i);
    }

    /// Big-endian numbers of any width, little-endian and sign-extended.
    private MemorySegment decimals(int width) {
        GrowingValues stored = new GrowingValues();
        int count = reader.definedCount();
        if (leaf.type().byteWidth() == 0) {
            reader.readBytes(stored);
        } else {
            int storedWidth = leaf.type().byteWidth();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment fixed = arena.allocate((long) count * storedWidth, 8);
                reader.readFixed(fixed);
                stored.bytes = fixed.toArray(ValueLayout.JAVA_BYTE);
            }
            stored.reserve(count);
            for (int i = 0; i < count; i++) {
                stored.ends[i] = (i + 1) * storedWidth;
            }
        }
        MemorySegment values = allocate(width);
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = stored.ends[i];
            byte sign = (byte) (end > start && stored.bytes[start] < 0 ? -1 : 0);
            for (int at = start; at < end - width; at++) {
                if (stored.bytes[at] != sign) {
                    throw reader.corrupt("a decimal of more than " + width + " bytes");
                }
            }
            for (int at = 0; at < width; at++) {
                byte digit = end - 1 - at >= start ? stored.bytes[end - 1 - at] : sign;
                values.set(ValueLayout.JAVA_BYTE, (long) i * width + at, digit);
            }
            start = end;
        }
        return values;
    }

    private MemorySegment booleans() {
        int[] dense = reader.readBooleans();
        MemorySegment bits = Bits.allocate(memory, slots);
        MemorySegment valid = validity.bits();
        int next = 0;
        for (int slot = 0; slot < slots; slot++) {
            if ((valid == null || Bits.get(valid, slot)) && dense[next++] != 0) {
                Bits.set(bits, slot);
            }
        }
        return bits;
    }

    /// Moves values apart, from the last to the first, so that each lies in its slot.
    private MemorySegment spread(MemorySegment values, int width) {
        MemorySegment valid = validity.bits();
        if (valid == null) {
            return values;
        }
        int from = slots - validity.nullCount() - 1;
        for (int slot = slots - 1; slot > from; slot--) {
            long to = (long) slot * width;
            if (!Bits.get(valid, slot)) {
                values.asSlice(to, width).fill((byte) 0);
                continue;
            }
            switch (width) {
                case 4 -> values.set(INT, to, values.get(INT, 4L * from));
                case 8 -> values.set(LONG, to, values.get(LONG, 8L * from));
                default -> MemorySegment.copy(values, (long) from * width, values, to, width);
            }
            from--;
        }
        return values;
    }

    private ColumnBuffers bytes() {
        GrowingValues dense = new GrowingValues();
        reader.readBytes(dense);
        if (leaf.field().type() instanceof LogicalType.Dictionary) {
            boolean nulls = leaf.field().nullable() && validity.nullCount() > 0;
            return BatchDictionary.column(leaf.field(), slots, validity, nulls, dense, memory);
        }
        boolean large = Columns.largeOffsets(leaf.type().value());
        MemorySegment offsets = memory.allocate((slots + 1L) * (large ? 8 : 4));
        MemorySegment valid = validity.bits();
        int next = 0;
        int end = 0;
        for (int slot = 0; slot <= slots; slot++) {
            if (large) {
                offsets.set(LONG, 8L * slot, end);
            } else {
                offsets.set(INT, 4L * slot, end);
            }
            if (slot < slots && (valid == null || Bits.get(valid, slot))) {
                end = dense.ends[next++];
            }
        }
        MemorySegment values = memory.allocate(dense.size);
        MemorySegment.copy(dense.bytes, 0, values, ValueLayout.JAVA_BYTE, 0, dense.size);
        return with(leaf.field(), offsets, values);
    }
}
