// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;
import java.util.Random;

/// Random vectors, and exact answers about them.
public final class TestVectors {
    public static final long SEED = Long.getLong("joust.seed", 231_018_918);

    private TestVectors() {}

    public static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// Rows around centres that are themselves spread, as embeddings are: `float[rowCount * dimension]`.
    public static float[] clustered(Random random, int rowCount, int dimension, int clusters, float spread) {
        float[] centers = gaussian(random, clusters * dimension);
        float[] rows = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++) {
            int center = random.nextInt(clusters);
            for (int i = 0; i < dimension; i++) {
                rows[row * dimension + i] =
                        centers[center * dimension + i] + spread * (float) random.nextGaussian();
            }
        }
        return rows;
    }

    public static void normalize(float[] rows, int dimension) {
        for (int start = 0; start < rows.length; start += dimension) {
            double square = 0;
            for (int i = start; i < start + dimension; i++) {
                square += (double) rows[i] * rows[i];
            }
            for (int i = start; i < start + dimension; i++) {
                rows[i] = (float) (rows[i] / Math.sqrt(square));
            }
        }
    }

    public static double l2(float[] a, int startA, float[] b, int startB, int dimension) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            double t = (double) a[startA + i] - b[startB + i];
            sum += t * t;
        }
        return sum;
    }

    public static double dot(float[] a, int startA, float[] b, int startB, int dimension) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += (double) a[startA + i] * b[startB + i];
        }
        return sum;
    }

    /// The k nearest rows by L2, nearest first.
    public static int[] nearest(float[] query, float[] rows, int dimension, int k) {
        int count = rows.length / dimension;
        double[] distances = new double[count];
        Integer[] order = new Integer[count];
        for (int row = 0; row < count; row++) {
            distances[row] = l2(query, 0, rows, row * dimension, dimension);
            order[row] = row;
        }
        Arrays.sort(order, (a, b) -> Double.compare(distances[a], distances[b]));
        return Arrays.stream(order).limit(k).mapToInt(Integer::intValue).toArray();
    }

    public static float[] row(float[] rows, int row, int dimension) {
        return Arrays.copyOfRange(rows, row * dimension, (row + 1) * dimension);
    }
}
