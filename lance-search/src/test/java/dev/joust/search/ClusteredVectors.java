// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.Random;

/// Vectors around twenty centers, as real ones lie: what an index can tell apart.
final class ClusteredVectors {
    private static final int CENTER_COUNT = 20;

    private final Random random;
    private final float[][] centers;

    ClusteredVectors(long seed, int dimension) {
        random = new Random(seed);
        centers = new float[CENTER_COUNT][dimension];
        for (float[] center : centers) {
            for (int i = 0; i < dimension; i++) {
                center[i] = (float) random.nextGaussian() * 3;
            }
        }
    }

    float[] next() {
        return next(0);
    }

    /// @param shift how far from where the others lie, in each dimension
    float[] next(float shift) {
        float[] vector = center(random.nextInt(CENTER_COUNT));
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) random.nextGaussian() + shift;
        }
        return vector;
    }

    float[] center(int index) {
        return centers[index].clone();
    }
}
