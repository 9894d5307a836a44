// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.Arrays;

import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Comparator;

/// Compares values of one type, row by row. Numbers beside a constant are compared with a range, in one loop that
/// branches on nothing.
final class Comparisons {
    private Comparisons() {}

    /// @param zerosEqual whether -0 equals 0
    static Values.Bools compare(
            Comparator comparator, Values left, Values right, LogicalType type, boolean zerosEqual, int rowCount) {
        boolean constant = left.constant && right.constant;
        int count = constant ? 1 : rowCount;
        boolean distinct = comparator == Comparator.DISTINCT || comparator == Comparator.NOT_DISTINCT;
        if (distinct) {
            return new Values.Bools(distinct(comparator, left, right, type, zerosEqual, count), null, constant);
        }
        long[] valid = Evaluation.bothValid(left, right, count);
        if (left.constant && !constant) {
            return new Values.Bools(bits(mirrored(comparator), right, left, type, zerosEqual, count), valid, false);
        }
        return new Values.Bools(bits(comparator, left, right, type, zerosEqual, count), valid, constant);
    }

    private static Comparator mirrored(Comparator comparator) {
        return switch (comparator) {
            case LESS -> Comparator.GREATER;
            case LESS_OR_EQUAL -> Comparator.GREATER_OR_EQUAL;
            case GREATER -> Comparator.LESS;
            case GREATER_OR_EQUAL -> Comparator.LESS_OR_EQUAL;
            case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> comparator;
        };
    }

    private static long[] bits(
            Comparator comparator, Values left, Values right, LogicalType type, boolean zerosEqual, int count) {
        if (right.constant && right.isValid(0)) {
            if (left instanceof Values.Longs longs && !longs.constant) {
                long flip = type.equals(Types.UINT64) ? Long.MIN_VALUE : 0;
                return inRange(comparator, longs.values, flip, ((Values.Longs) right).get(0) ^ flip, count);
            }
            if (left instanceof Values.Doubles doubles && !doubles.constant && zerosEqual) {
                double bound = ((Values.Doubles) right).get(0);
                if (!Double.isNaN(bound)) {
                    return inRange(comparator, doubles.values, sortable(bound), count);
                }
            }
            if (left instanceof Values.Bytes bytes && !bytes.constant) {
                byte[] bound = ((Values.Bytes) right).get(0);
                return isEquality(comparator) ? equal(comparator, bytes, bound, count) : ordered(comparator, bytes, bound, count);
            }
        }
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            if (holds(comparator, order(left, right, row, type, zerosEqual))) {
                Values.setBit(bits, row);
            }
        }
        return bits;
    }

    private static boolean isEquality(Comparator comparator) {
        return comparator == Comparator.EQUAL || comparator == Comparator.NOT_EQUAL;
    }

    private static long[] inRange(Comparator comparator, long[] values, long flip, long bound, int count) {
        long least = least(comparator, bound);
        // As unsigned numbers: one comparison for both ends
        long span = greatest(comparator, bound) - least + Long.MIN_VALUE;
        long inverted = isInverted(comparator) ? -1L : 0;
        long[] bits = new long[Values.words(count)];
        for (int word = 0; word < bits.length; word++) {
            long passing = 0;
            int start = word << 6;
            int end = Math.min(count - start, 64);
            for (int i = 0; i < end; i++) {
                long value = values[start + i] ^ flip;
                passing |= (value - least + Long.MIN_VALUE <= span ? 1L : 0L) << i;
            }
            bits[word] = passing ^ inverted;
        }
        return bits;
    }

    private static long[] inRange(Comparator comparator, double[] values, long bound, int count) {
        long least = least(comparator, bound);
        // As unsigned numbers: one comparison for both ends
        long span = greatest(comparator, bound) - least + Long.MIN_VALUE;
        long inverted = isInverted(comparator) ? -1L : 0;
        long[] bits = new long[Values.words(count)];
        for (int word = 0; word < bits.length; word++) {
            long passing = 0;
            int start = word << 6;
            int end = Math.min(count - start, 64);
            for (int i = 0; i < end; i++) {
                long value = sortable(values[start + i]);
                passing |= (value - least + Long.MIN_VALUE <= span ? 1L : 0L) << i;
            }
            bits[word] = passing ^ inverted;
        }
        return bits;
    }

    private static long least(Comparator comparator, long bound) {
        return switch (comparator) {
            case LESS_OR_EQUAL, GREATER -> Long.MIN_VALUE;
            case EQUAL, NOT_EQUAL, LESS, GREATER_OR_EQUAL, DISTINCT, NOT_DISTINCT -> bound;
        };
    }

    private static long greatest(Comparator comparator, long bound) {
        return switch (comparator) {
            case LESS, GREATER_OR_EQUAL -> Long.MAX_VALUE;
            case EQUAL, NOT_EQUAL, LESS_OR_EQUAL, GREATER, DISTINCT, NOT_DISTINCT -> bound;
        };
    }

    /// Whether the rows outside the range are meant: there is always a range that the others are not in.
    private static boolean isInverted(Comparator comparator) {
        return switch (comparator) {
            case NOT_EQUAL, LESS, GREATER, DISTINCT -> true;
            case EQUAL, LESS_OR_EQUAL, GREATER_OR_EQUAL, NOT_DISTINCT -> false;
        };
    }

    /// In the order of these longs, doubles are in total order; -0 is 0.
    private static long sortable(double value) {
        long bits = Double.doubleToRawLongBits(value + 0.0);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    private static long[] equal(Comparator comparator, Values.Bytes left, byte[] bound, int count) {
        boolean wanted = comparator == Comparator.EQUAL;
        byte[] data = left.data();
        int[] starts = left.starts;
        long prefix = Values.Bytes.prefix(Arrays.copyOf(bound, bound.length + Long.BYTES), 0, bound.length);
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            int start = starts[row];
            int end = starts[row + 1];
            boolean equal = end - start == bound.length
                    && Values.Bytes.prefix(data, start, end) == prefix
                    && (bound.length <= Long.BYTES || Arrays.equals(data, start, end, bound, 0, bound.length));
            if (equal == wanted) {
                Values.setBit(bits, row);
            }
        }
        return bits;
    }

    private static long[] ordered(Comparator comparator, Values.Bytes left, byte[] bound, int count) {
        byte[] data = left.data();
        int[] starts = left.starts;
        long prefix = Values.Bytes.prefix(Arrays.copyOf(bound, bound.length + Long.BYTES), 0, bound.length);
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            int start = starts[row];
            int end = starts[row + 1];
            int order = Long.compareUnsigned(Values.Bytes.prefix(data, start, end), prefix);
            if (holds(comparator, order != 0 ? order : Arrays.compareUnsigned(data, start, end, bound, 0, bound.length))) {
                Values.setBit(bits, row);
            }
        }
        return bits;
    }

    private static long[] distinct(
            Comparator comparator, Values left, Values right, LogicalType type, boolean zerosEqual, int count) {
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            boolean bothValid = left.isValid(row) && right.isValid(row);
            boolean same = bothValid
                    ? order(left, right, row, type, zerosEqual) == 0
                    : left.isValid(row) == right.isValid(row);
            if (same == (comparator == Comparator.NOT_DISTINCT)) {
                Values.setBit(bits, row);
            }
        }
        return bits;
    }

    private static boolean holds(Comparator comparator, int order) {
        return switch (comparator) {
            case EQUAL, NOT_DISTINCT -> order == 0;
            case NOT_EQUAL, DISTINCT -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    /// How the values of two rows compare; anything where one is null.
    private static int order(Values left, Values right, int row, LogicalType type, boolean zerosEqual) {
        return order(left, row, right, row, type, zerosEqual);
    }

    static int order(Values left, int leftRow, Values right, int rightRow, LogicalType type, boolean zerosEqual) {
        return switch (left) {
            case Values.Longs longs ->
                type.equals(Types.UINT64)
                        ? Long.compareUnsigned(longs.get(leftRow), ((Values.Longs) right).get(rightRow))
                        : Long.compare(longs.get(leftRow), ((Values.Longs) right).get(rightRow));
            case Values.Doubles doubles ->
                order(doubles.get(leftRow), ((Values.Doubles) right).get(rightRow), zerosEqual);
            case Values.Bytes bytes ->
                left.isValid(leftRow) && right.isValid(rightRow)
                        ? Values.Bytes.compare(bytes, leftRow, (Values.Bytes) right, rightRow)
                        : 0;
            case Values.Bools bools -> Boolean.compare(bools.get(leftRow), ((Values.Bools) right).get(rightRow));
            case Values.Decimals decimals ->
                decimals.get(leftRow).compareTo(((Values.Decimals) right).get(rightRow));
            case Values.Nulls _, Values.Nested _ -> throw new IllegalArgumentException("not comparable: " + type);
        };
    }

    /// Negative NaN, numbers, positive NaN; -0 below 0 unless `zerosEqual`.
    private static int order(double left, double right, boolean zerosEqual) {
        if (left < right) {
            return -1;
        }
        if (left > right) {
            return 1;
        }
        boolean equal = left == right && (zerosEqual || left != 0);
        return equal ? 0 : Long.compare(rank(left), rank(right));
    }

    private static long rank(double value) {
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        return Double.isNaN(value) ? (negative ? -2 : 2) : negative ? -1 : 1;
    }
}
