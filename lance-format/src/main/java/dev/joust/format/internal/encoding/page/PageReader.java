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
}
