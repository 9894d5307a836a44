// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Set;
import javax.imageio.ImageReader;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureException.Reason;

/// The first page of a TIFF: its directory, checked, and the same file with nothing in it but the tags that pixels need.
/// Source: TIFF 6.0 and its technical notes 2 (JPEG) and 3 (deflate).
///
/// @param palette       `0xRRGGBB` per colour, or null
/// @param premultiplied whether colours were multiplied by alpha, the component behind them
/// @param decodable     with a directory of its own behind everything else
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record TiffStream(
        int width,
        int height,
        int bitsPerPixel,
        int photometric,
        boolean premultiplied,
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
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int OLD_JPEG_START = 513;
    private static final int PROFILE = 34675;

    private static final int KIND = 254;
    private static final int INNER_DIRECTORIES = 330;
    private static final int DNG_VERSION = 50706;

    /// Those above but the profile and what tells raw pictures, and: fill order 266, T4 and T6 options 292 and 293,
    /// predictor 317, ink set 332, JPEG tables 347 and of the old kind 512 to 521, how YCbCr is meant 529 to 532.
    private static final Set<Integer> PIXEL_TAGS = Set.of(WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC, 266,
            STRIP_OFFSETS, SAMPLES_PER_PIXEL, ROWS_PER_STRIP, STRIP_BYTE_COUNTS, PLANAR, 292, 293, 317, PALETTE_COLOURS, TILE_WIDTH,
            TILE_HEIGHT, TILE_OFFSETS, TILE_BYTE_COUNTS, 332, EXTRA_SAMPLES, SAMPLE_FORMAT, 347, 512, OLD_JPEG_START, 514, 515,
            517, 518, 519, 520, 521, 529, 530, 531, 532);

    private static final int UNCOMPRESSED = 1;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;
    /// Also CCITT 2 to 4, LZW 5, deflate 8 and 32946, PackBits 32773.
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 32_946L, 32_773L);
    /// Of LZW; the others are below it, but for CCITT, which is not limited.
    private static final long MAX_RATIO = 4096;

    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int CMYK = 5;
    private static final int YCC = 6;
    private static final int LAB = 8;
    private static final Set<Long> RAW = Set.of(32_803L, 34_892L);
    private static final int PREMULTIPLIED = 1;
    private static final int SEPARATE_PLANES = 2;
    private static final int MAX_SAMPLES = 8;
    private static final int OLD_JPEG_PADDING = 64;
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
        checkNoRaw(encoded, page);
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
        } else if (compression == OLD_JPEG && page.has(OLD_JPEG_START)) {
            checkOldJpeg(encoded, page.number(OLD_JPEG_START, 0), width, height);
        }
        Exif exif = Exif.parse(TiffDirectory.open(encoded, 0, encoded.length, "EXIF"));
        checkOtherPages(in, page);
        return new TiffStream((int) width, (int) height, bitsPerPixel, photometric, isPremultiplied(page),
                photometric == PALETTE ? palette(in, page, bitsPerPixel / samples) : null, exif, profile(in, encoded, page),
                TiffRewriter.withTags(encoded, in, page, PIXEL_TAGS), encoded.length);
    }

    /// What a camera's sensor has seen is not read, and the preview that stands before it is not the picture.
    private static void checkNoRaw(byte[] encoded, TiffDirectory page) {
        boolean isPreview = (page.number(KIND, 0) & 1) != 0 && page.has(INNER_DIRECTORIES);
        boolean isCanon = encoded.length > 10 && encoded[8] == 'C' && encoded[9] == 'R';
        if (isPreview || isCanon || page.has(DNG_VERSION) || RAW.contains(page.number(PHOTOMETRIC, 0))) {
            throw OtherFormat.rawPicture().refusal(PictureFormat.NAMES);
        }
    }

    private static boolean isPremultiplied(TiffDirectory page) {
        return page.number(EXTRA_SAMPLES, 0) == PREMULTIPLIED;
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
        if (sizeBytes > in.sizeBytes() || offset > in.sizeBytes() - sizeBytes) {
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
            case 2, YCC, LAB -> 3;
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
        // Old programs leave the size of the only one out
        long[] sizes = count == 1 && !page.has(sizeTag) && offsets.length == 1
                ? new long[] {Math.max(0, in.sizeBytes() - offsets[0])} : page.numbers(sizeTag, (int) count);
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

    /// Of the old kind, a single one, which programs pad to whole blocks.
    private static void checkOldJpeg(byte[] encoded, long start, long width, long height) {
        if (start + 2 < encoded.length && encoded[(int) start] == (byte) 0xFF && encoded[(int) start + 1] == (byte) 0xD8) {
            JpegStream.checkDimensions(encoded, (int) start, encoded.length, width + OLD_JPEG_PADDING, height + OLD_JPEG_PADDING);
        }
    }

    private static byte @Nullable [] profile(PictureBytes in, byte[] encoded, TiffDirectory page) {
        return page.entries().stream()
                .filter(entry -> entry.tag() == PROFILE && entry.sizeBytes() <= ColourProfile.MAX_BYTES)
                .findFirst()
                .map(entry -> {
                    checkPiece(in, entry.valueOffset(), entry.sizeBytes());
                    return Arrays.copyOfRange(
                            encoded, (int) entry.valueOffset(), (int) (entry.valueOffset() + entry.sizeBytes()));
                })
                .orElse(null);
    }

    @Override
    public int bytesPerPixel() {
        return Math.ceilDiv(bitsPerPixel, 8) + 3 + (profile == null ? 0 : 3);
    }

    /// By the reader of TwelveMonkeys, because the JDK's lacks 16 bits with a predictor, among others; by the JDK's where
    /// that one is the only one.
    @Override
    public Pixels decode() {
        boolean isNarrow = bitsPerPixel < 8 * 3 && photometric == RGB;
        ImageReader reader = isNarrow ? ImageCodecs.jdkReader("TIFF") : ImageCodecs.tiffReader();
        BufferedImage image = ImageCodecs.read(reader, "TIFF", decodable, width, height);
        if (palette != null) {
            return Pixels.fromPalette(image.getRaster(), palette);
        }
        if (photometric != CMYK) {
            Pixels colours = Pixels.of(image);
            return premultiplied && !image.isAlphaPremultiplied() ? colours.dividedByAlpha(image.getRaster()) : colours;
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
