// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.sq;

import dev.joust.index.internal.vector.Workers;

/// Each element as a byte: `(v - low) * 255 / (high - low)`, cut off, not rounded, from 0 to 255; always 0 where both
/// bounds are equal.
///
/// @param low  the smallest element
/// @param high the largest element
public record ScalarQuantizer(double low, double high) {
    private static final int LEVELS = 255;
    private static final int BLOCK_ROWS = 1024;

    public ScalarQuantizer {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("bounds from " + low + " to " + high);
        }
    }

    /// The bounds of a sample, which is not empty and holds only finite elements.
    ///
    /// @param rows any number of rows, of which the elements `start .. end` count
    public static ScalarQuantizer train(float[] rows, int start, int end) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = start; i < end; i++) {
            low = Math.min(low, rows[i]);
            high = Math.max(high, rows[i]);
        }
        return new ScalarQuantizer(low, high);
    }

    /// What a difference of 1 between codes stands for.
    public float step() {
        return (float) (high - low) / LEVELS;
    }

    /// Fills `codes[to + i]` for `count` elements from `start` on.
    public void encode(float[] values, int start, int count, byte[] codes, int to) {
        double range = high - low;
        for (int i = 0; i < count; i++) {
            double level = range == 0 ? 0 : (values[start + i] - low) * LEVELS / range;
            codes[to + i] = (byte) Math.clamp((long) level, 0, LEVELS);
        }
    }

    /// The codes of many rows, `byte[rowCount * dimension]`, from byte `to` on.
    public void encode(
            float[] rows, int rowStart, int rowCount, int dimension, byte[] codes, int to, Workers workers) {
        workers.forEachBlock(
                rowCount,
                BLOCK_ROWS,
                (start, end) -> encode(
                        rows,
                        rowStart + start * dimension,
                        (end - start) * dimension,
                        codes,
                        to + start * dimension));
    }

    /// Fills `values[to + i]` with what `count` codes stand for.
    public void decode(byte[] codes, int start, int count, float[] values, int to) {
        float step = step();
        for (int i = 0; i < count; i++) {
            values[to + i] = (float) low + step * (codes[start + i] & 0xff);
        }
    }
}
