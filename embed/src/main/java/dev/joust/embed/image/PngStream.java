// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/// The header of a PNG, and the same picture with nothing but the chunks that hold pixels.
///
///     signature 8 bytes, then chunks: u32 length, 4 letters, payload, u32 CRC of letters and payload
///     IHDR: u32 width, u32 height, u8 bit depth, u8 colour type, u8 compression, u8 filter, u8 interlace
///     PLTE: 3 bytes per colour.  IDAT: pieces of one zlib stream.  IEND: the last one
///
/// Transparency, colour profiles and text are left out: none of them reaches the model, and compressed text is a way
/// to hide a bomb. Source: PNG specification, third edition, 5 and 11.
record PngStream(int width, int height, int bitsPerPixel, byte[] decodable) {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD_BYTES = 12;
    /// Deflate cannot do better than 258 bytes for two bits.
    private static final long MAX_INFLATE_RATIO = 1032;

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    static PngStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = new PictureBytes(encoded, "PNG");
        in.skip(SIGNATURE_BYTES, "signature");
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length);
        out.write(encoded, 0, SIGNATURE_BYTES);
        long width = 0;
        long height = 0;
        int bitsPerPixel = 0;
        long rawBytes = 0;
        long dataBytes = 0;
        while (true) {
            int start = in.position();
            long length = in.u32("chunk length");
            in.need(length + CHUNK_OVERHEAD_BYTES - 4, "a chunk");
            String type = new String(encoded, start + 4, 4, StandardCharsets.ISO_8859_1);
            in.skip(4, "chunk type");
            if ((start == SIGNATURE_BYTES) != type.equals("IHDR")) {
                throw in.damaged("a chunk '" + type + "' where there is none of that kind");
            }
            switch (type) {
                case "IHDR" -> {
                    if (length != 13) {
                        throw in.damaged("a header of " + length + " bytes");
                    }
                    width = in.u32("width");
                    height = in.u32("height");
                    limits.check(width, height);
                    bitsPerPixel = bitsPerPixel(in);
                    rawBytes = height * (1 + Math.ceilDiv(width * bitsPerPixel, 8));
                    in.skip(3, "header");
                }
                case "IDAT" -> {
                    dataBytes += length;
                    in.skip(length, type);
                }
                default -> in.skip(length, type);
            }
            if (Set.of("IHDR", "PLTE", "IDAT", "IEND").contains(type)) {
                checkCrc(in, encoded, start, (int) length, type);
                out.write(encoded, start, (int) length + CHUNK_OVERHEAD_BYTES);
            }
            in.skip(4, "CRC");
            if (type.equals("IEND")) {
                break;
            }
        }
        // Interlaced rows are shorter and more, never fewer bytes in all
        if (dataBytes * MAX_INFLATE_RATIO < rawBytes) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a PNG cut short: " + width + " x " + height
                    + " pixels do not fit into " + dataBytes + " compressed bytes");
        }
        return new PngStream((int) width, (int) height, bitsPerPixel, out.toByteArray());
    }

    private static int bitsPerPixel(PictureBytes in) {
        int bitDepth = in.u8("bit depth");
        int colourType = in.u8("colour type");
        boolean deep = bitDepth == 8 || bitDepth == 16;
        boolean shallow = bitDepth == 1 || bitDepth == 2 || bitDepth == 4;
        boolean allowed = switch (colourType) {
            case GREY -> deep || shallow;
            case PALETTE -> shallow || bitDepth == 8;
            case RGB, GREY_ALPHA, RGB_ALPHA -> deep;
            default -> false;
        };
        if (!allowed) {
            throw in.damaged("colour type " + colourType + " with " + bitDepth + " bits");
        }
        return switch (colourType) {
            case RGB -> 3 * bitDepth;
            case GREY_ALPHA -> 2 * bitDepth;
            case RGB_ALPHA -> 4 * bitDepth;
            default -> bitDepth;
        };
    }

    private static void checkCrc(PictureBytes in, byte[] encoded, int start, int length, String type) {
        CRC32 crc = new CRC32();
        crc.update(encoded, start + 4, length + 4);
        int at = start + 8 + length;
        long stored = (encoded[at] & 0xFFL) << 24 | (encoded[at + 1] & 0xFF) << 16
                | (encoded[at + 2] & 0xFF) << 8 | (encoded[at + 3] & 0xFF);
        if (stored != crc.getValue()) {
            throw in.damaged("a wrong checksum of chunk '" + type + "'");
        }
    }
}
