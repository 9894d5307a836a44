// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// One page of one column, ready to be read: knows which bytes hold which rows. Immutable, thread-safe, cached.
public sealed interface PageReader
        permits MiniBlockPageReader, FullZipPageReader, ConstantPageReader, BlobPageReader,
                SparsePageReader {
    /// Bytes of memory it holds.
    long stateBytes();

    /// What to read for some rows, and how to decode it.
    PageRead plan(RowRanges rows);

    /// Where rows `[from, to)` lie byte for byte as a batch wants them, none of them null: such bytes are read to where
    /// they belong. Null if they have to be decoded.
    default @Nullable ByteRange verbatim(long from, long to) {
        return null;
    }

    /// Where single rows lie, if each takes as many bytes as all others; null if not.
    default @Nullable FixedEntries fixedEntries() {
        return null;
    }

    /// Rows of one width, one behind the other: a control word, and the value as a batch wants it.
    ///
    /// @param offsetInFile   of the first row
    /// @param controlBytes   of the control word; 0 where there is none, and no row is null
    /// @param definitionMask of its bits; none of them is set in a row that is not null
    record FixedEntries(long offsetInFile, int controlBytes, int valueBytes, int definitionMask) {}
}
