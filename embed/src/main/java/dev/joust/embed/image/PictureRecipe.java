// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.List;

/// How a model wants its pictures, as `preprocessor_config.json` says.
///
/// @param resize        the size before cropping
/// @param filter        how it is resized
/// @param cropWidth     pixels of the central part that the model sees, across
/// @param cropHeight    and down
/// @param rescaleFactor what samples of 0 to 255 are multiplied by first
/// @param mean          per component, subtracted next
/// @param std           per component, divided by last
public record PictureRecipe(
        Resize resize,
        ResampleFilter filter,
        int cropWidth,
        int cropHeight,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std) {
    /// The longest edge a model may ask for; larger ones are a mistake in the file.
    private static final int MAX_EDGE = 4096;

    public PictureRecipe {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3 || std.contains(0.0)) {
            throw new IllegalArgumentException("image_mean " + mean + " and image_std " + std + " for 3 components");
        }
        int smallestWidth = switch (resize) {
            case Resize.ShortestEdge(int edge) -> edge;
            case Resize.Exact(int width, int _) -> width;
        };
        int smallestHeight = switch (resize) {
            case Resize.ShortestEdge(int edge) -> edge;
            case Resize.Exact(int _, int height) -> height;
        };
        if (smallestWidth > MAX_EDGE || smallestHeight > MAX_EDGE || cropWidth < 1 || cropHeight < 1
                || cropWidth > smallestWidth || cropHeight > smallestHeight) {
            throw new IllegalArgumentException("a crop of " + cropWidth + " x " + cropHeight + " out of "
                    + smallestWidth + " x " + smallestHeight + " pixels");
        }
    }

    /// The size a picture is brought to.
    public sealed interface Resize {
        /// The shorter edge gets that length, the longer one in proportion, rounded down.
        record ShortestEdge(int edge) implements Resize {}

        /// Both edges, whatever the proportions were.
        record Exact(int width, int height) implements Resize {}
    }
}
