// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// Inner loops over RaBitQ signs, packed 32 rows at a time (spec: index format B.7). Stateless.
public interface RabitKernels {
    int GROUP_ROWS = 32;
    /// What `tables` and `sums` must be longer than what they hold.
    int PADDING = 64;

    /// `sums[r]`, 16 bits without sign = for each half of each byte column of row r the entry of its table, added.
    ///
    /// @param codes   groups of `32 * columns` bytes from byte `start` on
    /// @param tables  for each column two tables of 16, for the lower and for the upper half of the byte; the padding
    ///                behind them is zero; all tables' largest entries together are 65535 at most
    void sums(byte[] codes, int start, int groups, int columns, byte[] tables, short[] sums);
}
