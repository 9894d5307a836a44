// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;

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
        final MemorySegment data;
        /// Start of each value in `data`, and the end of the last.
        final long[] starts;

        Bytes(MemorySegment data, long[] starts, long @Nullable [] valid, boolean constant) {
            super(valid, constant);
            this.data = data;
            this.starts = starts;
        }

        static Bytes of(byte[][] values, long @Nullable [] valid, boolean constant) {
            long[] starts = new long[values.length + 1];
            for (int i = 0; i < values.length; i++) {
                starts[i + 1] = starts[i] + values[i].length;
            }
            byte[] all = new byte[Math.toIntExact(starts[values.length])];
            for (int i = 0; i < values.length; i++) {
                System.arraycopy(values[i], 0, all, (int) starts[i], values[i].length);
            }
            return new Bytes(MemorySegment.ofArray(all), starts, valid, constant);
        }

        long start(int row) {
            return starts[slot(row)];
        }

        long end(int row) {
            return starts[slot(row) + 1];
        }

        byte[] get(int row) {
            return data.asSlice(start(row), end(row) - start(row)).toArray(ValueLayout.JAVA_BYTE);
        }

        /// Compares as unsigned bytes, a prefix first.
        static int compare(Bytes left, int leftRow, Bytes right, int rightRow) {
            long leftStart = left.start(leftRow);
            long leftEnd = left.end(leftRow);
            long rightStart = right.start(rightRow);
            long rightEnd = right.end(rightRow);
            long at = MemorySegment.mismatch(left.data, leftStart, leftEnd, right.data, rightStart, rightEnd);
            if (at < 0) {
                return 0;
            }
            if (leftStart + at == leftEnd || rightStart + at == rightEnd) {
                return Long.compare(leftEnd - leftStart, rightEnd - rightStart);
            }
            return Byte.compareUnsigned(
                    left.data.get(ValueLayout.JAVA_BYTE, leftStart + at),
                    right.data.get(ValueLayout.JAVA_BYTE, rightStart + at));
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
