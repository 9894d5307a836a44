// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.ScalarSqKernels;
import dev.joust.index.internal.kernel.SqKernels;

/// The sums by the Vector API, four rows at a time from four places of memory. Squares of differences of bytes fit 16
/// bits: they are added as pairs in 32 bits, `low + 65536 * high`, and the high ones once more by themselves. A
/// dimension that is no multiple of the lanes ends in a masked step. The bodies call no method of ours.
public final class VectorSqKernels implements SqKernels {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int BYTE_LANES = BYTES.length();
    private static final int FLOAT_LANES = FLOATS.length();
    /// As many bytes as a vector has floats; the narrowest vector has 8.
    private static final boolean CAN_WIDEN = FLOAT_LANES >= 8;

    private static final VectorSpecies<Byte> FEW_BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(CAN_WIDEN ? Byte.SIZE * FLOAT_LANES : 64));
    private static final int STREAMS = 4;
    private static final short LOW_BYTE = 0xff;
    private static final int HALF = 16;

    private final ScalarSqKernels scalar = new ScalarSqKernels();

    @Override
    public void squaredL2(
            byte[] query, int queryStart, byte[] rows, int rowStart, int rowCount, int dimension, int[] sums) {
        int quarter = rowCount / STREAMS;
        farL2(query, queryStart, rows, rowStart, quarter * dimension, quarter, dimension, sums, 0, quarter);
        for (int row = STREAMS * quarter; row < rowCount; row++) {
            farL2(query, queryStart, rows, rowStart + row * dimension, 0, 1, dimension, sums, row, 0);
        }
    }

    @Override
    public void dots(float[] query, byte[] rows, int rowStart, int rowCount, int dimension, float[] sums) {
        if (!CAN_WIDEN) {
            scalar.dots(query, rows, rowStart, rowCount, dimension, sums);
            return;
        }
        int quarter = rowCount / STREAMS;
        farDot(query, rows, rowStart, quarter * dimension, quarter, dimension, sums, 0, quarter);
        for (int row = STREAMS * quarter; row < rowCount; row++) {
            farDot(query, rows, rowStart + row * dimension, 0, 1, dimension, sums, row, 0);
        }
    }

    /// Row r of `steps` starts at `rowStart + r * dimension`, and with it go three more, each `far` bytes behind the one
    /// before; their sums go to `sums[outStart + r]` and places `outFar` behind it.
    private static void farL2(
            byte[] query,
            int queryStart,
            byte[] rows,
            int rowStart,
            int far,
            int steps,
            int dimension,
            int[] sums,
            int outStart,
            int outFar) {
        int width = BYTES.loopBound(dimension);
        VectorMask<Byte> tail = BYTES.indexInRange(width, dimension);
        for (int r = 0; r < steps; r++) {
            int row0 = rowStart + r * dimension;
            int row1 = row0 + far;
            int row2 = row1 + far;
            int row3 = row2 + far;
            int at = outStart + r;
            IntVector raw0 = IntVector.zero(INTS);
            IntVector high0 = IntVector.zero(INTS);
            IntVector raw1 = IntVector.zero(INTS);
            IntVector high1 = IntVector.zero(INTS);
            IntVector raw2 = IntVector.zero(INTS);
            IntVector high2 = IntVector.zero(INTS);
            IntVector raw3 = IntVector.zero(INTS);
            IntVector high3 = IntVector.zero(INTS);
            for (int i = 0; i < width; i += BYTE_LANES) {
                ByteVector q = ByteVector.fromArray(BYTES, query, queryStart + i);
                ByteVector v0 = ByteVector.fromArray(BYTES, rows, row0 + i);
                ByteVector v1 = ByteVector.fromArray(BYTES, rows, row1 + i);
                ByteVector v2 = ByteVector.fromArray(BYTES, rows, row2 + i);
                ByteVector v3 = ByteVector.fromArray(BYTES, rows, row3 + i);
                ShortVector t0 = v0.lanewise(VectorOperators.UMAX, q)
                        .sub(v0.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e0 = t0.and(LOW_BYTE);
                ShortVector o0 = t0.lanewise(VectorOperators.LSHR, 8);
                IntVector w0 = e0.mul(e0).reinterpretAsInts();
                IntVector u0 = o0.mul(o0).reinterpretAsInts();
                raw0 = raw0.add(w0.add(u0));
                high0 = high0.add(w0.lanewise(VectorOperators.LSHR, HALF).add(u0.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t1 = v1.lanewise(VectorOperators.UMAX, q)
                        .sub(v1.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e1 = t1.and(LOW_BYTE);
                ShortVector o1 = t1.lanewise(VectorOperators.LSHR, 8);
                IntVector w1 = e1.mul(e1).reinterpretAsInts();
                IntVector u1 = o1.mul(o1).reinterpretAsInts();
                raw1 = raw1.add(w1.add(u1));
                high1 = high1.add(w1.lanewise(VectorOperators.LSHR, HALF).add(u1.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t2 = v2.lanewise(VectorOperators.UMAX, q)
                        .sub(v2.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e2 = t2.and(LOW_BYTE);
                ShortVector o2 = t2.lanewise(VectorOperators.LSHR, 8);
                IntVector w2 = e2.mul(e2).reinterpretAsInts();
                IntVector u2 = o2.mul(o2).reinterpretAsInts();
                raw2 = raw2.add(w2.add(u2));
                high2 = high2.add(w2.lanewise(VectorOperators.LSHR, HALF).add(u2.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t3 = v3.lanewise(VectorOperators.UMAX, q)
                        .sub(v3.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e3 = t3.and(LOW_BYTE);
                ShortVector o3 = t3.lanewise(VectorOperators.LSHR, 8);
                IntVector w3 = e3.mul(e3).reinterpretAsInts();
                IntVector u3 = o3.mul(o3).reinterpretAsInts();
                raw3 = raw3.add(w3.add(u3));
                high3 = high3.add(w3.lanewise(VectorOperators.LSHR, HALF).add(u3.lanewise(VectorOperators.LSHR, HALF)));
            }
            if (width < dimension) {
                ByteVector q = ByteVector.fromArray(BYTES, query, queryStart + width, tail);
                ByteVector v0 = ByteVector.fromArray(BYTES, rows, row0 + width, tail);
                ByteVector v1 = ByteVector.fromArray(BYTES, rows, row1 + width, tail);
                ByteVector v2 = ByteVector.fromArray(BYTES, rows, row2 + width, tail);
                ByteVector v3 = ByteVector.fromArray(BYTES, rows, row3 + width, tail);
                ShortVector t0 = v0.lanewise(VectorOperators.UMAX, q)
                        .sub(v0.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e0 = t0.and(LOW_BYTE);
                ShortVector o0 = t0.lanewise(VectorOperators.LSHR, 8);
                IntVector w0 = e0.mul(e0).reinterpretAsInts();
                IntVector u0 = o0.mul(o0).reinterpretAsInts();
                raw0 = raw0.add(w0.add(u0));
                high0 = high0.add(w0.lanewise(VectorOperators.LSHR, HALF).add(u0.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t1 = v1.lanewise(VectorOperators.UMAX, q)
                        .sub(v1.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e1 = t1.and(LOW_BYTE);
                ShortVector o1 = t1.lanewise(VectorOperators.LSHR, 8);
                IntVector w1 = e1.mul(e1).reinterpretAsInts();
                IntVector u1 = o1.mul(o1).reinterpretAsInts();
                raw1 = raw1.add(w1.add(u1));
                high1 = high1.add(w1.lanewise(VectorOperators.LSHR, HALF).add(u1.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t2 = v2.lanewise(VectorOperators.UMAX, q)
                        .sub(v2.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e2 = t2.and(LOW_BYTE);
                ShortVector o2 = t2.lanewise(VectorOperators.LSHR, 8);
                IntVector w2 = e2.mul(e2).reinterpretAsInts();
                IntVector u2 = o2.mul(o2).reinterpretAsInts();
                raw2 = raw2.add(w2.add(u2));
                high2 = high2.add(w2.lanewise(VectorOperators.LSHR, HALF).add(u2.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t3 = v3.lanewise(VectorOperators.UMAX, q)
                        .sub(v3.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e3 = t3.and(LOW_BYTE);
                ShortVector o3 = t3.lanewise(VectorOperators.LSHR, 8);
                IntVector w3 = e3.mul(e3).reinterpretAsInts();
                IntVector u3 = o3.mul(o3).reinterpretAsInts();
                raw3 = raw3.add(w3.add(u3));
                high3 = high3.add(w3.lanewise(VectorOperators.LSHR, HALF).add(u3.lanewise(VectorOperators.LSHR, HALF)));
            }
            sums[at] = raw0.sub(high0.lanewise(VectorOperators.LSHL, HALF))
                    .add(high0)
                    .reduceLanes(VectorOperators.ADD);
            sums[at + outFar] = raw1.sub(high1.lanewise(VectorOperators.LSHL, HALF))
                    .add(high1)
                    .reduceLanes(VectorOperators.ADD);
            sums[at + 2 * outFar] = raw2.sub(high2.lanewise(VectorOperators.LSHL, HALF))
                    .add(high2)
                    .reduceLanes(VectorOperators.ADD);
            sums[at + 3 * outFar] = raw3.sub(high3.lanewise(VectorOperators.LSHL, HALF))
                    .add(high3)
                    .reduceLanes(VectorOperators.ADD);
        }
    }

    /// As {@link #farL2}, the sums of products.
    private static void farDot(
            float[] query,
            byte[] rows,
            int rowStart,
            int far,
            int steps,
            int dimension,
            float[] sums,
            int outStart,
            int outFar) {
        int width = FLOATS.loopBound(dimension);
        VectorMask<Byte> tail = FEW_BYTES.indexInRange(width, dimension);
        VectorMask<Float> floatTail = FLOATS.indexInRange(width, dimension);
        for (int r = 0; r < steps; r++) {
            int row0 = rowStart + r * dimension;
            int row1 = row0 + far;
            int row2 = row1 + far;
            int row3 = row2 + far;
            int at = outStart + r;
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            FloatVector sum2 = FloatVector.zero(FLOATS);
            FloatVector sum3 = FloatVector.zero(FLOATS);
            for (int i = 0; i < width; i += FLOAT_LANES) {
                FloatVector q = FloatVector.fromArray(FLOATS, query, i);
                FloatVector v0 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row0 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum0 = v0.fma(q, sum0);
                FloatVector v1 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row1 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum1 = v1.fma(q, sum1);
                FloatVector v2 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row2 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum2 = v2.fma(q, sum2);
                FloatVector v3 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row3 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum3 = v3.fma(q, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(FLOATS, query, width, floatTail);
                FloatVector v0 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row0 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum0 = v0.fma(q, sum0);
                FloatVector v1 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row1 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum1 = v1.fma(q, sum1);
                FloatVector v2 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row2 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum2 = v2.fma(q, sum2);
                FloatVector v3 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row3 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum3 = v3.fma(q, sum3);
            }
            sums[at] = sum0.reduceLanes(VectorOperators.ADD);
            sums[at + outFar] = sum1.reduceLanes(VectorOperators.ADD);
            sums[at + 2 * outFar] = sum2.reduceLanes(VectorOperators.ADD);
            sums[at + 3 * outFar] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    @Override
    public void squaredL2Of(
            byte[] query, int queryStart, byte[] rows, int dimension, int[] ids, int idCount, int[] sums) {
        int width = BYTES.loopBound(dimension);
        VectorMask<Byte> tail = BYTES.indexInRange(width, dimension);
        int last = idCount - 1;
        for (int at = 0; at < idCount; at += STREAMS) {
            int at1 = Math.min(at + 1, last); // the last group is filled up with its last row
            int at2 = Math.min(at + 2, last);
            int at3 = Math.min(at + 3, last);
            int row0 = ids[at] * dimension;
            int row1 = ids[at1] * dimension;
            int row2 = ids[at2] * dimension;
            int row3 = ids[at3] * dimension;
            IntVector raw0 = IntVector.zero(INTS);
            IntVector high0 = IntVector.zero(INTS);
            IntVector raw1 = IntVector.zero(INTS);
            IntVector high1 = IntVector.zero(INTS);
            IntVector raw2 = IntVector.zero(INTS);
            IntVector high2 = IntVector.zero(INTS);
            IntVector raw3 = IntVector.zero(INTS);
            IntVector high3 = IntVector.zero(INTS);
            for (int i = 0; i < width; i += BYTE_LANES) {
                ByteVector q = ByteVector.fromArray(BYTES, query, queryStart + i);
                ByteVector v0 = ByteVector.fromArray(BYTES, rows, row0 + i);
                ByteVector v1 = ByteVector.fromArray(BYTES, rows, row1 + i);
                ByteVector v2 = ByteVector.fromArray(BYTES, rows, row2 + i);
                ByteVector v3 = ByteVector.fromArray(BYTES, rows, row3 + i);
                ShortVector t0 = v0.lanewise(VectorOperators.UMAX, q)
                        .sub(v0.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e0 = t0.and(LOW_BYTE);
                ShortVector o0 = t0.lanewise(VectorOperators.LSHR, 8);
                IntVector w0 = e0.mul(e0).reinterpretAsInts();
                IntVector u0 = o0.mul(o0).reinterpretAsInts();
                raw0 = raw0.add(w0.add(u0));
                high0 = high0.add(w0.lanewise(VectorOperators.LSHR, HALF).add(u0.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t1 = v1.lanewise(VectorOperators.UMAX, q)
                        .sub(v1.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e1 = t1.and(LOW_BYTE);
                ShortVector o1 = t1.lanewise(VectorOperators.LSHR, 8);
                IntVector w1 = e1.mul(e1).reinterpretAsInts();
                IntVector u1 = o1.mul(o1).reinterpretAsInts();
                raw1 = raw1.add(w1.add(u1));
                high1 = high1.add(w1.lanewise(VectorOperators.LSHR, HALF).add(u1.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t2 = v2.lanewise(VectorOperators.UMAX, q)
                        .sub(v2.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e2 = t2.and(LOW_BYTE);
                ShortVector o2 = t2.lanewise(VectorOperators.LSHR, 8);
                IntVector w2 = e2.mul(e2).reinterpretAsInts();
                IntVector u2 = o2.mul(o2).reinterpretAsInts();
                raw2 = raw2.add(w2.add(u2));
                high2 = high2.add(w2.lanewise(VectorOperators.LSHR, HALF).add(u2.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t3 = v3.lanewise(VectorOperators.UMAX, q)
                        .sub(v3.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e3 = t3.and(LOW_BYTE);
                ShortVector o3 = t3.lanewise(VectorOperators.LSHR, 8);
                IntVector w3 = e3.mul(e3).reinterpretAsInts();
                IntVector u3 = o3.mul(o3).reinterpretAsInts();
                raw3 = raw3.add(w3.add(u3));
                high3 = high3.add(w3.lanewise(VectorOperators.LSHR, HALF).add(u3.lanewise(VectorOperators.LSHR, HALF)));
            }
            if (width < dimension) {
                ByteVector q = ByteVector.fromArray(BYTES, query, queryStart + width, tail);
                ByteVector v0 = ByteVector.fromArray(BYTES, rows, row0 + width, tail);
                ByteVector v1 = ByteVector.fromArray(BYTES, rows, row1 + width, tail);
                ByteVector v2 = ByteVector.fromArray(BYTES, rows, row2 + width, tail);
                ByteVector v3 = ByteVector.fromArray(BYTES, rows, row3 + width, tail);
                ShortVector t0 = v0.lanewise(VectorOperators.UMAX, q)
                        .sub(v0.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e0 = t0.and(LOW_BYTE);
                ShortVector o0 = t0.lanewise(VectorOperators.LSHR, 8);
                IntVector w0 = e0.mul(e0).reinterpretAsInts();
                IntVector u0 = o0.mul(o0).reinterpretAsInts();
                raw0 = raw0.add(w0.add(u0));
                high0 = high0.add(w0.lanewise(VectorOperators.LSHR, HALF).add(u0.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t1 = v1.lanewise(VectorOperators.UMAX, q)
                        .sub(v1.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e1 = t1.and(LOW_BYTE);
                ShortVector o1 = t1.lanewise(VectorOperators.LSHR, 8);
                IntVector w1 = e1.mul(e1).reinterpretAsInts();
                IntVector u1 = o1.mul(o1).reinterpretAsInts();
                raw1 = raw1.add(w1.add(u1));
                high1 = high1.add(w1.lanewise(VectorOperators.LSHR, HALF).add(u1.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t2 = v2.lanewise(VectorOperators.UMAX, q)
                        .sub(v2.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e2 = t2.and(LOW_BYTE);
                ShortVector o2 = t2.lanewise(VectorOperators.LSHR, 8);
                IntVector w2 = e2.mul(e2).reinterpretAsInts();
                IntVector u2 = o2.mul(o2).reinterpretAsInts();
                raw2 = raw2.add(w2.add(u2));
                high2 = high2.add(w2.lanewise(VectorOperators.LSHR, HALF).add(u2.lanewise(VectorOperators.LSHR, HALF)));
                ShortVector t3 = v3.lanewise(VectorOperators.UMAX, q)
                        .sub(v3.lanewise(VectorOperators.UMIN, q))
                        .reinterpretAsShorts();
                ShortVector e3 = t3.and(LOW_BYTE);
                ShortVector o3 = t3.lanewise(VectorOperators.LSHR, 8);
                IntVector w3 = e3.mul(e3).reinterpretAsInts();
                IntVector u3 = o3.mul(o3).reinterpretAsInts();
                raw3 = raw3.add(w3.add(u3));
                high3 = high3.add(w3.lanewise(VectorOperators.LSHR, HALF).add(u3.lanewise(VectorOperators.LSHR, HALF)));
            }
            sums[at] = raw0.sub(high0.lanewise(VectorOperators.LSHL, HALF))
                    .add(high0)
                    .reduceLanes(VectorOperators.ADD);
            sums[at1] = raw1.sub(high1.lanewise(VectorOperators.LSHL, HALF))
                    .add(high1)
                    .reduceLanes(VectorOperators.ADD);
            sums[at2] = raw2.sub(high2.lanewise(VectorOperators.LSHL, HALF))
                    .add(high2)
                    .reduceLanes(VectorOperators.ADD);
            sums[at3] = raw3.sub(high3.lanewise(VectorOperators.LSHL, HALF))
                    .add(high3)
                    .reduceLanes(VectorOperators.ADD);
        }
    }

    @Override
    public void dotsOf(float[] query, byte[] rows, int dimension, int[] ids, int idCount, float[] sums) {
        if (!CAN_WIDEN) {
            scalar.dotsOf(query, rows, dimension, ids, idCount, sums);
            return;
        }
        int width = FLOATS.loopBound(dimension);
        VectorMask<Byte> tail = FEW_BYTES.indexInRange(width, dimension);
        VectorMask<Float> floatTail = FLOATS.indexInRange(width, dimension);
        int last = idCount - 1;
        for (int at = 0; at < idCount; at += STREAMS) {
            int at1 = Math.min(at + 1, last); // the last group is filled up with its last row
            int at2 = Math.min(at + 2, last);
            int at3 = Math.min(at + 3, last);
            int row0 = ids[at] * dimension;
            int row1 = ids[at1] * dimension;
            int row2 = ids[at2] * dimension;
            int row3 = ids[at3] * dimension;
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            FloatVector sum2 = FloatVector.zero(FLOATS);
            FloatVector sum3 = FloatVector.zero(FLOATS);
            for (int i = 0; i < width; i += FLOAT_LANES) {
                FloatVector q = FloatVector.fromArray(FLOATS, query, i);
                FloatVector v0 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row0 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum0 = v0.fma(q, sum0);
                FloatVector v1 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row1 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum1 = v1.fma(q, sum1);
                FloatVector v2 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row2 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum2 = v2.fma(q, sum2);
                FloatVector v3 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row3 + i)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum3 = v3.fma(q, sum3);
            }
            if (width < dimension) {
                FloatVector q = FloatVector.fromArray(FLOATS, query, width, floatTail);
                FloatVector v0 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row0 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum0 = v0.fma(q, sum0);
                FloatVector v1 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row1 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum1 = v1.fma(q, sum1);
                FloatVector v2 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row2 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum2 = v2.fma(q, sum2);
                FloatVector v3 = (FloatVector) ByteVector.fromArray(FEW_BYTES, rows, row3 + width, tail)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                sum3 = v3.fma(q, sum3);
            }
            sums[at] = sum0.reduceLanes(VectorOperators.ADD);
            sums[at1] = sum1.reduceLanes(VectorOperators.ADD);
            sums[at2] = sum2.reduceLanes(VectorOperators.ADD);
            sums[at3] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }
}
