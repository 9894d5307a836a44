// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// What a picture may declare before anything is decoded.
///
/// @param maxPixelCount width x height; decoding takes 3 to 8 bytes for each
/// @param maxEdge       width and height, in pixels
public record PictureLimits(long maxPixelCount, int maxEdge) {
    /// What decoding takes at most, for the usual kinds.
    static final int BYTES_PER_PIXEL = 8;

    public static final PictureLimits DEFAULT = new PictureLimits(40_000_000, 30_000);

    public PictureLimits {
        if (maxPixelCount < 1 || maxEdge < 1 || maxPixelCount > Integer.MAX_VALUE / 8) {
            throw new IllegalArgumentException("picture limits of " + maxPixelCount + " pixels, edge " + maxEdge);
        }
    }

    void check(long width, long height) {
        if (width < 1 || height < 1) {
            throw new PictureException(
                    PictureException.Reason.DAMAGED, "a picture of " + width + " x " + height + " pixels");
        }
        if (width > maxEdge || height > maxEdge || width * height > maxPixelCount) {
            throw new PictureException(PictureException.Reason.TOO_LARGE, "a picture of " + width + " x " + height
                    + " pixels; at most " + maxPixelCount + " are allowed, and " + maxEdge + " along an edge");
        }
    }
}
