// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.schema.Field;

/// The null type: a page without bytes, which counts.
record NullColumn(Field field, PageSource pages) implements LegacyColumn {
    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        pages.page(batch).require(to);
        return new PageRows(batch, from, to);
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {}

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        return new ColumnBuffers(field, rowCount, 0, null, null, null, List.of());
    }
}
