// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.VectorKernels;

/// What lets one table of a query serve all partitions whose codes are of residuals. With centroid c, and w what a row's
/// code stands for,
///
///     |q - c - w|^2 = |q - c|^2 + (|w|^2 + 2 c.w) - 2 q.w
///
/// where the first term is the partition's, the second the row's own, known before any query, and the last takes one
/// table for all partitions. Queries and centroids are measured from the middle of the centroids, which changes nothing
/// but keeps the numbers small. Immutable and thread-safe.
public final class ResidualTerms {
    private final PqCodebook codebook;
    private final float[] centroids;
    private final float[] middle;
    private final float[] squares;
    private final double longestRow;

    /// @param centroids `float[count * dimension]`, not copied, so not to be changed
    public ResidualTerms(PqCodebook codebook, float[] centroids, int count) {
        this.codebook = codebook;
        this.centroids = centroids;
        middle = middle(centroids, count, codebook.dimension());
        squares = new float[codebook.subVectors() * codebook.codewords()];
        double sum = 0;
        for (int m = 0; m < codebook.subVectors(); m++) {
            double longest = 0;
            for (int j = m * codebook.codewords(); j < (m + 1) * codebook.codewords(); j++) {
                double square = 0;
                for (int i = j * codebook.subDimension(); i < (j + 1) * codebook.subDimension(); i++) {
                    square += (double) codebook.values()[i] * codebook.values()[i];
                }
                squares[j] = (float) square;
                longest = Math.max(longest, square);
            }
            sum += longest;
        }
        longestRow = Math.sqrt(sum);
    }

    private static float[] middle(float[] centroids, int count, int dimension) {
        double[] sums = new double[dimension];
        for (int at = 0; at < count * dimension; at++) {
            sums[at % dimension] += centroids[at];
        }
        float[] middle = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            middle[i] = (float) (sums[i] / count);
        }
        return middle;
    }

    PqCodebook codebook() {
        return codebook;
    }

    /// No row's code stands for a longer residual.
    double longestRow() {
        return longestRow;
    }

    /// How far a vector is from the middle of the centroids, times `factor`.
    ///
    /// @param offset filled
    void offset(float[] vectors, int start, float factor, float[] offset) {
        for (int i = 0; i < middle.length; i++) {
            offset[i] = factor * (vectors[start + i] - middle[i]);
        }
    }

    /// What a query is away from a centroid.
    ///
    /// @param residual filled
    void residual(float[] query, int partition, float[] residual) {
        for (int i = 0, at = partition * residual.length; i < residual.length; i++, at++) {
            residual[i] = query[i] - centroids[at];
        }
    }

    /// `|w|^2 + 2 c.w` of each row of a partition.
    public float[] ofRows(int partition, PqCodes codes) {
        float[] target = new float[codebook.dimension()];
        offset(centroids, partition * target.length, -2, target);
        PqDistanceTable table = new PqDistanceTable(codebook, DistanceType.L2);
        table.fillSquaresLess(target, squares, VectorKernels.pq((long) target.length * codebook.codewords()));
        float[] terms = new float[codes.rowCount()];
        for (int row = 0; row < terms.length; row++) {
            terms[row] = table.distance(codes.bytes(), codes.start() + row, codes.rowCount());
        }
        return terms;
    }
}
