// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// Decoded pictures to a model's input: resize, centre crop, rescale, normalise, components first.
/// Immutable and thread-safe.
public final class PicturePreprocessor {
    private final PictureRecipe recipe;
    private final float[][] valueBySample = new float[3][256];

    public PicturePreprocessor(PictureRecipe recipe) {
        this.recipe = recipe;
        for (int component = 0; component < 3; component++) {
            for (int sample = 0; sample < 256; sample++) {
                valueBySample[component][sample] = (float) ((sample * recipe.rescaleFactor()
                        - recipe.mean().get(component)) / recipe.std().get(component));
            }
        }
    }

    public int width() {
        return recipe.cropWidth();
    }

    public int height() {
        return recipe.cropHeight();
    }

    /// Floats per picture: 3 x height x width.
    public int valueCount() {
        return 3 * width() * height();
    }

    /// Writes one picture's values, `[3][height][width]`, from `target[offset]` on.
    public void process(RgbPicture picture, float[] target, int offset) {
        normalise(crop(picture), target, offset);
    }

    /// Writes the values of what {@link #crop} gave, from `target[offset]` on.
    public void normalise(byte[] pixels, float[] target, int offset) {
        int pixelCount = width() * height();
        for (int component = 0; component < 3; component++) {
            float[] values = valueBySample[component];
            for (int i = 0; i < pixelCount; i++) {
                target[offset + component * pixelCount + i] = values[pixels[i * 3 + component] & 0xFF];
            }
        }
    }

    /// The central part as the model sees it: red, green, blue per pixel.
    public byte[] crop(RgbPicture picture) {
        int scaledWidth;
        int scaledHeight;
        switch (recipe.resize()) {
            case PictureRecipe.Resize.Exact(int width, int height) -> {
                scaledWidth = width;
                scaledHeight = height;
            }
            case PictureRecipe.Resize.ShortestEdge(int edge) -> {
                boolean wide = picture.width() > picture.height();
                int shorter = wide ? picture.height() : picture.width();
                int longer = wide ? picture.width() : picture.height();
                int scaledLonger = Math.toIntExact((long) edge * longer / shorter);
                scaledWidth = wide ? scaledLonger : edge;
                scaledHeight = wide ? edge : scaledLonger;
            }
        }
        int left = (scaledWidth - width()) / 2;
        int top = (scaledHeight - height()) / 2;
        return Resampler.resize(
                picture, recipe.filter(), scaledWidth, scaledHeight, left, top, width(), height());
    }
}
