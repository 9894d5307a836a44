// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.file.FileLayout;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.schema.Schema;

/// The rows of one open data file: what every file version is read through, each family of versions by a class of its
/// own. Thread-safe.
public interface FileRows {
    FileVersion version();

    long rowCount();

    /// The schema that the file itself holds.
    Schema schema();

    /// Physical columns.
    int columnCount();

    /// What the pages of one physical column take in the file; less than all of it where that is not known cheaply.
    long columnBytes(int columnIndex);

    /// Size of the file.
    long sizeBytes();

    /// The physical columns, for people to look at.
    List<FileLayout.Column> columns();

    /// Rows `[startRow, endRow)`, in batches of `batchRowCount` rows, the last one less.
    ///
    /// @param sources of the batches' memory, and of temporary memory while they are made
    BatchReader scan(FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources)
            throws IOException;

    /// The pages of the one physical column that a projection reads, if every one of them has rows of one width; null if
    /// not, or if that is not known without reading.
    default @Nullable FixedPages fixedPages(FileProjection projection) {
        return null;
    }

    /// @param rowStarts first row of each page, and the number of rows
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record FixedPages(long[] rowStarts, List<PageReader.FixedEntries> pages) {}

    /// Single rows, in the order given: it may be any, with duplicates.
    ///
    /// @param sources of the batch's memory, and of temporary memory while it is made
    Batch take(FileProjection projection, long[] rows, BufferSources sources) throws IOException;
}
