// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.Arrays;

/// Resizes with antialiasing, to the bit as Pillow 13 does it: one pass per axis in fixed point, each rounded to
/// 8 bits. Only the window that is wanted is computed, and only the source rows and columns it needs.
final class Resampler {
    private Resampler() {}

    /// What a picture of `scaledWidth x scaledHeight` would show in the window at (`left`, `top`).
    ///
    /// @return red, green and blue per pixel, rows from the top, without gaps
    static byte[] resize(
            RgbPicture source, ResampleFilter filter, int scaledWidth, int scaledHeight,
            int left, int top, int width, int height) {
        ResampleWeights across = ResampleWeights.of(filter, source.width(), scaledWidth, left, width);
        ResampleWeights down = ResampleWeights.of(filter, source.height(), scaledHeight, top, height);
        // Pillow's choice, found by asking it: the vertical pass goes first where it takes away many more lines
        boolean verticalFirst =
                source.height() - scaledHeight > 2 * Math.max(source.width() - scaledWidth, 0);
        if (verticalFirst) {
            RgbPicture flat = verticalPass(source, down, 0, across.firstSource(), across.sourceCount());
            return horizontalPass(flat, across, across.firstSource(), 0, height).bytes();
        }
        RgbPicture narrow = horizontalPass(source, across, 0, down.firstSource(), down.sourceCount());
        return verticalPass(narrow, down, down.firstSource(), 0, width).bytes();
    }

    /// @param sourceLeft what the weights call the picture's first column
    private static RgbPicture horizontalPass(
            RgbPicture source, ResampleWeights weights, int sourceLeft, int firstRow, int rowCount) {
        int width = weights.targetCount();
        byte[] target = new byte[Math.multiplyExact(rowCount, width * 3)];
        byte[] pixels = source.bytes();
        int step = source.pixelStride();
        for (int y = 0; y < rowCount; y++) {
            int row = (firstRow + y) * source.rowStride();
            for (int x = 0; x < width; x++) {
                int start = row + (weights.starts()[x] - sourceLeft) * step;
                int weight = x * weights.stride();
                int count = weights.counts()[x];
                for (int component = 0; component < 3; component++) {
                    int sum = ResampleWeights.HALF;
                    int at = start + source.start(component);
                    for (int k = 0; k < count; k++) {
                        sum += (pixels[at] & 0xFF) * weights.weights()[weight + k];
                        at += step;
                    }
                    target[(y * width + x) * 3 + component] = clip(sum);
                }
            }
        }
        return RgbPicture.packed(width, rowCount, target);
    }

    /// @param sourceTop what the weights call the picture's first row
    private static RgbPicture verticalPass(
            RgbPicture source, ResampleWeights weights, int sourceTop, int firstColumn, int columnCount) {
        int height = weights.targetCount();
        byte[] target = new byte[Math.multiplyExact(height, columnCount * 3)];
        byte[] pixels = source.bytes();
        int[] sums = new int[columnCount * 3];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, ResampleWeights.HALF);
            for (int k = 0; k < weights.counts()[y]; k++) {
                int weight = weights.weights()[y * weights.stride() + k];
                int row = weights.starts()[y] - sourceTop + k;
                int at = row * source.rowStride() + firstColumn * source.pixelStride();
                for (int i = 0; i < sums.length; i += 3) {
                    sums[i] += (pixels[at + source.redStart()] & 0xFF) * weight;
                    sums[i + 1] += (pixels[at + source.greenStart()] & 0xFF) * weight;
                    sums[i + 2] += (pixels[at + source.blueStart()] & 0xFF) * weight;
                    at += source.pixelStride();
                }
            }
            for (int i = 0; i < sums.length; i++) {
                target[y * sums.length + i] = clip(sums[i]);
            }
        }
        return RgbPicture.packed(columnCount, height, target);
    }

    private static byte clip(int fixedPoint) {
        return (byte) Math.clamp(fixedPoint >> ResampleWeights.PRECISION_BITS, 0, 255);
    }
}
