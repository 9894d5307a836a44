// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Pictures that are something else besides, for another program: an archive, a page, a script. Such are not kept,
/// because whoever fetches them may be made to take them for that.
///
///     behind the picture    the start of an archive, a document, a page, a program, or the end of a script's comment;
///                           other bytes are taken: phones append films and second pictures, editors zeros
///     near the end          a directory of a ZIP, which is how a JAR is found
///     near the start        "%PDF-", or the start of a script's comment where the picture's numbers would be
///     anywhere              the tags that make a page of HTML or PHP, which need no other place
final class ForeignContent {
    private static final int ZIP_END_BYTES = 22;
    private static final int MAX_ZIP_COMMENT_BYTES = 0xFFFF;
    private static final int ZIP_DIRECTORY_SIZE_OFFSET = 12;
    private static final String ZIP_END = "PK\5\6";
    private static final String ZIP_DIRECTORY = "PK\1\2";
    /// How far programs look for a document's start.
    private static final int PDF_START_BYTES = 1024;

    private static final List<String> STARTS = List.of("PK\3\4", ZIP_END, "Rar!\u001a\7", "7z\u00bc\u00af'\u001c",
            "\u001f\u008b\b", "%PDF-", "\u00ca\u00fe\u00ba\u00be", "\u007fELF", "MZ\u0090\0", "#!", "*/");
    /// Each counts if a blank or `>` follows. Short ones are left out: compressed pixels contain every few letters. So
    /// are other documents than pages: Photoshop on a Mac keeps its printer's settings in a `<!DOCTYPE plist`.
    private static final List<String> TAGS = List.of("script", "html", "body", "iframe", "!doctype html", "?php");
    private static final String BLANKS = "\0\t\n\r ";
    private static final int COMMENT_OFFSET_IN_GIF = 6;
    private static final int COMMENT_OFFSET_IN_JPEG = 4;
    private static final int COMMENT_OFFSET_IN_BMP = 2;

    private ForeignContent() {}

    /// @throws PictureException naming what is there
    static void check(byte[] encoded, PictureFormat format, PictureStream stream) {
        checkBehind(encoded, stream.endOffset());
        if (holdsZip(encoded)) {
            throw refusal("a ZIP archive");
        }
        if (find(encoded, "%PDF-", Math.min(encoded.length, PDF_START_BYTES))) {
            throw refusal("a PDF document");
        }
        int comment = switch (format) {
            case GIF -> COMMENT_OFFSET_IN_GIF;
            case JPEG -> COMMENT_OFFSET_IN_JPEG;
            case BMP -> COMMENT_OFFSET_IN_BMP;
            case PNG, WEBP, TIFF -> encoded.length;
        };
        if (startsWith(encoded, comment, "/*")) {
            throw refusal("a script");
        }
        checkTags(encoded);
    }

    private static PictureException refusal(String what) {
        return new PictureException(PictureException.Reason.FOREIGN, "a picture that is also " + what);
    }

    private static void checkBehind(byte[] encoded, int end) {
        int at = end;
        while (at < encoded.length && BLANKS.indexOf(encoded[at]) >= 0) {
            at++;
        }
        for (String start : STARTS) {
            if (startsWith(encoded, at, start)) {
                throw refusal("something else, which starts behind it, at byte " + at);
            }
        }
        if (at + 1 < encoded.length && encoded[at] == '<'
                && (Character.isLetter(encoded[at + 1]) || encoded[at + 1] == '!' || encoded[at + 1] == '?')) {
            throw refusal("a page, which starts behind it, at byte " + at);
        }
    }

    /// Whether a directory of an archive stands where programs look for it and its entries stand before it.
    private static boolean holdsZip(byte[] encoded) {
        int last = Math.max(0, encoded.length - ZIP_END_BYTES - MAX_ZIP_COMMENT_BYTES);
        for (int at = encoded.length - ZIP_END_BYTES; at >= last; at--) {
            if (startsWith(encoded, at, ZIP_END)) {
                PictureBytes in = PictureBytes.slice(encoded, at, encoded.length, true, "ZIP");
                in.skip(ZIP_DIRECTORY_SIZE_OFFSET, "end");
                long directoryBytes = in.u32("directory size");
                if (directoryBytes <= at && startsWith(encoded, at - (int) directoryBytes, ZIP_DIRECTORY)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void checkTags(byte[] encoded) {
        for (int at = 0; at < encoded.length; at++) {
            if (encoded[at] == '<') {
                for (String tag : TAGS) {
                    if (isTag(encoded, at + 1, tag)) {
                        throw refusal("a page: it holds <" + tag + " at byte " + at);
                    }
                }
            }
        }
    }

    private static boolean isTag(byte[] encoded, int at, String tag) {
        int end = at + tag.length();
        return end < encoded.length && (encoded[end] == '>' || BLANKS.indexOf(encoded[end]) >= 0)
                && new String(encoded, at, tag.length(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT).equals(tag);
    }

    private static boolean find(byte[] encoded, String text, int end) {
        for (int at = 0; at < end; at++) {
            if (startsWith(encoded, at, text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] encoded, int at, String text) {
        if (at < 0 || at + text.length() > encoded.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (encoded[at + i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
