// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Collects Java values, row by row, for one column. Not thread-safe.
///
///     type              values taken
///     bool              Boolean
///     int               whole numbers (Byte .. Long, BigInteger) that fit
///     halffloat .. double  any Number
///     decimal           BigDecimal and whole numbers that fit without rounding
///     string            CharSequence, enum constants (their name), byte[] of UTF-8
///     binary            byte[], ByteBuffer
///     json              String of JSON; byte[], ByteBuffer of JSONB
///     blob (v2)         byte[], ByteBuffer, String of a URI, Map of data, uri, position, size
///     date              LocalDate
///     time              LocalTime
///     timestamp         Instant, OffsetDateTime, ZonedDateTime, LocalDateTime (as UTC), a whole number of units
///     duration          Duration, a whole number of units
///     fixed-size list   arrays of primitives, Object[], Iterable: exactly as many as the dimension
///     list              the same, of any length
///     struct            java.util.Map
///     map               java.util.Map, a collection of Map.Entry (in which a key may come twice)
///     dictionary        what its values take
///
/// Values wait on the heap until {@link #build} copies them.
public abstract sealed class ColumnBuilder
        permits FixedWidthBuilder, BoolBuilder, BytesBuilder, ListBuilder, FixedSizeListBuilder, StructBuilder,
                DictionaryBuilder, NullBuilder {
    private final Field field;
    private long[] validity = new long[16];
    private int rowCount;
    private int nullCount;

    ColumnBuilder(Field field) {
        this.field = field;
    }

    /// A builder for columns of this field.
    public static ColumnBuilder of(Field field) {
        return switch (field.type()) {
            case LogicalType.Null _ -> new NullBuilder(field);
            case LogicalType.Bool _ -> new BoolBuilder(field);
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _ ->
                new FixedWidthBuilder(field);
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> new BytesBuilder(field);
            case LogicalType.FixedSizeList f -> new FixedSizeListBuilder(field, f.dimension());
            case LogicalType.List _, LogicalType.Map _ -> new ListBuilder(field);
            case LogicalType.Struct _ -> new StructBuilder(field);
            case LogicalType.Dictionary d -> new DictionaryBuilder(field, d);
        };
    }

    /// A batch of `rows`, one array of values per row, in the order of `schema`.
    public static Batch batch(dev.joust.format.schema.Schema schema, List<Object[]> rows, BufferSources sources) {
        List<ColumnBuilder> builders =
                schema.fields().stream().map(ColumnBuilder::of).toList();
        for (Object[] row : rows) {
            if (row.length != builders.size()) {
                throw new IllegalArgumentException(row.length + " values for " + builders.size() + " columns");
            }
            for (int i = 0; i < row.length; i++) {
                builders.get(i).append(row[i]);
            }
        }
        BufferSource memory = sources.open();
        try {
            return new Batch(
                    schema,
                    rows.size(),
                    builders.stream().map(builder -> builder.build(memory)).toList(),
                    memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    public final Field field() {
        return field;
    }

    public final int rowCount() {
        return rowCount;
    }

    /// Adds one row.
    ///
    /// @throws IllegalArgumentException naming column and row, if the value is not of the column's type, or null in a
    ///                                  column without nulls; the builder is as before
    public final void append(@Nullable Object value) {
        if (value == null) {
            appendNull();
            return;
        }
        appendValue(value);
        added(true);
    }

    public final void appendNull() {
        if (!field.nullable()) {
            throw new IllegalArgumentException("column '" + field.name() + "' takes no nulls; row " + rowCount
                    + " is null");
        }
        appendEmpty();
        added(false);
    }

    /// A slot below a null row.
    final void appendPlaceholder() {
        appendEmpty();
        added(!field.nullable() && !(field.type() instanceof LogicalType.Null));
    }

    final void added(boolean valid) {
        if (rowCount >>> 6 == validity.length) {
            validity = Arrays.copyOf(validity, validity.length * 2);
        }
        if (valid) {
            validity[rowCount >>> 6] |= 1L << rowCount;
        } else {
            validity[rowCount >>> 6] &= ~(1L << rowCount);
            nullCount++;
        }
        rowCount++;
    }

    /// Adds the value of a row that is not null, all or nothing.
    abstract void appendValue(Object value);

    /// Adds the slot of a null row.
    abstract void appendEmpty();

    /// The rows so far, in memory of `memory`. The builder is empty after.
    public final ColumnBuffers build(SegmentAllocator memory) {
        MemorySegment bits = null;
        if (nullCount > 0 && !(field.type() instanceof LogicalType.Null)) {
            bits = Bits.allocate(memory, rowCount);
            MemorySegment.copy(MemorySegment.ofArray(validity), 0, bits, 0, bits.byteSize());
        }
        ColumnBuffers column = build(memory, rowCount, bits == null ? 0 : nullCount, bits);
        rowCount = 0;
        nullCount = 0;
        return column;
    }

    abstract ColumnBuffers build(
            SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits);

    final IllegalArgumentException wrong(Object value, String expected) {
        return new IllegalArgumentException("column '" + field.name() + "', row " + rowCount + ": "
                + value.getClass().getSimpleName() + " given, " + expected + " expected");
    }

    final IllegalArgumentException misfit(Object value, String reason) {
        return new IllegalArgumentException(
                "column '" + field.name() + "', row " + rowCount + ": " + value + " " + reason);
    }
}
