// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.LeafValues;

/// Null items of fixed-size lists.
public final class NullItems {
    private NullItems() {}

    /// The same lists, with the items of null rows counting as valid: where no other items are null, no bitmap has to
    /// be stored for them.
    ///
    /// @param validity bit per row, null if all are valid
    public static LeafValues.FixedSizeList withoutThoseOfNullRows(
            LeafValues.FixedSizeList values, byte @Nullable [] validity) {
        byte[] rows = validity;
        byte[] items = values.itemValidity();
        if (items != null) {
            items = items.clone();
            int dimension = values.dimension();
            boolean anyNull = false;
            for (int row = 0; row < values.count(); row++) {
                boolean isNull = rows != null && (rows[row >>> 3] >> (row & 7) & 1) == 0;
                for (int item = row * dimension; item < (row + 1) * dimension; item++) {
                    if ((items[item >>> 3] >> (item & 7) & 1) == 0) {
                        if (isNull) {
                            items[item >>> 3] |= (byte) (1 << (item & 7));
                        } else {
                            anyNull = true;
                        }
                    }
                }
            }
            items = anyNull ? items : null;
        }
        LeafValues inner = values.items() instanceof LeafValues.FixedSizeList list
                ? withoutThoseOfNullRows(list, spread(validity, items, values))
                : values.items();
        return new LeafValues.FixedSizeList(values.dimension(), values.count(), items, inner);
    }

    /// Validity of items, those of null rows null.
    private static byte @Nullable [] spread(
            byte @Nullable [] rows, byte @Nullable [] items, LeafValues.FixedSizeList values) {
        if (rows == null) {
            return items;
        }
        int count = values.items().count();
        byte[] spread = new byte[(count + 7) / 8];
        if (items == null) {
            Arrays.fill(spread, (byte) 0xFF);
        } else {
            System.arraycopy(items, 0, spread, 0, spread.length);
        }
        for (int item = 0; item < count; item++) {
            int row = item / values.dimension();
            if ((rows[row >>> 3] >> (row & 7) & 1) == 0) {
                spread[item >>> 3] &= (byte) ~(1 << (item & 7));
            }
        }
        return spread;
    }

    /// Whether not a single item is valid.
    static boolean areAll(LeafValues.FixedSizeList values) {
        byte[] items = values.itemValidity();
        if (items == null) {
            return false;
        }
        int bits = values.items().count();
        for (int i = 0; i < bits / 8; i++) {
            if (items[i] != 0) {
                return false;
            }
        }
        return (bits & 7) == 0 || (items[bits / 8] & (1 << (bits & 7)) - 1) == 0;
    }
}
