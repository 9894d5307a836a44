// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;

/// Rows of a packed struct under way, from pages that all pack it the same way.
final class PackedRows {
    private final ReadTask task;
    private final int rowCount;
    private final int rowBytes;
    private final ValuePieces pieces;

    /// @param widthsBytes what the fields should have
    PackedRows(PagedColumn<PageTree.PackedPage> pages, int[] widthsBytes, RowRanges rows, ReadTask task) {
        this.task = task;
        this.rowCount = Math.toIntExact(rows.rowCount());
        this.rowBytes = Arrays.stream(widthsBytes).sum();
        for (PagedColumn.Piece piece : pages.pieces(rows)) {
            int[] stored = pages.reader(piece.page()).widthsBytes();
            if (!Arrays.equals(stored, widthsBytes)) {
                pages.enter(task.context(), piece.page());
                throw task.context()
                        .corrupt("a packed struct of widths " + Arrays.toString(stored) + ", its fields have "
                                + Arrays.toString(widthsBytes));
            }
        }
        this.pieces = new ValuePieces(pages, PageTree.PackedPage::rows, rows, task);
    }

    boolean askMore() {
        return pieces.askMore();
    }

    int rowBytes() {
        return rowBytes;
    }

    int rowCount() {
        return rowCount;
    }

    /// `rowCount` rows of `rowBytes` each; temporary.
    MemorySegment rows() {
        FixedWidthSink sink = new FixedWidthSink(
                task.context().temporary(), rowBytes, task.capacity(rowCount, 8.0 * rowBytes));
        pieces.appendTo(sink, new ValiditySink(task.context().temporary(), 0));
        return sink.filled();
    }
}
