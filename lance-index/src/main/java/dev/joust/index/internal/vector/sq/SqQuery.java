// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.sq;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.SqKernels;

/// How far scalar-quantized rows are from a query: for L2 the query is quantized, too; for dot it stays as it is
/// (spec: index format B.5). To be given query after query by one thread.
public final class SqQuery {
    private final ScalarQuantizer quantizer;
    private final boolean dot;
    private final float[] query;
    private final byte[] code;
    private final int dimension;
    private int[] sums = {};
    private float base;

    /// @param type DOT; any other for L2
    public SqQuery(ScalarQuantizer quantizer, int dimension, DistanceType type) {
        if (dimension < 1 || dimension > SqKernels.MOST_DIMENSION) {
            throw new IllegalArgumentException("dimension " + dimension + " of scalar-quantized rows");
        }
        this.quantizer = quantizer;
        this.dimension = dimension;
        dot = type == DistanceType.DOT;
        query = new float[dimension];
        code = new byte[dimension];
    }

    public int dimension() {
        return dimension;
    }

    /// @param vector `float[dimension]`
    public void target(float[] vector) {
        System.arraycopy(vector, 0, query, 0, dimension);
        if (dot) {
            prepareDot();
        } else {
            quantizer.encode(vector, 0, dimension, code, 0);
        }
    }

    /// Takes what a row stands for as the query.
    public void targetRow(byte[] codes, int start) {
        if (dot) {
            quantizer.decode(codes, start, dimension, query, 0);
            prepareDot();
        } else {
            System.arraycopy(codes, start, code, 0, dimension);
        }
    }

    private void prepareDot() {
        double sum = 0;
        for (float q : query) {
            sum += q;
        }
        base = (float) (1 - quantizer.low() * sum);
    }

    /// `distances[r]` for rows that follow each other from byte `rowStart` on.
    public void distances(SqKernels kernels, byte[] codes, int rowStart, int rowCount, float[] distances) {
        if (dot) {
            kernels.dots(query, codes, rowStart, rowCount, dimension, distances);
        } else {
            kernels.squaredL2(code, 0, codes, rowStart, rowCount, dimension, sums(rowCount));
        }
        scale(rowCount, distances);
    }

    /// `distances[i]` for the row number `ids[i]`.
    public void distancesOf(SqKernels kernels, byte[] codes, int[] ids, int idCount, float[] distances) {
        if (dot) {
            kernels.dotsOf(query, codes, dimension, ids, idCount, distances);
        } else {
            kernels.squaredL2Of(code, 0, codes, dimension, ids, idCount, sums(idCount));
        }
        scale(idCount, distances);
    }

    private int[] sums(int count) {
        if (sums.length < count) {
            sums = new int[count];
        }
        return sums;
    }

    private void scale(int count, float[] distances) {
        float step = quantizer.step();
        if (dot) {
            for (int i = 0; i < count; i++) {
                distances[i] = base - step * distances[i];
            }
        } else {
            float square = step * step;
            for (int i = 0; i < count; i++) {
                distances[i] = sums[i] * square;
            }
        }
    }
}
