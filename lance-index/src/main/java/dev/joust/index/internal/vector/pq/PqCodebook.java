// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

/// What each sub-vector may be quantized to. Codeword j of sub-vector m is the `subDimension` elements from
/// `(m * codewords + j) * subDimension` on: `float[subVectors][codewords][subDimension]`, as the file has them.
/// Immutable and thread-safe.
public final class PqCodebook {
    private final int dimension;
    private final int subVectors;
    private final int bits;
    private final float[] values;
    private final float[] transposed;

    /// @param bits   of a code: 8, or 4, which asks for an even number of sub-vectors
    /// @param values not copied, so not to be changed
    public PqCodebook(int dimension, int subVectors, int bits, float[] values) {
        requireShape(dimension, subVectors, bits);
        if (values.length != (long) dimension << bits) {
            throw new IllegalArgumentException(
                    values.length + " elements of a codebook for dimension " + dimension + " and " + bits + " bits");
        }
        this.dimension = dimension;
        this.subVectors = subVectors;
        this.bits = bits;
        this.values = values;
        transposed = transpose();
    }

    /// The caller's mistakes, told before any work is done.
    static void requireShape(int dimension, int subVectors, int bits) {
        if (bits != 4 && bits != 8) {
            throw new IllegalArgumentException("codes have 4 or 8 bits, not " + bits);
        }
        if (subVectors < 1 || dimension % subVectors != 0) {
            throw new IllegalArgumentException(
                    "dimension (" + dimension + ") must be divisible by num_sub_vectors (" + subVectors + ")");
        }
        if (bits == 4 && subVectors % 2 != 0) {
            throw new IllegalArgumentException(
                    "num_sub_vectors must be divisible by 2 for num_bits=4, but is " + subVectors);
        }
    }

    private float[] transpose() {
        int width = subDimension();
        float[] turned = new float[values.length];
        for (int m = 0; m < subVectors; m++) {
            for (int j = 0; j < codewords(); j++) {
                for (int i = 0; i < width; i++) {
                    turned[(m * width + i) * codewords() + j] = values[(m * codewords() + j) * width + i];
                }
            }
        }
        return turned;
    }

    public int dimension() {
        return dimension;
    }

    public int subVectors() {
        return subVectors;
    }

    public int subDimension() {
        return dimension / subVectors;
    }

    public int bits() {
        return bits;
    }

    /// How many a sub-vector has: 256 or 16.
    public int codewords() {
        return 1 << bits;
    }

    /// Bytes of a row's code.
    public int codeBytes() {
        return subVectors * bits / Byte.SIZE;
    }

    /// `float[subVectors][codewords][subDimension]`; not to be changed.
    public float[] values() {
        return values;
    }

    /// `float[subVectors][subDimension][codewords]`; not to be changed.
    float[] transposed() {
        return transposed;
    }

    /// The vector that a code stands for.
    ///
    /// @param codes  byte b of the code is at `start + b * stride`
    /// @param vector filled from element `to` on
    public void decode(byte[] codes, int start, int stride, float[] vector, int to) {
        int width = subDimension();
        for (int m = 0; m < subVectors; m++) {
            int code = bits == 8
                    ? codes[start + m * stride] & 0xff
                    : (codes[start + (m >> 1) * stride] >> (4 * (m & 1))) & 15;
            System.arraycopy(values, (m * codewords() + code) * width, vector, to + m * width, width);
        }
    }

    /// The squared L2 distance of a residual to what a code stands for: what {@link PqDistanceTable#distance} would say,
    /// without tables.
    ///
    /// @param codes byte b of the code is at `start + b * stride`
    float distance(float[] residual, byte[] codes, int start, int stride) {
        float sum = 0;
        if (bits == 8) {
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            int m = 0;
            for (; m < subVectors - 3; m += 4) {
                int at = start + m * stride;
                sum += entry(residual, m, codes[at] & 0xff);
                sum1 += entry(residual, m + 1, codes[at + stride] & 0xff);
                sum2 += entry(residual, m + 2, codes[at + 2 * stride] & 0xff);
                sum3 += entry(residual, m + 3, codes[at + 3 * stride] & 0xff);
            }
            for (; m < subVectors; m++) {
                sum += entry(residual, m, codes[start + m * stride] & 0xff);
            }
            return (sum + sum1) + (sum2 + sum3);
        }
        for (int column = 0; column < subVectors / 2; column++) {
            int code = codes[start + column * stride];
            sum += entry(residual, 2 * column, code & 15) + entry(residual, 2 * column + 1, code >> 4 & 15);
        }
        return sum;
    }

    /// How far sub-vector m is from codeword j.
    private float entry(float[] residual, int m, int j) {
        int width = subDimension();
        int at = ((m << bits) + j) * width;
        int from = m * width;
        float sum = 0;
        for (int i = 0; i < width; i++) {
            float t = values[at + i] - residual[from + i];
            sum = Math.fma(t, t, sum);
        }
        return sum;
    }
}
