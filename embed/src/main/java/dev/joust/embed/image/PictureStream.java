// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import org.jspecify.annotations.Nullable;

/// An encoded picture whose structure has been walked over: its dimensions are within the limits and its bytes may hold
/// as many pixels as it declares, so that memory can be taken for it.
sealed interface PictureStream permits BmpStream, GifStream, JpegStream, PngStream, TiffStream, WebpStream {
    /// As decoded, before it is turned.
    int width();

    int height();

    /// Of how many stored pixels along an edge one is decoded.
    default int step() {
        return 1;
    }

    /// As stored, before it is turned.
    default int storedWidth() {
        return width();
    }

    default int storedHeight() {
        return height();
    }

    /// What decoding takes, the result and all on the way to it.
    int bytesPerPixel();

    /// What follows belongs to no picture.
    int endOffset();

    /// Nothing where the format has no EXIF.
    default Exif exif() {
        return Exif.NONE;
    }

    /// An ICC profile, or null.
    default byte @Nullable [] profile() {
        return null;
    }

    /// All pixels.
    Pixels decode();

    /// Walks over a picture.
    ///
    /// @throws PictureException saying why it is not taken
    static PictureStream parse(PictureFormat format, byte[] encoded, PictureLimits limits) {
        return switch (format) {
            case JPEG -> JpegStream.parse(encoded, limits);
            case PNG -> PngStream.parse(encoded, limits);
            case GIF -> GifStream.parse(encoded, limits);
            case BMP -> BmpStream.parse(encoded, limits);
            case WEBP -> WebpStream.parse(encoded, limits);
            case TIFF -> TiffStream.parse(encoded, limits);
        };
    }
}
