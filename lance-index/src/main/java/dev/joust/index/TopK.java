// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.Arrays;
import java.util.List;

/// The k nearest of the rows offered; of equally near ones those with the smallest address (unsigned), so that the
/// result does not depend on the order in which rows come. Memory grows with what is kept, not with k.
/// Not thread-safe.
public final class TopK {
    private static final int FIRST_CAPACITY = 16;

    private final int k;

    /// A heap: each entry is farther than its two children, so that the first is the one to go.
    private float[] distances;

    private long[] addresses;
    private int size;

    public TopK(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, not " + k);
        }
        this.k = k;
        distances = new float[Math.min(k, FIRST_CAPACITY)];
        addresses = new long[distances.length];
    }

    /// How many rows are kept at most.
    public int capacity() {
        return k;
    }

    /// How many rows are kept now.
    public int size() {
        return size;
    }

    /// No row farther than this is kept any more; a row as far may be. Infinite while there is room.
    public float threshold() {
        return size < k ? Float.POSITIVE_INFINITY : distances[0];
    }

    /// Keeps the row if it is among the k nearest so far. A distance that is NaN never is.
    public void offer(float distance, long address) {
        if (Float.isNaN(distance)) {
            return;
        }
        if (size < k) {
            if (size == distances.length) {
                int capacity = (int) Math.min(k, 2L * size);
                distances = Arrays.copyOf(distances, capacity);
                addresses = Arrays.copyOf(addresses, capacity);
            }
            siftUp(size++, distance, address);
        } else if (isFarther(distances[0], addresses[0], distance, address)) {
            siftDown(distance, address);
        }
    }

    /// Offers all rows that `other` has kept.
    public void offerAll(TopK other) {
        for (int i = 0; i < other.size; i++) {
            offer(other.distances[i], other.addresses[i]);
        }
    }

    /// The rows kept, nearest first.
    public List<Neighbor> toSortedList() {
        Neighbor[] sorted = new Neighbor[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = new Neighbor(addresses[i], distances[i]);
        }
        Arrays.sort(sorted, TopK::compare);
        return List.of(sorted);
    }

    private static int compare(Neighbor a, Neighbor b) {
        if (a.distance() != b.distance()) {
            return a.distance() < b.distance() ? -1 : 1;
        }
        return Long.compareUnsigned(a.rowAddress(), b.rowAddress());
    }

    /// Whether row a comes after row b.
    private static boolean isFarther(float distanceA, long addressA, float distanceB, long addressB) {
        return distanceA > distanceB
                || (distanceA == distanceB && Long.compareUnsigned(addressA, addressB) > 0);
    }

    private void siftUp(int hole, float distance, long address) {
        int index = hole;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!isFarther(distance, address, distances[parent], addresses[parent])) {
                break;
            }
            distances[index] = distances[parent];
            addresses[index] = addresses[parent];
            index = parent;
        }
        distances[index] = distance;
        addresses[index] = address;
    }

    private void siftDown(float distance, long address) {
        int index = 0;
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size
                    && isFarther(distances[child + 1], addresses[child + 1], distances[child], addresses[child])) {
                child++;
            }
            if (!isFarther(distances[child], addresses[child], distance, address)) {
                break;
            }
            distances[index] = distances[child];
            addresses[index] = addresses[child];
            index = child;
        }
        distances[index] = distance;
        addresses[index] = address;
    }
}
