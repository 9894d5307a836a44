// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// Decoded pixels, 8 bits each of red, green and blue, sRGB, as they are seen. Whoever holds it may not write to it.
///
/// @param bytes       component c of pixel (x, y), y down from the top, is at
///                    `start of c + y * rowStride + x * pixelStride`
/// @param rowStride   bytes from a pixel to the one below; negative in pictures that are turned
/// @param pixelStride bytes from a pixel to the one on its right, likewise
/// @param redStart    where the red of the first pixel is
/// @param greenStart  and its green
/// @param blueStart   and its blue
public record RgbPicture(
        int width,
        int height,
        byte[] bytes,
        int rowStride,
        int pixelStride,
        int redStart,
        int greenStart,
        int blueStart) {
    static final int COMPONENT_COUNT = 3;

    public RgbPicture {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a picture of " + width + " x " + height + " pixels");
        }
        long lowest = Math.min(0, (long) (width - 1) * pixelStride) + Math.min(0, (long) (height - 1) * rowStride);
        long highest = Math.max(0, (long) (width - 1) * pixelStride) + Math.max(0, (long) (height - 1) * rowStride);
        if (Math.min(redStart, Math.min(greenStart, blueStart)) + lowest < 0
                || Math.max(redStart, Math.max(greenStart, blueStart)) + highest >= bytes.length) {
            throw new IllegalArgumentException(width + " x " + height + " pixels of " + pixelStride + " bytes, rows of "
                    + rowStride + ", in " + bytes.length);
        }
    }

    /// Red, green, blue, one after the other, without gaps.
    public static RgbPicture packed(int width, int height, byte[] bytes) {
        return new RgbPicture(width, height, bytes, COMPONENT_COUNT * width, COMPONENT_COUNT, 0, 1, 2);
    }

    /// Where the first pixel's component that comes first is.
    int lowestStart() {
        return Math.min(redStart, Math.min(greenStart, blueStart));
    }

    /// Whether the components of a pixel lie side by side, in any order.
    private boolean hasContiguousPixels() {
        return Math.max(redStart, Math.max(greenStart, blueStart)) - lowestStart() == COMPONENT_COUNT - 1;
    }

    /// Whether a pixel's bytes follow those of the one on its left, so that a row is `3 * width` bytes.
    boolean hasContiguousRows() {
        return hasContiguousPixels() && pixelStride == COMPONENT_COUNT;
    }

    /// Whether a column is `3 * height` bytes without gaps, from the top or from the bottom.
    boolean hasContiguousColumns() {
        return hasContiguousPixels() && Math.abs(rowStride) == COMPONENT_COUNT;
    }

    /// The same bytes, of which only a part is seen.
    RgbPicture part(int left, int top, int partWidth, int partHeight) {
        int offset = left * pixelStride + top * rowStride;
        return new RgbPicture(partWidth, partHeight, bytes, rowStride, pixelStride,
                redStart + offset, greenStart + offset, blueStart + offset);
    }

    /// A copy: red, green, blue, one after the other, without gaps.
    byte[] toPackedBytes() {
        byte[] target = new byte[Math.multiplyExact(height, width * COMPONENT_COUNT)];
        int green = greenStart - redStart;
        int blue = blueStart - redStart;
        int to = 0;
        for (int y = 0; y < height; y++) {
            int at = redStart + y * rowStride;
            for (int x = 0; x < width; x++) {
                target[to] = bytes[at];
                target[to + 1] = bytes[at + green];
                target[to + 2] = bytes[at + blue];
                to += COMPONENT_COUNT;
                at += pixelStride;
            }
        }
        return target;
    }

    RgbPicture packed() {
        return packed(width, height, toPackedBytes());
    }

    /// The same bytes, left and right exchanged.
    RgbPicture mirrored() {
        int last = (width - 1) * pixelStride;
        return new RgbPicture(
                width, height, bytes, rowStride, -pixelStride, redStart + last, greenStart + last, blueStart + last);
    }

    /// The same bytes, top and bottom exchanged.
    RgbPicture flipped() {
        int last = (height - 1) * rowStride;
        return new RgbPicture(
                width, height, bytes, -rowStride, pixelStride, redStart + last, greenStart + last, blueStart + last);
    }

    /// The same bytes, rows and columns exchanged.
    RgbPicture transposed() {
        return new RgbPicture(height, width, bytes, pixelStride, rowStride, redStart, greenStart, blueStart);
    }
}
