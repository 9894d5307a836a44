// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// The definition of the sums, in plain Java; kept in four parts as {@link ScalarDistanceKernels} does.
public final class ScalarArrayDistanceKernels implements ArrayDistanceKernels {
    @Override
    public void squaredL2(
            float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        for (int row = 0; row < rowCount; row++) {
            out[row] = squaredL2(query, queryStart, rows, rowStart + row * dimension, dimension);
        }
    }

    @Override
    public void dots(
            float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        for (int row = 0; row < rowCount; row++) {
            out[row] = dot(query, queryStart, rows, rowStart + row * dimension, dimension);
        }
    }

    @Override
    public void squares(float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        for (int row = 0; row < rowCount; row++) {
            int start = rowStart + row * dimension;
            out[row] = dot(rows, start, rows, start, dimension);
        }
    }

    @Override
    public void squaredL2Of(
            float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out) {
        for (int i = 0; i < idCount; i++) {
            out[i] = squaredL2(query, queryStart, rows, ids[i] * dimension, dimension);
        }
    }

    @Override
    public void dotsOf(
            float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out) {
        for (int i = 0; i < idCount; i++) {
            out[i] = dot(query, queryStart, rows, ids[i] * dimension, dimension);
        }
    }

    static float squaredL2(float[] query, int queryStart, float[] rows, int rowStart, int dimension) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < dimension - 3; i += 4) {
            float t0 = query[queryStart + i] - rows[rowStart + i];
            float t1 = query[queryStart + i + 1] - rows[rowStart + i + 1];
            float t2 = query[queryStart + i + 2] - rows[rowStart + i + 2];
            float t3 = query[queryStart + i + 3] - rows[rowStart + i + 3];
            sum0 += t0 * t0;
            sum1 += t1 * t1;
            sum2 += t2 * t2;
            sum3 += t3 * t3;
        }
        for (; i < dimension; i++) {
            float t = query[queryStart + i] - rows[rowStart + i];
            sum0 += t * t;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    static float dot(float[] query, int queryStart, float[] rows, int rowStart, int dimension) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < dimension - 3; i += 4) {
            sum0 += query[queryStart + i] * rows[rowStart + i];
            sum1 += query[queryStart + i + 1] * rows[rowStart + i + 1];
            sum2 += query[queryStart + i + 2] * rows[rowStart + i + 2];
            sum3 += query[queryStart + i + 3] * rows[rowStart + i + 3];
        }
        for (; i < dimension; i++) {
            sum0 += query[queryStart + i] * rows[rowStart + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
