// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Rows within an array: row r is the `dimension` elements from `start + r * stride` on.
record Rows(float[] values, int start, int stride, int count, int dimension) {
    Rows {
        if (start < 0 || stride < dimension || start + (count - 1L) * stride + dimension > values.length) {
            throw new IllegalArgumentException(count + " rows of " + dimension + " elements, each " + stride
                    + " after the one before, from " + start + " on in an array of " + values.length);
        }
    }

    int startOf(int row) {
        return start + row * stride;
    }

    /// So many rows drawn at random, in their order; these rows if there are no more.
    Rows sample(long wanted, SplittableRandom random) {
        if (wanted >= count) {
            return this;
        }
        int[] drawn = draw((int) wanted, random);
        Arrays.sort(drawn);
        return taken(drawn, drawn.length);
    }

    /// The rows whose id is that one, of which there are `size`.
    Rows where(int[] ids, int id, int size) {
        int[] members = new int[size];
        int found = 0;
        for (int row = 0; row < count; row++) {
            if (ids[row] == id) {
                members[found++] = row;
            }
        }
        return taken(members, found);
    }

    /// `float[count * dimension]` of its own.
    float[] copy() {
        float[] copy = new float[Math.multiplyExact(count, dimension)];
        for (int row = 0; row < count; row++) {
            System.arraycopy(values, startOf(row), copy, row * dimension, dimension);
        }
        return copy;
    }

    /// An array that holds these rows one after the other from its start.
    float[] copyIfStrided() {
        return start == 0 && stride == dimension ? values : copy();
    }

    /// These rows one after the other, where there is much between them.
    Rows gathered() {
        return stride < 2 * dimension ? this : new Rows(copy(), 0, dimension, count, dimension);
    }

    private Rows taken(int[] rows, int taken) {
        float[] copy = new float[Math.multiplyExact(taken, dimension)];
        for (int i = 0; i < taken; i++) {
            System.arraycopy(values, startOf(rows[i]), copy, i * dimension, dimension);
        }
        return new Rows(copy, 0, dimension, taken, dimension);
    }

    /// Different row numbers, in any order: the first steps of a shuffle.
    private int[] draw(int wanted, SplittableRandom random) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> i);
        for (int i = 0; i < wanted; i++) {
            int other = random.nextInt(i, count);
            int number = numbers[other];
            numbers[other] = numbers[i];
            numbers[i] = number;
        }
        return Arrays.copyOf(numbers, wanted);
    }
}
