// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import dev.joust.format.index.IvfPartitions;
import dev.joust.index.DistanceType;

/// The centroids of an index, and how far they are from a query. Immutable, thread-safe.
public final class IvfModel {
    private final DistanceType type;
    private final int count;
    private final int dimension;
    private final float[] centroids;
    private final NearestCentroids nearest;

    /// @param type      of the index; cosine compares vectors of length 1 by L2
    /// @param centroids `float[count * dimension]`
    public IvfModel(DistanceType type, float[] centroids, int count, int dimension) {
        this.type = type == DistanceType.COSINE ? DistanceType.L2 : type;
        this.count = count;
        this.dimension = dimension;
        this.centroids = centroids;
        nearest = new NearestCentroids(centroids, count, dimension, this.type);
    }

    public static IvfModel of(DistanceType type, IvfPartitions partitions) {
        var tensor = java.util.Objects.requireNonNull(partitions.centroids());
        return new IvfModel(type, tensor.toFloats(), tensor.rowCount(), tensor.dimension());
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /// `float[count * dimension]`, not to be changed.
    float[] centroids() {
        return centroids;
    }

    /// Partitions by how near their centroid is.
    ///
    /// @param query as the index compares
    public Ranking rank(float[] query) {
        return new Ranking(nearest.sortKeys(query));
    }

    /// Says which centroid is nearest.
    public NearestCentroids nearest() {
        return nearest;
    }

    /// What a query is away from a centroid.
    float[] residual(float[] query, int partition) {
        float[] residual = new float[dimension];
        for (int i = 0, at = partition * dimension; i < dimension; i++, at++) {
            residual[i] = query[i] - centroids[at];
        }
        return residual;
    }

    /// Takes from each row the centroid of its partition.
    void subtractCentroids(float[] rows, int rowCount, int[] partitions) {
        for (int row = 0; row < rowCount; row++) {
            int at = row * dimension;
            int from = partitions[row] * dimension;
            for (int i = 0; i < dimension; i++) {
                rows[at + i] -= centroids[from + i];
            }
        }
    }

    /// Partitions, nearest first; put in order as far as they are asked for. For one thread.
    public static final class Ranking {
        private static final int FEWEST = 32;

        private final long[] keys;
        private int sorted;

        /// @param keys made by {@link NearestCentroids#sortKey}, in any order
        Ranking(long[] keys) {
            this.keys = keys;
        }

        public int count() {
            return keys.length;
        }

        /// The partition at a place.
        public int partition(int place) {
            sortThrough(place);
            return (int) keys[place];
        }

        /// How far its centroid is.
        public float distance(int place) {
            sortThrough(place);
            return NearestCentroids.distanceOf(keys[place]);
        }

        private void sortThrough(int place) {
            if (place >= sorted) {
                int end = Math.min(keys.length, Math.max(place + 1, Math.max(FEWEST, 2 * sorted)));
                NearestCentroids.sortFirst(keys, sorted, end);
                sorted = end;
            }
        }
    }
}
