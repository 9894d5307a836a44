// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.schema.Field;

/// A struct: its fields, row for row. Its own column holds nothing; structs are never null in 2.0.
record StructColumn(Field field, List<ColumnReader> children) implements ColumnReader {
    StructColumn {
        children = List.copyOf(children);
    }

    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        int rowCount = Math.toIntExact(rows.rowCount());
        List<ColumnRead> reads = children.stream().map(child -> child.read(rows, task)).toList();
        return new ColumnRead() {
            @Override
            public boolean askMore() {
                boolean any = false;
                for (ColumnRead read : reads) {
                    any |= read.askMore();
                }
                return any;
            }

            @Override
            public ColumnBuffers finish() {
                List<ColumnBuffers> columns = new ArrayList<>();
                reads.forEach(read -> columns.add(read.finish()));
                return new ColumnBuffers(field, rowCount, 0, null, null, null, columns);
            }
        };
    }

    @Override
    public long bytes() {
        return children.stream().mapToLong(ColumnReader::bytes).sum();
    }
}
