// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.time.LocalDateTime;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureFacts;

/// What is known of a picture beside its vectors: columns of its row. All may be absent, as in rows that other programs
/// appended with `id`, `path` and `vector` alone.
///
///     width, height  int32            pixels, as it is seen
///     bytes          int64            of the encoded picture
///     format         string           such as `jpeg`
///     taken_at       timestamp[us]    by the clock of the camera, without a time zone
///     camera         string           maker and model
///     caption        string           what somebody says about it
///     tags           list<string>     words that it is kept under
///
/// @param sizeBytes column `bytes`
/// @param tags      none where there are none
public record PictureMetadata(
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Long sizeBytes,
        @Nullable String format,
        @Nullable LocalDateTime takenAt,
        @Nullable String camera,
        @Nullable String caption,
        List<String> tags) {
    /// Nothing is known.
    public static final PictureMetadata NONE = new PictureMetadata(null, null, null, null, null, null, null, List.of());

    public PictureMetadata {
        tags = List.copyOf(tags);
    }

    /// What a picture says about itself, and what was said about it.
    public static PictureMetadata of(PictureFacts facts, @Nullable String caption, List<String> tags) {
        return new PictureMetadata(
                facts.width(),
                facts.height(),
                facts.sizeBytes(),
                facts.format().name().toLowerCase(java.util.Locale.ROOT),
                facts.takenAt(),
                facts.camera(),
                caption,
                tags);
    }

    public PictureMetadata withCaption(@Nullable String newCaption) {
        return new PictureMetadata(width, height, sizeBytes, format, takenAt, camera, newCaption, tags);
    }

    public PictureMetadata withTags(List<String> newTags) {
        return new PictureMetadata(width, height, sizeBytes, format, takenAt, camera, caption, newTags);
    }
}
