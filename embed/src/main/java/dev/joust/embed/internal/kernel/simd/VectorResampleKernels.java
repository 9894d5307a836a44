// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.embed.internal.kernel.ResampleKernels;
import dev.joust.embed.internal.kernel.ScalarResampleKernels;

/// The sums by the Vector API: a vector of samples is widened to integers as it is loaded, and four vectors of sums stay
/// in registers while all rows are added. Vectors of less than 256 bits use the scalar form. The body calls no method of
/// ours.
public final class VectorResampleKernels implements ResampleKernels {
    private static final int WIDTH_BITS =
            Math.min(512, VectorShape.preferredShape().vectorBitSize());
    private static final boolean WIDE = WIDTH_BITS >= 256;
    private static final VectorSpecies<Integer> INTS =
            WIDTH_BITS >= 512 ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
    private static final VectorSpecies<Byte> BYTES = WIDTH_BITS >= 512 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    private static final int LANES = WIDTH_BITS >= 512 ? 16 : 8;
    private static final int UNROLL = 4;
    private static final int MAX_SAMPLE = 255;

    private final ScalarResampleKernels scalar = new ScalarResampleKernels();

    @Override
    public void mix(
            byte[] source,
            int sourceStart,
            int stride,
            int[] weights,
            int weightStart,
            int weightCount,
            byte[] target,
            int targetStart,
            int sampleCount) {
        if (!WIDE || sampleCount < LANES) {
            scalar.mix(
                    source, sourceStart, stride, weights, weightStart, weightCount, target, targetStart, sampleCount);
            return;
        }
        int i = 0;
        for (; i <= sampleCount - UNROLL * LANES; i += UNROLL * LANES) {
            IntVector sum0 = IntVector.broadcast(INTS, HALF);
            IntVector sum1 = sum0;
            IntVector sum2 = sum0;
            IntVector sum3 = sum0;
            int at = sourceStart + i;
            for (int k = 0; k < weightCount; k++) {
                IntVector weight = IntVector.broadcast(INTS, weights[weightStart + k]);
                IntVector row0 = (IntVector) ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                IntVector row1 = (IntVector) ByteVector.fromArray(BYTES, source, at + LANES)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                IntVector row2 = (IntVector) ByteVector.fromArray(BYTES, source, at + 2 * LANES)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                IntVector row3 = (IntVector) ByteVector.fromArray(BYTES, source, at + 3 * LANES)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                sum0 = sum0.add(row0.mul(weight));
                sum1 = sum1.add(row1.mul(weight));
                sum2 = sum2.add(row2.mul(weight));
                sum3 = sum3.add(row3.mul(weight));
                at += stride;
            }
            int to = targetStart + i;
            ((ByteVector) sum0.lanewise(VectorOperators.ASHR, PRECISION_BITS).max(0).min(MAX_SAMPLE)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(target, to);
            ((ByteVector) sum1.lanewise(VectorOperators.ASHR, PRECISION_BITS).max(0).min(MAX_SAMPLE)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(target, to + LANES);
            ((ByteVector) sum2.lanewise(VectorOperators.ASHR, PRECISION_BITS).max(0).min(MAX_SAMPLE)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(target, to + 2 * LANES);
            ((ByteVector) sum3.lanewise(VectorOperators.ASHR, PRECISION_BITS).max(0).min(MAX_SAMPLE)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(target, to + 3 * LANES);
        }
        while (i < sampleCount) {
            // the last vector may reach back over samples that are there already, and makes them again
            int from = Math.min(i, sampleCount - LANES);
            IntVector sum = IntVector.broadcast(INTS, HALF);
            int at = sourceStart + from;
            for (int k = 0; k < weightCount; k++) {
                IntVector row = (IntVector) ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                sum = sum.add(row.mul(weights[weightStart + k]));
                at += stride;
            }
            ((ByteVector) sum.lanewise(VectorOperators.ASHR, PRECISION_BITS).max(0).min(MAX_SAMPLE)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(target, targetStart + from);
            i = from + LANES;
        }
    }
}
