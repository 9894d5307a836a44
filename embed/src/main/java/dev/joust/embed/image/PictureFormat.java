// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// The picture formats that are read, told by the first bytes: what a file name or a content type says is not looked at.
public enum PictureFormat {
    JPEG("jpg", "image/jpeg"),
    PNG("png", "image/png");

    private static final byte[] JPEG_START = HexFormat.of().parseHex("ffd8ff");
    private static final byte[] PNG_START = HexFormat.of().parseHex("89504e470d0a1a0a");

    private final String extension;
    private final String mediaType;

    PictureFormat(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /// For file names, without the dot.
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /// @throws PictureException naming the format where it is a known one that is not read
    public static PictureFormat of(byte[] encoded) {
        if (startsWith(encoded, JPEG_START)) {
            return JPEG;
        }
        if (startsWith(encoded, PNG_START)) {
            return PNG;
        }
        if (encoded.length == 0) {
            throw new PictureException(PictureException.Reason.NOT_A_PICTURE, "not a picture: there are no bytes");
        }
        String other = otherFormat(new String(encoded, 0, Math.min(encoded.length, 16), StandardCharsets.ISO_8859_1));
        if (!other.isEmpty()) {
            throw new PictureException(
                    PictureException.Reason.UNSUPPORTED, other + " pictures are not supported, JPEG and PNG are");
        }
        throw new PictureException(PictureException.Reason.NOT_A_PICTURE, "not a picture: it starts with "
                + HexFormat.ofDelimiter(" ").formatHex(encoded, 0, Math.min(encoded.length, 8))
                + ", neither as a JPEG nor as a PNG");
    }

    private static boolean startsWith(byte[] encoded, byte[] start) {
        return encoded.length >= start.length
                && Arrays.equals(encoded, 0, start.length, start, 0, start.length);
    }

    private static String otherFormat(String start) {
        if (start.startsWith("GIF8")) {
            return "GIF";
        } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return "WebP";
        } else if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            return "TIFF";
        } else if (start.startsWith("ftyp", 4)) {
            return "HEIF, AVIF";
        } else if (start.startsWith("BM") && start.length() == 16) {
            return "BMP";
        }
        return "";
    }
}
