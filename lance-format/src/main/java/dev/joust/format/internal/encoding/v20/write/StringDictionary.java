// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.LeafValues;

/// Strings of which few differ, as numbers of those: 0 is null, k is item k - 1 (spec: file format 5.6, appendix B).
///
/// @param indices      u8 per row
/// @param itemValidity null unless there is no string at all: then the only item is a null
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
record StringDictionary(LeafValues.FixedWidth indices, LeafValues.VariableWidth items, byte @Nullable [] itemValidity) {
    /// Below this many rows nothing is won.
    private static final int LEAST_ROWS = 100;

    /// Where there are so many, strings stay as they are.
    private static final int TOO_MANY_ITEMS = 100;

    /// @return null where there are too few rows or too many strings, or where that would not be smaller
    static @Nullable StringDictionary of(LeafValues.VariableWidth values, byte @Nullable [] validity) {
        int count = values.count();
        if (count < LEAST_ROWS) {
            return null;
        }
        Map<ByteBuffer, Integer> known = new HashMap<>();
        int[] itemRows = new int[TOO_MANY_ITEMS];
        byte[] indices = new byte[count];
        long itemBytes = 0;
        for (int row = 0; row < count; row++) {
            if (!Validity.isValid(validity, row)) {
                continue;
            }
            int next = known.size() + 1;
            Integer index = known.putIfAbsent(
                    ByteBuffer.wrap(values.bytes(), values.offsets()[row], values.length(row)), next);
            if (index == null) {
                if (next == TOO_MANY_ITEMS) {
                    return null;
                }
                itemRows[next - 1] = row;
                itemBytes += values.length(row);
            }
            indices[row] = (byte) (index == null ? next : index);
        }
        int itemCount = known.size();
        if (count + 8L * itemCount + itemBytes >= 8L * count + values.byteCount()) {
            return null;
        }
        return new StringDictionary(
                new LeafValues.FixedWidth(8, count, indices),
                items(values, itemRows, itemCount, (int) itemBytes),
                itemCount == 0 ? new byte[1] : null);
    }

    private static LeafValues.VariableWidth items(
            LeafValues.VariableWidth values, int[] rows, int count, int byteCount) {
        if (count == 0) { // readers want at least one
            return new LeafValues.VariableWidth(32, 1, new int[2], new byte[0]);
        }
        int[] offsets = new int[count + 1];
        byte[] bytes = new byte[byteCount];
        for (int item = 0; item < count; item++) {
            int length = values.length(rows[item]);
            System.arraycopy(values.bytes(), values.offsets()[rows[item]], bytes, offsets[item], length);
            offsets[item + 1] = offsets[item] + length;
        }
        return new LeafValues.VariableWidth(32, count, offsets, bytes);
    }
}
