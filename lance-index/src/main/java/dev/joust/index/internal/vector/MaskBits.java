// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

/// A mask of rows: bit r % 64 of word r / 64 is set for each row that qualifies.
public final class MaskBits {
    private MaskBits() {}

    /// Whether a row qualifies.
    public static boolean isSet(long[] mask, int row) {
        return (mask[row / Long.SIZE] >>> row & 1) != 0;
    }

    /// How many of the rows `first .. first + count` qualify.
    ///
    /// @param first a multiple of 64
    public static int count(long[] mask, int first, int count) {
        int set = 0;
        for (int row = first; row < first + count; row += Long.SIZE) {
            long word = mask[row / Long.SIZE];
            int rest = first + count - row;
            set += Long.bitCount(rest < Long.SIZE ? word & (1L << rest) - 1 : word);
        }
        return set;
    }
}
