// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/// Decoded pixels in the colours that they were stored with, 8 bits per component, rows from the top without gaps
/// between them.
///
/// @param starts where each component of the first pixel is: one of grey, three of red, green and blue, or four of
///               cyan, magenta, yellow and black, of which 0 is all of it
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
record Pixels(int width, int height, byte[] bytes, int pixelStride, int[] starts) {
    int componentCount() {
        return starts.length;
    }

    static Pixels packedRgb(int width, int height, byte[] bytes) {
        return new Pixels(width, height, bytes, 3, new int[] {0, 1, 2});
    }

    /// Of 16 bits the upper 8 are kept, of fewer the whole range is spread over 8. Palettes are resolved, alpha is
    /// dropped.
    static Pixels of(BufferedImage image) {
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return fromPalette(raster, palette);
        }
        Pixels colours = of(raster, raster.getNumBands() < 3 ? 1 : 3);
        return image.isAlphaPremultiplied() ? colours.dividedByAlpha(raster) : colours;
    }

    /// Colours that were multiplied by alpha, the component behind them, as they were before; those that nobody can see
    /// stay.
    Pixels dividedByAlpha(Raster raster) {
        int count = starts.length;
        if (raster.getNumBands() <= count) {
            return this;
        }
        byte[] target = new byte[Math.multiplyExact(count, Math.multiplyExact(width, height))];
        int[] alpha = new int[width];
        int excessBits = Math.max(0, raster.getSampleModel().getSampleSize(count) - 8);
        int at = 0;
        for (int y = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, count, alpha);
            for (int x = 0; x < width; x++) {
                int opacity = alpha[x] >> excessBits;
                for (int start : starts) {
                    int sample = bytes[start + (y * width + x) * pixelStride] & 0xFF;
                    target[at++] = (byte) (opacity == 0 ? sample : Math.min(255, sample * 255 / opacity));
                }
            }
        }
        return new Pixels(width, height, target, count, count == 1 ? new int[] {0} : new int[] {0, 1, 2});
    }

    /// @param componentCount how many of the raster's bands are colours
    static Pixels of(Raster raster, int componentCount) {
        int width = raster.getWidth();
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && model.getScanlineStride() == width * model.getPixelStride()
                && buffer.getNumBanks() == 1 && buffer.getOffset() == 0 && model.getWidth() == width) {
            int[] offsets = model.getBandOffsets();
            int[] starts = new int[componentCount];
            System.arraycopy(offsets, 0, starts, 0, componentCount);
            return new Pixels(width, raster.getHeight(), buffer.getData(), model.getPixelStride(), starts);
        }
        return fromSamples(raster, componentCount);
    }

    private static Pixels fromPalette(Raster raster, IndexColorModel palette) {
        int[] colours = new int[1 << palette.getPixelSize()];
        for (int i = 0; i < Math.min(colours.length, palette.getMapSize()); i++) {
            colours[i] = palette.getRGB(i);
        }
        return fromPalette(raster, colours);
    }

    /// @param colours `0xRRGGBB` for each value that a sample can have
    static Pixels fromPalette(Raster raster, int[] colours) {
        int width = raster.getWidth();
        byte[] bytes = new byte[Math.multiplyExact(3, Math.multiplyExact(width, raster.getHeight()))];
        int[] row = new int[width];
        int target = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int index : row) {
                int rgb = colours[index];
                bytes[target++] = (byte) (rgb >> 16);
                bytes[target++] = (byte) (rgb >> 8);
                bytes[target++] = (byte) rgb;
            }
        }
        return packedRgb(width, raster.getHeight(), bytes);
    }

    private static Pixels fromSamples(Raster raster, int componentCount) {
        int width = raster.getWidth();
        byte[] bytes = new byte[Math.multiplyExact(componentCount, Math.multiplyExact(width, raster.getHeight()))];
        int[] row = new int[width];
        for (int component = 0; component < componentCount; component++) {
            int bits = raster.getSampleModel().getSampleSize(component);
            // A mask of a BMP may leave a component no bits at all
            int largest = Math.max(1, (1 << bits) - 1);
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getSamples(0, y, width, 1, component, row);
                int target = y * width * componentCount + component;
                for (int sample : row) {
                    bytes[target] = (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / largest);
                    target += componentCount;
                }
            }
        }
        int[] starts = new int[componentCount];
        Arrays.setAll(starts, i -> i);
        return new Pixels(width, raster.getHeight(), bytes, componentCount, starts);
    }

    /// Without a profile: grey is repeated, and inks are taken as filters of light.
    RgbPicture toRgb() {
        return switch (starts.length) {
            case 1 -> picture(starts[0], starts[0], starts[0]);
            case 3 -> picture(starts[0], starts[1], starts[2]);
            default -> fromInks();
        };
    }

    private RgbPicture picture(int redStart, int greenStart, int blueStart) {
        return new RgbPicture(
                width, height, bytes, width * pixelStride, pixelStride, redStart, greenStart, blueStart);
    }

    /// Light through an ink and through black, as Pillow rounds it.
    private RgbPicture fromInks() {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int i = 0, at = 0; i < rgb.length; i += 3, at += pixelStride) {
            int black = bytes[starts[3] + at] & 0xFF;
            for (int component = 0; component < 3; component++) {
                int product = (255 - (bytes[starts[component] + at] & 0xFF)) * black + 128;
                rgb[i + component] = (byte) (black - (((product >> 8) + product) >> 8));
            }
        }
        return RgbPicture.packed(width, height, rgb);
    }
}
