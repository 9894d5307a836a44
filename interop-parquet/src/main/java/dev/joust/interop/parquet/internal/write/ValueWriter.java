// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Bits;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;

/// Values of a column as Parquet stores them, page after page.
abstract class ValueWriter {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    final GrowingBytes values = new GrowingBytes();

    private ValueWriter() {}

    /// Adds the values of rows `[start, end)`, none of which is null.
    ///
    /// @return whether what was added before must become a page of its own first; then nothing is added
    abstract boolean add(ColumnBuffers column, int start, int end);

    /// Of the page.
    long sizeBytes() {
        return values.size();
    }

    /// How {@link #writePage} writes.
    Encoding encoding() {
        return Encoding.PLAIN;
    }

    /// Appends the values since the last page.
    void writePage(GrowingBytes target) {
        target.put(values.array(), 0, values.size());
        values.clear();
    }

    /// The values that pages of this column chunk refer to; null where they refer to none. Begins the next chunk.
    @Nullable Dictionary endChunk() {
        return null;
    }

    /// A dictionary page.
    record Dictionary(byte[] bytes, int valueCount) {}

    static ValueWriter of(LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> new Nothing();
            case LogicalType.Bool _ -> new Booleans();
            case LogicalType.Int(int bitWidth, boolean signed) ->
                bitWidth < 32 ? new Widened(bitWidth, signed) : new Fixed(bitWidth >>> 3);
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> new Variable();
            case LogicalType.Decimal(int bitWidth, int precision, int _) ->
                new Decimals(bitWidth >>> 3, decimalWidth(precision));
            case LogicalType.Date(int bitWidth) ->
                bitWidth == 64 ? new Times(4, 8, 1, MILLIS_PER_DAY) : new Fixed(4);
            case LogicalType.Time(TimeUnit unit, int bitWidth) ->
                unit == TimeUnit.SECOND ? new Times(4, 4, 1000, 1) : new Fixed(bitWidth >>> 3);
            case LogicalType.Timestamp(TimeUnit unit, String _) ->
                unit == TimeUnit.SECOND ? new Times(8, 8, 1000, 1) : new Fixed(8);
            case LogicalType.FloatingPoint _, LogicalType.FixedSizeBinary _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ -> new Fixed(type.bitsPerValue() >>> 3);
            case LogicalType.Dictionary _, LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _,
                    LogicalType.Map _ -> throw new AssertionError(type);
        };
    }

    /// Bytes that hold every number of so many digits.
    static int decimalWidth(int precision) {
        return java.math.BigInteger.TEN.pow(precision).subtract(java.math.BigInteger.ONE).bitLength() / 8 + 1;
    }

    private static MemorySegment valuesOf(ColumnBuffers column) {
        MemorySegment values = column.values();
        if (values == null) {
            throw new IllegalArgumentException("column '" + column.field().name() + "' has no values");
        }
        return values;
    }

    private static final class Nothing extends ValueWriter {
        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            return false;
        }
    }

    private static final class Fixed extends ValueWriter {
        private final int width;

        Fixed(int width) {
            this.width = width;
        }

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            values.put(valuesOf(column), (long) start * width, (long) (end - start) * width);
            return false;
        }
    }

    /// Whole numbers of 8 and 16 bits, which Parquet stores in 32.
    private static final class Widened extends ValueWriter {
        private final int bitWidth;
        private final boolean signed;

        Widened(int bitWidth, boolean signed) {
            this.bitWidth = bitWidth;
            this.signed = signed;
        }

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            MemorySegment source = valuesOf(column);
            for (int row = start; row < end; row++) {
                int value = bitWidth == 8
                        ? source.get(ValueLayout.JAVA_BYTE, row)
                        : source.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * row);
                values.putInt(signed ? value : value & ((1 << bitWidth) - 1));
            }
            return false;
        }
    }

    /// Times in a unit that Parquet has: multiplied, or divided without a rest.
    private static final class Times extends ValueWriter {
        private final int targetWidth;
        private final int sourceWidth;
        private final long factor;
        private final long divisor;

        Times(int targetWidth, int sourceWidth, long factor, long divisor) {
            this.targetWidth = targetWidth;
            this.sourceWidth = sourceWidth;
            this.factor = factor;
            this.divisor = divisor;
        }

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            MemorySegment source = valuesOf(column);
            for (int row = start; row < end; row++) {
                long value = sourceWidth == 4
                        ? source.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * row)
                        : source.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row);
                if (value % divisor != 0) {
                    throw new IllegalArgumentException("column '" + column.field().name() + "': " + value
                            + " ms is no whole day, which is all that Parquet's dates hold");
                }
                try {
                    long stored = Math.multiplyExact(value / divisor, factor);
                    if (targetWidth == 4) {
                        values.putInt(Math.toIntExact(stored));
                    } else {
                        values.putLong(stored);
                    }
                } catch (ArithmeticException e) {
                    throw new IllegalArgumentException("column '" + column.field().name() + "': the time " + value
                            + " does not fit the units that Parquet has", e);
                }
            }
            return false;
        }
    }

    /// Little-endian numbers as big-endian ones of fewer bytes.
    private static final class Decimals extends ValueWriter {
        private final int sourceWidth;
        private final int width;

        Decimals(int sourceWidth, int width) {
            this.sourceWidth = sourceWidth;
            this.width = width;
        }

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            MemorySegment source = valuesOf(column);
            for (int row = start; row < end; row++) {
                long at = (long) row * sourceWidth;
                byte sign = (byte) (source.get(ValueLayout.JAVA_BYTE, at + sourceWidth - 1) >> 7);
                for (int i = width; i < sourceWidth; i++) {
                    if (source.get(ValueLayout.JAVA_BYTE, at + i) != sign) {
                        throw new IllegalArgumentException("column '" + column.field().name() + "', row " + row
                                + ": a decimal of more digits than its type has");
                    }
                }
                for (int i = width - 1; i >= 0; i--) {
                    values.putByte(i < sourceWidth ? source.get(ValueLayout.JAVA_BYTE, at + i) : sign);
                }
            }
            return false;
        }
    }

    private static final class Booleans extends ValueWriter {
        private int count;

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            MemorySegment source = valuesOf(column);
            for (int row = start; row < end; row++) {
                if ((count & 7) == 0) {
                    values.putByte(0);
                }
                if (Bits.get(source, row)) {
                    values.array()[count >>> 3] |= (byte) (1 << (count & 7));
                }
                count++;
            }
            return false;
        }

        @Override
        void writePage(GrowingBytes target) {
            super.writePage(target);
            count = 0;
        }
    }

    /// Strings and binary: indices into a dictionary until that grows too large, then a length before each.
    private static final class Variable extends ValueWriter {
        private static final int MOST_DICTIONARY_BYTES = 1 << 20;

        private final Map<ByteBuffer, Integer> indexByValue = new HashMap<>();
        private final GrowingBytes dictionary = new GrowingBytes();
        private int[] indices = new int[256];
        private int indexCount;
        private boolean plain;
        private long sizeBytes;

        @Override
        boolean add(ColumnBuffers column, int start, int end) {
            if (!plain && dictionary.size() > MOST_DICTIONARY_BYTES) {
                if (indexCount > 0) {
                    return true;
                }
                plain = true;
            }
            long from = Columns.offset(column, start);
            long length = Columns.offset(column, end) - from;
            if (length > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("column '" + column.field().name() + "': more than 2 GiB in one list");
            }
            byte[] bytes = length == 0 ? new byte[0] : valuesOf(column).asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
            if (!plain && indexCount + end - start > indices.length) {
                indices = Arrays.copyOf(indices, Math.max(indexCount + end - start, indices.length * 2));
            }
            int at = 0;
            for (int row = start; row < end; row++) {
                int to = (int) (Columns.offset(column, row + 1) - from);
                if (plain) {
                    values.putInt(to - at);
                    values.put(bytes, at, to - at);
                } else {
                    indices[indexCount++] = index(ByteBuffer.wrap(bytes, at, to - at));
                    sizeBytes += to - at;
                }
                at = to;
            }
            return false;
        }

        private int index(ByteBuffer value) {
            Integer known = indexByValue.get(value);
            if (known != null) {
                return known;
            }
            byte[] copy = new byte[value.remaining()];
            value.duplicate().get(copy);
            int index = indexByValue.size();
            indexByValue.put(ByteBuffer.wrap(copy), index);
            dictionary.putInt(copy.length);
            dictionary.put(copy, 0, copy.length);
            return index;
        }

        @Override
        long sizeBytes() {
            return plain ? values.size() : sizeBytes;
        }

        @Override
        Encoding encoding() {
            return plain || indexCount == 0 ? Encoding.PLAIN : Encoding.RLE_DICTIONARY;
        }

        @Override
        void writePage(GrowingBytes target) {
            if (plain || indexCount == 0) { // a page of nulls has no indices, and perhaps nothing to point to
                super.writePage(target);
                return;
            }
            int bitWidth = Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(1, indexByValue.size() - 1)));
            target.putByte(bitWidth);
            HybridWriter.write(indices, indexCount, bitWidth, target);
            indexCount = 0;
            sizeBytes = 0;
        }

        @Override
        @Nullable Dictionary endChunk() {
            Dictionary page = indexByValue.isEmpty()
                    ? null
                    : new Dictionary(Arrays.copyOf(dictionary.array(), dictionary.size()), indexByValue.size());
            indexByValue.clear();
            dictionary.clear();
            plain = false;
            return page;
        }
    }
}
