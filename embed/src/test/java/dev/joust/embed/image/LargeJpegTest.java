// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureException.Reason;

/// Photographs of more pixels than are decoded, here with small limits.
class LargeJpegTest {
    private static final PictureDecoder WHOLE = new PictureDecoder(PictureLimits.DEFAULT);
    /// The pictures have 37 x 29 pixels.
    private static final PictureDecoder SMALL = new PictureDecoder(new PictureLimits(500, 100));

    private static DecodedPicture decode(PictureDecoder decoder, String name) {
        return decoder.decodeToKeep(Golden.bytes("formats/" + name), picture -> picture);
    }

    @Test
    void everySecondPixelIsReadAndTheFactsAreThoseOfTheFile() {
        DecodedPicture whole = decode(WHOLE, "orientation-1.jpg");
        DecodedPicture reduced = decode(SMALL, "orientation-1.jpg");
        assertEquals(whole.facts(), reduced.facts());
        assertEquals(19, reduced.pixels().width());
        assertEquals(15, reduced.pixels().height());
        byte[] expected = whole.pixels().packed().bytes();
        byte[] found = reduced.pixels().packed().bytes();
        for (int y = 0; y < 15; y++) {
            for (int x = 0; x < 19; x++) {
                assertEquals(expected[3 * (2 * y * 37 + 2 * x)], found[3 * (y * 19 + x)]);
            }
        }
    }

    @Test
    void itIsTurnedAsItsExifSays() {
        DecodedPicture reduced = decode(SMALL, "orientation-6.jpg");
        assertEquals(decode(WHOLE, "orientation-6.jpg").facts(), reduced.facts());
        assertEquals(29, reduced.facts().width());
        assertEquals(15, reduced.pixels().width());
        assertEquals(19, reduced.pixels().height());
    }

    /// They would take memory for the whole picture.
    @Test
    void scansInksAndOtherFormatsAreHeldToTheLimit() {
        for (String name : new String[] {"phone.jpg", "cmyk.jpg", "srgb.png", "planar.tif", "lossy.webp"}) {
            PictureException refusal = assertThrows(PictureException.class, () -> decode(SMALL, name), name);
            assertEquals(Reason.TOO_LARGE, refusal.reason(), name);
        }
    }

    /// 12,000 x 12,000 pixels of one colour are no photograph.
    @Test
    void aLargeJpegOfFewBytesIsRefused() {
        byte[] encoded = new byte[4_000_000];
        byte[] small = Golden.bytes("formats/orientation-1.jpg");
        System.arraycopy(small, 0, encoded, 0, small.length - 2);
        encoded[encoded.length - 2] = (byte) 0xFF;
        encoded[encoded.length - 1] = (byte) 0xD9;
        int header = indexOfFrameHeader(encoded);
        for (int edge = 5; edge <= 8; edge += 2) {
            encoded[header + edge] = 0x2E;
            encoded[header + edge + 1] = (byte) 0xE0;
        }
        PictureException refusal = assertThrows(PictureException.class, () -> WHOLE.decode(encoded, picture -> picture));
        assertEquals(Reason.TOO_LARGE, refusal.reason());
        assertTrue(refusal.getMessage().contains("12000"), refusal.getMessage());
    }

    private static int indexOfFrameHeader(byte[] encoded) {
        int at = 2;
        while (encoded[at + 1] != (byte) 0xC0) {
            at += 2 + ((encoded[at + 2] & 0xFF) << 8 | (encoded[at + 3] & 0xFF));
        }
        return at;
    }
}
