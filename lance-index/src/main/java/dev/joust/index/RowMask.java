// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import org.jspecify.annotations.Nullable;

/// Which rows of an index segment count in a search. Thread-safe.
@FunctionalInterface
public interface RowMask {
    /// The rows of a partition that count: bit r % 64 of word r / 64 is set for row r; null if all do.
    ///
    /// @param partition of the segment
    /// @param rowIds    of its rows
    long @Nullable [] of(int partition, long[] rowIds);

    /// The mask of the rows whose id is accepted.
    static long[] where(long[] rowIds, java.util.function.LongPredicate accepted) {
        long[] mask = new long[Math.ceilDiv(rowIds.length, Long.SIZE)];
        for (int row = 0; row < rowIds.length; row++) {
            if (accepted.test(rowIds[row])) {
                mask[row / Long.SIZE] |= 1L << row;
            }
        }
        return mask;
    }
}
