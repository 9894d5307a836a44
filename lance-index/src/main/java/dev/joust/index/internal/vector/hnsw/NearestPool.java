// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

/// The nearest rows a walk has met, in order, and which of them it has gone on from. A row is one `long`: its distance,
/// its number, and a bit that says "gone on from here". Not thread-safe.
final class NearestPool {
    private static final long EXPANDED = 1;

    private long[] keys = {};
    private int capacity;
    private int size;
    private int next;

    void start(int newCapacity) {
        if (keys.length < newCapacity) {
            keys = new long[newCapacity];
        }
        capacity = newCapacity;
        size = 0;
        next = 0;
    }

    int size() {
        return size;
    }

    /// Adds a row that is not there if it is among the nearest.
    void offer(float distance, int row) {
        long key = key(distance, row);
        if (size == capacity) {
            if (key >= keys[size - 1]) {
                return;
            }
            size--;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        System.arraycopy(keys, low, keys, low + 1, size - low);
        keys[low] = key;
        size++;
        next = Math.min(next, low);
    }

    /// The nearest row that was not gone on from yet, which now it is; -1 if there is none.
    int expandNext() {
        while (next < size) {
            long key = keys[next];
            if ((key & EXPANDED) == 0) {
                keys[next++] = key | EXPANDED;
                return row(key);
            }
            next++;
        }
        return -1;
    }

    int row(int index) {
        return row(keys[index]);
    }

    float distance(int index) {
        return distance(keys[index]);
    }

    /// Orders as the distance does (NaN last), then as the row does.
    static long key(float distance, int row) {
        int bits = Float.floatToRawIntBits(distance + 0f); // -0 becomes 0
        return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | (long) row << 1;
    }

    static int row(long key) {
        return (int) key >>> 1;
    }

    static float distance(long key) {
        int bits = (int) (key >> 32);
        return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }
}
