// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.Optional;

import dev.joust.format.commit.Operation;

/// Keeps indices of some kinds covering rows that compaction moves. For an index that knows rows by address
/// ({@link IndexMetadata#knowsRowsById} is false, or the table has no stable ids) it writes a new one that knows the new
/// addresses; an index that nobody remaps loses the fragments, which is always safe.
public interface IndexRemapper {
    /// Whether it can remap this index.
    boolean canRemap(IndexMetadata index);

    /// Writes the index anew, in a folder of its own uuid below `_indices/`, with moved rows at their new addresses and
    /// without those that are gone. Rows of other fragments stay.
    ///
    /// @param version the table before the rows move
    /// @return what takes the place of the index; empty if it turns out that it can't be remapped
    Optional<Operation.Rewrite.RewrittenIndex> remap(Dataset version, IndexMetadata index, RowMoves moves) throws IOException;
}
