// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// What the segments of a JPEG say that hold no pixels. Not thread-safe.
///
///     APP0   "JFIF" 0                   the components are grey or YCbCr
///     APP1   "Exif" 0 0                 a TIFF structure
///     APP2   "ICC_PROFILE" 0, u8 number from 1, u8 count, a piece of the profile
///     APP14  "Adobe", 2 x u16 and u16, u8 transform     0 none, 1 YCbCr, 2 YCCK
///
/// Source: JFIF 1.02; CIPA DC-008, 4.5; ICC.1:2022, B.4; Adobe technical note 5116.
final class JpegMetadata {
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final String EXIF = "Exif\0\0";
    private static final String PROFILE = "ICC_PROFILE\0";
    private static final int PROFILE_HEADER_BYTES = PROFILE.length() + 2;

    private final byte[] encoded;
    private final int[] profileStarts = new int[256];
    private final int[] profileEnds = new int[256];
    private int profileCount;
    private int exifStart;
    private int exifEnd;
    private long exifBytes;
    private boolean isJfif;
    private int adobeTransform = -1;

    JpegMetadata(byte[] encoded) {
        this.encoded = encoded;
    }

    void add(int marker, int start, int length) {
        if (marker == APP0) {
            isJfif |= startsWith(start, length, "JFIF\0");
        } else if (marker == APP14 && length >= 12 && startsWith(start, length, "Adobe")) {
            adobeTransform = Byte.toUnsignedInt(encoded[start + 11]);
        } else if (marker == APP1 && startsWith(start, length, EXIF)) {
            addExif(start, length);
        } else if (marker == APP2 && length > PROFILE_HEADER_BYTES && startsWith(start, length, PROFILE)) {
            int number = Byte.toUnsignedInt(encoded[start + PROFILE.length()]);
            profileCount = Byte.toUnsignedInt(encoded[start + PROFILE.length() + 1]);
            profileStarts[number] = start + PROFILE_HEADER_BYTES;
            profileEnds[number] = start + length;
        }
    }

    /// The first block counts. Some programs go on in a second one, nobody in a hundred.
    private void addExif(int start, int length) {
        exifBytes += length;
        if (exifBytes > Exif.MAX_BYTES) {
            throw new PictureException(PictureException.Reason.TOO_LARGE,
                    "EXIF of more than " + Exif.MAX_BYTES + " bytes");
        }
        if (exifStart == 0) {
            exifStart = start + EXIF.length();
            exifEnd = start + length;
        }
    }

    boolean isJfif() {
        return isJfif;
    }

    /// -1 where nothing is said.
    int adobeTransform() {
        return adobeTransform;
    }

    Exif exif() {
        return exifStart == 0 ? Exif.NONE : Exif.parse(encoded, exifStart, exifEnd);
    }

    /// The pieces of the profile in their order, or null if one of them is not there.
    byte @Nullable [] profile() {
        long sizeBytes = 0;
        for (int number = 1; number <= profileCount; number++) {
            if (profileStarts[number] == 0) {
                return null;
            }
            sizeBytes += profileEnds[number] - profileStarts[number];
        }
        if (sizeBytes == 0 || sizeBytes > ColourProfile.MAX_BYTES) {
            return null;
        }
        byte[] profile = new byte[(int) sizeBytes];
        int at = 0;
        for (int number = 1; number <= profileCount; number++) {
            byte[] piece = Arrays.copyOfRange(encoded, profileStarts[number], profileEnds[number]);
            System.arraycopy(piece, 0, profile, at, piece.length);
            at += piece.length;
        }
        return profile;
    }

    private boolean startsWith(int start, int length, String text) {
        if (length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (encoded[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
