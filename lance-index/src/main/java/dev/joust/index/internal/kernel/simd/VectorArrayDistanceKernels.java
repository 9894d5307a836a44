// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.ArrayDistanceKernels;

/// The sums by the Vector API: four rows at a time from four places of memory, so that enough cache misses are in
/// flight, each in one accumulator, so that a row gets the same sum wherever it stands. A dimension that is no multiple
/// of the lanes ends in a masked step. The bodies are alike on purpose and call no method of ours.
public final class VectorArrayDistanceKernels implements ArrayDistanceKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int STREAMS = 4;

    @Override
    public void squaredL2(
            float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        int quarter = rowCount / STREAMS;
        farL2(query, queryStart, rows, rowStart, quarter * dimension, quarter, dimension, out, 0, quarter);
        for (int row = STREAMS * quarter; row < rowCount; row++) {
            farL2(query, queryStart, rows, rowStart + row * dimension, 0, 1, dimension, out, row, 0);
        }
    }

    @Override
    public void dots(
            float[] query, int queryStart, float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        int quarter = rowCount / STREAMS;
        farDot(query, queryStart, rows, rowStart, quarter * dimension, quarter, dimension, out, 0, quarter);
        for (int row = STREAMS * quarter; row < rowCount; row++) {
            farDot(query, queryStart, rows, rowStart + row * dimension, 0, 1, dimension, out, row, 0);
        }
    }

    @Override
    public void squares(float[] rows, int rowStart, int rowCount, int dimension, float[] out) {
        int width = SPECIES.loopBound(dimension);
        VectorMask<Float> tail = SPECIES.indexInRange(width, dimension);
        for (int row = 0; row < rowCount; row++) {
            int start = rowStart + row * dimension;
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, rows, start + i);
                sum = v.fma(v, sum);
            }
            if (width < dimension) {
                FloatVector v = FloatVector.fromArray(SPECIES, rows, start + width, tail);
                sum = v.fma(v, sum);
            }
            out[row] = sum.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `(q - v)^2`. Row r of `steps` starts at `rowStart + r * dimension`, and with it go three more, each `far`
    /// elements behind the one before; their sums go to `out[outStart + r]` and places `outFar` behind it.
    private static void farL2(
            float[] query,
            int queryStart,
            float[] rows,
            int rowStart,
            int far,
            int steps,
            int dimension,
            float[] out,
            int outStart,
            int outFar) {
        int width = SPECIES.loopBound(dimension);
        VectorMask<Float> tail = SPECIES.indexInRange(width, dimension);
        for (int r = 0; r < steps; r++) {
            int row0 = rowStart + r * dimension;
            int row1 = row0 + far;
            int row2 = row1 + far;
            int row3 = row2 + far;
            int at = outStart + r;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + i);
                FloatVector t0 = FloatVector.fromArray(SPECIES, rows, row0 + i).sub(q);
                FloatVector t1 = FloatVector.fromArray(SPECIES, rows, row1 + i).sub(q);
                FloatVector t2 = FloatVector.fromArray(SPECIES, rows, row2 + i).sub(q);
                FloatVector t3 = FloatVector.fromArray(SPECIES, rows, row3 + i).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + width, tail);
                FloatVector t0 = FloatVector.fromArray(SPECIES, rows, row0 + width, tail).sub(q);
                FloatVector t1 = FloatVector.fromArray(SPECIES, rows, row1 + width, tail).sub(q);
                FloatVector t2 = FloatVector.fromArray(SPECIES, rows, row2 + width, tail).sub(q);
                FloatVector t3 = FloatVector.fromArray(SPECIES, rows, row3 + width, tail).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            out[at] = sum0.reduceLanes(VectorOperators.ADD);
            out[at + outFar] = sum1.reduceLanes(VectorOperators.ADD);
            out[at + 2 * outFar] = sum2.reduceLanes(VectorOperators.ADD);
            out[at + 3 * outFar] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `q * v`. Row r of `steps` starts at `rowStart + r * dimension`, and with it go three more, each `far`
    /// elements behind the one before; their sums go to `out[outStart + r]` and places `outFar` behind it.
    private static void farDot(
            float[] query,
            int queryStart,
            float[] rows,
            int rowStart,
            int far,
            int steps,
            int dimension,
            float[] out,
            int outStart,
            int outFar) {
        int width = SPECIES.loopBound(dimension);
        VectorMask<Float> tail = SPECIES.indexInRange(width, dimension);
        for (int r = 0; r < steps; r++) {
            int row0 = rowStart + r * dimension;
            int row1 = row0 + far;
            int row2 = row1 + far;
            int row3 = row2 + far;
            int at = outStart + r;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + i);
                FloatVector v0 = FloatVector.fromArray(SPECIES, rows, row0 + i);
                FloatVector v1 = FloatVector.fromArray(SPECIES, rows, row1 + i);
                FloatVector v2 = FloatVector.fromArray(SPECIES, rows, row2 + i);
                FloatVector v3 = FloatVector.fromArray(SPECIES, rows, row3 + i);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + width, tail);
                FloatVector v0 = FloatVector.fromArray(SPECIES, rows, row0 + width, tail);
                FloatVector v1 = FloatVector.fromArray(SPECIES, rows, row1 + width, tail);
                FloatVector v2 = FloatVector.fromArray(SPECIES, rows, row2 + width, tail);
                FloatVector v3 = FloatVector.fromArray(SPECIES, rows, row3 + width, tail);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            out[at] = sum0.reduceLanes(VectorOperators.ADD);
            out[at + outFar] = sum1.reduceLanes(VectorOperators.ADD);
            out[at + 2 * outFar] = sum2.reduceLanes(VectorOperators.ADD);
            out[at + 3 * outFar] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    @Override
    public void squaredL2Of(
            float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out) {
        int width = SPECIES.loopBound(dimension);
        VectorMask<Float> tail = SPECIES.indexInRange(width, dimension);
        int last = idCount - 1;
        for (int at = 0; at < idCount; at += STREAMS) {
            int at1 = Math.min(at + 1, last); // the last group is filled up with its last row
            int at2 = Math.min(at + 2, last);
            int at3 = Math.min(at + 3, last);
            int row0 = ids[at] * dimension;
            int row1 = ids[at1] * dimension;
            int row2 = ids[at2] * dimension;
            int row3 = ids[at3] * dimension;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + i);
                FloatVector t0 = FloatVector.fromArray(SPECIES, rows, row0 + i).sub(q);
                FloatVector t1 = FloatVector.fromArray(SPECIES, rows, row1 + i).sub(q);
                FloatVector t2 = FloatVector.fromArray(SPECIES, rows, row2 + i).sub(q);
                FloatVector t3 = FloatVector.fromArray(SPECIES, rows, row3 + i).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + width, tail);
                FloatVector t0 = FloatVector.fromArray(SPECIES, rows, row0 + width, tail).sub(q);
                FloatVector t1 = FloatVector.fromArray(SPECIES, rows, row1 + width, tail).sub(q);
                FloatVector t2 = FloatVector.fromArray(SPECIES, rows, row2 + width, tail).sub(q);
                FloatVector t3 = FloatVector.fromArray(SPECIES, rows, row3 + width, tail).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            out[at] = sum0.reduceLanes(VectorOperators.ADD);
            out[at1] = sum1.reduceLanes(VectorOperators.ADD);
            out[at2] = sum2.reduceLanes(VectorOperators.ADD);
            out[at3] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    @Override
    public void dotsOf(
            float[] query, int queryStart, float[] rows, int dimension, int[] ids, int idCount, float[] out) {
        int width = SPECIES.loopBound(dimension);
        VectorMask<Float> tail = SPECIES.indexInRange(width, dimension);
        int last = idCount - 1;
        for (int at = 0; at < idCount; at += STREAMS) {
            int at1 = Math.min(at + 1, last); // the last group is filled up with its last row
            int at2 = Math.min(at + 2, last);
            int at3 = Math.min(at + 3, last);
            int row0 = ids[at] * dimension;
            int row1 = ids[at1] * dimension;
            int row2 = ids[at2] * dimension;
            int row3 = ids[at3] * dimension;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + i);
                FloatVector v0 = FloatVector.fromArray(SPECIES, rows, row0 + i);
                FloatVector v1 = FloatVector.fromArray(SPECIES, rows, row1 + i);
                FloatVector v2 = FloatVector.fromArray(SPECIES, rows, row2 + i);
                FloatVector v3 = FloatVector.fromArray(SPECIES, rows, row3 + i);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, queryStart + width, tail);
                FloatVector v0 = FloatVector.fromArray(SPECIES, rows, row0 + width, tail);
                FloatVector v1 = FloatVector.fromArray(SPECIES, rows, row1 + width, tail);
                FloatVector v2 = FloatVector.fromArray(SPECIES, rows, row2 + width, tail);
                FloatVector v3 = FloatVector.fromArray(SPECIES, rows, row3 + width, tail);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            out[at] = sum0.reduceLanes(VectorOperators.ADD);
            out[at1] = sum1.reduceLanes(VectorOperators.ADD);
            out[at2] = sum2.reduceLanes(VectorOperators.ADD);
            out[at3] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }
}
