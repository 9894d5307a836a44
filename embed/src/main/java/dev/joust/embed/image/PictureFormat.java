// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// The picture formats that are read, told by the first bytes: what a file name or a content type says is not looked at.
public enum PictureFormat {
    JPEG("jpg", "image/jpeg"),
    PNG("png", "image/png"),
    /// The first picture of it.
    GIF("gif", "image/gif"),
    BMP("bmp", "image/bmp"),
    /// The first picture of it.
    WEBP("webp", "image/webp"),
    /// The first page of it.
    TIFF("tif", "image/tiff");

    static final String NAMES = "JPEG, PNG, GIF, BMP, WebP and TIFF";
    private static final int START_BYTES = 16;
    /// A file header and the smallest header of a picture.
    private static final int SMALLEST_BMP_BYTES = 26;

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
        if (encoded.length == 0) {
            throw new PictureException(PictureException.Reason.NOT_A_PICTURE, "not a picture: there are no bytes");
        }
        String start = new String(encoded, 0, Math.min(encoded.length, START_BYTES), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return WEBP;
        } else if (TiffDirectory.isHeader(encoded, 0, encoded.length)) {
            return TIFF;
        } else if (start.startsWith("BM") && isBmpHeader(encoded)) {
            return BMP;
        }
        Optional<OtherFormat> other = OtherFormat.of(start);
        if (other.isPresent()) {
            throw other.get().refusal(NAMES);
        }
        throw new PictureException(PictureException.Reason.NOT_A_PICTURE, "not a picture: it starts with "
                + HexFormat.ofDelimiter(" ").formatHex(encoded, 0, Math.min(encoded.length, 8)) + ", as none of " + NAMES);
    }

    /// Two letters are little: the size of the header behind them must be one that there is.
    private static boolean isBmpHeader(byte[] encoded) {
        return encoded.length >= SMALLEST_BMP_BYTES && encoded[15] == 0 && encoded[16] == 0 && encoded[17] == 0
                && encoded[14] >= 12 && encoded[14] <= 124;
    }
}
