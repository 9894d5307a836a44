// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.file.FileLayout;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.FileColumns;
import dev.joust.format.internal.encoding.FileRows;
import dev.joust.format.internal.encoding.page.PageLayoutCodec;
import dev.joust.format.internal.encoding.page.PageLayoutText;
import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.schema.Schema;

/// Files of version 2.1 and later: a page is levels and values.
public final class StructuralFileRows implements FileRows {
    private final OpenFile file;

    public StructuralFileRows(OpenFile file) {
        this.file = file;
    }

    @Override
    public FileVersion version() {
        return file.metadata().version();
    }

    @Override
    public long rowCount() {
        return file.metadata().descriptor().rowCount();
    }

    @Override
    public Schema schema() {
        return file.metadata().descriptor().schema();
    }

    @Override
    public int columnCount() {
        return file.metadata().columnCount();
    }

    @Override
    public long columnBytes(int columnIndex) {
        return file.metadata().columnBytes(columnIndex);
    }

    @Override
    public long sizeBytes() {
        return file.metadata().fileSizeBytes();
    }

    @Override
    public List<FileLayout.Column> columns() {
        return FileColumns.of(file.metadata(), page -> PageLayoutText.of(PageLayoutCodec.parse(page.encoding())));
    }

    @Override
    public BatchReader scan(
            FileProjection projection, long startRow, long endRow, int batchRowCount, BufferSources sources) {
        return FileScan.open(file, projection, startRow, endRow, batchRowCount, sources);
    }

    @Override
    public @Nullable FixedPages fixedPages(FileProjection projection) {
        FileLeaves leaves = FileLeaves.of(file.metadata(), projection);
        if (leaves.leaves().size() != 1 || !leaves.leaves().getFirst().column().nesting().equals(Nesting.FLAT)) {
            return null;
        }
        ColumnPages pages = leaves.leaves().getFirst().pages();
        long[] rowStarts = new long[pages.pageCount() + 1];
        List<PageReader.FixedEntries> entries = new ArrayList<>();
        for (int page = 0; page < pages.pageCount(); page++) {
            PageReader reader = file.readerIfKnown(pages, page);
            PageReader.FixedEntries found = reader == null ? null : reader.fixedEntries();
            if (found == null) {
                return null;
            }
            entries.add(found);
            rowStarts[page + 1] = pages.rowStart(page + 1);
        }
        return new FixedPages(rowStarts, entries);
    }

    @Override
    public Batch take(FileProjection projection, long[] rows, BufferSources sources) throws IOException {
        return FileTake.take(file, projection, rows, sources);
    }
}
