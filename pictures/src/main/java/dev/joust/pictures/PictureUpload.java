// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.List;

import org.jspecify.annotations.Nullable;

/// A picture to be added, with what is said about it.
///
/// @param bytes    the encoded picture; not copied, and not to be changed
/// @param fileName what it was called, for messages; plays no part in where it is kept
/// @param caption  null for none; of at most {@link #MAX_CAPTION_CHARS}
/// @param tags     at most {@link #MAX_TAGS}, none blank, each of at most {@link #MAX_TAG_CHARS}; those that come twice count once
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
public record PictureUpload(byte[] bytes, @Nullable String fileName, @Nullable String caption, List<String> tags) {
    public static final int MAX_CAPTION_CHARS = 4000;
    public static final int MAX_TAGS = 100;
    public static final int MAX_TAG_CHARS = 200;

    public PictureUpload {
        caption = checkedCaption(caption);
        tags = checkedTags(tags);
    }

    /// Without a caption and tags.
    public static PictureUpload of(byte[] bytes) {
        return new PictureUpload(bytes, null, null, List.of());
    }

    public PictureUpload withFileName(@Nullable String newFileName) {
        return new PictureUpload(bytes, newFileName, caption, tags);
    }

    public PictureUpload withCaption(@Nullable String newCaption) {
        return new PictureUpload(bytes, fileName, newCaption, tags);
    }

    public PictureUpload withTags(List<String> newTags) {
        return new PictureUpload(bytes, fileName, caption, newTags);
    }

    /// A blank one is none.
    static @Nullable String checkedCaption(@Nullable String caption) {
        if (caption == null || caption.isBlank()) {
            return null;
        }
        if (caption.length() > MAX_CAPTION_CHARS) {
            throw new IllegalArgumentException("a caption of " + caption.length() + " characters; at most "
                    + MAX_CAPTION_CHARS + " are allowed");
        }
        return caption.strip();
    }

    static List<String> checkedTags(List<String> tags) {
        List<String> checked = tags.stream().map(String::strip).distinct().toList();
        if (checked.size() > MAX_TAGS) {
            throw new IllegalArgumentException(checked.size() + " tags; at most " + MAX_TAGS + " are allowed");
        }
        for (String tag : checked) {
            if (tag.isEmpty() || tag.length() > MAX_TAG_CHARS) {
                throw new IllegalArgumentException("a tag of " + tag.length() + " characters; 1 to " + MAX_TAG_CHARS
                        + " are allowed");
            }
        }
        return checked;
    }
}
