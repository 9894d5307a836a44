// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.Arrays;
import java.util.BitSet;

import dev.joust.format.table.RowAddressSet;

/// Which rows of a merge's source match which of the table: pairs of a row's number and an address. Not thread-safe.
final class MergeMatches {
    private final int sourceRowCount;
    private final BitSet matched;
    private long[] addresses = new long[64];
    private int[] rows = new int[64];
    private int count;

    MergeMatches(int sourceRowCount) {
        this.sourceRowCount = sourceRowCount;
        this.matched = new BitSet(sourceRowCount);
    }

    /// Notes that a row of the source is in the table.
    void mark(int row) {
        matched.set(row);
    }

    boolean isMatched(int row) {
        return matched.get(row);
    }

    void add(long address, int row) {
        if (count == addresses.length) {
            int size = Math.addExact(count, count >> 1);
            addresses = Arrays.copyOf(addresses, size);
            rows = Arrays.copyOf(rows, size);
        }
        addresses[count] = address;
        rows[count++] = row;
    }

    int count() {
        return count;
    }

    long address(int pair) {
        return addresses[pair];
    }

    int row(int pair) {
        return rows[pair];
    }

    /// Puts the pairs in the order of the source's rows.
    void sort() {
        int[] starts = new int[sourceRowCount + 1];
        for (int i = 0; i < count; i++) {
            starts[rows[i] + 1]++;
        }
        for (int row = 0; row < sourceRowCount; row++) {
            starts[row + 1] += starts[row];
        }
        long[] sortedAddresses = new long[Math.max(1, count)];
        int[] sortedRows = new int[Math.max(1, count)];
        for (int i = 0; i < count; i++) {
            int place = starts[rows[i]]++;
            sortedAddresses[place] = addresses[i];
            sortedRows[place] = rows[i];
        }
        addresses = sortedAddresses;
        rows = sortedRows;
    }

    /// Keeps those pairs alone whose bit is set.
    void keep(BitSet wanted) {
        int kept = 0;
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            addresses[kept] = addresses[i];
            rows[kept++] = rows[i];
        }
        count = kept;
    }

    /// First pair whose row is `row` or comes after it. The pairs are sorted.
    int firstFrom(int row) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rows[middle] < row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Addresses of all pairs, in their order.
    long[] addresses() {
        return Arrays.copyOf(addresses, count);
    }

    RowAddressSet addressSet() {
        return RowAddressSet.of(Arrays.copyOf(addresses, count));
    }

    /// A row of the source whose partner has another one, too.
    int rowOfDoubleMatch() {
        long[] sorted = Arrays.copyOf(addresses, count);
        Arrays.sort(sorted);
        for (int i = 1; i < count; i++) {
            if (sorted[i] == sorted[i - 1]) {
                for (int pair = 0; pair < count; pair++) {
                    if (addresses[pair] == sorted[i]) {
                        return rows[pair];
                    }
                }
            }
        }
        throw new IllegalStateException("no row is matched twice");
    }
}
