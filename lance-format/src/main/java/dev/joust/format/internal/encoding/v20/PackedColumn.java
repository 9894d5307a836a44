// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.schema.Field;

/// A struct whose fields lie side by side in one column, row after row; none of them is null.
///
/// @param widthsBytes of all fields that are packed
/// @param children    those wanted
record PackedColumn(Field field, PagedColumn<PageTree.PackedPage> pages, int[] widthsBytes, List<Child> children)
        implements ColumnReader {
    PackedColumn {
        children = List.copyOf(children);
    }

    /// One field wanted.
    ///
    /// @param offsetInRow bytes of the fields before it
    record Child(Field field, ValueShape shape, int offsetInRow, int widthBytes) {}

    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        PackedRows packed = new PackedRows(pages, widthsBytes, rows, task);
        return new ColumnRead() {
            @Override
            public boolean askMore() {
                return packed.askMore();
            }

            @Override
            public ColumnBuffers finish() {
                MemorySegment bytes = packed.rows();
                List<ColumnBuffers> columns = new ArrayList<>();
                for (Child child : children) {
                    columns.add(unpack(child, bytes, packed.rowBytes(), packed.rowCount(), task));
                }
                return new ColumnBuffers(field, packed.rowCount(), 0, null, null, null, columns);
            }
        };
    }

    private static ColumnBuffers unpack(
            Child child, MemorySegment rows, int rowBytes, int rowCount, ReadTask task) {
        ValueSink sink = child.shape().newSink(task.memory(), rowCount);
        ValueSink values = sink;
        int valueCount = rowCount;
        while (values instanceof FixedSizeListSink list) {
            list.advance(valueCount);
            valueCount = Math.multiplyExact(valueCount, list.dimension());
            list.itemValidity().appendValid(valueCount);
            values = list.items();
        }
        FixedWidthSink target = (FixedWidthSink) values;
        long at = target.reserve(valueCount);
        MemorySegment segment = target.segment();
        int width = child.widthBytes();
        for (int row = 0; row < rowCount; row++) {
            MemorySegment.copy(
                    rows, (long) row * rowBytes + child.offsetInRow(), segment, at + (long) row * width, width);
        }
        target.advance(valueCount);
        return sink.finish(child.field(), rowCount, 0, null);
    }

    @Override
    public long bytes() {
        return pages.bytes();
    }
}
