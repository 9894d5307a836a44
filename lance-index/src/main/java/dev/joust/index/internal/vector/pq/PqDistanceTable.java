// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.PqKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// How far a query's sub-vectors are from all codewords, exactly and in bytes. A code's distance is the sum of one entry
/// per sub-vector, less `subVectors - 1` for dot. The bytes are `(entry - smallest of its table) / step`, rounded down
/// or less by one at most, with one step for all tables: their sum bounds the distance from both sides.
/// To be filled again and again by one thread.
public final class PqDistanceTable {
    /// What {@link PqKernels#sums4} may read behind the tables.
    private static final int SLACK_BYTES = 64;

    private static final int MOST_SUM = 65_535;

    private final PqCodebook codebook;
    private final DistanceType type;
    private final float[] tables;
    private final byte[] quantized;
    private final float[] minima;
    private final float[] maxima;
    private double base;
    private double step;
    private double slack;

    /// @param type DOT, or any other for L2
    public PqDistanceTable(PqCodebook codebook, DistanceType type) {
        this.codebook = codebook;
        this.type = type;
        tables = new float[codebook.subVectors() * codebook.codewords()];
        quantized = new byte[tables.length + SLACK_BYTES];
        minima = new float[codebook.subVectors()];
        maxima = new float[codebook.subVectors()];
    }

    public PqCodebook codebook() {
        return codebook;
    }

    /// Makes the exact tables alone, for {@link #distance}.
    public void fill(float[] target) {
        fillExact(target, VectorKernels.pq((long) target.length * codebook.codewords()));
    }

    /// Makes the tables of a query: the residual from the centroid of the partition for L2, the query itself for dot.
    ///
    /// @param target `float[dimension]`
    void fill(float[] target, PqKernels kernels) {
        fillExact(target, kernels);
        toBytes(kernels);
    }

    /// Makes the tables of `-2 t.w`, exactly and in bytes.
    ///
    /// @param doubled `2 t`, of {@link PqCodebook#dimension} elements
    void fillProducts(float[] doubled, PqKernels kernels) {
        products(doubled, 0, kernels);
        toBytes(kernels);
    }

    /// Makes the exact tables of `|w|^2 - t.w` alone.
    ///
    /// @param squares of each codeword, as the tables lie
    void fillSquaresLess(float[] target, float[] squares, PqKernels kernels) {
        products(target, 0, kernels);
        for (int i = 0; i < tables.length; i++) {
            tables[i] += squares[i];
        }
    }

    private void products(float[] target, float start, PqKernels kernels) {
        kernels.dotTables(
                target,
                codebook.transposed(),
                codebook.subVectors(),
                codebook.subDimension(),
                codebook.codewords(),
                start,
                tables);
    }

    private void toBytes(PqKernels kernels) {
        int subVectors = codebook.subVectors();
        int codewords = codebook.codewords();
        kernels.ranges(tables, subVectors, codewords, minima, maxima);
        double sumOfMinima = 0;
        double sumOfRanges = 0;
        double largestRange = 0;
        double magnitude = 0;
        for (int m = 0; m < subVectors; m++) {
            double range = (double) maxima[m] - minima[m];
            sumOfMinima += minima[m];
            sumOfRanges += range;
            largestRange = Math.max(largestRange, range);
            magnitude += Math.max(Math.abs(minima[m]), Math.abs(maxima[m]));
        }
        int levels = codebook.bits() == 8 ? 255 : 127;
        step = Math.max(largestRange / levels, sumOfRanges / (MOST_SUM - 255));
        if (!(step >= Float.MIN_NORMAL)) {
            step = Float.MIN_NORMAL; // all entries of each table are equal
        }
        // what additions of so many floats may be wrong by, twice
        slack = 2 + magnitude * subVectors * 0x1p-23 / step;
        base = sumOfMinima - (type == DistanceType.DOT ? subVectors - 1 : 0);
        kernels.quantize(tables, subVectors, codewords, minima, (float) (1 / step), quantized);
    }

    private void fillExact(float[] target, PqKernels kernels) {
        if (type == DistanceType.DOT) {
            products(target, 1, kernels);
        } else {
            kernels.l2Tables(
                    target,
                    codebook.transposed(),
                    codebook.subVectors(),
                    codebook.subDimension(),
                    codebook.codewords(),
                    tables);
        }
    }

    /// The tables in bytes.
    byte[] quantized() {
        return quantized;
    }

    /// What the bytes' sum is added to, {@link #step} times, for a bound below the sum of exact entries.
    double base() {
        return base;
    }

    double step() {
        return step;
    }

    /// The largest sum of bytes that a row may have whose distance is at most so much.
    int limit(float distance) {
        double limit = (distance - base) / step + slack;
        return limit >= MOST_SUM ? MOST_SUM : limit < 0 ? -1 : (int) limit;
    }

    /// The exact distance of a code.
    ///
    /// @param codes byte b of the code is at `start + b * stride`
    public float distance(byte[] codes, int start, int stride) {
        int columns = codebook.codeBytes();
        float sum = 0;
        if (codebook.bits() == 8) {
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            int column = 0;
            for (; column < columns - 3; column += 4) {
                int at = start + column * stride;
                int table = column << 8;
                sum += tables[table + (codes[at] & 0xff)];
                sum1 += tables[table + 256 + (codes[at + stride] & 0xff)];
                sum2 += tables[table + 512 + (codes[at + 2 * stride] & 0xff)];
                sum3 += tables[table + 768 + (codes[at + 3 * stride] & 0xff)];
            }
            for (; column < columns; column++) {
                sum += tables[(column << 8) + (codes[start + column * stride] & 0xff)];
            }
            sum = (sum + sum1) + (sum2 + sum3);
        } else {
            for (int column = 0; column < columns; column++) {
                int code = codes[start + column * stride];
                int table = column << 5;
                sum += tables[table + (code & 15)] + tables[table + 16 + (code >> 4 & 15)];
            }
        }
        return type == DistanceType.DOT ? sum - (codebook.subVectors() - 1) : sum;
    }
}
