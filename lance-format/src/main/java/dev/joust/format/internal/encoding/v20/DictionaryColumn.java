// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.batch.DictionaryUnion;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.schema.Field;

/// A dictionary column: each page has a dictionary of its own, with an item for null where rows are null.
///
/// @param indexBits   of the indices in the file
/// @param valuesField of the dictionary in memory
record DictionaryColumn(
        Field field,
        PagedColumn<PageTree.DictionaryPage> pages,
        int indexBits,
        Field valuesField)
        implements ColumnReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        List<Piece> pieces = new ArrayList<>();
        for (PagedColumn.Piece piece : pages.pieces(rows)) {
            PageTree.DictionaryPage page = pages.reader(piece.page());
            pages.enter(task.context(), piece.page());
            pieces.add(new Piece(
                    piece.page(),
                    Math.toIntExact(piece.items().rowCount()),
                    page.indices().read(piece.items(), task),
                    page.items().read(task)));
        }
        int rowCount = Math.toIntExact(rows.rowCount());
        return new ColumnRead() {
            @Override
            public boolean askMore() {
                boolean any = false;
                for (Piece piece : pieces) {
                    pages.enter(task.context(), piece.page);
                    any |= piece.indices.askMore();
                    any |= piece.items.askMore();
                }
                return any;
            }

            @Override
            public ColumnBuffers finish() {
                return DictionaryColumn.this.finish(pieces, rowCount, task);
            }
        };
    }

    private record Piece(int page, int count, ValueReader.ValueRead indices, DictionaryItems.Read items) {}

    private ColumnBuffers finish(List<Piece> pieces, int rowCount, ReadTask task) {
        FixedWidthSink indices = new FixedWidthSink(task.memory(), 4, task.capacity(rowCount, 32));
        ValiditySink validity = new ValiditySink(task.memory(), task.capacity(rowCount, 1));
        List<ColumnBuffers> dictionaries = new ArrayList<>();
        List<Integer> endRows = new ArrayList<>();
        for (Piece piece : pieces) {
            pages.enter(task.context(), piece.page);
            ColumnBuffers items = piece.items.items();
            append(Indices.of(piece.indices, indexBits, piece.count, task), items, indices, validity, task);
            dictionaries.add(items);
            endRows.add(Math.toIntExact(indices.count()));
        }
        DictionaryUnion union = new DictionaryUnion(field, indices.filled(), rowCount, validity.bitmap());
        if (dictionaries.isEmpty()) {
            union.add(Columns.allNull(valuesField, 0, task.memory()), 0);
        }
        for (int i = 0; i < dictionaries.size(); i++) {
            // the page's own stays with the page
            ColumnBuffers items = dictionaries.get(i);
            union.add(Columns.slice(items, 0, items.rowCount(), task.memory()), endRows.get(i));
        }
        return union.finish(validity.nullCount(), task.memory());
    }

    /// Appends rows of one page: null where their item is.
    private static void append(
            Indices rows, ColumnBuffers items, FixedWidthSink indices, ValiditySink validity, ReadTask task) {
        long at = indices.reserve(rows.count());
        MemorySegment target = indices.segment();
        for (int row = 0; row < rows.count(); row++) {
            long index = rows.isNull(row) ? -1 : rows.get(row);
            if (!rows.isNull(row) && (index < 0 || index >= items.rowCount())) {
                throw task.context()
                        .corrupt("dictionary index " + Long.toUnsignedString(index) + " among " + items.rowCount()
                                + " items");
            }
            boolean isNull = index < 0 || items.isNull((int) index);
            if (isNull) {
                validity.appendNulls(1);
            } else {
                validity.appendValid(1);
            }
            target.set(INT, at + 4L * row, isNull ? 0 : (int) index);
        }
        indices.advance(rows.count());
    }

    @Override
    public long bytes() {
        return pages.bytes();
    }
}
