// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use against the sums as they are defined, and writes nowhere else.
final class ResampleKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final byte UNTOUCHED = 77;

    private final ResampleKernels vectors = Simd.choose(
            ResampleKernels.class,
            ScalarResampleKernels::new,
            "dev.joust.embed.internal.kernel.simd.VectorResampleKernels");

    @Test
    void vectorsAreInUseHere() {
        assertEquals("VectorResampleKernels", vectors.getClass().getSimpleName());
    }

    @Test
    void bothFormsMixAsDefined() {
        var random = new Random(SEED);
        for (int sampleCount : new int[] {0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 48, 63, 64, 65, 100, 192, 600}) {
            for (int weightCount : new int[] {1, 2, 6, 7, 71}) {
                int stride = sampleCount + random.nextInt(5);
                int sourceStart = random.nextInt(9);
                byte[] source = new byte[sourceStart + (weightCount - 1) * stride + sampleCount];
                random.nextBytes(source);
                int weightStart = random.nextInt(3);
                int[] weights = weights(random, weightStart, weightCount);
                byte[] expected = defined(source, sourceStart, stride, weights, weightStart, weightCount, sampleCount);
                for (ResampleKernels kernels : new ResampleKernels[] {new ScalarResampleKernels(), vectors}) {
                    byte[] target = new byte[sampleCount + 40];
                    Arrays.fill(target, UNTOUCHED);
                    kernels.mix(
                            source, sourceStart, stride, weights, weightStart, weightCount, target, 20, sampleCount);
                    assertArrayEquals(
                            expected,
                            target,
                            "-Djoust.seed=" + SEED + " " + kernels.getClass() + " " + sampleCount + " x " + weightCount);
                }
            }
        }
    }

    /// As of a filter with negative lobes: together about 1, so that some sums lie below 0 and some above 255.
    private static int[] weights(Random random, int weightStart, int weightCount) {
        int[] weights = new int[weightStart + weightCount];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (int) ((random.nextGaussian() / 2 + 1) / weightCount * (1 << ResampleKernels.PRECISION_BITS));
        }
        return weights;
    }

    private static byte[] defined(
            byte[] source, int sourceStart, int stride, int[] weights, int weightStart, int weightCount, int sampleCount) {
        byte[] target = new byte[sampleCount + 40];
        Arrays.fill(target, UNTOUCHED);
        for (int i = 0; i < sampleCount; i++) {
            long sum = ResampleKernels.HALF;
            for (int k = 0; k < weightCount; k++) {
                sum += (long) (source[sourceStart + k * stride + i] & 0xFF) * weights[weightStart + k];
            }
            target[20 + i] = (byte) Math.clamp(Math.floorDiv(sum, 1L << ResampleKernels.PRECISION_BITS), 0, 255);
        }
        return target;
    }
}
