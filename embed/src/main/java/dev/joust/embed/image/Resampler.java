// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import dev.joust.embed.internal.kernel.PictureKernels;
import dev.joust.embed.internal.kernel.ResampleKernels;

/// Resizes with antialiasing, to the bit as Pillow 13 does it: one pass per axis in fixed point, each rounded to
/// 8 bits. Only the window that is wanted is computed, and only the source rows and columns it needs.
///
/// A pass makes each column of the target from columns of the source; rows are columns of the picture with its axes
/// exchanged. Columns whose bytes lie side by side are mixed where they are, the others are copied to lie so first.
final class Resampler {
    private static final int COMPONENT_COUNT = RgbPicture.COMPONENT_COUNT;

    private Resampler() {}

    /// What a picture of `scaledWidth x scaledHeight` would show in the window at (`left`, `top`).
    ///
    /// @return red, green and blue per pixel, rows from the top, without gaps
    static byte[] resize(
            RgbPicture source, ResampleFilter filter, int scaledWidth, int scaledHeight,
            int left, int top, int width, int height) {
        // Pillow's choice, found by asking it: the vertical pass goes first where it takes away many more lines
        boolean verticalFirst =
                source.height() - scaledHeight > 2 * Math.max(source.width() - scaledWidth, 0);
        return resize(source, filter, scaledWidth, scaledHeight, left, top, width, height, verticalFirst);
    }

    /// The whole picture in another size, passes in the order that is quicker. The other order would give samples that
    /// differ by 1 here and there.
    static byte[] resizeQuickly(RgbPicture source, ResampleFilter filter, int width, int height) {
        return resize(source, filter, width, height, 0, 0, width, height, !source.hasContiguousColumns());
    }

    private static byte[] resize(
            RgbPicture source, ResampleFilter filter, int scaledWidth, int scaledHeight,
            int left, int top, int width, int height, boolean verticalFirst) {
        ResampleWeights across = ResampleWeights.of(filter, source.width(), scaledWidth, left, width);
        ResampleWeights down = ResampleWeights.of(filter, source.height(), scaledHeight, top, height);
        RgbPicture part = source.part(
                across.firstSource(), down.firstSource(), across.sourceCount(), down.sourceCount());
        RgbPicture resized = verticalFirst
                ? mixColumns(mixRows(part, down), across)
                : mixRows(mixColumns(part, across), down);
        return resized.toPackedBytes();
    }

    private static RgbPicture mixRows(RgbPicture source, ResampleWeights weights) {
        return mixColumns(source.transposed(), weights).transposed();
    }

    /// @param source begins with the first column that the weights reach
    private static RgbPicture mixColumns(RgbPicture source, ResampleWeights weights) {
        if (weights.isIdentity()) {
            return source;
        }
        ResampleKernels kernels =
                PictureKernels.resample(weights.weightCount() * COMPONENT_COUNT * source.height());
        return source.hasContiguousColumns() ? mixInPlace(source, weights, kernels) : mixCopies(source, weights, kernels);
    }

    /// The target's columns lie side by side like the source's.
    private static RgbPicture mixInPlace(RgbPicture source, ResampleWeights weights, ResampleKernels kernels) {
        int height = source.height();
        int columnBytes = COMPONENT_COUNT * height;
        int width = weights.targetCount();
        byte[] target = new byte[Math.multiplyExact(width, columnBytes)];
        int lowest = source.lowestStart() + Math.min(0, (height - 1) * source.rowStride());
        mix(source.bytes(), lowest, source.pixelStride(), weights, kernels, target, columnBytes);
        return new RgbPicture(width, height, target, source.rowStride(), columnBytes,
                source.redStart() - lowest, source.greenStart() - lowest, source.blueStart() - lowest);
    }

    /// @param stride      bytes from a column of the source to the next
    /// @param columnBytes of source and target
    private static void mix(byte[] source, int sourceStart, int stride, ResampleWeights weights,
            ResampleKernels kernels, byte[] target, int columnBytes) {
        for (int x = 0; x < weights.targetCount(); x++) {
            kernels.mix(source, sourceStart + (weights.starts()[x] - weights.firstSource()) * stride, stride,
                    weights.weights(), x * weights.stride(), weights.counts()[x],
                    target, x * columnBytes, columnBytes);
        }
    }

    private static RgbPicture mixCopies(RgbPicture source, ResampleWeights weights, ResampleKernels kernels) {
        // An order of components that is not red, green, blue stays as it is
        RgbPicture rows = source.hasContiguousRows() ? source : source.packed();
        int width = weights.targetCount();
        int sampleCount = COMPONENT_COUNT * rows.width();
        int mixedCount = COMPONENT_COUNT * width;
        int blockRows = Math.min(ByteTransposition.BLOCK_ROWS, rows.height());
        byte[] columns = new byte[Math.multiplyExact(sampleCount, blockRows)];
        byte[] mixed = new byte[mixedCount * blockRows];
        byte[] target = new byte[Math.multiplyExact(rows.height(), mixedCount)];
        for (int row = 0; row < rows.height(); row += blockRows) {
            int count = Math.min(blockRows, rows.height() - row);
            ByteTransposition.transpose(rows.bytes(), rows.lowestStart() + row * rows.rowStride(), rows.rowStride(),
                    count, sampleCount, columns, 0, count);
            mix(columns, 0, COMPONENT_COUNT * count, weights, kernels, mixed, COMPONENT_COUNT * count);
            ByteTransposition.transpose(
                    mixed, 0, count, mixedCount, count, target, row * mixedCount, mixedCount);
        }
        int lowest = rows.lowestStart();
        return new RgbPicture(width, rows.height(), target, mixedCount, COMPONENT_COUNT,
                rows.redStart() - lowest, rows.greenStart() - lowest, rows.blueStart() - lowest);
    }
}
