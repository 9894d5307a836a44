// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.schema.Field;

/// A field that the file does not hold: every row is null.
record AbsentColumn(Field field) implements ColumnReader {
    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        int rowCount = Math.toIntExact(rows.rowCount());
        return new ColumnRead() {
            @Override
            public boolean askMore() {
                return false;
            }

            @Override
            public ColumnBuffers finish() {
                return Columns.allNull(field, rowCount, task.memory());
            }
        };
    }

    @Override
    public long bytes() {
        return 0;
    }
}
