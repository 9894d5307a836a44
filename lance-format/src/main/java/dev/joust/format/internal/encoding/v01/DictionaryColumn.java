// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.schema.Field;

/// Keys into values that the whole file shares (encoding DICTIONARY). No key is null, values may be.
///
/// @param keys   their width is the key type's
/// @param values in memory that lives as long as this
record DictionaryColumn(Field field, FixedColumn keys, ColumnBuffers values) implements LegacyColumn {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public PageRows open(int batch, long from, long to, Fetch fetch) {
        return keys.open(batch, from, to, fetch);
    }

    @Override
    public void prefetch(int batch, Fetch fetch) {
        keys.prefetch(batch, fetch);
    }

    @Override
    public ColumnBuffers decode(List<PageRows> parts, int rowCount, DecodeContext context, BufferSource memory) {
        MemorySegment indices =
                Objects.requireNonNull(keys.decode(parts, rowCount, context, memory).values());
        int row = 0;
        for (PageRows rows : parts) {
            for (int i = 0; i < rows.count(); i++, row++) {
                long key = key(indices, row);
                if (key < 0 || key >= values.rowCount()) {
                    throw keys.pages()
                            .page(rows.batch)
                            .corrupt("key " + key + " of a dictionary of " + values.rowCount() + " values");
                }
            }
        }
        ColumnBuffers copied = Columns.slice(values, 0, values.rowCount(), memory);
        return new ColumnBuffers(field, rowCount, 0, null, null, indices, List.of(copied));
    }

    /// As if unsigned, but for 64 bits: what is negative is too large then.
    private long key(MemorySegment indices, int row) {
        return switch ((int) keys.bitsPerRow()) {
            case 8 -> Byte.toUnsignedLong(indices.get(ValueLayout.JAVA_BYTE, row));
            case 16 -> Short.toUnsignedLong(indices.get(I16, 2L * row));
            case 32 -> Integer.toUnsignedLong(indices.get(I32, 4L * row));
            default -> indices.get(I64, 8L * row);
        };
    }
}
