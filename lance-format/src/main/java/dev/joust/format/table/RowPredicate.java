// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.BitSet;
import java.util.Set;

import dev.joust.format.batch.Batch;

/// Decides row by row. A scan reads the columns it names first and the others only for rows that pass.
/// Implementations are immutable and thread-safe.
public interface RowPredicate {
    /// Names of the columns that {@link #select} looks at, as {@link ScanOptions#columns} has them.
    Set<String> columns();

    /// Rows of the batch that pass. The batch holds at least {@link #columns()}; a predicate that is null for a row
    /// does not pass it.
    BitSet select(Batch batch);
}
