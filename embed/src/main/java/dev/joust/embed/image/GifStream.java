// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// The first picture of a GIF.
///
///     "GIF87a" or "GIF89a", u16 width, u16 height, u8 flags (80 = palette, 7 = its bits - 1), u8 background, u8 aspect
///     palette: 3 bytes per colour
///     21 extension: u8 label, then blocks.  F9 graphic control: 4, u8 flags (1 = transparent), u16 delay, u8 index
///     2C picture: u16 left, top, width, height, u8 flags (80 = palette, 40 = interlaced), palette, u8 code bits, blocks
///     3B end
///     blocks: u8 length and so many bytes, until one of length 0
///
/// Little-endian. Source: GIF 89a. Around a picture that is smaller than the whole there is the transparent colour or
/// else the first, as with Pillow.
///
/// @param outside the index of the colour around the picture
/// @param palette 3 bytes per colour
/// @param codes   what the blocks hold
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record GifStream(
        int width, int height, Window window, int outside, byte[] palette, int codeBits, byte[] codes, int endOffset)
        implements PictureStream {
    private static final int HEADER_BYTES = 6;
    private static final int EXTENSION = 0x21;
    private static final int PICTURE = 0x2C;
    private static final int END = 0x3B;
    private static final int GRAPHIC_CONTROL = 0xF9;
    /// No code stands for more pixels.
    private static final long MAX_PIXELS_PER_CODE = 4096;

    /// Where the picture is on the whole.
    record Window(int left, int top, int width, int height, boolean interlaced) {}

    static GifStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = PictureBytes.littleEndian(encoded, "GIF");
        in.skip(HEADER_BYTES, "signature");
        int width = in.u16("width");
        int height = in.u16("height");
        int flags = in.u8("flags");
        in.skip(2, "background and aspect");
        byte[] globalPalette = palette(in, encoded, flags);
        int outside = 0;
        GifStream first = null;
        while (true) {
            int kind = in.u8("a block");
            if (kind == END) {
                if (first == null) {
                    throw in.damaged("no picture before the end");
                }
                return first.endingAt(in.position());
            } else if (kind == EXTENSION) {
                int label = in.u8("extension");
                if (label == GRAPHIC_CONTROL && first == null && in.remaining() > 5 && encoded[in.position()] >= 4
                        && (encoded[in.position() + 1] & 1) != 0) {
                    outside = Byte.toUnsignedInt(encoded[in.position() + 4]);
                }
                skipBlocks(in);
            } else if (kind != PICTURE) {
                throw in.damaged("a block of kind " + kind);
            } else if (first == null) {
                first = picture(in, encoded, limits, width, height, globalPalette, outside);
            } else {
                in.skip(8, "a picture");
                palette(in, encoded, in.u8("flags"));
                in.skip(1, "code bits");
                skipBlocks(in);
            }
        }
    }

    private static GifStream picture(
            PictureBytes in, byte[] encoded, PictureLimits limits, int width, int height, byte @Nullable [] globalPalette,
            int outside) {
        int left = in.u16("left");
        int top = in.u16("top");
        int windowWidth = in.u16("width");
        int windowHeight = in.u16("height");
        int flags = in.u8("flags");
        limits.check(windowWidth, windowHeight);
        int wholeWidth = Math.max(width, left + windowWidth);
        int wholeHeight = Math.max(height, top + windowHeight);
        limits.check(wholeWidth, wholeHeight);
        byte[] localPalette = palette(in, encoded, flags);
        byte[] palette = localPalette != null ? localPalette : globalPalette != null ? globalPalette : greys();
        int codeBits = in.u8("code bits");
        if (codeBits < 1 || codeBits > 8) {
            throw in.damaged("codes of " + codeBits + " bits");
        }
        ByteArrayOutputStream codes = new ByteArrayOutputStream();
        for (int length = in.u8("block length"); length > 0; length = in.u8("block length")) {
            in.need(length, "a block");
            codes.write(encoded, in.position(), length);
            in.skip(length, "a block");
        }
        if (codes.size() * 8L / (codeBits + 1) * MAX_PIXELS_PER_CODE < (long) windowWidth * windowHeight) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a GIF cut short: " + windowWidth + " x "
                    + windowHeight + " pixels do not fit into " + codes.size() + " compressed bytes");
        }
        return new GifStream(wholeWidth, wholeHeight,
                new Window(left, top, windowWidth, windowHeight, (flags & 0x40) != 0), outside, palette, codeBits,
                codes.toByteArray(), in.position());
    }

    private GifStream endingAt(int end) {
        return new GifStream(width, height, window, outside, palette, codeBits, codes, end);
    }

    private static byte @Nullable [] palette(PictureBytes in, byte[] encoded, int flags) {
        if ((flags & 0x80) == 0) {
            return null;
        }
        int sizeBytes = 3 << ((flags & 7) + 1);
        in.need(sizeBytes, "a palette");
        byte[] palette = Arrays.copyOfRange(encoded, in.position(), in.position() + sizeBytes);
        in.skip(sizeBytes, "a palette");
        return palette;
    }

    private static byte[] greys() {
        byte[] palette = new byte[3 * 256];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = (byte) (i / 3);
        }
        return palette;
    }

    private static void skipBlocks(PictureBytes in) {
        for (int length = in.u8("block length"); length > 0; length = in.u8("block length")) {
            in.skip(length, "a block");
        }
    }

    @Override
    public int bytesPerPixel() {
        return 4;
    }

    @Override
    public Pixels decode() {
        byte[] indices = new byte[window.width * window.height];
        int count = new GifCodes(codes, codeBits).decode(indices);
        if (count < indices.length) {
            throw new PictureException(PictureException.Reason.CUT_SHORT,
                    "a GIF cut short: " + count + " of " + indices.length + " pixels");
        }
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        if (window.width < width || window.height < height) {
            for (int at = 0; at < rgb.length; at += 3) {
                put(outside, rgb, at);
            }
        }
        int row = 0;
        for (int[] pass : window.interlaced ? new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}} : new int[][] {{0, 1}}) {
            for (int y = pass[0]; y < window.height; y += pass[1], row++) {
                int at = 3 * ((window.top + y) * width + window.left);
                for (int x = 0; x < window.width; x++, at += 3) {
                    put(indices[row * window.width + x] & 0xFF, rgb, at);
                }
            }
        }
        return Pixels.packedRgb(width, height, rgb);
    }

    /// Colours that the palette lacks are black.
    private void put(int index, byte[] rgb, int at) {
        if (3 * index < palette.length) {
            rgb[at] = palette[3 * index];
            rgb[at + 1] = palette[3 * index + 1];
            rgb[at + 2] = palette[3 * index + 2];
        }
    }
}
