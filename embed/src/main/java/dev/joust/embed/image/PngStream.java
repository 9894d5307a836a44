// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/// The header of a PNG, and the same picture with nothing but the chunks that hold pixels.
///
///     signature 8 bytes, then chunks: u32 length, 4 letters, payload, u32 CRC of letters and payload
///     IHDR: u32 width, u32 height, u8 bit depth, u8 colour type, u8 compression, u8 filter, u8 interlace
///     PLTE: 3 bytes per colour.  IDAT: pieces of one zlib stream.  IEND: the last one
///     eXIf: a TIFF structure.  iCCP: a name, NUL, u8 0, a zlib stream with the profile
///
/// Transparency and text are left out: neither of them reaches the model, and compressed text is a way to hide a bomb.
/// Source: PNG specification, third edition, 5 and 11.
///
/// @param rawBytes  of the rows before compression, interlaced ones at least
/// @param decodable with the chunks that hold pixels alone
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record PngStream(
        int width,
        int height,
        int bitsPerPixel,
        long rawBytes,
        Exif exif,
        byte @Nullable [] profile,
        byte[] decodable,
        int endOffset)
        implements PictureStream {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD_BYTES = 12;
    /// Deflate cannot do better than 258 bytes for two bits.
    private static final long MAX_INFLATE_RATIO = 1032;

    /// No profile of red, green and blue or of grey is larger; what inflates to more is no profile.
    private static final int MAX_PROFILE_BYTES = 1 << 20;
    private static final int MAX_PROFILE_NAME_BYTES = 79;

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    static PngStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = PictureBytes.bigEndian(encoded, "PNG");
        in.skip(SIGNATURE_BYTES, "signature");
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length);
        out.write(encoded, 0, SIGNATURE_BYTES);
        long width = 0;
        long height = 0;
        int bitsPerPixel = 0;
        long rawBytes = 0;
        long dataBytes = 0;
        Exif exif = Exif.NONE;
        byte[] profile = null;
        while (true) {
            int start = in.position();
            long length = in.u32("chunk length");
            in.need(length + CHUNK_OVERHEAD_BYTES - 4, "a chunk");
            String type = in.letters(4, "chunk type");
            int payload = in.position();
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
                case "eXIf" -> {
                    exif = Exif.parse(encoded, payload, payload + (int) length);
                    in.skip(length, type);
                }
                case "iCCP" -> {
                    profile = profile(encoded, payload, payload + (int) length);
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
        return new PngStream((int) width, (int) height, bitsPerPixel, rawBytes, exif, profile, out.toByteArray(),
                in.position());
    }

    /// The profile of an iCCP chunk, or null if it is none.
    private static byte @Nullable [] profile(byte[] encoded, int start, int end) {
        int nul = start;
        while (nul < end && nul - start <= MAX_PROFILE_NAME_BYTES && encoded[nul] != 0) {
            nul++;
        }
        if (nul + 2 > end || encoded[nul] != 0 || encoded[nul + 1] != 0) {
            return null;
        }
        // Its size first, so that a bomb takes no memory
        int sizeBytes = inflate(encoded, nul + 2, end, new byte[1 << 13], false);
        if (sizeBytes <= 0) {
            return null;
        }
        byte[] profile = new byte[sizeBytes];
        return inflate(encoded, nul + 2, end, profile, true) == sizeBytes ? profile : null;
    }

    /// The size of what the bytes inflate to, or 0 if it is damaged or more than a profile has.
    ///
    /// @param keep whether it goes to the target as a whole, which has room for it; otherwise each piece overwrites the last
    private static int inflate(byte[] encoded, int start, int end, byte[] target, boolean keep) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(encoded, start, end - start);
            int sizeBytes = 0;
            while (!inflater.finished() && sizeBytes <= MAX_PROFILE_BYTES) {
                int at = keep ? sizeBytes : 0;
                int count = inflater.inflate(target, at, target.length - at);
                if (count == 0 && !inflater.finished()) {
                    return 0;
                }
                sizeBytes += count;
            }
            return sizeBytes > MAX_PROFILE_BYTES ? 0 : sizeBytes;
        } catch (DataFormatException e) {
            return 0;
        } finally {
            inflater.end();
        }
    }

    @Override
    public int bytesPerPixel() {
        return Math.ceilDiv(bitsPerPixel, 8) + 3 + (profile == null ? 0 : 3);
    }

    @Override
    public Pixels decode() {
        return Pixels.of(ImageCodecs.read(ImageCodecs.jdkReader("PNG"), "PNG", decodable, width, height));
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
