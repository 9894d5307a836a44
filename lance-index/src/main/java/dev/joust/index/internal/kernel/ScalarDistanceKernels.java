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

    @Override
    public void distances(
            DistanceType type, float[] query, MemorySegment vectors, long offsetBytes, int rowCount, float[] distances) {
        long rowBytes = 4L * query.length;
        float queryNorm = type == DistanceType.COSINE ? norm(query) : 0;
        for (int row = 0; row < rowCount; row++) {
            long offset = offsetBytes + row * rowBytes;
            distances[row] = switch (type) {
                case L2 -> l2(query, vectors, offset);
                case DOT -> 1 - dot(query, vectors, offset);
                case COSINE -> cosine(dot(query, vectors, offset), queryNorm * norm(vectors, offset, query.length));
                case HAMMING -> throw new IllegalArgumentException("hamming compares bytes, not floats");
            };
        }
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

    private static float l2(float[] query, MemorySegment vectors, long offset) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            float t0 = query[i] - vectors.get(FLOAT, offset + 4L * i);
            float t1 = query[i + 1] - vectors.get(FLOAT, offset + 4L * i + 4);
            float t2 = query[i + 2] - vectors.get(FLOAT, offset + 4L * i + 8);
            float t3 = query[i + 3] - vectors.get(FLOAT, offset + 4L * i + 12);
            sum0 += t0 * t0;
            sum1 += t1 * t1;
            sum2 += t2 * t2;
            sum3 += t3 * t3;
        }
        for (; i < query.length; i++) {
            float t = query[i] - vectors.get(FLOAT, offset + 4L * i);
            sum0 += t * t;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private static float dot(float[] query, MemorySegment vectors, long offset) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            sum0 += query[i] * vectors.get(FLOAT, offset + 4L * i);
            sum1 += query[i + 1] * vectors.get(FLOAT, offset + 4L * i + 4);
            sum2 += query[i + 2] * vectors.get(FLOAT, offset + 4L * i + 8);
            sum3 += query[i + 3] * vectors.get(FLOAT, offset + 4L * i + 12);
        }
        for (; i < query.length; i++) {
            sum0 += query[i] * vectors.get(FLOAT, offset + 4L * i);
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private static float norm(MemorySegment vectors, long offset, int dimension) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i < dimension - 3; i += 4) {
            float v0 = vectors.get(FLOAT, offset + 4L * i);
            float v1 = vectors.get(FLOAT, offset + 4L * i + 4);
            float v2 = vectors.get(FLOAT, offset + 4L * i + 8);
            float v3 = vectors.get(FLOAT, offset + 4L * i + 12);
            sum0 += v0 * v0;
            sum1 += v1 * v1;
            sum2 += v2 * v2;
            sum3 += v3 * v3;
        }
        for (; i < dimension; i++) {
            float v = vectors.get(FLOAT, offset + 4L * i);
            sum0 += v * v;
        }
        return (float) Math.sqrt((sum0 + sum1) + (sum2 + sum3));
    }
}
