// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.Optional;

/// What is not read, told by its first bytes as people know it, so that they learn what to do about it.
///
/// @param reason whether it is a picture at all
/// @param name   with its article
record OtherFormat(PictureException.Reason reason, String name) {
    private static final int BRAND_OFFSET = 8;

    /// @param start the first bytes as characters of one byte each, 16 or all there are
    static Optional<OtherFormat> of(String start) {
        if (start.startsWith("ftyp", 4)) {
            return Optional.of(boxed(start));
        } else if (start.startsWith("\0\0\0\fjP  ") || start.startsWith("\u00ffO\u00ffQ")) {
            return picture("a JPEG 2000 picture");
        } else if (start.startsWith("\u00ff\n") || start.startsWith("\0\0\0\fJXL ")) {
            return picture("a JPEG XL picture");
        } else if (isRaw(start)) {
            return Optional.of(rawPicture());
        } else if (start.startsWith("8BPS")) {
            return picture("a Photoshop document");
        } else if (start.startsWith("gimp xcf")) {
            return picture("a GIMP document");
        } else if (start.startsWith("\0\0\1\0")) {
            return picture("an icon");
        } else if (isNetpbm(start)) {
            return picture("a picture of Netpbm");
        } else if (start.stripLeading().startsWith("<svg")) {
            return picture("an SVG drawing");
        } else if ((start.startsWith("RIFF") && start.startsWith("AVI ", BRAND_OFFSET)) || start.startsWith("\u001aE\u00df\u00a3")) {
            return Optional.of(film());
        } else if (start.startsWith("%PDF-")) {
            return Optional.of(new OtherFormat(PictureException.Reason.NOT_A_PICTURE, "a PDF document"));
        }
        return Optional.empty();
    }

    private static Optional<OtherFormat> picture(String name) {
        return Optional.of(new OtherFormat(PictureException.Reason.UNSUPPORTED, name));
    }

    /// What a sensor has seen, before it is a picture: DNG, NEF, CR2, ARW and so on.
    static OtherFormat rawPicture() {
        return new OtherFormat(PictureException.Reason.UNSUPPORTED, "a camera's raw picture");
    }

    private static OtherFormat film() {
        return new OtherFormat(PictureException.Reason.NOT_A_PICTURE, "a film");
    }

    /// Pictures and films that begin alike. Source: ISO/IEC 14496-12, 4.3; ISO/IEC 23008-12, 10.
    private static OtherFormat boxed(String start) {
        String brand = start.substring(BRAND_OFFSET, Math.min(start.length(), BRAND_OFFSET + 4));
        return switch (brand) {
            case "avif", "avis" -> new OtherFormat(PictureException.Reason.UNSUPPORTED, "an AVIF picture");
            case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1" ->
                    new OtherFormat(PictureException.Reason.UNSUPPORTED, "a HEIF picture (HEIC, as iPhones take)");
            case "crx " -> rawPicture();
            default -> film();
        };
    }

    /// Those that do not begin as a TIFF: of Olympus, Panasonic and Leica, Canon, Fuji, Sigma, Minolta.
    private static boolean isRaw(String start) {
        return start.startsWith("IIRO") || start.startsWith("IIRS") || start.startsWith("MMOR") || start.startsWith("IIU\0")
                || start.startsWith("HEAPCCDR", 6) || start.startsWith("FUJIFILMCCD-RAW") || start.startsWith("FOVb")
                || start.startsWith("\0MRM");
    }

    private static boolean isNetpbm(String start) {
        return start.length() > 2 && start.charAt(0) == 'P' && start.charAt(1) >= '1' && start.charAt(1) <= '7'
                && " \t\r\n".indexOf(start.charAt(2)) >= 0;
    }

    /// What is said to whoever sent it.
    ///
    /// @param read the formats that are
    PictureException refusal(String read) {
        return new PictureException(reason, reason == PictureException.Reason.UNSUPPORTED
                ? name + " is not supported: export it as JPEG; " + read + " are read"
                : "not a picture: " + name + "; " + read + " are read");
    }
}
