// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

/// What a picture says about itself.
///
/// @param width     pixels across as it is seen, turned as its metadata asks
/// @param height    pixels down, likewise
/// @param sizeBytes of the encoded picture
/// @param format    told by its bytes
/// @param takenAt   by the clock of the camera, wherever it was; null where it isn't said
/// @param camera    maker and model in one; null where it isn't said
public record PictureFacts(
        int width,
        int height,
        long sizeBytes,
        PictureFormat format,
        @Nullable LocalDateTime takenAt,
        @Nullable String camera) {}
