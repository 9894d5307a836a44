// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// Sums over scalar-quantized rows, `byte[rows * dimension]`, row-major, a byte being 0 to 255. Stateless.
public interface SqKernels {
    /// More elements may overflow the sums.
    int MOST_DIMENSION = 32_768;

    /// `sums[r]` = the sum of `(q - v)^2` over row r of those that follow each other from byte `rowStart` on.
    ///
    /// @param query `dimension` bytes of an array, which may be `rows`, from `queryStart` on
    void squaredL2(byte[] query, int queryStart, byte[] rows, int rowStart, int rowCount, int dimension, int[] sums);

    /// `sums[i]` = the sum of `(q - v)^2` over the row number `ids[i]`.
    void squaredL2Of(byte[] query, int queryStart, byte[] rows, int dimension, int[] ids, int idCount, int[] sums);

    /// `sums[r]` = the sum of `q * v` over row r of those that follow each other from byte `rowStart` on.
    void dots(float[] query, byte[] rows, int rowStart, int rowCount, int dimension, float[] sums);

    /// `sums[i]` = the sum of `q * v` over the row number `ids[i]`.
    void dotsOf(float[] query, byte[] rows, int dimension, int[] ids, int idCount, float[] sums);
}
