// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.internal.encoding.page.RowRanges;

/// How one field of a projection is read, with what is below it. Immutable but for what it remembers, thread-safe.
sealed interface ColumnReader
        permits AbsentColumn, BlobColumn, DictionaryColumn, LeafColumn, ListColumn, PackedColumn, StructColumn {
    /// Starts to read: asks for the bytes that can be named now.
    ///
    /// @param rows ascending; of the file, or items of the list that the field is below
    ColumnRead read(RowRanges rows, ReadTask task);

    /// Bytes of the pages that it reads from.
    long bytes();
}
