// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import dev.joust.index.DistanceType;
import dev.joust.index.VectorElement;
import dev.joust.index.internal.kernel.ArrayDistanceKernels;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.ElementKernels;
import dev.joust.index.internal.kernel.KernelChoice;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// Exact distances of a query to vectors of any element type (spec: index format B.3): 16-bit floats and bytes are
/// widened to floats and added as such, 64-bit floats are added in double precision, bits that differ are counted. For one
/// thread.
public final class FlatDistances {
    private static final int BLOCK_ELEMENTS = 1 << 13;
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_IN_MEMORY =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final VectorElement element;
    private final DistanceType type;
    private final double[] query;
    private final float[] floatQuery;
    private final byte[] bits;
    private final float queryNorm;
    private final double exactQueryNorm;
    private final int blockRows;
    private final float[] block;
    private final float[] sums;
    private final float[] squares;

    /// @param query `double[dimension]`, which is rounded to floats unless elements are 64-bit floats
    public FlatDistances(VectorElement element, DistanceType type, double[] query) {
        if (query.length == 0) {
            throw new IllegalArgumentException("the query vector is empty");
        }
        this.element = element;
        this.type = type;
        this.query = query.clone();
        floatQuery = new float[query.length];
        for (int i = 0; i < query.length; i++) {
            floatQuery[i] = (float) query[i];
        }
        bits = new byte[type == DistanceType.HAMMING ? query.length : 0];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (int) query[i];
        }
        queryNorm = ScalarDistanceKernels.norm(floatQuery);
        double querySquare = 0;
        for (double value : query) {
            querySquare += value * value;
        }
        exactQueryNorm = Math.sqrt(querySquare);
        blockRows = Math.max(4, BLOCK_ELEMENTS / query.length);
        boolean widened = element != VectorElement.FLOAT32 && element != VectorElement.FLOAT64;
        block = new float[widened ? blockRows * query.length : 0];
        sums = new float[widened ? blockRows : 0];
        squares = new float[widened ? blockRows : 0];
    }

    /// Fills `distances[0 .. rowCount)`; NaN for a cosine with a norm of 0.
    ///
    /// @param vectors native or mapped memory, never of the heap; rows follow each other from `offsetBytes` on
    public void distances(MemorySegment vectors, long offsetBytes, int rowCount, float[] distances) {
        if (type == DistanceType.HAMMING) {
            if (element != VectorElement.UINT8) {
                throw notOfNumbers();
            }
            for (int row = 0; row < rowCount; row++) {
                distances[row] = hamming(bits, vectors, offsetBytes + (long) row * bits.length);
            }
            return;
        }
        switch (element) {
            case FLOAT32 -> {
                DistanceKernels kernels = KernelChoice.kernelsFor(type, query.length, rowCount);
                kernels.distances(type, floatQuery, vectors, offsetBytes, rowCount, distances);
            }
            case FLOAT64 -> {
                for (int row = 0; row < rowCount; row++) {
                    distances[row] = (float) exact(vectors, offsetBytes + (long) Double.BYTES * query.length * row);
                }
            }
            case FLOAT16, INT8, UINT8 -> widened(vectors, offsetBytes, rowCount, distances);
        }
    }

    /// How many bits differ.
    static int hamming(byte[] bits, MemorySegment vectors, long offsetBytes) {
        int sum = 0;
        int i = 0;
        for (; i <= bits.length - Long.BYTES; i += Long.BYTES) {
            sum += Long.bitCount((long) LONG.get(bits, i) ^ vectors.get(LONG_IN_MEMORY, offsetBytes + i));
        }
        for (; i < bits.length; i++) {
            sum += Integer.bitCount((bits[i] ^ vectors.get(ValueLayout.JAVA_BYTE, offsetBytes + i)) & 0xff);
        }
        return sum;
    }

    private void widened(MemorySegment vectors, long offsetBytes, int rowCount, float[] distances) {
        long steps = (long) rowCount * query.length;
        ElementKernels elements = VectorKernels.elements(steps);
        ArrayDistanceKernels kernels = VectorKernels.arrayDistances(steps);
        int dimension = query.length;
        for (int first = 0; first < rowCount; first += blockRows) {
            int rows = Math.min(blockRows, rowCount - first);
            long start = offsetBytes + (long) first * dimension * element.widthBytes();
            switch (element) {
                case FLOAT16 -> elements.float16(vectors, start, rows * dimension, block);
                case INT8 -> elements.int8(vectors, start, rows * dimension, block);
                default -> elements.uint8(vectors, start, rows * dimension, block);
            }
            switch (type) {
                case L2 -> kernels.squaredL2(floatQuery, 0, block, 0, rows, dimension, sums);
                case DOT -> {
                    kernels.dots(floatQuery, 0, block, 0, rows, dimension, sums);
                    for (int row = 0; row < rows; row++) {
                        sums[row] = 1 - sums[row];
                    }
                }
                case COSINE -> {
                    kernels.dots(floatQuery, 0, block, 0, rows, dimension, sums);
                    kernels.squares(block, 0, rows, dimension, squares);
                    for (int row = 0; row < rows; row++) {
                        float norms = queryNorm * (float) Math.sqrt(squares[row]);
                        sums[row] = ScalarDistanceKernels.cosine(sums[row], norms);
                    }
                }
                case HAMMING -> throw notOfNumbers();
            }
            System.arraycopy(sums, 0, distances, first, rows);
        }
    }

    private double exact(MemorySegment vectors, long offsetBytes) {
        return switch (type) {
            case L2 -> exactL2(vectors, offsetBytes);
            case DOT -> 1 - exactDot(vectors, offsetBytes);
            case COSINE -> {
                double norms = Math.sqrt(exactSquare(vectors, offsetBytes)) * exactQueryNorm;
                yield norms > 0 ? 1 - exactDot(vectors, offsetBytes) / norms : Double.NaN;
            }
            case HAMMING -> throw notOfNumbers();
        };
    }

    private double exactL2(MemorySegment vectors, long offsetBytes) {
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (; i < query.length - 1; i += 2) {
            double t0 = query[i] - vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
            double t1 = query[i + 1] - vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i + Double.BYTES);
            sum0 += t0 * t0;
            sum1 += t1 * t1;
        }
        if (i < query.length) {
            double t = query[i] - vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
            sum0 += t * t;
        }
        return sum0 + sum1;
    }

    private double exactDot(MemorySegment vectors, long offsetBytes) {
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (; i < query.length - 1; i += 2) {
            sum0 += query[i] * vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
            sum1 += query[i + 1] * vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i + Double.BYTES);
        }
        if (i < query.length) {
            sum0 += query[i] * vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
        }
        return sum0 + sum1;
    }

    private double exactSquare(MemorySegment vectors, long offsetBytes) {
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (; i < query.length - 1; i += 2) {
            double v0 = vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
            double v1 = vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i + Double.BYTES);
            sum0 += v0 * v0;
            sum1 += v1 * v1;
        }
        if (i < query.length) {
            double v = vectors.get(DOUBLE, offsetBytes + (long) Double.BYTES * i);
            sum0 += v * v;
        }
        return sum0 + sum1;
    }

    private static IllegalArgumentException notOfNumbers() {
        return new IllegalArgumentException("hamming compares bits, not numbers");
    }
}
