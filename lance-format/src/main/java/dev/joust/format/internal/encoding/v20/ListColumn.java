// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.schema.Field;

/// A list: a column of the ends of its lists among the items of their page, and the items in columns of their own. Ends
/// come a round before items.
///
/// @param large      whether offsets in memory have 64 bits
/// @param itemStarts first item of each page's lists; behind them the number of items
record ListColumn(
        Field field, boolean large, PagedColumn<PageTree.ListPage> pages, long[] itemStarts, ColumnReader items)
        implements ColumnReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        return new Read(rows, task);
    }

    @Override
    public long bytes() {
        return pages.bytes() + items.bytes();
    }

    /// Lists under way: first their ends, then their items.
    private final class Read implements ColumnRead {
        private final int rowCount;
        private final ReadTask task;
        private final List<Piece> pieces = new ArrayList<>();
        private @Nullable ColumnRead itemsRead;
        private @Nullable MemorySegment offsets;
        private final ValiditySink validity;

        Read(RowRanges rows, ReadTask task) {
            this.rowCount = Math.toIntExact(rows.rowCount());
            this.task = task;
            this.validity = new ValiditySink(task.memory(), task.capacity(rowCount, 1));
            for (PagedColumn.Piece piece : pages.pieces(rows)) {
                PageTree.ListPage page = pages.reader(piece.page());
                pages.enter(task.context(), piece.page());
                pieces.add(new Piece(
                        piece, page, page.ends().read(BinaryReader.withOneBefore(piece.items()), task)));
            }
        }

        private record Piece(PagedColumn.Piece lists, PageTree.ListPage page, ValueReader.ValueRead ends) {}

        @Override
        public boolean askMore() {
            if (itemsRead != null) {
                return itemsRead.askMore();
            }
            boolean any = false;
            for (Piece piece : pieces) {
                pages.enter(task.context(), piece.lists.page());
                any |= piece.ends.askMore();
            }
            if (!any) {
                itemsRead = resolve();
            }
            return true;
        }

        /// Offsets in memory out of the ends, and the items that they stand for.
        private ColumnRead resolve() {
            Offsets out = new Offsets(task.memory().allocate((rowCount + 1L) * (large ? 8 : 4)));
            for (Piece piece : pieces) {
                pages.enter(task.context(), piece.lists.page());
                resolve(piece, out);
            }
            offsets = out.segment;
            return items.read(out.itemRanges(), task);
        }

        private void resolve(Piece piece, Offsets out) {
            RowRanges lists = piece.lists.items();
            long endCount = lists.rowCount() + lists.count();
            FixedWidthSink sink = new FixedWidthSink(task.context().temporary(), 8, task.capacity(endCount, 64));
            piece.ends.appendTo(sink, new ValiditySink(task.context().temporary(), 0));
            MemorySegment ends = sink.filled();
            long adjustment = piece.page.nullOffsetAdjustment();
            long itemStart = itemStarts[piece.lists.page()];
            long at = 0;
            for (int range = 0; range < lists.count(); range++) {
                long previous = 0;
                if (lists.start(range) > 0) {
                    previous = Long.remainderUnsigned(ends.get(LONG, at), adjustment);
                    at += 8;
                }
                for (long list = lists.start(range); list < lists.end(range); list++, at += 8) {
                    long raw = ends.get(LONG, at);
                    long end = Long.remainderUnsigned(raw, adjustment);
                    if (end < previous || end > piece.page.itemCount()) {
                        throw task.context()
                                .corrupt("list " + list + " has items " + previous + " to " + end + " of "
                                        + piece.page.itemCount());
                    }
                    if (Long.compareUnsigned(raw, adjustment) < 0) {
                        validity.appendValid(1);
                    } else {
                        validity.appendNulls(1);
                    }
                    out.append(itemStart + previous, itemStart + end);
                    previous = end;
                }
            }
        }

        @Override
        public ColumnBuffers finish() {
            ColumnBuffers itemColumn = Objects.requireNonNull(itemsRead).finish();
            return new ColumnBuffers(
                    field, rowCount, validity.nullCount(), validity.bitmap(), offsets, null, List.of(itemColumn));
        }
    }

    /// Offsets of lists in memory, and ranges of the items column.
    private final class Offsets {
        private final MemorySegment segment;
        private long listCount;
        private long total;
        private long[] starts = new long[16];
        private long[] ends = new long[16];
        private int rangeCount;

        Offsets(MemorySegment segment) {
            this.segment = segment;
            set();
        }

        /// A list of items `[start, end)` of the items column, not before those of the last list.
        void append(long start, long end) {
            total += end - start;
            listCount++;
            set();
            if (start == end) {
                return;
            }
            if (rangeCount > 0 && ends[rangeCount - 1] == start) {
                ends[rangeCount - 1] = end;
                return;
            }
            if (rangeCount == starts.length) {
                starts = Arrays.copyOf(starts, 2 * rangeCount);
                ends = Arrays.copyOf(ends, 2 * rangeCount);
            }
            starts[rangeCount] = start;
            ends[rangeCount++] = end;
        }

        private void set() {
            if (total > Integer.MAX_VALUE) {
                throw new UnsupportedFormatException(
                        "lists of more than 2^31 items in one batch, column '" + field.name() + "': read fewer rows at a time");
            }
            if (large) {
                segment.set(LONG, 8 * listCount, total);
            } else {
                segment.set(INT, 4 * listCount, (int) total);
            }
        }

        RowRanges itemRanges() {
            return RowRanges.of(Arrays.copyOf(starts, rangeCount), Arrays.copyOf(ends, rangeCount));
        }
    }
}
