// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;
import java.util.SplittableRandom;

/// A number of vectors out of a stream of whose length nothing is known, each with the same chance. Not thread-safe.
public final class VectorSample {
    private final int capacity;
    private final int dimension;
    private final SplittableRandom random;
    private float[] values;
    private int count;
    private long seen;

    public VectorSample(int capacity, int dimension, long seed) {
        this.capacity = capacity;
        this.dimension = dimension;
        random = new SplittableRandom(seed);
        values = new float[Math.min(capacity, 1024) * dimension];
    }

    public void add(VectorRows rows) {
        for (int row = 0; row < rows.count(); row++) {
            int place = count < capacity ? count++ : place(random.nextLong(seen + 1));
            seen++;
            if (place >= 0) {
                if ((place + 1) * dimension > values.length) {
                    values = Arrays.copyOf(values, Math.min(capacity, 2 * count) * dimension);
                }
                System.arraycopy(rows.values(), row * dimension, values, place * dimension, dimension);
            }
        }
    }

    private int place(long drawn) {
        return drawn < capacity ? (int) drawn : -1;
    }

    /// How many there were.
    public long seen() {
        return seen;
    }

    /// Those drawn, without ids.
    public VectorRows rows() {
        return new VectorRows(Arrays.copyOf(values, count * dimension), new long[0], count, dimension);
    }
}
