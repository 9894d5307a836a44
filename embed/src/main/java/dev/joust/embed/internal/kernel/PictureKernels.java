// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal.kernel;

import dev.joust.io.kernel.KernelPair;

/// Which form of the kernels a picture uses. Both give the same bytes.
public final class PictureKernels {
    private static final KernelPair<ResampleKernels> RESAMPLE = new KernelPair<>(
            ResampleKernels.class,
            new ScalarResampleKernels(),
            "dev.joust.embed.internal.kernel.simd.VectorResampleKernels",
            PictureKernels::sample);

    private PictureKernels() {}

    /// For resizing a picture by so many multiplications.
    public static ResampleKernels resample(long steps) {
        return RESAMPLE.forSearch(steps);
    }

    /// A little work, of some 10 microseconds in its scalar form.
    private static void sample(ResampleKernels kernels) {
        int sampleCount = 192;
        int[] weights = new int[64];
        byte[] source = new byte[weights.length * sampleCount];
        kernels.mix(source, 0, sampleCount, weights, 0, weights.length, source, 0, sampleCount);
    }
}
