// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal.kernel;

/// Weighted sums of samples of 8 bits, in fixed point. Stateless.
public interface ResampleKernels {
    /// Bits of a weight behind the point: 32 less 8 of a sample and 2 for the overshoot of negative lobes.
    int PRECISION_BITS = 32 - 8 - 2;

    /// One half, which makes the shift at the end round.
    int HALF = 1 << (PRECISION_BITS - 1);

    /// Mixes `weightCount` rows of samples, of which each lies `stride` bytes behind the one before: sample i of the
    /// target becomes the sum over k of `source[sourceStart + k * stride + i] * weights[weightStart + k]`, rounded and
    /// brought into 0 to 255. Sums may not exceed 31 bits.
    void mix(
            byte[] source,
            int sourceStart,
            int stride,
            int[] weights,
            int weightStart,
            int weightCount,
            byte[] target,
            int targetStart,
            int sampleCount);
}
