// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureRecipe.Resize;

class PicturePreprocessorTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);

    static Stream<String> pictures() throws IOException, URISyntaxException {
        Path folder = Path.of(Golden.class.getResource("/dev/joust/embed/golden/pictures").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".rgb"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static PictureRecipe recipe(ResampleFilter filter) {
        return new PictureRecipe(new Resize.ShortestEdge(64), filter, 64, 64, 1 / 255.0,
                List.of(0.5, 0.25, 0.0), List.of(0.5, 0.25, 1.0));
    }

    /// PNG to the bit; JPEG within what two decoders of the same standard may differ by.
    @ParameterizedTest
    @MethodSource("pictures")
    void theCentreEqualsPillows(String name) {
        ResampleFilter filter = name.startsWith("bilinear") ? ResampleFilter.BILINEAR
                : name.startsWith("lanczos") ? ResampleFilter.LANCZOS : ResampleFilter.BICUBIC;
        byte[] expected = Golden.bytes("pictures/" + name + ".rgb");
        PicturePreprocessor preprocessor = new PicturePreprocessor(recipe(filter));
        byte[] found = DECODER.decode(
                Golden.bytes("pictures/" + name), picture -> preprocessor.crop(picture.pixels()));
        assertEquals(expected.length, found.length);
        int largest = 0;
        long sum = 0;
        for (int i = 0; i < expected.length; i++) {
            int difference = Math.abs((expected[i] & 0xFF) - (found[i] & 0xFF));
            largest = Math.max(largest, difference);
            sum += difference;
        }
        assertTrue(largest <= (name.endsWith(".png") ? 0 : 4),
                name + ": largest difference " + largest + ", mean " + (double) sum / expected.length);
    }

    @Test
    void valuesAreRescaledNormalisedAndOrderedByComponent() {
        byte[] pixels = new byte[64 * 64 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i % 3 == 0 ? 255 : i % 3 == 1 ? 51 : i / 3 % 64);
        }
        float[] values = new float[5 + 3 * 64 * 64];
        new PicturePreprocessor(recipe(ResampleFilter.BICUBIC)).process(RgbPicture.packed(64, 64, pixels), values, 5);
        assertEquals(0, values[4]);
        assertEquals(1f, values[5]);
        assertEquals((float) ((51 / 255.0 - 0.25) / 0.25), values[5 + 64 * 64]);
        assertEquals(17 / 255f, values[5 + 2 * 64 * 64 + 64 * 3 + 17]);
    }

    @Test
    void onlyTheCentreOfAnExtremeShapeIsComputed() {
        RgbPicture stripe = RgbPicture.packed(30_000, 1, new byte[90_000]);
        assertEquals(64 * 64 * 3, new PicturePreprocessor(recipe(ResampleFilter.BICUBIC)).crop(stripe).length);
    }

    @Test
    void bothEdgesAreStretchedWhereTheModelWantsThat() {
        PictureRecipe square = new PictureRecipe(new Resize.Exact(2, 1), ResampleFilter.BILINEAR, 2, 1, 1,
                List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        byte[] pixels = {10, 20, 30, 10, 20, 30, 50, 60, 70, 50, 60, 70};
        float[] values = new float[6];
        new PicturePreprocessor(square).process(RgbPicture.packed(2, 2, pixels), values, 0);
        assertEquals(List.of(30f, 30f, 40f, 40f, 50f, 50f),
                List.of(values[0], values[1], values[2], values[3], values[4], values[5]));
    }
}
