// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// Cuts one column's rows of a scan into {@link ScanUnit}s, in row order, as batches ask for them. Not thread-safe.
final class ColumnScan {
    /// A page of more bytes than this is read in several units.
    private static final long UNIT_BYTES = 8 << 20;

    private final OpenFile file;
    private final ColumnPages pages;
    private final long scanEnd;
    private final int batchRowCount;
    private @Nullable ScanUnit current;
    /// Batches that will still use `current`.
    private int currentUses;

    ColumnScan(OpenFile file, ColumnPages pages, long scanEnd, int batchRowCount) {
        this.file = file;
        this.pages = pages;
        this.scanEnd = scanEnd;
        this.batchRowCount = batchRowCount;
    }

    /// Rows `[from, to)` of the page of `unit`.
    record Piece(ScanUnit unit, long from, long to) {}

    /// The pieces of the next batch, rows `[start, end)` of the file.
    ///
    /// @param created gets units that are new, to be started
    /// @param pieces  gets the pieces, whose units are to be released when they are decoded
    void addPieces(long start, long end, List<ScanUnit> created, List<Piece> pieces) {
        for (long row = start; row < end; ) {
            int page = pages.pageOf(row);
            long pageStart = pages.rowStart(page);
            long to = Math.min(end, pages.rowStart(page + 1));
            if (current == null || current.page() != page || current.rowEnd() <= row - pageStart) {
                current = newUnit(page, row, end);
                created.add(current);
            }
            currentUses--;
            pieces.add(new Piece(current, row - pageStart, to - pageStart));
            row = to;
        }
    }

    /// No more batches are to come.
    void close() {
        for (; current != null && currentUses > 0; currentUses--) {
            current.release();
        }
    }

    /// From `row` to the end of its page or of the scan, or to the end of some batch before.
    private ScanUnit newUnit(int page, long row, long batchEnd) {
        long pageStart = pages.rowStart(page);
        long pageEnd = pages.rowStart(page + 1);
        long wanted = Math.min(pageEnd, scanEnd);
        long unitRows = Math.max(1, (long) ((double) (pageEnd - pageStart) * UNIT_BYTES / Math.max(1, bytes(page))));
        long batches = Math.ceilDiv(Math.max(0, Math.min(wanted, row + unitRows) - batchEnd), batchRowCount);
        long end = unitRows >= wanted - row ? wanted : Math.min(wanted, batchEnd + batches * batchRowCount);
        currentUses = 1 + Math.toIntExact(Math.ceilDiv(Math.max(0, end - batchEnd), batchRowCount));
        return new ScanUnit(file, pages, page, row - pageStart, end - pageStart, currentUses);
    }

    /// What the rest of the unit that `row` is in takes, about.
    long bytes(int page) {
        PageInfo info = pages.page(page);
        return info.buffers().stream().mapToLong(ByteRange::length).sum();
    }
}
