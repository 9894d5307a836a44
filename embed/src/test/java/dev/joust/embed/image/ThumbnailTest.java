// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import dev.joust.embed.Golden;

class ThumbnailTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);

    private static DecodedPicture decode(byte[] encoded) {
        return DECODER.decode(encoded, picture -> picture);
    }

    @Test
    void theLongerEdgeIsAsLongAsAskedAndTheShorterInProportion() {
        RgbPicture wide = decode(Golden.bytes("pictures/rgb-257x129.png")).pixels();
        DecodedPicture small = decode(Thumbnail.jpeg(wide, 100));
        assertEquals(100, small.facts().width());
        assertEquals(50, small.facts().height());
        assertEquals(PictureFormat.JPEG, small.facts().format());
        RgbPicture flat = decode(Golden.bytes("pictures/rgb-200x3.png")).pixels();
        assertEquals(1, decode(Thumbnail.jpeg(flat, 20)).facts().height());
        assertThrows(IllegalArgumentException.class, () -> Thumbnail.jpeg(flat, 0));
    }

    @Test
    void aSmallPictureKeepsItsSizeAndItsColours() {
        RgbPicture picture = decode(Golden.bytes("images/sample1.png")).pixels();
        byte[] encoded = Thumbnail.jpeg(picture, 1000);
        RgbPicture small = decode(encoded).pixels();
        assertEquals(picture.width(), small.width());
        assertEquals(picture.height(), small.height());
        byte[] expected = picture.toPackedBytes();
        byte[] found = small.toPackedBytes();
        long difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.abs((expected[i] & 0xFF) - (found[i] & 0xFF));
        }
        assertTrue(difference < 8L * expected.length, "mean difference of a sample");
        assertArrayEquals(encoded, Thumbnail.jpeg(picture, 1000));
    }
}
