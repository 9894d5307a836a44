// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.LogicalType;

/// Gathers a dictionary column. Batches may have dictionaries of their own: a page has one, of the values that its rows
/// hold, each once, in the order of their first row. Values that are null make their rows null, as the reference has
/// it. Not thread-safe.
final class IndexAccumulator extends ValueAccumulator {
    private final String typeName;
    private final int indexBytes;

    /// Values that the index type can tell apart.
    private final long maxItemCount;

    private final ValueAccumulator items;
    private final Map<ByteBuffer, Integer> itemByValue = new HashMap<>();
    private byte[] indices = new byte[0];
    private int count;

    /// @param items    empty, of the dictionary's value type
    /// @param typeName names the field in messages
    IndexAccumulator(LogicalType.Int index, ValueAccumulator items, String typeName) {
        this.typeName = typeName;
        this.items = items;
        indexBytes = index.bitWidth() / 8;
        maxItemCount = 1L << Math.min(31, index.bitWidth() - (index.signed() ? 1 : 0));
    }

    @Override
    int count() {
        return count;
    }

    @Override
    long sizeBytes() {
        return (long) count * indexBytes + items.sizeBytes();
    }

    @Override
    int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
        ColumnBuffers dictionary = column.children().getFirst();
        long dictionaryBytes = items.contentBytes(dictionary);
        // A dictionary that fits is no reason to cut, one that does not counts with every row
        long bytesPerRow = indexBytes
                + (dictionaryBytes < budgetBytes ? 0 : dictionaryBytes / Math.max(1, dictionary.rowCount()));
        long room = Math.max(0, budgetBytes - sizeBytes());
        return Math.clamp((room + bytesPerRow - 1) / bytesPerRow, 1, endRow - startRow);
    }

    @Override
    long contentBytes(ColumnBuffers column) {
        return (long) column.rowCount() * indexBytes;
    }

    @Override
    ColumnBuffers withNulls(ColumnBuffers column) {
        ColumnBuffers dictionary = column.children().getFirst();
        if (dictionary.nullCount() == 0 || column.rowCount() == 0) {
            return column;
        }
        byte[] validity = new byte[(column.rowCount() + 7) / 8];
        int nullCount = 0;
        for (int row = 0; row < column.rowCount(); row++) {
            if (column.isNull(row) || dictionary.isNull((int) Dictionaries.index(column, row))) {
                nullCount++;
            } else {
                validity[row >>> 3] |= (byte) (1 << (row & 7));
            }
        }
        return column.withNulls(nullCount, MemorySegment.ofArray(validity));
    }

    @Override
    void append(ColumnBuffers column, int startRow, int endRow) throws IOException {
        int needed = Math.multiplyExact(Math.addExact(count, endRow - startRow), indexBytes);
        if (needed > indices.length) {
            indices = Arrays.copyOf(indices, (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 64, indices.length * 2L)));
        }
        ColumnBuffers dictionary = column.children().getFirst();
        int[] itemByPosition = new int[dictionary.rowCount()];
        Arrays.fill(itemByPosition, -1);
        for (int row = startRow; row < endRow; row++) {
            int item = 0;
            if (!column.isNull(row)) {
                int position = (int) Dictionaries.index(column, row);
                item = itemByPosition[position];
                if (item < 0) {
                    item = itemOf(dictionary, position);
                    itemByPosition[position] = item;
                }
            }
            put(count++, item);
        }
    }

    private void put(int slot, int item) {
        switch (indexBytes) {
            case 1 -> indices[slot] = (byte) item;
            case 2 -> LittleEndian.putShort(indices, 2 * slot, (short) item);
            case 4 -> LittleEndian.putInt(indices, 4 * slot, item);
            default -> LittleEndian.putLong(indices, 8 * slot, item);
        }
    }

    private int itemOf(ColumnBuffers dictionary, int position) throws IOException {
        int next = itemByValue.size();
        Integer known = itemByValue.putIfAbsent(ByteBuffer.wrap(value(dictionary, position)), next);
        if (known != null) {
            return known;
        }
        if (next == maxItemCount) {
            throw new UnsupportedFormatException(typeName + ": more than " + maxItemCount
                    + " values of several dictionaries in one page, its indices cannot tell them apart");
        }
        items.append(dictionary, position, position + 1);
        return next;
    }

    private static byte[] value(ColumnBuffers dictionary, int position) {
        int bits = dictionary.field().type().bitsPerValue();
        MemorySegment values = dictionary.values();
        if (bits == 0 || values == null) {
            return Columns.bytes(dictionary, position);
        }
        return bits == 1
                ? new byte[] {(byte) (values.get(ValueLayout.JAVA_BYTE, position >>> 3) >> (position & 7) & 1)}
                : values.asSlice((long) position * (bits / 8), bits / 8).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    void check(ColumnBuffers column) {
        if (column.children().size() != 1) {
            throw new IllegalArgumentException("column " + column.field().name() + " has "
                    + column.children().size() + " children, a dictionary column has one: its values");
        }
        ColumnBuffers dictionary = column.children().getFirst();
        LayerAccumulator.requireValidity(dictionary);
        items.check(dictionary);
        require(column.values(), (long) column.rowCount() * indexBytes, column.field(), "indices");
        Dictionaries.checkIndices(column);
    }

    @Override
    LeafValues take() {
        LeafValues taken = new LeafValues.Indexed(
                new LeafValues.FixedWidth(indexBytes * 8, count, indices), items.take());
        itemByValue.clear();
        indices = new byte[count * indexBytes];
        count = 0;
        return taken;
    }
}
