// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.schema.Field;

/// A field with one column of values: numbers, strings, fixed-size lists of them.
record LeafColumn(Field field, ValueShape shape, PagedColumn<ValueReader> pages) implements ColumnReader {
    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        int rowCount = Math.toIntExact(rows.rowCount());
        ValuePieces pieces = new ValuePieces(pages, reader -> reader, rows, task);
        return new ColumnRead() {
            @Override
            public boolean askMore() {
                return pieces.askMore();
            }

            @Override
            public ColumnBuffers finish() {
                ValueSink values = shape.newSink(task.memory(), task.capacity(rowCount, bits(shape)));
                ValiditySink validity = new ValiditySink(task.memory(), task.capacity(rowCount, 1));
                pieces.appendTo(values, validity);
                if (values.count() != rowCount) {
                    throw new IndexOutOfBoundsException(values.count() + " values for " + rowCount + " rows");
                }
                return values.finish(field, rowCount, validity.nullCount(), validity.bitmap());
            }
        };
    }

    private static double bits(ValueShape shape) {
        return switch (shape) {
            case ValueShape.Fixed(int bits) -> bits;
            case ValueShape.Variable(int offsetBytes) -> 8.0 * offsetBytes;
            case ValueShape.FixedSizeList(int dimension, ValueShape item) -> dimension * bits(item);
            case ValueShape.Dictionary _, ValueShape.PackedStruct _, ValueShape.None _, ValueShape.Unstored _ -> 0;
        };
    }

    @Override
    public long bytes() {
        return pages.bytes();
    }
}
