// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.index.DistanceType;

/// The definition of all distances, in plain Java. Sums are kept in four parts (element i goes to part i % 4), which a
/// processor adds side by side; other forms may add in another order, and differ in the last bits.
public final class ScalarDistanceKernels implements DistanceKernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int COPIED_VALUES = 1 << 12;

    @Override
    public void distances(
            DistanceType type, float[] query, MemorySegment vectors, long offsetBytes, int rowCount, float[] distances) {
        int dimension = query.length;
        float queryNorm = type == DistanceType.COSINE ? norm(query) : 0;
        // Code that is interpreted still takes a hundred times as long for a value of a segment as for one of an array.
        int rowsAtOnce = Math.min(rowCount, Math.max(1, COPIED_VALUES / Math.max(1, dimension)));
        float[] rows = new float[rowsAtOnce * dimension];
        for (int done = 0; done < rowCount; ) {
            int count = Math.min(rowCount - done, rowsAtOnce);
            MemorySegment.copy(vectors, FLOAT, offsetBytes + 4L * done * dimension, rows, 0, count * dimension);
            for (int row = 0; row < count; row++) {
                distances[done + row] = distance(type, query, queryNorm, rows, row * dimension);
            }
            done += count;
        }
    }

    private static float distance(DistanceType type, float[] query, float queryNorm, float[] rows, int start) {
        int dimension = query.length;
        return switch (type) {
            case L2 -> ScalarArrayDistanceKernels.squaredL2(query, 0, rows, start, dimension);
            case DOT -> 1 - ScalarArrayDistanceKernels.dot(query, 0, rows, start, dimension);
            case COSINE -> {
                float norm = (float) Math.sqrt(ScalarArrayDistanceKernels.dot(rows, start, rows, start, dimension));
                yield cosine(ScalarArrayDistanceKernels.dot(query, 0, rows, start, dimension), queryNorm * norm);
            }
            case HAMMING -> throw new IllegalArgumentException("hamming compares bytes, not floats");
        };
    }

    @Override
    public int selectAtMost(float[] values, int count, float threshold, int[] indices) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (values[i] <= threshold) {
                indices[found++] = i;
            }
        }
        return found;
    }

    /// The cosine distance. A norm of 0, also one that is too small for a float, makes it NaN: by division it would
    /// become infinite, and such a row the nearest of all.
    public static float cosine(float dot, float norms) {
        return norms > 0 ? 1 - dot / norms : Float.NaN;
    }

    /// The length of a query.
    public static float norm(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return (float) Math.sqrt(sum);
    }
}
