// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.kernel.CentroidKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// As many centroids for each sub-vector, by L2: what a codebook is when rows are encoded. Thread-safe.
public final class SubVectorCentroids {
    private final float[] values;
    private final int subVectors;
    private final int count;
    private final int dimension;
    private final @Nullable Packed[] packed = new Packed[2];

    /// @param values    `float[subVectors][count][dimension]`; not copied
    /// @param count     of the centroids of a sub-vector
    /// @param dimension of a sub-vector
    public SubVectorCentroids(float[] values, int subVectors, int count, int dimension) {
        this.values = values;
        this.subVectors = subVectors;
        this.count = count;
        this.dimension = dimension;
    }

    /// In the form that suits so many rows.
    public Packed forRows(long rowCount) {
        CentroidKernels kernels = VectorKernels.centroids(rowCount * values.length);
        int form = kernels.lanes() == 1 ? 0 : 1;
        synchronized (packed) {
            Packed known = packed[form];
            if (known == null) {
                known = new Packed(this, kernels);
                packed[form] = known;
            }
            return known;
        }
    }

    /// The centroids as kernels want them. Immutable and thread-safe.
    public static final class Packed {
        private final PackedCentroids[] all;

        private Packed(SubVectorCentroids centroids, CentroidKernels kernels) {
            all = new PackedCentroids[centroids.subVectors];
            for (int m = 0; m < all.length; m++) {
                int start = m * centroids.count * centroids.dimension;
                all[m] = new PackedCentroids(kernels, centroids.count, centroids.dimension);
                all[m].pack(centroids.values, start);
                all[m].setOffsetsToSquares(centroids.values, start);
            }
        }

        /// The nearest centroid of sub-vector m of each row; of equally near ones the first.
        ///
        /// @param rows   the sub-vector of row r starts at element `rowStart + r * rowStride`
        /// @param ids    filled
        /// @param scores filled with the distances less the square of the sub-vector
        public void assign(
                int m, float[] rows, int rowStart, int rowStride, int rowCount, int[] ids, float[] scores) {
            all[m].assign(rows, rowStart, rowStride, rowCount, 2, ids, scores, 0);
        }
    }
}
