// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;

/// Distances by the Vector API. Of a dimension that is no multiple of the lanes the rest is added element by element.
/// Query and rows of one call are read together, so a large call is best: four streams want to be 128 KiB apart.
public final class VectorDistanceKernels implements DistanceKernels {
    /// From this dimension on rows are long enough that a slice per row costs more than it saves.
    private static final int PLAIN_DIMENSION = 256;

    private static final int STREAMS = 4;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void distances(
            DistanceType type, float[] query, MemorySegment vectors, long offsetBytes, int rowCount, float[] distances) {
        long rowBytes = 4L * query.length;
        int quarter = rowCount / STREAMS;
        float[] squares = type == DistanceType.COSINE ? new float[rowCount] : distances;
        sum(type, query, vectors, offsetBytes, quarter * rowBytes, quarter, distances, squares, 0, quarter);
        // the last rows that make no four: each is read as all four streams, and gets the sum it would get elsewhere
        for (int row = STREAMS * quarter; row < rowCount; row++) {
            sum(type, query, vectors, offsetBytes + row * rowBytes, 0, 1, distances, squares, row, 0);
        }
        addTails(type, query, vectors, offsetBytes, rowCount, distances, squares);
        finish(type, query, rowCount, distances, squares);
    }

    private static void sum(
            DistanceType type,
            float[] query,
            MemorySegment vectors,
            long base,
            long farBytes,
            int steps,
            float[] sums,
            float[] squares,
            int start,
            int far) {
        int width = FarStreamKernels.SPECIES.loopBound(query.length);
        long rowBytes = 4L * query.length;
        boolean plain = query.length >= PLAIN_DIMENSION;
        switch (type) {
            case L2 -> {
                if (plain) {
                    FarStreamKernels.l2Plain(query, width, vectors, base, rowBytes, farBytes, steps, sums, start, far);
                } else {
                    FarStreamKernels.l2Slice(query, width, vectors, base, rowBytes, farBytes, steps, sums, start, far);
                }
            }
            case DOT -> {
                if (plain) {
                    FarStreamKernels.dotPlain(query, width, vectors, base, rowBytes, farBytes, steps, sums, start, far);
                } else {
                    FarStreamKernels.dotSlice(query, width, vectors, base, rowBytes, farBytes, steps, sums, start, far);
                }
            }
            case COSINE -> {
                if (plain) {
                    FarStreamKernels.cosinePlain(
                            query, width, vectors, base, rowBytes, farBytes, steps, sums, squares, start, far);
                } else {
                    FarStreamKernels.cosineSlice(
                            query, width, vectors, base, rowBytes, farBytes, steps, sums, squares, start, far);
                }
            }
            case HAMMING -> throw new IllegalArgumentException("hamming compares bytes, not floats");
        }
    }

    /// Adds the elements that fill no vector any more.
    private static void addTails(
            DistanceType type,
            float[] query,
            MemorySegment vectors,
            long offsetBytes,
            int rowCount,
            float[] sums,
            float[] squares) {
        int width = FarStreamKernels.SPECIES.loopBound(query.length);
        if (width == query.length) {
            return;
        }
        for (int row = 0; row < rowCount; row++) {
            long offset = offsetBytes + 4L * query.length * row;
            float sum = 0;
            float square = 0;
            for (int i = width; i < query.length; i++) {
                float v = vectors.get(FLOAT, offset + 4L * i);
                float t = query[i] - v;
                sum += type == DistanceType.L2 ? t * t : query[i] * v;
                square += v * v;
            }
            sums[row] += sum;
            if (type == DistanceType.COSINE) {
                squares[row] += square;
            }
        }
    }

    private static void finish(DistanceType type, float[] query, int rowCount, float[] sums, float[] squares) {
        switch (type) {
            case L2, HAMMING -> {}
            case DOT -> {
                for (int row = 0; row < rowCount; row++) {
                    sums[row] = 1 - sums[row];
                }
            }
            case COSINE -> {
                float queryNorm = ScalarDistanceKernels.norm(query);
                for (int row = 0; row < rowCount; row++) {
                    sums[row] = ScalarDistanceKernels.cosine(sums[row], queryNorm * (float) Math.sqrt(squares[row]));
                }
            }
        }
    }

    @Override
    public int selectAtMost(float[] values, int count, float threshold, int[] indices) {
        int found = 0;
        int i = 0;
        int last = count - Long.SIZE;
        for (; i <= last; i += Long.SIZE) {
            long mask = 0;
            for (int j = 0; j < Long.SIZE; j += FarStreamKernels.LANES) {
                mask |= FloatVector.fromArray(FarStreamKernels.SPECIES, values, i + j)
                                .compare(VectorOperators.LE, threshold)
                                .toLong()
                        << j;
            }
            for (; mask != 0; mask &= mask - 1) {
                indices[found++] = i + Long.numberOfTrailingZeros(mask);
            }
        }
        for (; i < count; i++) {
            if (values[i] <= threshold) {
                indices[found++] = i;
            }
        }
        return found;
    }
}
