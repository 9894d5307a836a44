// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;

import dev.joust.index.internal.kernel.CentroidKernels;

/// Centroids in the panels of {@link CentroidKernels}, and the offsets that make a product a score: for each row the
/// centroid with the smallest `offset - factor * (x . c)` is looked for. Immutable but for {@link #pack} and the
/// offsets; to be read by many threads.
final class PackedCentroids {
    private static final int BLOCK_ROWS = 64;

    private final CentroidKernels kernels;
    private final int count;
    private final int dimension;
    private final int panelCount;
    private final float[] panels;
    private final float[] offsets;

    /// Room for so many centroids.
    PackedCentroids(CentroidKernels kernels, int count, int dimension) {
        this.kernels = kernels;
        this.count = count;
        this.dimension = dimension;
        int width = kernels.panelWidth();
        panelCount = Math.ceilDiv(count, width);
        panels = new float[Math.multiplyExact(panelCount * width, dimension)];
        offsets = new float[panelCount * width];
        Arrays.fill(offsets, Float.POSITIVE_INFINITY); // of those that are missing: never the nearest
    }

    int count() {
        return count;
    }

    /// Takes over the centroids `float[count * dimension]` from element `start` on.
    void pack(float[] centroids, int start) {
        int width = kernels.panelWidth();
        for (int c = 0; c < count; c++) {
            int to = c / width * width * dimension + c % width;
            int from = start + c * dimension;
            for (int i = 0; i < dimension; i++) {
                panels[to + i * width] = centroids[from + i];
            }
        }
    }

    void setOffset(int centroid, float offset) {
        offsets[centroid] = offset;
    }

    /// Makes the squares of the centroids the offsets, as the L2 distance wants with a factor of 2.
    void setOffsetsToSquares(float[] centroids, int start) {
        for (int c = 0; c < count; c++) {
            offsets[c] = (float) square(centroids, start + c * dimension, dimension);
        }
    }

    /// The nearest centroid of each row.
    ///
    /// @param rows row r starts at element `rowStart + r * rowStride`
    /// @param ids  filled from `outStart` on
    /// @param scores filled from `outStart` on
    void assign(
            float[] rows,
            int rowStart,
            int rowStride,
            int rowCount,
            float factor,
            int[] ids,
            float[] scores,
            int outStart) {
        int width = kernels.panelWidth();
        int lanes = kernels.lanes();
        float[] tile = new float[BLOCK_ROWS * width];
        float[] bestScores = new float[BLOCK_ROWS * lanes];
        int[] bestIds = new int[BLOCK_ROWS * lanes];
        for (int block = 0; block < rowCount; block += BLOCK_ROWS) {
            int blockRows = Math.min(BLOCK_ROWS, rowCount - block);
            int start = rowStart + block * rowStride;
            Arrays.fill(bestScores, Float.POSITIVE_INFINITY);
            Arrays.fill(bestIds, 0);
            for (int panel = 0; panel < panelCount; panel++) {
                kernels.dots(
                        rows, start, rowStride, blockRows, panels, panel * width * dimension, dimension, tile);
                kernels.keepNearest(tile, blockRows, factor, offsets, panel * width, bestScores, bestIds);
            }
            for (int row = 0; row < blockRows; row++) {
                int best = row * lanes;
                for (int i = row * lanes + 1; i < (row + 1) * lanes; i++) {
                    if (bestScores[i] < bestScores[best]
                            || (bestScores[i] == bestScores[best] && bestIds[i] < bestIds[best])) {
                        best = i;
                    }
                }
                ids[outStart + block + row] = bestIds[best];
                scores[outStart + block + row] = bestScores[best];
            }
        }
    }

    /// The sum of the squares of `dimension` elements.
    static double square(float[] values, int start, int dimension) {
        double sum = 0;
        for (int i = start; i < start + dimension; i++) {
            sum += (double) values[i] * values[i];
        }
        return sum;
    }
}
