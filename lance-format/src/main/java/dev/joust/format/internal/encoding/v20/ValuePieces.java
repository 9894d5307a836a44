// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Items of a column under way, page by page. Not thread-safe.
final class ValuePieces {
    private final PagedColumn<?> column;
    private final ReadTask task;
    private final List<Piece> pieces = new ArrayList<>();

    /// @param valueReader of a page's reader, the part that reads values
    <P> ValuePieces(PagedColumn<P> column, Function<P, ValueReader> valueReader, RowRanges items, ReadTask task) {
        this.column = column;
        this.task = task;
        for (PagedColumn.Piece piece : column.pieces(items)) {
            ValueReader reader = valueReader.apply(column.reader(piece.page()));
            column.enter(task.context(), piece.page());
            pieces.add(new Piece(piece.page(), reader.read(piece.items(), task)));
        }
    }

    private record Piece(int page, ValueReader.ValueRead read) {}

    boolean askMore() {
        boolean any = false;
        for (Piece piece : pieces) {
            column.enter(task.context(), piece.page);
            any |= piece.read.askMore();
        }
        return any;
    }

    void appendTo(ValueSink values, ValiditySink validity) {
        for (Piece piece : pieces) {
            column.enter(task.context(), piece.page);
            piece.read.appendTo(values, validity);
        }
    }
}
