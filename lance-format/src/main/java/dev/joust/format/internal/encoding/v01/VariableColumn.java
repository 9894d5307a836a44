// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;
import dev.joust.io.ByteRange;

/// Strings and binaries of all widths (encoding VAR_BINARY): `i64[n + 1]` positions in the file, the bytes before them.
/// A value of no length is null where the field is nullable.
///
/// @param offsetBytes of the column read: 4 or 8
record VariableColumn(Field field, int offsetBytes, PageSource pages) implements LegacyColumn {
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        page.require(to);
        PageRows rows = new PageRows(batch, from, to);
        fetch.need(page, page.entries(from, to + 1, 8), positions -> {
            rows.page = positions;
            long start = positions.get(I64, 0);
            long end = positions.get(I64, 8 * (to - from));
            if (start < 0 || end < start || end > page.limit()) {
                throw page.corrupt("bytes of values " + from + " to " + to + " are said to be at " + start + " to " + end
                        + ", pages end at " + page.limit());
            }
            fetch.need(page, new ByteRange(start, end - start), bytes -> rows.bytes = bytes);
        });
        return rows;
    }

    /// The positions, and what lies between them and the page before: the bytes, if the file is as writers make it.
    @Override
    public void prefetch(int batch, Fetch fetch) {
        LegacyPage page = pages.page(batch);
        long start = Math.min(pages.endBefore(batch), page.position());
        long end = page.entries(0, page.length() + 1, 8).end();
        fetch.prefetch(new ByteRange(start, end - start));
    }

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        VariableSink sink = new VariableSink(memory, offsetBytes, rowCount);
        ValiditySink validity = new ValiditySink(memory, rowCount);
        DecodeContext.Scratch ends = context.newScratch();
        DecodeContext.Scratch bits = context.newScratch();
        for (PageRows rows : parts) {
            append(rows, sink, validity, ends, bits);
        }
        return sink.finish(field, rowCount, validity.nullCount(), validity.bitmap());
    }

    private void append(
            PageRows rows,
            VariableSink sink,
            ValiditySink validity,
            DecodeContext.Scratch endScratch,
            DecodeContext.Scratch bitScratch) {
        int count = rows.count();
        MemorySegment ends = endScratch.atLeast(8L * count);
        long start = rows.page.get(I64, 0);
        long last = start;
        int emptyCount = 0;
        for (int i = 0; i < count; i++) {
            long end = rows.page.get(I64, 8L * (i + 1));
            if (end < last || end - start > rows.bytes.byteSize()) {
                throw pages.page(rows.batch)
                        .corrupt("value " + (rows.from + i) + " is said to be at " + last + " to " + end);
            }
            emptyCount += end == last ? 1 : 0;
            ends.set(I64, 8L * i, end - start);
            last = end;
        }
        sink.appendAdjacent(rows.bytes, 0, ends, 0, 8, count);
        if (emptyCount == 0 || !field.nullable()) {
            validity.appendValid(count);
        } else if (emptyCount == count) {
            validity.appendNulls(count);
        } else {
            MemorySegment bits = bitScratch.atLeast(BitCopy.byteCount(count));
            BitCopy.fill(bits, 0, count, true);
            for (int i = 0; i < count; i++) {
                if (rows.page.get(I64, 8L * i) == rows.page.get(I64, 8L * (i + 1))) {
                    int octet = bits.get(ValueLayout.JAVA_BYTE, i >>> 3);
                    bits.set(ValueLayout.JAVA_BYTE, i >>> 3, (byte) (octet & ~(1 << (i & 7))));
                }
            }
            validity.append(bits, 0, count);
        }
    }
}
