// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// Decoded pixels, 8 bits each of red, green and blue, sRGB, rows from the top. Whoever holds it may not write to it.
///
/// @param bytes       component c of pixel (x, y) is at `(y * width + x) * pixelStride + offset of c`
/// @param pixelStride bytes from one pixel to the next
public record RgbPicture(
        int width, int height, byte[] bytes, int pixelStride, int redOffset, int greenOffset, int blueOffset) {
    public RgbPicture {
        if (width < 1 || height < 1 || (long) width * height * pixelStride > bytes.length) {
            throw new IllegalArgumentException(width + " x " + height + " pixels of " + pixelStride + " bytes in "
                    + bytes.length);
        }
    }

    /// Red, green, blue, one after the other, without gaps.
    public static RgbPicture packed(int width, int height, byte[] bytes) {
        return new RgbPicture(width, height, bytes, 3, 0, 1, 2);
    }

    /// Where component 0 (red), 1 (green) or 2 (blue) of the first pixel is.
    int offset(int component) {
        return switch (component) {
            case 0 -> redOffset;
            case 1 -> greenOffset;
            case 2 -> blueOffset;
            default -> throw new IllegalArgumentException("component " + component);
        };
    }
}
