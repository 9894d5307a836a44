// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.Arrays;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.encoding.page.LeafColumn;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.internal.file.PageInfo;

/// The pages of one physical column, and which rows each holds. Immutable.
final class ColumnPages {
    private final int columnIndex;
    private final LeafColumn column;
    private final List<PageInfo> pages;
    /// First row of each page, and the number of rows behind them.
    private final long[] rowStarts;

    private ColumnPages(int columnIndex, LeafColumn column, List<PageInfo> pages, long[] rowStarts) {
        this.columnIndex = columnIndex;
        this.column = column;
        this.pages = pages;
        this.rowStarts = rowStarts;
    }

    static ColumnPages of(FileMetadata file, int columnIndex, LeafColumn column) {
        if (columnIndex < 0 || columnIndex >= file.columnCount()) {
            throw new CorruptFileException(file.path() + ": column " + columnIndex + " for field '"
                    + column.field().name() + "', the file has " + file.columnCount());
        }
        List<PageInfo> pages = file.column(columnIndex).pages();
        int entriesPerRow = column.nesting().entriesPerRow();
        long[] rowStarts = new long[pages.size() + 1];
        for (int i = 0; i < pages.size(); i++) {
            long length = pages.get(i).length();
            if (length % entriesPerRow != 0) {
                throw new CorruptFileException(file.path() + ": a page of column " + columnIndex + " holds "
                        + Long.toUnsignedString(length) + " entries, rows take " + entriesPerRow);
            }
            rowStarts[i + 1] = rowStarts[i] + length / entriesPerRow;
            if (length < 0 || rowStarts[i + 1] < rowStarts[i]) {
                break;
            }
        }
        if (rowStarts[pages.size()] != file.descriptor().rowCount()) {
            throw new CorruptFileException(file.path() + ": the pages of column " + columnIndex + " hold "
                    + Long.toUnsignedString(rowStarts[pages.size()]) + " rows, the file "
                    + file.descriptor().rowCount());
        }
        return new ColumnPages(columnIndex, column, pages, rowStarts);
    }

    int columnIndex() {
        return columnIndex;
    }

    LeafColumn column() {
        return column;
    }

    int pageCount() {
        return pages.size();
    }

    PageInfo page(int index) {
        return pages.get(index);
    }

    /// First row of the page, in the file; for the number of pages, the number of rows.
    long rowStart(int page) {
        return rowStarts[page];
    }

    /// Ranges of rows as a page counts them: each item of fixed-size lists of structs.
    RowRanges entries(RowRanges rows) {
        return rows.times(column.nesting().entriesPerRow());
    }

    /// The page that holds a row.
    int pageOf(long row) {
        int found = Arrays.binarySearch(rowStarts, row);
        int page = found >= 0 ? found : -found - 2;
        while (rowStarts[page + 1] == row) { // empty pages
            page++;
        }
        return page;
    }
}
