// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;

/// Lists: `i32` or `i64[rows + 1]` offsets into the items of the same batch of the file. The page's length counts the
/// offsets. The first need not be 0. No list is null.
record ListColumn(Field field, boolean large, LegacyColumn item, PageSource pages) implements LegacyColumn {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private int offsetBytes() {
        return large ? 8 : 4;
    }

    private long offset(MemorySegment offsets, long index) {
        return large ? offsets.get(I64, 8 * index) : offsets.get(I32, 4 * index);
    }

    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        page.require(to + 1);
        PageRows rows = new PageRows(batch, from, to);
        fetch.need(page, page.entries(from, to + 1, offsetBytes()), offsets -> {
            rows.page = offsets;
            long start = offset(offsets, 0);
            long end = offset(offsets, to - from);
            if (start < 0 || end < start) {
                throw page.corrupt("lists " + from + " to " + to + " are said to hold items " + start + " to " + end);
            }
            if (end > start) {
                rows.children = List.of(item.open(batch, start, end, fetch));
            }
        });
        return rows;
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        fetch.prefetch(page.entries(0, page.length(), offsetBytes()));
        item.prefetch(batch, fetch);
    }

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        MemorySegment offsets = memory.allocate((rowCount + 1L) * offsetBytes());
        List<PageRows> items = new ArrayList<>();
        setOffset(offsets, 0, 0);
        long written = 0;
        long itemCount = 0;
        for (PageRows rows : parts) {
            long shift = itemCount - offset(rows.page, 0);
            for (int i = 1; i <= rows.count(); i++) {
                long end = offset(rows.page, i) + shift;
                if (end < itemCount) {
                    throw pages.page(rows.batch)
                            .corrupt("list " + (rows.from + i - 1) + " ends at item " + (end - shift) + ", before it starts");
                }
                itemCount = end;
                setOffset(offsets, ++written, itemCount);
            }
            items.addAll(rows.children);
        }
        if (itemCount > Integer.MAX_VALUE) {
            throw new UnsupportedFormatException("column '" + field.name() + "' has " + itemCount
                    + " items in one batch: read fewer rows at a time");
        }
        ColumnBuffers child = item.decode(items, (int) itemCount, context, memory);
        return new ColumnBuffers(field, rowCount, 0, null, offsets, null, List.of(child));
    }

    private void setOffset(MemorySegment offsets, long index, long value) {
        if (large) {
            offsets.set(I64, 8 * index, value);
        } else {
            offsets.set(I32, 4 * index, (int) Math.min(value, Integer.MAX_VALUE));
        }
    }
}
