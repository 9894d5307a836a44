// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.schema.Field;

/// One field of a 0.1 file: where its bytes are, and what they mean (spec: legacy format 3). Nothing is ever null but
/// strings and binaries of no length, if their field says nullable: the format has no null bitmaps. Thread-safe.
sealed interface LegacyColumn
        permits AbsentColumn, DictionaryColumn, FixedColumn, ListColumn, NullColumn, StructColumn, VariableColumn {
    /// As the reader wants it: name and metadata may be others than the file's.
    Field field();

    /// Has the bytes of rows `[from, to)` of a batch of the file fetched into the answer, which is complete when
    /// `fetch` has run.
    PageRows open(int batch, long from, long to, Fetch fetch);

    /// Has all bytes of a batch of the file brought in one round, before anybody knows where they are needed.
    void prefetch(int batch, Fetch fetch);

    /// The column of those rows, one part after the other.
    ///
    /// @param rowCount of all parts
    /// @param memory   of the column
    ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory);
}
