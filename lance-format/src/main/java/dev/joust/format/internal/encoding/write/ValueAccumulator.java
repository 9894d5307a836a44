// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Gathers the values of one leaf until a page is cut: copies what batches hold into arrays of its own.
/// Not thread-safe.
abstract class ValueAccumulator {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Arrays stay clear of the longest the JVM has.
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 64;

    /// For a leaf of the schema: a field with a column of its own.
    ///
    /// @param blobs where the bytes of blobs go
    static ValueAccumulator of(Field leaf, BlobOutput blobs) {
        if (BlobFields.isLogicalV2(leaf)) {
            return new BlobInputAccumulator(leaf, blobs);
        }
        if (leaf.type() instanceof LogicalType.Struct) {
            return leaf.children().isEmpty() ? new NoValues() : new PackedAccumulator(leaf);
        }
        ValueAccumulator values = of(leaf.type(), "column '" + leaf.name() + "' of type " + LogicalTypes.format(leaf.type()));
        return BlobFields.isBlob(leaf) ? new BlobAccumulator(blobs, values) : values;
    }

    /// For a leaf of that type.
    ///
    /// @param typeName names the field in messages
    static ValueAccumulator of(LogicalType type, String typeName) {
        return switch (type) {
            case LogicalType.Null _ -> new NoValues();
            case LogicalType.Bool _ -> new Bits();
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ ->
                new FixedWidth(type.bitsPerValue());
            case LogicalType.Utf8(boolean large) -> new VariableWidth(large ? 64 : 32);
            case LogicalType.Binary(boolean large) -> new VariableWidth(large ? 64 : 32);
            case LogicalType.Json _ -> new VariableWidth(64);
            case LogicalType.FixedSizeList(LogicalType item, int dimension) -> {
                if (item == null) {
                    throw new UnsupportedFormatException(typeName + ": fixed-size lists of structs are not written");
                }
                yield new FixedSizeList(dimension, of(item, typeName));
            }
            case LogicalType.Dictionary dictionary ->
                new IndexAccumulator(dictionary.index(), of(dictionary.value(), typeName), typeName);
            case LogicalType.Struct _, LogicalType.List _, LogicalType.Map _ ->
                throw new UnsupportedFormatException(typeName + ": columns of this type are not written");
        };
    }

    /// Rows gathered.
    abstract int count();

    /// Bytes of content gathered.
    abstract long sizeBytes();

    /// How many rows of `column` from `startRow` bring the content to `budgetBytes` or just over it; at least one,
    /// at most those there are.
    abstract int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes);

    /// Bytes of content that all rows of `column` have.
    abstract long contentBytes(ColumnBuffers column);

    /// Appends rows of `column`, whose buffers have been checked by {@link #check}.
    abstract void append(ColumnBuffers column, int startRow, int endRow) throws IOException;

    /// Whether values go elsewhere as they are appended: then those below null structs are left out.
    boolean writesAtOnce() {
        return false;
    }

    /// The column as its rows are to be counted as null; the same column where its validity says all.
    ColumnBuffers withNulls(ColumnBuffers column) {
        return column;
    }

    /// Whether the column's buffers hold its rows.
    ///
    /// @throws IllegalArgumentException naming the field and the buffer that does not
    abstract void check(ColumnBuffers column);

    /// What was gathered; the accumulator is empty afterwards.
    abstract LeafValues take();

    static MemorySegment require(@Nullable MemorySegment segment, long sizeBytes, Field field, String buffer) {
        if (segment == null) {
            if (sizeBytes == 0) {
                return MemorySegment.NULL;
            }
            throw new IllegalArgumentException("column " + field.name() + " has no " + buffer);
        }
        if (segment.byteSize() < sizeBytes) {
            throw new IllegalArgumentException("column " + field.name() + ": " + buffer + " of "
                    + segment.byteSize() + " bytes, its rows need " + sizeBytes);
        }
        return segment;
    }

    private static byte[] grow(byte[] bytes, long neededBytes) {
        if (neededBytes <= bytes.length) {
            return bytes;
        }
        if (neededBytes > MAX_ARRAY_BYTES) {
            throw new IllegalArgumentException("a page of " + neededBytes + " bytes: single values beyond 2 GiB are"
                    + " not written");
        }
        return Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY_BYTES, Math.max(neededBytes, bytes.length * 2L)));
    }

    static int rowsToFillFixed(long bitsPerRow, long sizeBytes, int rowCount, long budgetBytes) {
        long room = Math.max(0, budgetBytes - sizeBytes);
        long rows = bitsPerRow == 0 ? rowCount : (room * 8 + bitsPerRow - 1) / bitsPerRow;
        return Math.clamp(rows, 1, rowCount);
    }

    private static final class NoValues extends ValueAccumulator {
        private int count;

        @Override
        int count() {
            return count;
        }

        @Override
        long sizeBytes() {
            return 0;
        }

        @Override
        int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
            return endRow - startRow;
        }

        @Override
        long contentBytes(ColumnBuffers column) {
            return 0;
        }

        @Override
        void append(ColumnBuffers column, int startRow, int endRow) {
            count = Math.addExact(count, endRow - startRow);
        }

        @Override
        void check(ColumnBuffers column) {
            if (column.field().type() instanceof LogicalType.Struct && column.nullCount() > 0) {
                throw new UnsupportedFormatException("column '" + column.field().name()
                        + "': of structs without fields it is not stored which are null");
            }
        }

        @Override
        LeafValues take() {
            LeafValues taken = new LeafValues.None(count);
            count = 0;
            return taken;
        }
    }

    private static final class Bits extends ValueAccumulator {
        private BitAppender bits = new BitAppender(0);

        @Override
        int count() {
            return bits.bitCount();
        }

        @Override
        long sizeBytes() {
            return (bits.bitCount() + 7L) / 8;
        }

        @Override
        int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
            return rowsToFillFixed(1, sizeBytes(), endRow - startRow, budgetBytes);
        }

        @Override
        long contentBytes(ColumnBuffers column) {
            return (column.rowCount() + 7L) / 8;
        }

        @Override
        void append(ColumnBuffers column, int startRow, int endRow) {
            bits.append(require(column.values(), 0, column.field(), "values"), startRow, endRow - startRow);
        }

        @Override
        void check(ColumnBuffers column) {
            require(column.values(), (column.rowCount() + 7L) / 8, column.field(), "values");
        }

        @Override
        LeafValues take() {
            LeafValues taken = new LeafValues.FixedWidth(1, bits.bitCount(), bits.bytes());
            bits = new BitAppender(bits.bytes().length);
            return taken;
        }
    }

    private static final class FixedWidth extends ValueAccumulator {
        private final int bytesPerValue;
        private byte[] bytes = new byte[0];
        private int count;

        FixedWidth(int bitsPerValue) {
            bytesPerValue = bitsPerValue / 8;
        }

        @Override
        int count() {
            return count;
        }

        @Override
        long sizeBytes() {
            return (long) count * bytesPerValue;
        }

        @Override
        int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
            return rowsToFillFixed(bytesPerValue * 8L, sizeBytes(), endRow - startRow, budgetBytes);
        }

        @Override
        long contentBytes(ColumnBuffers column) {
            return (long) column.rowCount() * bytesPerValue;
        }

        @Override
        void append(ColumnBuffers column, int startRow, int endRow) {
            MemorySegment source = require(column.values(), 0, column.field(), "values");
            long addedBytes = (long) (endRow - startRow) * bytesPerValue;
            bytes = grow(bytes, sizeBytes() + addedBytes);
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, (long) startRow * bytesPerValue,
                    bytes, (int) sizeBytes(), (int) addedBytes);
            count += endRow - startRow;
        }

        @Override
        void check(ColumnBuffers column) {
            require(column.values(), (long) column.rowCount() * bytesPerValue, column.field(), "values");
        }

        @Override
        LeafValues take() {
            LeafValues taken = new LeafValues.FixedWidth(bytesPerValue * 8, count, bytes);
            bytes = new byte[Math.toIntExact(sizeBytes())];
            count = 0;
            return taken;
        }
    }

    private static final class VariableWidth extends ValueAccumulator {
        private final int bitsPerOffset;
        private byte[] bytes = new byte[0];
        private int[] offsets = new int[1];
        private int count;

        VariableWidth(int bitsPerOffset) {
            this.bitsPerOffset = bitsPerOffset;
        }

        @Override
        int count() {
            return count;
        }

        @Override
        long sizeBytes() {
            return offsets[count] + count * (bitsPerOffset / 8L);
        }

        private long offset(MemorySegment source, int row) {
            return bitsPerOffset == 32 ? source.get(INT, 4L * row) : source.get(LONG, 8L * row);
        }

        @Override
        int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
            MemorySegment source = require(column.offsets(), 0, column.field(), "offsets");
            long room = budgetBytes - sizeBytes() + offset(source, startRow);
            int low = startRow + 1;
            int high = endRow;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (offset(source, middle) + (middle - startRow) * (bitsPerOffset / 8L) >= room) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low - startRow;
        }

        @Override
        long contentBytes(ColumnBuffers column) {
            MemorySegment source = column.offsets();
            return source == null || column.rowCount() == 0
                    ? 0
                    : offset(source, column.rowCount()) + column.rowCount() * (bitsPerOffset / 8L);
        }

        @Override
        void append(ColumnBuffers column, int startRow, int endRow) {
            MemorySegment sourceOffsets = require(column.offsets(), 0, column.field(), "offsets");
            MemorySegment source = require(column.values(), 0, column.field(), "values");
            int rows = endRow - startRow;
            if (count + rows + 1 > offsets.length) {
                offsets = Arrays.copyOf(offsets, Math.max(count + rows + 1, offsets.length * 2));
            }
            long first = offset(sourceOffsets, startRow);
            long last = offset(sourceOffsets, endRow);
            int base = offsets[count];
            bytes = grow(bytes, base + (last - first));
            if (column.nullCount() > 0) {
                appendLeavingOutNulls(column, source, sourceOffsets, startRow, endRow);
                return;
            }
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, first, bytes, base, (int) (last - first));
            if (bitsPerOffset == 32) {
                int shift = (int) (base - first);
                for (int row = 1; row <= rows; row++) {
                    offsets[count + row] = sourceOffsets.get(INT, 4L * (startRow + row)) + shift;
                }
            } else {
                for (int row = 1; row <= rows; row++) {
                    offsets[count + row] = (int) (sourceOffsets.get(LONG, 8L * (startRow + row)) - first) + base;
                }
            }
            count += rows;
        }

        /// Runs of valid rows are copied whole; a null row's bytes, if it has any, are left out.
        private void appendLeavingOutNulls(
                ColumnBuffers column, MemorySegment source, MemorySegment sourceOffsets, int startRow, int endRow) {
            int runStart = startRow;
            while (runStart < endRow) {
                if (column.isNull(runStart)) {
                    offsets[count + 1] = offsets[count];
                    count++;
                    runStart++;
                    continue;
                }
                int runEnd = runStart + 1;
                while (runEnd < endRow && !column.isNull(runEnd)) {
                    runEnd++;
                }
                long first = offset(sourceOffsets, runStart);
                int base = offsets[count];
                for (int row = runStart + 1; row <= runEnd; row++) {
                    offsets[++count] = base + (int) (offset(sourceOffsets, row) - first);
                }
                MemorySegment.copy(source, ValueLayout.JAVA_BYTE, first, bytes, base, offsets[count] - base);
                runStart = runEnd;
            }
        }

        @Override
        void check(ColumnBuffers column) {
            if (column.rowCount() == 0) {
                return;
            }
            MemorySegment source = require(
                    column.offsets(), (column.rowCount() + 1L) * (bitsPerOffset / 8), column.field(), "offsets");
            long previous = offset(source, 0);
            if (previous < 0) {
                throw new IllegalArgumentException("column " + column.field().name() + ": first offset " + previous);
            }
            for (int row = 1; row <= column.rowCount(); row++) {
                long next = offset(source, row);
                if (next < previous) {
                    throw new IllegalArgumentException("column " + column.field().name() + ": offset " + next
                            + " of row " + row + " is below the one before, " + previous);
                }
                previous = next;
            }
            require(column.values(), previous, column.field(), "values");
        }

        @Override
        LeafValues take() {
            LeafValues taken = new LeafValues.VariableWidth(bitsPerOffset, count, offsets, bytes);
            bytes = new byte[offsets[count]];
            offsets = new int[count + 1];
            count = 0;
            return taken;
        }
    }

    private static final class FixedSizeList extends ValueAccumulator {
        private final int dimension;
        private final ValueAccumulator items;
        private @Nullable BitAppender itemValidity;
        private int count;

        FixedSizeList(int dimension, ValueAccumulator items) {
            this.dimension = dimension;
            this.items = items;
        }

        @Override
        int count() {
            return count;
        }

        @Override
        long sizeBytes() {
            return items.sizeBytes() + (itemValidity == null ? 0 : itemValidity.bitCount() / 8);
        }

        @Override
        int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
            int itemRows = items.rowsToFill(column.children().getFirst(), startRow * dimension, endRow * dimension,
                    budgetBytes);
            return (itemRows + dimension - 1) / dimension;
        }

        @Override
        long contentBytes(ColumnBuffers column) {
            return items.contentBytes(column.children().getFirst());
        }

        @Override
        void append(ColumnBuffers column, int startRow, int endRow) throws IOException {
            ColumnBuffers child = column.children().getFirst();
            int start = startRow * dimension;
            int end = endRow * dimension;
            if (child.validity() != null && itemValidity == null) {
                itemValidity = new BitAppender((items.count() + end - start) / 8);
                itemValidity.appendOnes(items.count());
            }
            if (itemValidity != null) {
                if (child.validity() == null) {
                    itemValidity.appendOnes(end - start);
                } else {
                    itemValidity.append(child.validity(), start, end - start);
                }
            }
            items.append(child, start, end);
            count += endRow - startRow;
        }

        @Override
        void check(ColumnBuffers column) {
            if (column.children().size() != 1) {
                throw new IllegalArgumentException("column " + column.field().name() + " has "
                        + column.children().size() + " children, a fixed-size list has one");
            }
            ColumnBuffers child = column.children().getFirst();
            if ((long) column.rowCount() * dimension != child.rowCount()) {
                throw new IllegalArgumentException("column " + column.field().name() + " has " + child.rowCount()
                        + " items, " + column.rowCount() + " rows of " + dimension + " need "
                        + (long) column.rowCount() * dimension);
            }
            if (child.validity() != null) {
                require(child.validity(), (child.rowCount() + 7L) / 8, column.field(), "item validity");
            }
            items.check(child);
        }

        @Override
        LeafValues take() {
            byte[] validity = itemValidity == null ? null : itemValidity.bytes();
            LeafValues taken = new LeafValues.FixedSizeList(dimension, count, validity, items.take());
            itemValidity = null;
            count = 0;
            return taken;
        }
    }
}
