// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/// The header of a JPEG, and the same picture without the segments that no decoder of pixels needs.
///
///     SOI  FF D8
///     segment  FF, marker, u16 length with itself, payload       APPn E0-EF, DQT DB, DHT C4, DRI DD, COM FE
///     SOFn C0-CF: u8 precision, u16 height, u16 width, u8 components, each u8 id, u8 sampling h<<4|v, u8 table
///     SOS DA, then entropy-coded data and further segments up to EOI  FF D9
///
/// Metadata is left out so that damaged profiles and thumbnails cannot disturb the decoder, and the colour space is
/// stated in the one way that every decoder agrees about. Source: ITU T.81, annex B; JFIF 1.02.
record JpegStream(int width, int height, int componentCount, byte[] decodable) {
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
    private static final int MAX_SCAN_COUNT = 100;

    /// JFIF 1.01, no density, no thumbnail: grey or YCbCr.
    private static final byte[] JFIF_SEGMENT = {
        (byte) 0xFF, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };
    /// Adobe, transform 0: the components are red, green and blue.
    private static final byte[] ADOBE_RGB_SEGMENT = {
        (byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    /// @param blocksPerUnit 8 x 8 blocks in one coded unit of all components
    private record Frame(
            int marker, int width, int height, int[] componentIds, int unitWidth, int unitHeight, int blocksPerUnit) {}

    static JpegStream parse(byte[] encoded, PictureLimits limits) {
        PictureBytes in = new PictureBytes(encoded, "JPEG");
        in.skip(2, "start of image");
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        Frame frame = null;
        boolean jfif = false;
        int adobeTransform = -1;
        while (true) {
            int start = in.position();
            int marker = marker(in);
            if (marker == SOS) {
                if (frame == null) {
                    throw in.damaged("a scan before the frame header");
                }
                checkEntropyCodedSize(frame, encoded.length - start);
                int end = endOfImage(encoded, start);
                byte[] colour = isRgb(frame, jfif, adobeTransform) ? ADOBE_RGB_SEGMENT : JFIF_SEGMENT;
                return new JpegStream(frame.width, frame.height, frame.componentIds.length,
                        rebuilt(colour, segments, encoded, start, end));
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
                limits.check(frame.width, frame.height);
            } else if (marker == APP0) {
                jfif |= matches(encoded, payload, lengthBytes - 2, "JFIF\0");
            } else if (marker == APP14 && lengthBytes >= 14 && matches(encoded, payload, lengthBytes - 2, "Adobe")) {
                adobeTransform = Byte.toUnsignedInt(encoded[payload + 11]);
            }
            if (!isMetadata(marker)) {
                segments.write(0xFF);
                segments.write(encoded, payload - 3, lengthBytes + 1);
            }
            in.skip(payload + lengthBytes - 2 - in.position(), "segment");
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
            throw unsupported("a JPEG of kind SOF" + (marker - SOF0) + " (lossless, hierarchical or arithmetic)");
        }
        int precision = in.u8("precision");
        if (precision != 8) {
            throw unsupported("a JPEG of " + precision + " bits per sample");
        }
        int height = in.u16("height");
        int width = in.u16("width");
        int[] componentIds = new int[in.u8("component count")];
        if (componentIds.length == 4) {
            throw unsupported("a CMYK JPEG");
        }
        if (componentIds.length != 1 && componentIds.length != 3) {
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

    /// Walks over the scans to the byte after EOI; what a file holds behind it belongs to no picture. The number of
    /// scans is limited because each costs a pass over all blocks, whatever its size.
    private static int endOfImage(byte[] encoded, int scanStart) {
        int scanCount = 0;
        int at = scanStart;
        while (at + 1 < encoded.length) {
            int marker = Byte.toUnsignedInt(encoded[at + 1]);
            if (encoded[at] != (byte) 0xFF || marker == 0xFF) {
                at++;
            } else if (marker == EOI) {
                return at + 2;
            } else if (marker <= 1 || (marker >= 0xD0 && marker <= 0xD8)) {
                at += 2;
            } else {
                if (marker == SOS && ++scanCount > MAX_SCAN_COUNT) {
                    throw new PictureException(PictureException.Reason.TOO_LARGE,
                            "a JPEG of more than " + MAX_SCAN_COUNT + " scans");
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
    private static boolean isRgb(Frame frame, boolean jfif, int adobeTransform) {
        if (frame.componentIds.length != 3 || jfif) {
            return false;
        }
        if (adobeTransform >= 0) {
            return adobeTransform == 0;
        }
        return frame.componentIds[0] == 'R' && frame.componentIds[1] == 'G' && frame.componentIds[2] == 'B';
    }

    private static boolean matches(byte[] encoded, int offset, int length, String text) {
        if (length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (encoded[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] rebuilt(
            byte[] colour, ByteArrayOutputStream segments, byte[] encoded, int start, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 + colour.length + segments.size() + end - start);
        out.write(0xFF);
        out.write(0xD8);
        out.writeBytes(colour);
        out.writeBytes(segments.toByteArray());
        out.write(encoded, start, end - start);
        return out.toByteArray();
    }

    private static PictureException unsupported(String what) {
        return new PictureException(PictureException.Reason.UNSUPPORTED, what + " is not supported");
    }
}
