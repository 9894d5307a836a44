// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Counts in bitmaps: LSB first, 1 = valid, none at all where everything is valid.
final class Validity {
    private Validity() {}

    static int nullCount(byte @Nullable [] validity, int count) {
        if (validity == null) {
            return 0;
        }
        int valid = 0;
        int whole = count >>> 6;
        for (int word = 0; word < whole; word++) {
            valid += Long.bitCount(LittleEndian.getLong(validity, 8 * word));
        }
        for (int i = whole << 6; i < count; i++) {
            valid += validity[i >>> 3] >> (i & 7) & 1;
        }
        return count - valid;
    }

    static boolean isValid(byte @Nullable [] validity, int index) {
        return validity == null || (validity[index >>> 3] >> (index & 7) & 1) != 0;
    }

    /// Whether any item of the lists that are not null is valid.
    static boolean anyItemValid(LeafValues.FixedSizeList lists, byte @Nullable [] validity) {
        byte[] items = lists.itemValidity();
        if (items == null) {
            return true;
        }
        int dimension = lists.dimension();
        for (int row = 0; row < lists.count(); row++) {
            if (!isValid(validity, row)) {
                continue;
            }
            for (int item = row * dimension; item < (row + 1) * dimension; item++) {
                if (isValid(items, item)) {
                    return true;
                }
            }
        }
        return false;
    }
}
