// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The sums in plain Java. Eight samples are loaded at once and two of them multiplied at once, as the halves of a long:
/// what is below zero in the lower half is taken back from the upper one at the end.
public final class ScalarResampleKernels implements ResampleKernels {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /// Of eight samples the first and the fifth.
    private static final long PAIR = 0x000000FF_000000FFL;
    private static final long HALVES = (long) HALF << Integer.SIZE | HALF;

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
        int i = 0;
        for (; i <= sampleCount - Long.BYTES; i += Long.BYTES) {
            long sums04 = HALVES;
            long sums15 = HALVES;
            long sums26 = HALVES;
            long sums37 = HALVES;
            int at = sourceStart + i;
            for (int k = 0; k < weightCount; k++) {
                long weight = weights[weightStart + k];
                long samples = (long) LONGS.get(source, at);
                sums04 += (samples & PAIR) * weight;
                sums15 += (samples >>> 8 & PAIR) * weight;
                sums26 += (samples >>> 16 & PAIR) * weight;
                sums37 += (samples >>> 24 & PAIR) * weight;
                at += stride;
            }
            LONGS.set(target, targetStart + i,
                    pair(sums04) | pair(sums15) << 8 | pair(sums26) << 16 | pair(sums37) << 24);
        }
        for (; i < sampleCount; i++) {
            int sum = HALF;
            int at = sourceStart + i;
            for (int k = 0; k < weightCount; k++) {
                sum += (source[at] & 0xFF) * weights[weightStart + k];
                at += stride;
            }
            target[targetStart + i] = (byte) sample(sum);
        }
    }

    private static long pair(long sums) {
        int lower = (int) sums;
        int upper = (int) ((sums - lower) >> Integer.SIZE);
        return (long) sample(upper) << Integer.SIZE | sample(lower);
    }

    private static int sample(int fixedPoint) {
        return Math.clamp(fixedPoint >> PRECISION_BITS, 0, 255);
    }
}
