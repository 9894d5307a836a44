// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.NullColumns;
import dev.joust.format.schema.Field;

/// A field that the file does not hold: all null.
record AbsentColumn(Field field) implements LegacyColumn {
    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        return new PageRows(batch, from, to);
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {}

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        return NullColumns.of(field, rowCount, memory);
    }
}
