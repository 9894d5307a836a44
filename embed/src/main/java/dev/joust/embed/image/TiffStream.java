// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureException.Reason;

/// The first page of a TIFF: its directory, checked, and the same file with nothing in it but the tags that pixels need.
/// Source: TIFF 6.0 and its technical notes 2 (JPEG) and 3 (deflate).
///
/// @param palette   `0xRRGGBB` per colour, or null
/// @param decodable with a directory of its own behind everything else
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record TiffStream(
        int width,
        int height,
        int bitsPerPixel,
        int photometric,
        int @Nullable [] palette,
        Exif exif,
        byte @Nullable [] profile,
        byte[] decodable,
        int endOffset)
        implements PictureStream {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int PLANAR = 284;
    private static final int PALETTE_COLOURS = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int SAMPLE_FORMAT = 339;
    private static final int PROFILE = 34675;

    /// Those above but the profile, and: fill order 266, T4 and T6 options 292 and 293, predictor 317, ink set
    /// 332, extra samples 338, JPEG tables 347, and how YCbCr is meant 529 to 532.
    private static final List<Integer> PIXEL_TAGS = List.of(WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC, 266,
            STRIP_OFFSETS, SAMPLES_PER_PIXEL, ROWS_PER_STRIP, STRIP_BYTE_COUNTS, PLANAR, 292, 293, 317, PALETTE_COLOURS, TILE_WIDTH,
            TILE_HEIGHT, TILE_OFFSETS, TILE_BYTE_COUNTS, 332, 338, SAMPLE_FORMAT, 347, 529, 530, 531, 532);

    private static final int UNCOMPRESSED = 1;
    private static final int JPEG = 7;
    /// Also CCITT 2 to 4, LZW 5, deflate 8 and 32946, PackBits 32773.
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 7L, 8L, 32_946L, 32_773L);
    /// Of LZW; the others are below it, but for CCITT, which is not limited.
    private static final long MAX_RATIO = 4096;

    private static final int PALETTE = 3;
    private static final int CMYK = 5;
    private static final int YCC = 6;
    private static final int SEPARATE_PLANES = 2;
    private static final int MAX_SAMPLES = 8;
    private static final int SMALL_TILE_EDGE = 1024;
    private static final int MAX_PIECES_OF_OTHER_PAGES = 1 << 20;

    /// How the pixels are cut up.
    private record Pieces(boolean tiled, long width, long height, long count, long[] offsets, long[] sizesBytes) {}

    static TiffStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = TiffDirectory.open(encoded, 0, encoded.length, "TIFF");
        TiffDirectory page = TiffDirectory.read(in, TiffDirectory.firstOffset(in));
        if (!page.isWhole()) {
            throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: its directory ends early");
        }
        long width = page.number(WIDTH, 0);
        long height = page.number(HEIGHT, 0);
        limits.check(width, height);
        int samples = (int) Math.min(page.number(SAMPLES_PER_PIXEL, 1), Integer.MAX_VALUE);
        if (samples < 1 || samples > MAX_SAMPLES) {
            throw in.unsupported("of " + samples + " samples per pixel");
        }
        int bitsPerPixel = bitsPerPixel(in, page, samples);
        long compression = page.number(COMPRESSION, UNCOMPRESSED);
        if (!COMPRESSIONS.contains(compression)) {
            throw in.unsupported("with compression " + compression);
        }
        int photometric = photometric(in, page, samples);
        Pieces pieces = pieces(in, page, width, height, samples);
        checkSizes(in, pieces, compression, width * height * bitsPerPixel / 8);
        if (compression == JPEG) {
            checkJpegs(encoded, pieces);
        }
        Exif exif = Exif.parse(TiffDirectory.open(encoded, 0, encoded.length, "EXIF"));
        checkOtherPages(in, page);
        return new TiffStream((int) width, (int) height, bitsPerPixel, photometric,
                photometric == PALETTE ? palette(in, page, bitsPerPixel / samples) : null, exif, profile(encoded, page),
                decodable(encoded, page), encoded.length);
    }

    /// They are not read, but a file that lacks some of them is not whole. That none comes twice has been seen.
    private static void checkOtherPages(PictureBytes in, TiffDirectory first) {
        int left = MAX_PIECES_OF_OTHER_PAGES;
        for (long next = first.nextOffset(); next != 0;) {
            TiffDirectory page = TiffDirectory.read(in, next);
            if (!page.isWhole()) {
                throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: the directory of a page ends early");
            }
            next = page.nextOffset();
            int offsetTag = page.has(TILE_OFFSETS) ? TILE_OFFSETS : STRIP_OFFSETS;
            int sizeTag = page.has(TILE_OFFSETS) ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS;
            if (left > 0 && page.has(offsetTag) && page.has(sizeTag)) {
                long[] offsets = page.numbers(offsetTag, left);
                long[] sizes = page.numbers(sizeTag, left);
                left -= Math.max(offsets.length, sizes.length);
                for (int i = 0; i < Math.min(offsets.length, sizes.length); i++) {
                    checkPiece(in, offsets[i], sizes[i]);
                }
            }
        }
    }

    private static void checkPiece(PictureBytes in, long offset, long sizeBytes) {
        if (offset + sizeBytes > in.sizeBytes()) {
            throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: a piece of " + sizeBytes + " bytes at byte "
                    + offset + ", there are " + in.sizeBytes());
        }
    }

    private static int bitsPerPixel(PictureBytes in, TiffDirectory page, int samples) {
        long[] bits = page.has(BITS_PER_SAMPLE) ? page.numbers(BITS_PER_SAMPLE, samples) : new long[] {1};
        if (bits.length == 0 || !Set.of(1L, 2L, 4L, 8L, 16L).contains(bits[0]) || Arrays.stream(bits).anyMatch(each -> each != bits[0])) {
            throw in.unsupported("of " + Arrays.toString(bits) + " bits per sample");
        }
        long kind = page.number(SAMPLE_FORMAT, 1);
        if (kind != 1 && kind != 4) {
            throw in.unsupported("of signed or floating samples");
        }
        return (int) bits[0] * samples;
    }

    private static int photometric(PictureBytes in, TiffDirectory page, int samples) {
        long photometric = page.number(PHOTOMETRIC, samples >= 3 ? 2 : 1);
        int needed = switch ((int) Math.min(photometric, 100)) {
            case 0, 1, PALETTE -> 1;
            case 2, YCC -> 3;
            case CMYK -> 4;
            default -> throw in.unsupported("of photometric interpretation " + photometric);
        };
        if (samples < needed) {
            throw in.damaged(samples + " samples for photometric interpretation " + photometric);
        }
        return (int) photometric;
    }

    /// First all reds, then all greens, then all blues, 16 bits each. Of those the upper 8 count: programs write zeros or
    /// the same once more behind them.
    private static int[] palette(PictureBytes in, TiffDirectory page, int bits) {
        int count = 1 << Math.min(bits, 8);
        long[] values = page.numbers(PALETTE_COLOURS, 3 * count);
        if (bits > 8 || values.length < 3 * count) {
            throw in.damaged("a palette of " + values.length / 3 + " colours for " + bits + " bits");
        }
        int[] palette = new int[count];
        for (int i = 0; i < count; i++) {
            palette[i] = (int) ((values[i] >> 8 & 0xFF) << 16 | (values[i + count] >> 8 & 0xFF) << 8
                    | (values[i + 2 * count] >> 8 & 0xFF));
        }
        return palette;
    }

    private static Pieces pieces(PictureBytes in, TiffDirectory page, long width, long height, int samples) {
        boolean tiled = page.has(TILE_WIDTH) || page.has(TILE_OFFSETS);
        long pieceWidth = tiled ? page.number(TILE_WIDTH, 0) : width;
        long pieceHeight = tiled ? page.number(TILE_HEIGHT, 0) : Math.min(page.number(ROWS_PER_STRIP, height), height);
        if (pieceWidth < 1 || pieceHeight < 1) {
            throw in.damaged("pieces of " + pieceWidth + " x " + pieceHeight + " pixels");
        }
        if (tiled && (pieceWidth > Math.max(2 * width, SMALL_TILE_EDGE) || pieceHeight > Math.max(2 * height, SMALL_TILE_EDGE))) {
            throw new PictureException(Reason.TOO_LARGE, "a TIFF of " + width + " x " + height + " pixels in tiles of "
                    + pieceWidth + " x " + pieceHeight);
        }
        long planes = page.number(PLANAR, 1) == SEPARATE_PLANES ? samples : 1;
        long count = Math.ceilDiv(width, pieceWidth) * Math.ceilDiv(height, pieceHeight) * planes;
        int offsetTag = tiled ? TILE_OFFSETS : STRIP_OFFSETS;
        int sizeTag = tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS;
        in.need(Math.min(count, in.remaining()), "pieces");
        if (count > in.sizeBytes()) {
            throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: " + count + " pieces in " + in.sizeBytes()
                    + " bytes");
        }
        long[] offsets = page.numbers(offsetTag, (int) count);
        long[] sizes = page.numbers(sizeTag, (int) count);
        if (offsets.length < count || sizes.length < count) {
            throw in.damaged(offsets.length + " offsets and " + sizes.length + " sizes of " + count + " pieces");
        }
        return new Pieces(tiled, pieceWidth, pieceHeight, count, offsets, sizes);
    }

    private static void checkSizes(PictureBytes in, Pieces pieces, long compression, long rawBytes) {
        long sizeBytes = 0;
        for (int i = 0; i < pieces.count; i++) {
            checkPiece(in, pieces.offsets[i], pieces.sizesBytes[i]);
            sizeBytes += pieces.sizesBytes[i];
        }
        boolean isCcitt = compression >= 2 && compression <= 4;
        if (!isCcitt && rawBytes > sizeBytes * (compression == UNCOMPRESSED ? 1 : MAX_RATIO)) {
            throw new PictureException(Reason.CUT_SHORT,
                    "a TIFF cut short: " + rawBytes + " bytes of pixels do not fit into " + sizeBytes);
        }
    }

    /// Each piece is a JPEG, whose own header must not ask for more than the piece is.
    private static void checkJpegs(byte[] encoded, Pieces pieces) {
        for (int i = 0; i < pieces.count; i++) {
            int start = (int) pieces.offsets[i];
            JpegStream.checkDimensions(
                    encoded, start, start + (int) pieces.sizesBytes[i], pieces.width, pieces.height);
        }
    }

    private static byte @Nullable [] profile(byte[] encoded, TiffDirectory page) {
        return page.entries().stream()
                .filter(entry -> entry.tag() == PROFILE && entry.sizeBytes() <= ColourProfile.MAX_BYTES
                        && entry.valueOffset() + entry.sizeBytes() <= encoded.length)
                .findFirst()
                .map(entry -> Arrays.copyOfRange(
                        encoded, (int) entry.valueOffset(), (int) (entry.valueOffset() + entry.sizeBytes())))
                .orElse(null);
    }

    /// Values stay where they are; the directory is made anew, and no other follows it.
    private static byte[] decodable(byte[] encoded, TiffDirectory page) {
        List<TiffDirectory.Entry> kept = page.entries().stream()
                .filter(entry -> PIXEL_TAGS.contains(entry.tag()))
                .toList();
        for (TiffDirectory.Entry entry : kept) {
            if (entry.valueOffset() + entry.sizeBytes() > encoded.length) {
                throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: tag " + entry.tag() + " of "
                        + entry.sizeBytes() + " bytes at byte " + entry.valueOffset());
            }
        }
        int start = encoded.length + (encoded.length & 1);
        ByteBuffer out = ByteBuffer.allocate(start + 2 + kept.size() * TiffDirectory.ENTRY_BYTES + 4)
                .order(encoded[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        out.put(encoded).putInt(4, start).position(start).putShort((short) kept.size());
        for (TiffDirectory.Entry entry : kept) {
            out.put(encoded, (int) entry.offset(), TiffDirectory.ENTRY_BYTES);
        }
        return out.array();
    }

    @Override
    public int bytesPerPixel() {
        return Math.ceilDiv(bitsPerPixel, 8) + 3 + (profile == null ? 0 : 3);
    }

    @Override
    public Pixels decode() {
        BufferedImage image = ImageCodecs.read(ImageCodecs.jdkReader("TIFF"), "TIFF", decodable, width, height);
        if (palette != null) {
            return Pixels.fromPalette(image.getRaster(), palette);
        }
        if (photometric != CMYK) {
            return Pixels.of(image);
        }
        if (image.getRaster().getNumBands() < 4) {
            throw new PictureException(Reason.DAMAGED, "a damaged TIFF: inks that cannot be told apart");
        }
        Pixels inks = Pixels.of(image.getRaster(), 4);
        // In TIFF all of an ink is 255
        byte[] bytes = inks.bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return inks;
    }
}
