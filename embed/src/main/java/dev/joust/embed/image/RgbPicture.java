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
        return new RgbPicture(width, height, bytes, 3 * width, 3, 0, 1, 2);
    }

    /// Where component 0 (red), 1 (green) or 2 (blue) of the first pixel is.
    int start(int component) {
        return switch (component) {
            case 0 -> redStart;
            case 1 -> greenStart;
            case 2 -> blueStart;
            default -> throw new IllegalArgumentException("component " + component);
        };
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
