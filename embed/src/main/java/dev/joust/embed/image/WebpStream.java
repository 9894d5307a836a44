// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// The (first) picture of a WebP without its transparency.
///
///     "RIFF", u32 bytes that follow, "WEBP", then chunks: 4 letters, u32 length, payload, a 0 if the length is odd
///     "VP8 "  lossy: u24 frame tag (1 = no key frame, from bit 5 on the size of partition 1), 9D 01 2A,
///             u16 width and scale, u16 height and scale (14 bits of each are the number)
///     "VP8L"  lossless: 2F, then 14 bits width - 1, 14 bits height - 1, ...
///     "VP8X"  the whole: u8 flags, u24 0, u24 width - 1, u24 height - 1; then ICCP, ANMF, ALPH, the picture, EXIF, XMP
///     "ANMF"  u24 left / 2, u24 top / 2, u24 width - 1, u24 height - 1, u24 time, u8 flags, then chunks
///
/// Little-endian. Source: RFC 9649. Around a picture that is smaller than the whole it is black, as with Pillow.
///
/// @param frame     where the picture is on the whole
/// @param decodable with the chunk of the picture alone
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record WebpStream(
        int width, int height, Frame frame, Exif exif, byte @Nullable [] profile, byte[] decodable, int endOffset)
        implements PictureStream {
    private static final int RIFF_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int LOSSY_START_CODE = 0x2A019D;
    private static final int LOSSLESS_SIGNATURE = 0x2F;
    private static final String EXIF_PREFIX = "Exif\0\0";

    record Frame(int left, int top, int width, int height) {}

    private record Corner(int left, int top) {}

    /// What the chunks have told so far.
    private static final class Found {
        private int wholeWidth;
        private int wholeHeight;
        private @Nullable Frame frame;
        private byte @Nullable [] decodable;
        private byte @Nullable [] profile;
        private Exif exif = Exif.NONE;
    }

    static WebpStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = PictureBytes.littleEndian(encoded, "WebP");
        in.skip(4, "signature");
        long riffBytes = in.u32("size");
        in.need(riffBytes, "the file");
        int end = CHUNK_HEADER_BYTES + (int) riffBytes;
        in.skip(4, "signature");
        Found found = new Found();
        PictureBytes all = PictureBytes.slice(encoded, RIFF_HEADER_BYTES, end, true, "WebP");
        chunks(all, encoded, Optional.empty(), limits, found);
        Frame frame = found.frame;
        byte[] decodable = found.decodable;
        if (frame == null || decodable == null) {
            throw in.damaged("no picture");
        }
        int width = found.wholeWidth == 0 ? frame.width : found.wholeWidth;
        int height = found.wholeHeight == 0 ? frame.height : found.wholeHeight;
        if (frame.left + frame.width > width || frame.top + frame.height > height) {
            throw in.damaged("a picture of " + frame.width + " x " + frame.height + " pixels on " + width + " x " + height);
        }
        return new WebpStream(width, height, frame, found.exif, found.profile, decodable, end);
    }

    /// @param corner where the picture of these chunks is on the whole, if they are those of one of several
    private static void chunks(
            PictureBytes in, byte[] encoded, Optional<Corner> corner, PictureLimits limits, Found found) {
        while (in.remaining() >= CHUNK_HEADER_BYTES) {
            String type = in.letters(4, "chunk type");
            long length = in.u32("chunk length");
            in.need(length, "a chunk '" + type.replaceAll("[^ -~]", "?") + "'");
            int start = in.position();
            int end = start + (int) length;
            PictureBytes chunk = PictureBytes.slice(encoded, start, end, true, "WebP");
            switch (type) {
                case "VP8X" -> {
                    chunk.skip(4, "flags");
                    found.wholeWidth = u24(chunk) + 1;
                    found.wholeHeight = u24(chunk) + 1;
                    limits.check(found.wholeWidth, found.wholeHeight);
                }
                case "ICCP" -> found.profile = length > ColourProfile.MAX_BYTES ? null : Arrays.copyOfRange(encoded, start, end);
                case "EXIF" -> found.exif = exif(encoded, start, end);
                case "ANMF" -> {
                    if (found.frame == null && corner.isEmpty()) {
                        Corner framed = new Corner(2 * u24(chunk), 2 * u24(chunk));
                        chunk.skip(10, "frame header");
                        chunks(chunk, encoded, Optional.of(framed), limits, found);
                    }
                }
                case "VP8 ", "VP8L" -> {
                    if (found.frame == null) {
                        found.frame = type.equals("VP8L") ? lossless(chunk, corner) : lossy(chunk, corner);
                        limits.check(found.frame.width, found.frame.height);
                        found.decodable = alone(type, encoded, start, (int) length);
                    }
                }
                default -> { }
            }
            in.skip(Math.min(length + (length & 1), in.remaining()), "a chunk");
        }
    }

    private static int u24(PictureBytes in) {
        int low = in.u16("number");
        return in.u8("number") << 16 | low;
    }

    private static Frame lossy(PictureBytes in, Optional<Corner> corner) {
        int tag = u24(in);
        if ((tag & 1) != 0 || u24(in) != LOSSY_START_CODE) {
            throw in.damaged("no key frame");
        }
        int width = in.u16("width") & 0x3FFF;
        int height = in.u16("height") & 0x3FFF;
        in.need(tag >> 5, "the first partition");
        return frame(corner, width, height);
    }

    private static Frame lossless(PictureBytes in, Optional<Corner> corner) {
        if (in.u8("signature") != LOSSLESS_SIGNATURE) {
            throw in.damaged("no lossless picture");
        }
        long dimensions = in.u32("dimensions");
        return frame(corner, (int) (dimensions & 0x3FFF) + 1, (int) (dimensions >> 14 & 0x3FFF) + 1);
    }

    private static Frame frame(Optional<Corner> corner, int width, int height) {
        return new Frame(corner.map(Corner::left).orElse(0), corner.map(Corner::top).orElse(0), width, height);
    }

    private static Exif exif(byte[] encoded, int start, int end) {
        boolean isPrefixed = end - start >= EXIF_PREFIX.length()
                && new String(encoded, start, EXIF_PREFIX.length(), StandardCharsets.ISO_8859_1).equals(EXIF_PREFIX);
        return Exif.parse(encoded, isPrefixed ? start + EXIF_PREFIX.length() : start, end);
    }

    private static byte[] alone(String type, byte[] encoded, int start, int length) {
        int padded = length + (length & 1);
        return ByteBuffer.allocate(RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(4 + CHUNK_HEADER_BYTES + padded)
                .put(("WEBP" + type).getBytes(StandardCharsets.ISO_8859_1))
                .putInt(length)
                .put(encoded, start, length)
                .array();
    }

    @Override
    public int bytesPerPixel() {
        return 4 + 3 + (profile == null ? 0 : 3);
    }

    @Override
    public Pixels decode() {
        Pixels pixels = Pixels.of(ImageCodecs.readWebp(decodable, frame.width, frame.height));
        return frame.width == width && frame.height == height ? pixels : onTheWhole(pixels);
    }

    private Pixels onTheWhole(Pixels pixels) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int y = 0; y < frame.height; y++) {
            int target = 3 * ((frame.top + y) * width + frame.left);
            int at = y * frame.width * pixels.pixelStride();
            for (int x = 0; x < frame.width; x++, at += pixels.pixelStride()) {
                for (int start : pixels.starts()) {
                    rgb[target++] = pixels.bytes()[start + at];
                }
            }
        }
        return Pixels.packedRgb(width, height, rgb);
    }
}
