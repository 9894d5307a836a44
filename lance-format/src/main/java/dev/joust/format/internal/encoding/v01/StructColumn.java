// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.schema.Field;

/// Structs have no page: their fields' rows, side by side. No struct is null.
record StructColumn(Field field, List<LegacyColumn> children) implements LegacyColumn {
    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        PageRows rows = new PageRows(batch, from, to);
        rows.children = children.stream()
                .map(child -> child.open(batch, from, to, fetch))
                .toList();
        return rows;
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {
        children.forEach(child -> child.prefetch(batch, fetch));
    }

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        List<ColumnBuffers> decoded = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            int index = i;
            List<PageRows> ofChild =
                    parts.stream().map(rows -> rows.children.get(index)).toList();
            decoded.add(children.get(i).decode(ofChild, rowCount, context, memory));
        }
        return new ColumnBuffers(field, rowCount, 0, null, null, null, decoded);
    }
}
