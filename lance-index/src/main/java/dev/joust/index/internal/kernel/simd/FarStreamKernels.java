// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sums over the elements of rows, four rows at a time from four places of memory far apart, each row in one
/// accumulator: that keeps enough cache misses in flight, and gives a row the same sum wherever it stands.
///
/// Per kernel: row r of `steps` is at `base + r * rowBytes`, and with it go the rows `farBytes`, `2 * farBytes` and
/// `3 * farBytes` behind it. Their sums go to `sums[start + r]` and to the places `far`, `2 * far` and `3 * far`
/// behind it. `width` elements of a row are summed, a multiple of {@link #LANES}.
///
/// The bodies are alike on purpose and call no method of ours: a vector that passes through such a call is boxed
/// once C2 stops inlining. `...Slice` takes a slice per row, which is faster for short rows and slower for long ones.
final class FarStreamKernels {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private FarStreamKernels() {}

    /// The sums of `(q - v)^2`.
    static void l2Plain(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            long row = base + r * rowBytes;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector t0 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 4L * i, ORDER).sub(q);
                FloatVector t1 = FloatVector.fromMemorySegment(SPECIES, vectors, row + farBytes + 4L * i, ORDER).sub(q);
                FloatVector t2 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 2 * farBytes + 4L * i, ORDER).sub(q);
                FloatVector t3 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 3 * farBytes + 4L * i, ORDER).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `(q - v)^2`.
    static void l2Slice(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            MemorySegment row = vectors.asSlice(base + r * rowBytes, 3 * farBytes + rowBytes);
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector t0 = FloatVector.fromMemorySegment(SPECIES, row, 4L * i, ORDER).sub(q);
                FloatVector t1 = FloatVector.fromMemorySegment(SPECIES, row, farBytes + 4L * i, ORDER).sub(q);
                FloatVector t2 = FloatVector.fromMemorySegment(SPECIES, row, 2 * farBytes + 4L * i, ORDER).sub(q);
                FloatVector t3 = FloatVector.fromMemorySegment(SPECIES, row, 3 * farBytes + 4L * i, ORDER).sub(q);
                sum0 = t0.fma(t0, sum0);
                sum1 = t1.fma(t1, sum1);
                sum2 = t2.fma(t2, sum2);
                sum3 = t3.fma(t3, sum3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `q * v`.
    static void dotPlain(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            long row = base + r * rowBytes;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 4L * i, ORDER);
                FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, vectors, row + farBytes + 4L * i, ORDER);
                FloatVector v2 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 2 * farBytes + 4L * i, ORDER);
                FloatVector v3 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 3 * farBytes + 4L * i, ORDER);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `q * v`.
    static void dotSlice(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            MemorySegment row = vectors.asSlice(base + r * rowBytes, 3 * farBytes + rowBytes);
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, row, 4L * i, ORDER);
                FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, row, farBytes + 4L * i, ORDER);
                FloatVector v2 = FloatVector.fromMemorySegment(SPECIES, row, 2 * farBytes + 4L * i, ORDER);
                FloatVector v3 = FloatVector.fromMemorySegment(SPECIES, row, 3 * farBytes + 4L * i, ORDER);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `q * v` and, in `squares`, of `v * v`.
    static void cosinePlain(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            float[] squares,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            long row = base + r * rowBytes;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            FloatVector square0 = FloatVector.zero(SPECIES);
            FloatVector square1 = FloatVector.zero(SPECIES);
            FloatVector square2 = FloatVector.zero(SPECIES);
            FloatVector square3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 4L * i, ORDER);
                FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, vectors, row + farBytes + 4L * i, ORDER);
                FloatVector v2 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 2 * farBytes + 4L * i, ORDER);
                FloatVector v3 = FloatVector.fromMemorySegment(SPECIES, vectors, row + 3 * farBytes + 4L * i, ORDER);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
                square0 = v0.fma(v0, square0);
                square1 = v1.fma(v1, square1);
                square2 = v2.fma(v2, square2);
                square3 = v3.fma(v3, square3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
            squares[start + r] = square0.reduceLanes(VectorOperators.ADD);
            squares[start + far + r] = square1.reduceLanes(VectorOperators.ADD);
            squares[start + 2 * far + r] = square2.reduceLanes(VectorOperators.ADD);
            squares[start + 3 * far + r] = square3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// The sums of `q * v` and, in `squares`, of `v * v`.
    static void cosineSlice(
            float[] query,
            int width,
            MemorySegment vectors,
            long base,
            long rowBytes,
            long farBytes,
            int steps,
            float[] sums,
            float[] squares,
            int start,
            int far) {
        for (int r = 0; r < steps; r++) {
            MemorySegment row = vectors.asSlice(base + r * rowBytes, 3 * farBytes + rowBytes);
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            FloatVector square0 = FloatVector.zero(SPECIES);
            FloatVector square1 = FloatVector.zero(SPECIES);
            FloatVector square2 = FloatVector.zero(SPECIES);
            FloatVector square3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < width; i += LANES) {
                FloatVector q = FloatVector.fromArray(SPECIES, query, i);
                FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, row, 4L * i, ORDER);
                FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, row, farBytes + 4L * i, ORDER);
                FloatVector v2 = FloatVector.fromMemorySegment(SPECIES, row, 2 * farBytes + 4L * i, ORDER);
                FloatVector v3 = FloatVector.fromMemorySegment(SPECIES, row, 3 * farBytes + 4L * i, ORDER);
                sum0 = v0.fma(q, sum0);
                sum1 = v1.fma(q, sum1);
                sum2 = v2.fma(q, sum2);
                sum3 = v3.fma(q, sum3);
                square0 = v0.fma(v0, square0);
                square1 = v1.fma(v1, square1);
                square2 = v2.fma(v2, square2);
                square3 = v3.fma(v3, square3);
            }
            sums[start + r] = sum0.reduceLanes(VectorOperators.ADD);
            sums[start + far + r] = sum1.reduceLanes(VectorOperators.ADD);
            sums[start + 2 * far + r] = sum2.reduceLanes(VectorOperators.ADD);
            sums[start + 3 * far + r] = sum3.reduceLanes(VectorOperators.ADD);
            squares[start + r] = square0.reduceLanes(VectorOperators.ADD);
            squares[start + far + r] = square1.reduceLanes(VectorOperators.ADD);
            squares[start + 2 * far + r] = square2.reduceLanes(VectorOperators.ADD);
            squares[start + 3 * far + r] = square3.reduceLanes(VectorOperators.ADD);
        }
    }
}
