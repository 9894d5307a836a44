// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.Arrays;

import dev.joust.embed.internal.kernel.ResampleKernels;

/// For each pixel of one axis of the target: the first source pixel that counts and the weights from there, in
/// fixed point of {@link ResampleKernels#PRECISION_BITS} bits.
///
/// @param starts  first source pixel per target pixel
/// @param counts  number of weights per target pixel
/// @param weights `stride` per target pixel
record ResampleWeights(int[] starts, int[] counts, int[] weights, int stride) {
    /// Weights for the target pixels `[windowStart, windowStart + windowSize)` of an axis that goes from `sourceSize`
    /// to `targetSize` pixels.
    static ResampleWeights of(
            ResampleFilter filter, int sourceSize, int targetSize, int windowStart, int windowSize) {
        if (sourceSize == targetSize) {
            return identity(windowStart, windowSize);
        }
        double scale = (double) sourceSize / targetSize;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        int stride = (int) Math.min(Math.ceil(support) * 2 + 1, sourceSize);
        int[] starts = new int[windowSize];
        int[] counts = new int[windowSize];
        int[] weights = new int[Math.multiplyExact(windowSize, stride)];
        double[] exact = new double[stride];
        for (int i = 0; i < windowSize; i++) {
            double center = (windowStart + i + 0.5) * scale;
            int start = Math.max((int) (center - support + 0.5), 0);
            int count = Math.min((int) (center + support + 0.5), sourceSize) - start;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                exact[k] = filter.weight((k + start - center + 0.5) * (1 / filterScale));
                sum += exact[k];
            }
            for (int k = 0; k < count; k++) {
                double fixed = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << ResampleKernels.PRECISION_BITS);
                weights[i * stride + k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
            }
            starts[i] = start;
            counts[i] = count;
        }
        return new ResampleWeights(starts, counts, weights, stride);
    }

    private static ResampleWeights identity(int windowStart, int windowSize) {
        int[] starts = new int[windowSize];
        int[] counts = new int[windowSize];
        int[] weights = new int[windowSize];
        Arrays.setAll(starts, i -> windowStart + i);
        Arrays.fill(counts, 1);
        Arrays.fill(weights, 1 << ResampleKernels.PRECISION_BITS);
        return new ResampleWeights(starts, counts, weights, 1);
    }

    /// Whether every target pixel is one of the source, one after the other.
    boolean isIdentity() {
        return stride == 1 && counts[0] == 1 && weights[0] == 1 << ResampleKernels.PRECISION_BITS && sourceCount() == targetCount();
    }

    /// Weights of all target pixels.
    long weightCount() {
        return Arrays.stream(counts).asLongStream().sum();
    }

    int targetCount() {
        return starts.length;
    }

    int firstSource() {
        return starts[0];
    }

    /// Source pixels from the first to the last that any weight reaches.
    int sourceCount() {
        return starts[starts.length - 1] + counts[counts.length - 1] - starts[0];
    }
}
