// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// Sums between one vector and many rows of an array, `float[rows * dimension]`, row-major. The query is
/// `dimension` elements of an array from `queryStart` on, which may be a row of the same array. A row gets the same sum
/// wherever it stands and with whatever other rows, but for the last bits: vectors add their lanes in another order once
/// they are compiled. Stateless.
public interface ArrayDistanceKernels {
    /// `out[r]` = the sum of `(q - v)^2` over the row r of those that follow each other from element `rowStart` on.
    void squaredL2(float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out);

    /// `out[r]` = the sum of `q * v`.
    void dots(float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out);

    /// `out[r]` = the sum of `v * v`.
    void squares(float[] rows, int rowStart, int rowCount, int dimension, float[] out);

    /// `out[i]` = the sum of `(q - v)^2` over the row number `ids[i]`.
    void squaredL2Of(float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out);

    /// `out[i]` = the sum of `q * v` over the row number `ids[i]`.
    void dotsOf(float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out);
}
