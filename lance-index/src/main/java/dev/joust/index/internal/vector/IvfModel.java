// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.format.index.IvfPartitions;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorElement;

/// The centroids of an index, and how far they are from a query. Immutable, thread-safe.
public final class IvfModel {
    private final DistanceType type;
    private final int count;
    private final int dimension;
    private final float[] centroids;
    private final VectorElement element;
    private final NearestCentroids nearest;
    private final @Nullable BinaryCentroids bits;

    /// @param type      of the index; cosine compares vectors of length 1 by L2
    /// @param centroids `float[count * dimension]`
    public IvfModel(DistanceType type, float[] centroids, int count, int dimension) {
        this(type, VectorElement.FLOAT32, centroids, count, dimension);
    }

    /// @param type      of the index; cosine compares vectors of length 1 by L2
    /// @param element   of the centroids, to which they and residuals are rounded
    /// @param centroids `float[count * dimension]`
    public IvfModel(DistanceType type, VectorElement element, float[] centroids, int count, int dimension) {
        this.type = type == DistanceType.COSINE ? DistanceType.L2 : type;
        this.count = count;
        this.dimension = dimension;
        this.centroids = centroids;
        this.element = element;
        nearest = new NearestCentroids(centroids, count, dimension, this.type);
        bits = type == DistanceType.HAMMING ? new BinaryCentroids(centroids, count, dimension) : null;
    }

    public static IvfModel of(DistanceType type, IvfPartitions partitions) {
        var tensor = java.util.Objects.requireNonNull(partitions.centroids());
        return new IvfModel(
                type, VectorElement.of(tensor.type()), tensor.toFloats(), tensor.rowCount(), tensor.dimension());
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
        return new Ranking(bits == null ? nearest.sortKeys(query) : bits.sortKeys(query));
    }

    /// What the centroids are made of, and vectors that are stored as they are.
    public VectorElement element() {
        return element;
    }

    /// The nearest centroid of each row.
    ///
    /// @param rows       `float[rowCount * dimension]`, perhaps longer
    /// @param partitions filled
    public void assign(float[] rows, int rowCount, int[] partitions, Workers workers) {
        if (bits == null) {
            nearest.assign(rows, 0, rowCount, partitions, workers);
        } else {
            bits.assign(rows, rowCount, partitions, workers);
        }
    }

    /// What a query is away from a centroid.
    float[] residual(float[] query, int partition) {
        float[] residual = new float[dimension];
        for (int i = 0, at = partition * dimension; i < dimension; i++, at++) {
            residual[i] = query[i] - centroids[at];
        }
        return element.round(residual);
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
        element.round(rows);
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
