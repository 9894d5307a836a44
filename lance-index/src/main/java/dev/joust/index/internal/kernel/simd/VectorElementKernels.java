// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.ElementKernels;
import dev.joust.index.internal.kernel.ScalarElementKernels;

/// The elements by the Vector API; those that fill no vector by the scalar form. A 16-bit float becomes a 32-bit one by
/// a shift and a product with 2^112, which is right for small ones without leading bit as well; infinities and what is
/// not a number get their exponent. The bodies call no method of ours.
public final class VectorElementKernels implements ElementKernels {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final int LONG_BYTES = LONGS.vectorByteSize();
    /// As many bytes and shorts as a vector has floats; the narrowest vector has 64 bits.
    private static final boolean CAN_WIDEN = LANES >= 8;

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(CAN_WIDEN ? Short.SIZE * LANES : 64));
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(CAN_WIDEN ? Byte.SIZE * LANES : 64));
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int MAGNITUDE = 0x7fff;
    private static final int SIGN = 0x8000;
    private static final int INFINITE = 0x7c00;
    private static final int FRACTION_SHIFT = 13;
    private static final int EXPONENT = 0x7f800000;
    private static final float SCALE = 0x1p112f;

    private final ScalarElementKernels scalar = new ScalarElementKernels();

    @Override
    public void float16(MemorySegment source, long offsetBytes, int count, float[] target) {
        int i = 0;
        if (CAN_WIDEN) {
            for (int last = count - LANES; i <= last; i += LANES) {
                IntVector bits = (IntVector)
                        ShortVector.fromMemorySegment(SHORTS, source, offsetBytes + 2L * i, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
                IntVector magnitude = bits.and(MAGNITUDE);
                IntVector shifted = magnitude.lanewise(VectorOperators.LSHL, FRACTION_SHIFT);
                IntVector scaled = shifted.reinterpretAsFloats().mul(SCALE).reinterpretAsInts();
                scaled.blend(shifted.or(EXPONENT), magnitude.compare(VectorOperators.GE, INFINITE))
                        .or(bits.and(SIGN).lanewise(VectorOperators.LSHL, 16))
                        .reinterpretAsFloats()
                        .intoArray(target, i);
            }
        }
        if (i < count) {
            float[] rest = new float[count - i];
            scalar.float16(source, offsetBytes + 2L * i, rest.length, rest);
            System.arraycopy(rest, 0, target, i, rest.length);
        }
    }

    @Override
    public void int8(MemorySegment source, long offsetBytes, int count, float[] target) {
        int i = 0;
        if (CAN_WIDEN) {
            for (int last = count - LANES; i <= last; i += LANES) {
                FloatVector values = (FloatVector) ByteVector.fromMemorySegment(BYTES, source, offsetBytes + i, ORDER)
                        .convertShape(VectorOperators.B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                values.intoArray(target, i);
            }
        }
        if (i < count) {
            float[] rest = new float[count - i];
            scalar.int8(source, offsetBytes + i, rest.length, rest);
            System.arraycopy(rest, 0, target, i, rest.length);
        }
    }

    @Override
    public void uint8(MemorySegment source, long offsetBytes, int count, float[] target) {
        int i = 0;
        if (CAN_WIDEN) {
            for (int last = count - LANES; i <= last; i += LANES) {
                FloatVector values = (FloatVector) ByteVector.fromMemorySegment(BYTES, source, offsetBytes + i, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convert(VectorOperators.I2F, 0);
                values.intoArray(target, i);
            }
        }
        if (i < count) {
            float[] rest = new float[count - i];
            scalar.uint8(source, offsetBytes + i, rest.length, rest);
            System.arraycopy(rest, 0, target, i, rest.length);
        }
    }

    @Override
    public void hamming(byte[] query, MemorySegment rows, long offsetBytes, int rowCount, float[] distances) {
        if (query.length % LONG_BYTES != 0) {
            scalar.hamming(query, rows, offsetBytes, rowCount, distances);
            return;
        }
        for (int row = 0; row < rowCount; row++) {
            long start = offsetBytes + (long) row * query.length;
            LongVector sum = LongVector.zero(LONGS);
            for (int i = 0; i < query.length; i += LONG_BYTES) {
                LongVector q = ByteVector.fromArray(ByteVector.SPECIES_PREFERRED, query, i).reinterpretAsLongs();
                sum = sum.add(LongVector.fromMemorySegment(LONGS, rows, start + i, ORDER)
                        .lanewise(VectorOperators.XOR, q)
                        .lanewise(VectorOperators.BIT_COUNT));
            }
            distances[row] = sum.reduceLanes(VectorOperators.ADD);
        }
    }
}
