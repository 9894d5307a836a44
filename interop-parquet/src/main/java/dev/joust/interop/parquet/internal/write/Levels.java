// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.util.Arrays;

/// Levels of one kind, of a page that is being made.
final class Levels {
    private final int max;
    private int[] values = new int[1024];
    private int count;

    Levels(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    void add(int level, int times) {
        if (count + times > values.length) {
            values = Arrays.copyOf(values, Math.max(Math.addExact(count, times), values.length * 2));
        }
        Arrays.fill(values, count, count + times, level);
        count += times;
    }

    /// The length of what follows in 32 bits, then the levels; nothing where there is but one level.
    void writeTo(GrowingBytes target) {
        if (max == 0) {
            return;
        }
        int at = target.grow(4);
        HybridWriter.write(values, count, 32 - Integer.numberOfLeadingZeros(max), target);
        target.setInt(at, target.size() - at - 4);
    }
}
