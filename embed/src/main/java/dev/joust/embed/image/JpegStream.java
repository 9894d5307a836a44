// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/// The header of a JPEG, and the same picture without the segments that no decoder of pixels needs.
///
///     SOI  FF D8
///     segment  FF, marker, u16 length with itself, payload       APPn E0-EF, DQT DB, DHT C4, DRI DD, COM FE
///     SOFn C0-CF: u8 precision, u16 height, u16 width, u8 components, each u8 id, u8 sampling h<<4|v, u8 table
///     SOS DA, then entropy-coded data and further segments up to EOI  FF D9
///
/// Metadata is left out so that damaged profiles and thumbnails cannot disturb the decoder, and the colour space is
/// stated in the one way that every decoder agrees about. Source: ITU T.81, annex B; JFIF 1.02.
///
/// @param storedWidth as the header says; what is decoded has fewer pixels where it is larger than allowed
/// @param step      of so many pixels along an edge one is decoded
/// @param segments  those before the first scan that the decoder needs
/// @param scanStart where the first scan is
/// @param endOffset after EOI
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record JpegStream(
        int storedWidth,
        int storedHeight,
        int step,
        Colours colours,
        Exif exif,
        byte @Nullable [] profile,
        byte[] encoded,
        byte[] segments,
        int scanStart,
        int endOffset)
        implements PictureStream {
    private static final int SOF0 = 0xC0;
    private static final int SOF2 = 0xC2;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOF15 = 0xCF;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;
    /// Each scan costs a pass over the whole picture, whatever its size; usual are 10. Small pictures may have more.
    private static final int MAX_SCAN_COUNT = 12;
    private static final int MAX_SMALL_SCAN_COUNT = 100;
    private static final long MAX_SCANNED_PIXELS = 200_000_000;
    private static final long MAX_STORED_PIXELS = 250_000_000;
    private static final int MAX_PIXELS_PER_BYTE = 20;
    /// Depth maps and the like that phones keep in segments are below.
    private static final int MAX_METADATA_BYTES = 16 << 20;

    /// JFIF 1.01, no density, no thumbnail: grey or YCbCr.
    private static final byte[] JFIF_SEGMENT = {
        (byte) 0xFF, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };
    /// Adobe, transform 0: the components are red, green and blue, or inks.
    private static final byte[] ADOBE_SEGMENT = {
        (byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    /// What the components are.
    enum Colours {
        GREY(1),
        YCC(3),
        RGB(3),
        /// Inks, of which 0 is all.
        CMYK(4),
        /// The same with cyan, magenta and yellow as if they were red, green and blue in YCC.
        YCCK(4);

        private final int componentCount;

        Colours(int componentCount) {
            this.componentCount = componentCount;
        }
    }

    /// @param blocksPerUnit 8 x 8 blocks in one coded unit of all components
    private record Frame(
            int marker, int width, int height, int[] componentIds, int unitWidth, int unitHeight, int blocksPerUnit) {}

    private record Scans(int count, int endOffset) {}

    static JpegStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = PictureBytes.bigEndian(encoded, "JPEG");
        in.skip(2, "start of image");
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        JpegMetadata metadata = new JpegMetadata(encoded);
        Frame frame = null;
        boolean hasHuffmanTables = false;
        while (true) {
            int start = in.position();
            int marker = marker(in);
            if (marker == SOS) {
                if (frame == null) {
                    throw in.damaged("a scan before the frame header");
                }
                checkEntropyCodedSize(frame, encoded.length - start);
                if (!hasHuffmanTables) {
                    segments.writeBytes(StandardHuffmanTables.segment());
                }
                Scans scans = scans(encoded, start, (long) frame.width * frame.height);
                return new JpegStream(frame.width, frame.height, step(frame, scans, encoded.length, limits),
                        colours(frame, metadata), metadata.exif(), metadata.profile(), encoded, segments.toByteArray(),
                        start, scans.endOffset);
            }
            if (marker == EOI) {
                throw in.damaged("the image ends before its first scan");
            }
            int lengthBytes = in.u16("segment length");
            if (lengthBytes < 2) {
                throw in.damaged("a segment of " + lengthBytes + " bytes");
            }
            in.need(lengthBytes - 2, String.format(Locale.ROOT, "segment %02x", marker));
            int payload = in.position();
            if (isFrameHeader(marker)) {
                if (frame != null) {
                    throw in.damaged("a second frame header");
                }
                frame = frame(in, marker);
                checkEdges(frame, limits);
            }
            if (isMetadata(marker)) {
                metadata.add(marker, payload, lengthBytes - 2);
                if (payload - segments.size() > MAX_METADATA_BYTES) {
                    throw new PictureException(PictureException.Reason.TOO_LARGE,
                            "a JPEG of more than " + MAX_METADATA_BYTES + " bytes of metadata");
                }
            } else {
                hasHuffmanTables |= marker == DHT;
                segments.write(0xFF);
                segments.write(encoded, payload - 3, lengthBytes + 1);
            }
            in.skip(payload + lengthBytes - 2 - in.position(), "segment");
        }
    }

    @Override
    public int width() {
        return Math.ceilDiv(storedWidth, step);
    }

    @Override
    public int height() {
        return Math.ceilDiv(storedHeight, step);
    }

    @Override
    public int bytesPerPixel() {
        return colours.componentCount + (colours == Colours.CMYK || colours == Colours.YCCK || profile != null ? 3 : 0);
    }

    @Override
    public Pixels decode() {
        byte[] decodable = decodable();
        if (colours.componentCount < 4) {
            return Pixels.of(ImageCodecs.readJpeg(decodable, width(), height(), step));
        }
        // As CMYK whichever it is, so that nobody converts anything
        Raster raster = ImageCodecs.readRaster(ImageCodecs.jdkReader("JPEG"), "JPEG", decodable, storedWidth, storedHeight);
        if (raster.getNumBands() != 4) {
            throw new PictureException(PictureException.Reason.DAMAGED,
                    "a damaged JPEG: 4 components declared, " + raster.getNumBands() + " there");
        }
        Pixels pixels = Pixels.of(raster, 4);
        if (colours == Colours.YCCK) {
            toInks(pixels);
        }
        return pixels;
    }

    /// Each of cyan, magenta and yellow is what red, green or blue lacks; JFIF's formulas, in 16 bits of fraction.
    private static void toInks(Pixels pixels) {
        byte[] bytes = pixels.bytes();
        int[] starts = pixels.starts();
        int end = pixels.width() * pixels.height() * pixels.pixelStride();
        for (int at = 0; at < end; at += pixels.pixelStride()) {
            int luma = ((bytes[starts[0] + at] & 0xFF) << 16) + (1 << 15);
            int blue = (bytes[starts[1] + at] & 0xFF) - 128;
            int red = (bytes[starts[2] + at] & 0xFF) - 128;
            bytes[starts[0] + at] = (byte) (255 - Math.clamp((luma + 91_881 * red) >> 16, 0, 255));
            bytes[starts[1] + at] = (byte) (255 - Math.clamp((luma - 22_554 * blue - 46_802 * red) >> 16, 0, 255));
            bytes[starts[2] + at] = (byte) (255 - Math.clamp((luma + 116_130 * blue) >> 16, 0, 255));
        }
    }

    /// Refuses a JPEG inside of another file that is larger than its place there.
    static void checkDimensions(byte[] encoded, int start, int end, long width, long height) {
        PictureBytes in = PictureBytes.slice(encoded, start, end, false, "JPEG");
        in.skip(2, "start of image");
        while (true) {
            int marker = marker(in);
            if (marker == SOS || marker == EOI) {
                throw in.damaged("a scan before the frame header");
            }
            int lengthBytes = in.u16("segment length");
            in.need(Math.max(lengthBytes - 2, 0), "segment");
            if (isFrameHeader(marker)) {
                in.skip(1, "precision");
                int foundHeight = in.u16("height");
                int foundWidth = in.u16("width");
                if (foundHeight > height || foundWidth > width) {
                    throw in.damaged("a JPEG of " + foundWidth + " x " + foundHeight + " pixels in a place of " + width
                            + " x " + height);
                }
                return;
            }
            in.skip(Math.max(lengthBytes - 2, 0), "segment");
        }
    }

    /// The next marker; stray bytes before it are skipped, as decoders do.
    private static int marker(PictureBytes in) {
        int value = in.u8("marker");
        while (true) {
            while (value != 0xFF) {
                value = in.u8("marker");
            }
            while (value == 0xFF) {
                value = in.u8("marker");
            }
            boolean standsAlone = value == 0 || value == 1 || (value >= 0xD0 && value <= 0xD8);
            if (!standsAlone) {
                return value;
            }
        }
    }

    private static boolean isFrameHeader(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    private static boolean isMetadata(int marker) {
        return (marker >= APP0 && marker <= APP15) || marker == COM;
    }

    private static Frame frame(PictureBytes in, int marker) {
        if (marker > SOF2) {
            throw in.unsupported("of kind SOF" + (marker - SOF0) + " (lossless, hierarchical or arithmetic)");
        }
        int precision = in.u8("precision");
        if (precision != 8) {
            throw in.unsupported("of " + precision + " bits per sample");
        }
        int height = in.u16("height");
        int width = in.u16("width");
        int[] componentIds = new int[in.u8("component count")];
        if (componentIds.length != 1 && componentIds.length != 3 && componentIds.length != 4) {
            throw in.damaged(componentIds.length + " components");
        }
        int maxHorizontal = 1;
        int maxVertical = 1;
        int blocks = 0;
        for (int i = 0; i < componentIds.length; i++) {
            componentIds[i] = in.u8("component");
            int sampling = in.u8("sampling");
            in.skip(1, "table");
            int horizontal = sampling >> 4;
            int vertical = sampling & 15;
            if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
                throw in.damaged("a sampling factor of " + horizontal + " x " + vertical);
            }
            maxHorizontal = Math.max(maxHorizontal, horizontal);
            maxVertical = Math.max(maxVertical, vertical);
            blocks += horizontal * vertical;
        }
        if (componentIds.length == 1) {
            return new Frame(marker, width, height, componentIds, 8, 8, 1);
        }
        return new Frame(marker, width, height, componentIds, 8 * maxHorizontal, 8 * maxVertical, blocks);
    }

    /// Every block takes two bits at least, one in a progressive JPEG, so absurd dimensions are told from the size.
    private static void checkEntropyCodedSize(Frame frame, long sizeBytes) {
        long blocks = (long) (frame.width / frame.unitWidth) * (frame.height / frame.unitHeight) * frame.blocksPerUnit;
        long neededBytes = blocks * (frame.marker == SOF2 ? 1 : 2) / 8;
        if (sizeBytes < neededBytes) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a JPEG cut short: " + frame.width + " x "
                    + frame.height + " pixels need " + neededBytes + " bytes at least, there are " + sizeBytes);
        }
    }

    private static void checkEdges(Frame frame, PictureLimits limits) {
        if ((long) frame.width * frame.height > MAX_STORED_PIXELS || frame.width > limits.maxEdge() || frame.height > limits.maxEdge()) {
            limits.check(frame.width, frame.height);
        }
        limits.check(Math.min(1, frame.width), Math.min(1, frame.height));
    }

    /// Sensors of phones have up to 200 million pixels, and panoramas are as large: of such a JPEG every second or third
    /// pixel is read, row by row. One that comes in several scans would be kept as a whole, and one of fewer bytes than
    /// photographs have was made to be large.
    private static int step(Frame frame, Scans scans, long sizeBytes, PictureLimits limits) {
        long pixelCount = (long) frame.width * frame.height;
        if (scans.count > 1 || frame.componentIds.length > 3 || sizeBytes < pixelCount / MAX_PIXELS_PER_BYTE) {
            limits.check(frame.width, frame.height);
        }
        int step = 1;
        while (Math.ceilDiv((long) frame.width, step) * Math.ceilDiv(frame.height, step) > limits.maxPixelCount()) {
            step++;
        }
        return step;
    }

    /// Walks over the scans to the byte after EOI; what a file holds behind it belongs to no picture. The number of
    /// scans is limited because each costs a pass over all blocks, whatever its size.
    private static Scans scans(byte[] encoded, int scanStart, long pixelCount) {
        long maxScanCount = Math.clamp(MAX_SCANNED_PIXELS / pixelCount, MAX_SCAN_COUNT, MAX_SMALL_SCAN_COUNT);
        int scanCount = 0;
        int at = scanStart;
        while (at + 1 < encoded.length) {
            int marker = Byte.toUnsignedInt(encoded[at + 1]);
            if (encoded[at] != (byte) 0xFF || marker == 0xFF) {
                at++;
            } else if (marker == EOI) {
                return new Scans(scanCount, at + 2);
            } else if (marker <= 1 || (marker >= 0xD0 && marker <= 0xD8)) {
                at += 2;
            } else {
                if (marker == SOS && ++scanCount > maxScanCount) {
                    throw new PictureException(PictureException.Reason.TOO_LARGE,
                            "a JPEG of more than " + maxScanCount + " scans over " + pixelCount + " pixels");
                }
                int lengthBytes = at + 3 < encoded.length
                        ? Byte.toUnsignedInt(encoded[at + 2]) << 8 | Byte.toUnsignedInt(encoded[at + 3]) : 0;
                at += 2 + lengthBytes;
            }
        }
        throw new PictureException(PictureException.Reason.CUT_SHORT,
                "a JPEG cut short: no end of image in " + encoded.length + " bytes");
    }

    /// As libjpeg decides: JFIF is YCbCr, Adobe says so itself, else the components' ids tell.
    private static Colours colours(Frame frame, JpegMetadata metadata) {
        int transform = metadata.adobeTransform();
        return switch (frame.componentIds.length) {
            case 1 -> Colours.GREY;
            case 4 -> transform == 2 ? Colours.YCCK : Colours.CMYK;
            default -> {
                boolean isRgb = !metadata.isJfif() && (transform >= 0 ? transform == 0
                        : Arrays.equals(frame.componentIds, new int[] {'R', 'G', 'B'}));
                yield isRgb ? Colours.RGB : Colours.YCC;
            }
        };
    }

    private byte[] decodable() {
        byte[] colour = colours == Colours.GREY || colours == Colours.YCC ? JFIF_SEGMENT : ADOBE_SEGMENT;
        byte[] out = new byte[2 + colour.length + segments.length + endOffset - scanStart];
        out[0] = (byte) 0xFF;
        out[1] = (byte) 0xD8;
        System.arraycopy(colour, 0, out, 2, colour.length);
        System.arraycopy(segments, 0, out, 2 + colour.length, segments.length);
        System.arraycopy(encoded, scanStart, out, 2 + colour.length + segments.length, endOffset - scanStart);
        return out;
    }
}
