// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// The definition of the sums, in plain Java.
public final class ScalarSqKernels implements SqKernels {
    @Override
    public void squaredL2(
            byte[] query, int queryStart, byte[] rows, int rowStart, int rowCount, int dimension, int[] sums) {
        for (int row = 0; row < rowCount; row++) {
            sums[row] = squaredL2(query, queryStart, rows, rowStart + row * dimension, dimension);
        }
    }

    @Override
    public void squaredL2Of(
            byte[] query, int queryStart, byte[] rows, int dimension, int[] ids, int idCount, int[] sums) {
        for (int i = 0; i < idCount; i++) {
            sums[i] = squaredL2(query, queryStart, rows, ids[i] * dimension, dimension);
        }
    }

    @Override
    public void dots(float[] query, byte[] rows, int rowStart, int rowCount, int dimension, float[] sums) {
        for (int row = 0; row < rowCount; row++) {
            sums[row] = dot(query, rows, rowStart + row * dimension, dimension);
        }
    }

    @Override
    public void dotsOf(float[] query, byte[] rows, int dimension, int[] ids, int idCount, float[] sums) {
        for (int i = 0; i < idCount; i++) {
            sums[i] = dot(query, rows, ids[i] * dimension, dimension);
        }
    }

    private static int squaredL2(byte[] query, int queryStart, byte[] rows, int rowStart, int dimension) {
        int sum = 0;
        for (int i = 0; i < dimension; i++) {
            int t = (query[queryStart + i] & 0xff) - (rows[rowStart + i] & 0xff);
            sum += t * t;
        }
        return sum;
    }

    private static float dot(float[] query, byte[] rows, int rowStart, int dimension) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < dimension - 3; i += 4) {
            sum0 += query[i] * (rows[rowStart + i] & 0xff);
            sum1 += query[i + 1] * (rows[rowStart + i + 1] & 0xff);
            sum2 += query[i + 2] * (rows[rowStart + i + 2] & 0xff);
            sum3 += query[i + 3] * (rows[rowStart + i + 3] & 0xff);
        }
        for (; i < dimension; i++) {
            sum0 += query[i] * (rows[rowStart + i] & 0xff);
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
