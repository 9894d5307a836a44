// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.Test;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureRecipe.Resize;

/// What a model sees of 200 PNGs of odd sizes and kinds is what the reference implementation shows it
/// (`src/test/golden/make_odd_sizes.py`).
class OddSizesTest {
    private static final int EDGE = 12;
    private static final int PICTURE_COUNT = 200;
    /// Of 255.
    private static final int LARGEST_DIFFERENCE = 1;

    private static PicturePreprocessor preprocessor(Resize resize) {
        return new PicturePreprocessor(new PictureRecipe(
                resize, ResampleFilter.BICUBIC, EDGE, EDGE, 1 / 255.0, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)));
    }

    @Test
    void preprocessedPixelsEqualTheReference() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes("odd-sizes.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        PictureDecoder decoder = new PictureDecoder(PictureLimits.DEFAULT);
        PicturePreprocessor crop = preprocessor(new Resize.ShortestEdge(EDGE));
        PicturePreprocessor square = preprocessor(new Resize.Exact(EDGE, EDGE));
        int pictureCount = 0;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".png")) {
                String name = file.getKey().substring(0, file.getKey().length() - 4);
                RgbPicture picture = decoder.decode(file.getValue(), DecodedPicture::pixels);
                assertEqual(name, files.get(name + ".crop"), values(crop, picture));
                assertEqual(name, files.get(name + ".square"), values(square, picture));
                pictureCount++;
            }
        }
        assertEquals(PICTURE_COUNT, pictureCount);
    }

    private static float[] values(PicturePreprocessor preprocessor, RgbPicture picture) {
        float[] values = new float[preprocessor.valueCount()];
        preprocessor.process(picture, values, 0);
        return values;
    }

    /// @param expected samples, component by component of each pixel
    /// @param found    values of 0 to 1, pixel by pixel of each component
    private static void assertEqual(String name, byte[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        int pixelCount = EDGE * EDGE;
        for (int i = 0; i < expected.length; i++) {
            float value = found[i % 3 * pixelCount + i / 3];
            assertTrue(Math.abs((expected[i] & 0xFF) - value * 255) <= LARGEST_DIFFERENCE + 1e-3,
                    name + ", sample " + i + ": " + value * 255 + " instead of " + (expected[i] & 0xFF));
        }
    }
}
