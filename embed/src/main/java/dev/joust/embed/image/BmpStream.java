// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/// A BMP whose numbers agree with one another.
///
///     "BM", u32 file size, u32 0, u32 where the pixels are
///     u32 header size (12, 16 to 124), then i32 width, i32 height (negative: rows from the top), u16 1, u16 bits per
///     pixel, u32 compression (0 none, 1 and 2 run lengths, 3 and 6 none, with masks), u32 bytes of pixels, 2 x u32,
///     u32 colours of the palette; in a header of 12 bytes u16 width, u16 height, u16 1, u16 bits; OS/2 2 has 16 to 64
///     bytes, of which the first 40 are the same, and 0 are those that it leaves out
///
/// Little-endian. Source: MS-WMF 2.2.2 and the documentation of BITMAPINFOHEADER. Profiles of version 5 are not looked
/// at, and pixels that are a JPEG or PNG are not read.
///
/// @param decodable with a header that the reader knows
/// @param endOffset behind the pixels
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record BmpStream(int width, int height, int bitsPerPixel, byte[] decodable, int endOffset) implements PictureStream {
    private static final int FILE_HEADER_BYTES = 14;
    private static final int PIXEL_OFFSET_OFFSET = 10;
    private static final int OS2_HEADER_BYTES = 12;
    private static final int SMALLEST_OS2_2_BYTES = 16;
    private static final int OS2_2_HEADER_BYTES = 64;
    private static final int INFO_HEADER_BYTES = 40;
    private static final int MAX_HEADER_BYTES = 124;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;
    private static final int ALPHA_BIT_FIELDS = 6;
    /// Two bytes of run lengths are so many pixels at most.
    private static final int MAX_RUN = 255;

    static BmpStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = PictureBytes.littleEndian(encoded, "BMP");
        in.skip(10, "file header");
        long pixelOffset = in.u32("pixel offset");
        int headerBytes = (int) Math.min(in.u32("header size"), Integer.MAX_VALUE);
        boolean isOs2 = headerBytes == OS2_HEADER_BYTES;
        if (!isOs2 && (headerBytes < SMALLEST_OS2_2_BYTES || headerBytes > MAX_HEADER_BYTES)) {
            throw in.damaged("a header of " + headerBytes + " bytes");
        }
        in.need(headerBytes - 4L, "header");
        int width = isOs2 ? in.u16("width") : in.i32("width");
        int signedHeight = isOs2 ? in.u16("height") : in.i32("height");
        limits.check(width, Math.abs((long) signedHeight));
        int height = Math.abs(signedHeight);
        in.skip(2, "planes");
        int bitsPerPixel = in.u16("bits per pixel");
        if (!Set.of(1, 4, 8, 16, 24, 32).contains(bitsPerPixel)) {
            throw in.damaged(bitsPerPixel + " bits per pixel");
        }
        boolean isOs2Version2 = headerBytes < INFO_HEADER_BYTES ? !isOs2 : headerBytes == OS2_2_HEADER_BYTES;
        long compression = headerBytes < 20 ? 0 : in.u32("compression");
        long pixelBytes = headerBytes < 24 ? 0 : in.u32("pixel bytes");
        if (isOs2Version2 && compression > RLE4) {
            throw in.unsupported("of OS/2 with compression " + compression);
        }
        if (headerBytes >= 36) {
            in.skip(8, "resolution");
            checkPalette(in, bitsPerPixel, in.u32("colours"));
        }
        if (pixelOffset < FILE_HEADER_BYTES + headerBytes || pixelOffset > encoded.length) {
            throw in.damaged("pixels at byte " + pixelOffset);
        }
        boolean isRunLengths = compression == RLE8 || compression == RLE4;
        checkCompression(in, compression, bitsPerPixel, signedHeight);
        long neededBytes = isRunLengths ? (long) width * height / MAX_RUN * 2
                : Math.ceilDiv((long) width * bitsPerPixel, 32) * 4 * height;
        long declaredBytes = isRunLengths ? Math.max(pixelBytes, neededBytes) : neededBytes;
        if (pixelOffset + declaredBytes > encoded.length) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a BMP cut short: " + width + " x " + height
                    + " pixels need " + declaredBytes + " bytes, there are " + (encoded.length - pixelOffset));
        }
        return new BmpStream(width, height, bitsPerPixel,
                isOs2Version2 ? withInfoHeader(encoded, headerBytes, (int) pixelOffset) : encoded,
                isRunLengths && pixelBytes == 0 ? encoded.length : (int) (pixelOffset + declaredBytes));
    }

    /// The reader does not know the headers of OS/2 2.
    private static byte[] withInfoHeader(byte[] encoded, int headerBytes, int pixelOffset) {
        int restStart = FILE_HEADER_BYTES + headerBytes;
        ByteBuffer out = ByteBuffer.allocate(FILE_HEADER_BYTES + INFO_HEADER_BYTES + encoded.length - restStart)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(encoded, 0, FILE_HEADER_BYTES + Math.min(headerBytes, INFO_HEADER_BYTES));
        out.put(FILE_HEADER_BYTES + INFO_HEADER_BYTES, encoded, restStart, encoded.length - restStart);
        out.putInt(PIXEL_OFFSET_OFFSET, pixelOffset - headerBytes + INFO_HEADER_BYTES);
        out.putInt(FILE_HEADER_BYTES, INFO_HEADER_BYTES);
        return out.array();
    }

    private static void checkPalette(PictureBytes in, int bitsPerPixel, long colourCount) {
        if (bitsPerPixel <= 8 && colourCount > 1 << bitsPerPixel) {
            throw in.damaged(colourCount + " colours for " + bitsPerPixel + " bits");
        }
    }

    private static void checkCompression(PictureBytes in, long compression, int bitsPerPixel, int signedHeight) {
        boolean allowed;
        if (compression == RLE8) {
            allowed = bitsPerPixel == 8 && signedHeight > 0;
        } else if (compression == RLE4) {
            allowed = bitsPerPixel == 4 && signedHeight > 0;
        } else if (compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS) {
            allowed = bitsPerPixel == 16 || bitsPerPixel == 32;
        } else if (compression == 0) {
            allowed = true;
        } else {
            throw in.unsupported("with compression " + compression);
        }
        if (!allowed) {
            throw in.damaged("compression " + compression + " of " + bitsPerPixel + " bits");
        }
    }

    @Override
    public int bytesPerPixel() {
        return Math.ceilDiv(bitsPerPixel, 8) + 3;
    }

    @Override
    public Pixels decode() {
        return Pixels.of(ImageCodecs.read(ImageCodecs.jdkReader("BMP"), "BMP", decodable, width, height));
    }
}
