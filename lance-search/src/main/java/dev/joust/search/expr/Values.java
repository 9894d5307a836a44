// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;

/// Values of one expression for the rows of a batch; or one value for all of them, where it is constant.
/// A null row's value is anything.
abstract sealed class Values {
    /// Bit per row (bit 0 for a constant), 1 = not null; null where no row is null.
    final long @Nullable [] valid;

    final boolean constant;

    private Values(long @Nullable [] valid, boolean constant) {
        this.valid = valid;
        this.constant = constant;
    }

    /// Index of row `row`'s value.
    final int slot(int row) {
        return constant ? 0 : row;
    }

    final boolean isValid(int row) {
        return valid == null || (valid[slot(row) >>> 6] >>> slot(row) & 1) != 0;
    }

    static int words(int rowCount) {
        return (rowCount + 63) >>> 6;
    }

    static boolean bit(long[] bits, int index) {
        return (bits[index >>> 6] >>> index & 1) != 0;
    }

    static void setBit(long[] bits, int index) {
        bits[index >>> 6] |= 1L << index;
    }

    /// Every row null, of no type.
    static final class Nulls extends Values {
        Nulls() {
            super(new long[1], true);
        }
    }

    static final class Bools extends Values {
        final long[] bits;

        Bools(long[] bits, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.bits = bits;
        }

        boolean get(int row) {
            return bit(bits, slot(row));
        }
    }

    /// Whole numbers and times; uint64 as its bits.
    static final class Longs extends Values {
        final long[] values;

        Longs(long[] values, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.values = values;
        }

        long get(int row) {
            return values[slot(row)];
        }

        /// A value per row, so that a loop over rows asks of none whether it is constant.
        long[] perRow(int rowCount) {
            return constant ? filled(rowCount) : values;
        }

        private long[] filled(int rowCount) {
            long[] filled = new long[rowCount];
            Arrays.fill(filled, values[0]);
            return filled;
        }
    }

    static final class Doubles extends Values {
        final double[] values;

        Doubles(double[] values, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.values = values;
        }

        double get(int row) {
            return values[slot(row)];
        }

        /// A value per row, so that a loop over rows asks of none whether it is constant.
        double[] perRow(int rowCount) {
            return constant ? filled(rowCount) : values;
        }

        private double[] filled(int rowCount) {
            double[] filled = new double[rowCount];
            Arrays.fill(filled, values[0]);
            return filled;
        }
    }

    static final class Decimals extends Values {
        final BigDecimal[] values;

        Decimals(BigDecimal[] values, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.values = values;
        }

        BigDecimal get(int row) {
            return values[slot(row)];
        }
    }

    /// Strings in UTF-8, and binaries.
    static final class Bytes extends Values {
        private static final VarHandle BIG_ENDIAN =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

        /// Start of each value in {@link #data}, and the end of the last.
        final int[] starts;

        private final MemorySegment source;
        private byte @Nullable [] data;

        /// @param starts start of each value in `source`, which begins with the first, and the end of the last
        Bytes(MemorySegment source, int[] starts, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.source = source;
            this.starts = starts;
        }

        /// @param data the values, and {@link Long#BYTES} more at least
        Bytes(byte[] data, int[] starts, long @Nullable [] valid, boolean constant) {
            this(MemorySegment.ofArray(data), starts, valid, constant);
            this.data = data;
        }

        static Bytes of(byte[][] values, long @Nullable [] valid, boolean constant) {
            int[] starts = new int[values.length + 1];
            for (int i = 0; i < values.length; i++) {
                starts[i + 1] = Math.addExact(starts[i], values[i].length);
            }
            byte[] all = new byte[Math.addExact(starts[values.length], Long.BYTES)];
            for (int i = 0; i < values.length; i++) {
                System.arraycopy(values[i], 0, all, starts[i], values[i].length);
            }
            return new Bytes(all, starts, valid, constant);
        }

        /// The values one behind the other, and {@link Long#BYTES} more at least, so that eight bytes can be read at the
        /// start of any. Copied from the column on first use: rows are many and short, and each costs less in an array.
        byte[] data() {
            if (data == null) {
                int sizeBytes = starts[starts.length - 1];
                data = new byte[Math.addExact(sizeBytes, Long.BYTES)];
                MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, data, 0, sizeBytes);
            }
            return data;
        }

        int start(int row) {
            return starts[slot(row)];
        }

        int end(int row) {
            return starts[slot(row) + 1];
        }

        byte[] get(int row) {
            return Arrays.copyOfRange(data(), start(row), end(row));
        }

        /// The first eight bytes as a number, the first the highest; zeros behind a shorter value. Where two differ,
        /// they are in the unsigned order of their values.
        static long prefix(byte[] data, int start, int end) {
            long eight = (long) BIG_ENDIAN.get(data, start);
            int missing = Long.BYTES - (end - start);
            return missing <= 0 ? eight : missing == Long.BYTES ? 0 : eight >>> (missing << 3) << (missing << 3);
        }

        /// Compares as unsigned bytes, a prefix first.
        static int compare(Bytes left, int leftRow, Bytes right, int rightRow) {
            return Arrays.compareUnsigned(
                    left.data(), left.start(leftRow), left.end(leftRow), right.data(), right.start(rightRow), right.end(rightRow));
        }
    }

    /// Lists, structs and maps, as a column has them.
    static final class Nested extends Values {
        /// Its own validity may lack that of structs above it: `valid` has both.
        final ColumnBuffers column;

        Nested(ColumnBuffers column, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.column = column;
        }
    }
}
