// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.List;

import org.jspecify.annotations.Nullable;

/// What people say about a picture.
///
/// @param caption null for none
/// @throws IllegalArgumentException if one of them is longer than {@link PictureUpload} allows
public record PictureWords(@Nullable String caption, List<String> tags) {
    public PictureWords {
        caption = PictureUpload.checkedCaption(caption);
        tags = PictureUpload.checkedTags(tags);
    }

    public PictureWords withCaption(@Nullable String newCaption) {
        return new PictureWords(newCaption, tags);
    }

    public PictureWords withTags(List<String> newTags) {
        return new PictureWords(caption, newTags);
    }
}
