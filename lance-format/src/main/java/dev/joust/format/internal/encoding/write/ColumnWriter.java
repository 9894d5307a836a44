// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.file.ColumnMetadataCodec;
import dev.joust.format.internal.file.EncodedMessage;
import dev.joust.format.internal.file.FilePage;

/// Writes one physical column: gathers rows until they make a page, then encodes them. Each family of file versions
/// has its own. Not thread-safe, but for the tasks that {@link #cutPage} answers.
public interface ColumnWriter {
    /// The top-level field that it lies in.
    int topLevelIndex();

    /// Id of the field whose column it is.
    int fieldId();

    /// Whether the buffers of `column`, a batch's top-level column, hold its rows.
    ///
    /// @throws IllegalArgumentException naming the field and the buffer that does not
    void check(ColumnBuffers column);

    /// How many rows of `column` from `startRow` on fill a page of `budgetBytes`; at least one.
    int rowsToFill(ColumnBuffers column, int startRow, long budgetBytes);

    /// Appends rows of `column`, which {@link #check} has seen. Its memory may be reused afterwards.
    void append(ColumnBuffers column, int startRow, int endRow) throws IOException;

    /// Whether what was gathered since the last page is enough for one.
    default boolean isFull(long budgetBytes) {
        return sizeBytes() >= budgetBytes;
    }

    /// Whether a page has to follow before the file ends.
    boolean needsPage();

    /// Bytes gathered since the last page.
    long sizeBytes();

    /// Takes what was gathered since the last page.
    ///
    /// @param last no other page follows
    /// @return encodes it, on any thread: one page where that can be, more where its rows do not fit one
    Supplier<List<FilePage>> cutPage(boolean last);

    /// What the file says of the column as a whole.
    default EncodedMessage encoding() {
        return ColumnMetadataCodec.PLAIN_VALUES;
    }
}
