// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.util.Arrays;

/// The definition of what the kernels compute, in plain Java.
public final class ScalarPqKernels implements PqKernels {
    private static final float TWO_TO_23 = 0x1p23f;

    @Override
    public void l2Tables(
            float[] query, float[] transposed, int subVectors, int subDimension, int codewords, float[] tables) {
        Arrays.fill(tables, 0, subVectors * codewords, 0);
        for (int i = 0; i < subVectors * subDimension; i++) {
            int table = i / subDimension * codewords;
            float q = query[i];
            for (int j = 0; j < codewords; j++) {
                float t = q - transposed[i * codewords + j];
                tables[table + j] += t * t;
            }
        }
    }

    @Override
    public void dotTables(
            float[] query,
            float[] transposed,
            int subVectors,
            int subDimension,
            int codewords,
            float start,
            float[] tables) {
        Arrays.fill(tables, 0, subVectors * codewords, start);
        for (int i = 0; i < subVectors * subDimension; i++) {
            int table = i / subDimension * codewords;
            float q = query[i];
            for (int j = 0; j < codewords; j++) {
                tables[table + j] -= q * transposed[i * codewords + j];
            }
        }
    }

    @Override
    public void ranges(float[] tables, int tableCount, int codewords, float[] minima, float[] maxima) {
        for (int m = 0; m < tableCount; m++) {
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (int j = m * codewords; j < (m + 1) * codewords; j++) {
                min = Math.min(min, tables[j]);
                max = Math.max(max, tables[j]);
            }
            minima[m] = min;
            maxima[m] = max;
        }
    }

    @Override
    public void quantize(
            float[] tables, int tableCount, int codewords, float[] minima, float inverseStep, byte[] quantized) {
        for (int i = 0; i < tableCount * codewords; i++) {
            // rounds to the nearest by adding so much that the fraction is lost
            float below = Math.fma(tables[i] - minima[i / codewords], inverseStep, -0.5f);
            quantized[i] = (byte) Float.floatToRawIntBits(Math.max(0f, below) + TWO_TO_23);
        }
    }

    @Override
    public void sums8(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums) {
        Arrays.fill(sums, 0, rowCount, (short) 0);
        for (int column = 0; column < columns; column++) {
            int from = start + column * stride;
            int table = column << 8;
            for (int row = 0; row < rowCount; row++) {
                sums[row] += (short) (tables[table + (codes[from + row] & 0xff)] & 0xff);
            }
        }
    }

    @Override
    public void sums4(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums) {
        Arrays.fill(sums, 0, rowCount, (short) 0);
        for (int column = 0; column < columns; column++) {
            int from = start + column * stride;
            int table = column << 5;
            for (int row = 0; row < rowCount; row++) {
                int code = codes[from + row];
                sums[row] += (short) (tables[table + (code & 15)] + tables[table + 16 + (code >> 4 & 15)]);
            }
        }
    }

    @Override
    public void addScaled(short[] sums, int count, float step, float[] terms, int firstTerm, float[] values) {
        for (int row = 0; row < count; row++) {
            values[row] = terms[firstTerm + row] + step * Short.toUnsignedInt(sums[row]);
        }
    }

    @Override
    public void selectAtMost(short[] sums, int count, int limit, long[] bits) {
        for (int block = 0; block < Math.ceilDiv(count, Long.SIZE); block++) {
            long word = 0;
            int end = Math.min(count, (block + 1) * Long.SIZE);
            for (int row = block * Long.SIZE; row < end; row++) {
                if (Short.toUnsignedInt(sums[row]) <= limit) {
                    word |= 1L << row;
                }
            }
            bits[block] = word;
        }
    }
}
