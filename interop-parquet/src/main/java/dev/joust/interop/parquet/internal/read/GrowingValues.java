// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.util.Arrays;

/// Values of any length, one after the other, on the heap until their column is built.
final class GrowingValues {
    private static final int LARGEST = Integer.MAX_VALUE - 64;

    byte[] bytes = new byte[1024];
    /// Where each value ends.
    int[] ends = new int[256];
    int size;
    int count;

    void clear() {
        size = 0;
        count = 0;
    }

    /// Room for `more` values.
    void reserve(int more) {
        if (count + more > ends.length) {
            ends = Arrays.copyOf(ends, Math.max(count + more, (int) Math.min(LARGEST, ends.length * 2L)));
        }
    }

    /// Room for `length` bytes; where they go.
    int grow(int length) {
        long wanted = (long) size + length;
        if (wanted > LARGEST) {
            throw new BadPageException("more than 2 GiB of values in the rows of one batch");
        }
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(wanted, bytes.length * 2L)));
        }
        int at = size;
        size = (int) wanted;
        return at;
    }

    /// Adds a value, for which {@link #reserve} made room.
    void add(byte[] source, int start, int length) {
        int at = grow(length);
        System.arraycopy(source, start, bytes, at, length);
        ends[count++] = size;
    }
}
