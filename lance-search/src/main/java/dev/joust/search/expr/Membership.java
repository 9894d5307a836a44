// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which rows have one of some values: by search in what was sorted once, so that no row makes an object.
final class Membership {
    private Membership() {}

    /// @param wanted of the operand's type, as literals have them
    /// @return a bit per row; a null row's is anything
    static long[] of(Values operand, List<Object> wanted, int count) {
        long[] bits = new long[Values.words(count)];
        switch (operand) {
            case Values.Nulls _ -> {}
            case Values.Longs longs ->
                among(longs.values, wanted.stream().mapToLong(value -> (Long) value).sorted().toArray(), bits, count);
            case Values.Doubles doubles -> {
                long[] keys = new long[count];
                for (int row = 0; row < count; row++) {
                    keys[row] = key(doubles.values[row]);
                }
                among(keys, wanted.stream().mapToLong(value -> key((Double) value)).sorted().toArray(), bits, count);
            }
            case Values.Bytes bytes -> among(bytes, wanted.stream().map(value -> (byte[]) value).toList(), bits, count);
            case Values.Bools bools -> {
                for (int row = 0; row < count; row++) {
                    set(bits, row, wanted.contains(bools.get(row)));
                }
            }
            case Values.Decimals decimals -> {
                Set<BigDecimal> all = new HashSet<>();
                wanted.forEach(value -> all.add(((BigDecimal) value).stripTrailingZeros()));
                for (int row = 0; row < count; row++) {
                    set(bits, row, all.contains(decimals.values[row].stripTrailingZeros()));
                }
            }
            case Values.Nested _ -> throw new IllegalArgumentException("lists and structs are not among values");
        }
        return bits;
    }

    private static void set(long[] bits, int row, boolean found) {
        bits[row >>> 6] |= (found ? 1L : 0) << row;
    }

    /// Equal exactly where the numbers compare as equal: of -0 and 0, and of every NaN.
    private static long key(double value) {
        return Double.doubleToLongBits(value + 0.0);
    }

    private static void among(long[] values, long[] sorted, long[] bits, int count) {
        for (int row = 0; row < count; row++) {
            set(bits, row, Arrays.binarySearch(sorted, values[row]) >= 0);
        }
    }

    private static void among(Values.Bytes values, List<byte[]> wanted, long[] bits, int count) {
        byte[][] sorted = wanted.stream()
                .sorted(Comparator.comparingLong(Membership::prefix))
                .toArray(byte[][]::new);
        long[] prefixes = Arrays.stream(sorted).mapToLong(Membership::prefix).toArray();
        byte[] data = values.data();
        for (int row = 0; row < count; row++) {
            int start = values.starts[row];
            int end = values.starts[row + 1];
            long prefix = Values.Bytes.prefix(data, start, end);
            int at = Arrays.binarySearch(prefixes, prefix);
            while (at > 0 && prefixes[at - 1] == prefix) {
                at--;
            }
            boolean found = false;
            for (; at >= 0 && !found && at < sorted.length && prefixes[at] == prefix; at++) {
                found = Arrays.equals(data, start, end, sorted[at], 0, sorted[at].length);
            }
            set(bits, row, found);
        }
    }

    private static long prefix(byte[] value) {
        return Values.Bytes.prefix(Arrays.copyOf(value, value.length + Long.BYTES), 0, value.length);
    }
}
