// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.schedule.Decoding;
import dev.joust.format.internal.file.ColumnMetadata;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// The pages of one physical column, and which of its own items each holds; what its readers of pages are is up to who
/// uses it. Immutable but for the readers that are remembered, thread-safe.
///
/// @param <P> a reader of a page
final class PagedColumn<P> {
    private final FileMetadata file;
    private final int columnIndex;
    private final ColumnMetadata metadata;
    private final OpenPages openPages;
    private final Object purpose;
    private final Function<PageTree, P> opener;
    /// First item of each page, and the number of items behind them.
    private final long[] starts;

    private PagedColumn(
            FileMetadata file,
            int columnIndex,
            OpenPages openPages,
            Object purpose,
            Function<PageTree, P> opener,
            long[] starts) {
        this.file = file;
        this.columnIndex = columnIndex;
        this.metadata = file.column(columnIndex);
        this.openPages = openPages;
        this.purpose = purpose;
        this.opener = opener;
        this.starts = starts;
    }

    /// @param itemCount items that are wanted of the column; it has at least so many
    /// @param purpose   tells readers of one page made by different openers apart
    static <P> PagedColumn<P> of(
            FileMetadata file,
            int columnIndex,
            long itemCount,
            OpenPages openPages,
            Object purpose,
            Function<PageTree, P> opener) {
        List<PageInfo> pages = file.column(columnIndex).pages();
        long[] starts = new long[pages.size() + 1];
        for (int i = 0; i < pages.size(); i++) {
            starts[i + 1] = starts[i] + pages.get(i).length();
            if (starts[i + 1] < starts[i]) {
                throw new CorruptFileException(
                        file.path() + ": the pages of column " + columnIndex + " hold more than 2^63 items");
            }
        }
        if (starts[pages.size()] < itemCount) {
            throw new CorruptFileException(file.path() + ": the pages of column " + columnIndex + " hold "
                    + starts[pages.size()] + " items, it should have " + itemCount);
        }
        return new PagedColumn<>(file, columnIndex, openPages, purpose, opener, starts);
    }

    int columnIndex() {
        return columnIndex;
    }

    int pageCount() {
        return starts.length - 1;
    }

    PageInfo page(int page) {
        return metadata.pages().get(page);
    }

    /// Bytes of its pages.
    long bytes() {
        return file.columnBytes(columnIndex);
    }

    /// The reader of a page, made now or remembered.
    P reader(int page) {
        return openPages.get(columnIndex, page, purpose, () -> {
            DecodeContext context = new DecodeContext(file.path(), Arena.ofAuto());
            enter(context, page);
            PageTree tree = Decoding.guarded(context, () -> PageTree.parse(context, page(page), metadata.buffers()));
            return new OpenPages.Opened<>(
                    Decoding.guarded(context, () -> opener.apply(tree)), tree.stateBytes());
        });
    }

    /// Errors are of this page from now on.
    void enter(DecodeContext context, int page) {
        List<ByteRange> buffers = page(page).buffers();
        context.enter(
                buffers.isEmpty() ? 0 : buffers.getFirst().offset(), "column " + columnIndex + " page", page);
    }

    /// Items of one page.
    ///
    /// @param items counted in the page
    record Piece(int page, RowRanges items) {}

    /// Cuts ranges of the column's items at the borders of pages.
    List<Piece> pieces(RowRanges items) {
        List<Piece> pieces = new ArrayList<>();
        int range = 0;
        long from = items.count() == 0 ? 0 : items.start(0);
        while (range < items.count()) {
            if (from >= items.end(range)) {
                range++;
                from = range < items.count() ? items.start(range) : 0;
                continue;
            }
            int page = pageOf(from);
            long[] rangeStarts = new long[items.count() - range];
            long[] rangeEnds = new long[items.count() - range];
            int count = 0;
            while (range < items.count() && from < starts[page + 1]) {
                long to = Math.min(items.end(range), starts[page + 1]);
                if (to > from) {
                    rangeStarts[count] = from - starts[page];
                    rangeEnds[count++] = to - starts[page];
                }
                from = to;
                if (to == items.end(range)) {
                    range++;
                    from = range < items.count() ? items.start(range) : 0;
                }
            }
            pieces.add(new Piece(
                    page, RowRanges.of(Arrays.copyOf(rangeStarts, count), Arrays.copyOf(rangeEnds, count))));
        }
        return pieces;
    }

    private int pageOf(long item) {
        int found = Arrays.binarySearch(starts, item);
        int page = found >= 0 ? found : -found - 2;
        while (starts[page + 1] == item) { // empty pages
            page++;
        }
        return page;
    }
}
