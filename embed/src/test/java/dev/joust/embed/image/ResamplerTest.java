// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/// However a picture lies in memory, it is resized to the same. (That it is what Pillow gives is held elsewhere.)
final class ResamplerTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    private final Random random = new Random(SEED);

    @Test
    void everyLayoutGivesTheSamePixels() {
        int[][] sizes = {{1, 1}, {2, 9}, {40, 7}, {7, 200}, {64, 64}, {131, 66}, {300, 70}};
        for (int[] size : sizes) {
            for (RgbPicture picture : layouts(size[0], size[1])) {
                for (int[] to : new int[][] {{5, 3}, {17, 90}, {picture.width(), 8}, {8, picture.height()}}) {
                    for (ResampleFilter filter : ResampleFilter.values()) {
                        assertResizedAsItsCopy(picture, filter, to[0], to[1]);
                    }
                }
            }
        }
    }

    private static void assertResizedAsItsCopy(RgbPicture picture, ResampleFilter filter, int width, int height) {
        String what = "-Djoust.seed=" + SEED + " " + picture.width() + " x " + picture.height() + ", rows of "
                + picture.rowStride() + ", pixels of " + picture.pixelStride() + ", " + filter + ", to " + width + " x "
                + height;
        RgbPicture copy = picture.packed();
        assertArrayEquals(
                Resampler.resize(copy, filter, width, height, 0, 0, width, height),
                Resampler.resize(picture, filter, width, height, 0, 0, width, height),
                what);
        int left = width / 3;
        int top = height / 2;
        assertArrayEquals(
                Resampler.resize(copy, filter, width, height, left, top, width - left, height - top),
                Resampler.resize(picture, filter, width, height, left, top, width - left, height - top),
                what + ", a part");
    }

    /// Packed, as BGR, with a fourth byte, each in planes of their own, and all turned in every way.
    private List<RgbPicture> layouts(int width, int height) {
        byte[] bytes = new byte[(4 * width + 4) * height + 20];
        random.nextBytes(bytes);
        List<RgbPicture> upright = List.of(
                RgbPicture.packed(width, height, bytes),
                new RgbPicture(width, height, bytes, 3 * width + 4, 3, 9, 8, 7),
                new RgbPicture(width, height, bytes, 4 * width, 4, 1, 2, 3),
                new RgbPicture(width, height, bytes, width, 1, 0, width * height, 2 * width * height));
        List<RgbPicture> turned = new ArrayList<>();
        for (RgbPicture picture : upright) {
            for (RgbPicture each : List.of(picture, picture.transposed())) {
                turned.add(each);
                turned.add(each.mirrored());
                turned.add(each.flipped());
                turned.add(each.mirrored().flipped());
            }
        }
        return turned;
    }

    @Test
    void bytesAreTransposedWhateverTheirNumber() {
        for (int rows : new int[] {1, 7, 8, 9, 16, 63, 64}) {
            for (int columns : new int[] {1, 7, 8, 15, 24, 100}) {
                byte[] source = new byte[5 + rows * (columns + 2)];
                random.nextBytes(source);
                byte[] expected = new byte[3 + columns * (rows + 1)];
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        expected[3 + column * (rows + 1) + row] = source[5 + row * (columns + 2) + column];
                    }
                }
                byte[] found = new byte[expected.length];
                ByteTransposition.transpose(source, 5, columns + 2, rows, columns, found, 3, rows + 1);
                assertArrayEquals(expected, found, rows + " x " + columns);
            }
        }
    }
}
