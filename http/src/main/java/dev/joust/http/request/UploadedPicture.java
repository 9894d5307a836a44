// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.pictures.PictureSource;
import dev.joust.pictures.PictureUpload;

/// One of the pictures of an upload.
///
/// @param index   its number in the upload, from 0
/// @param part    number of the form's file that it is or lies in, from 0
/// @param archive whether it lies in an archive
/// @param file    the file's name, fit to be shown
/// @param caption what was said about it
public record UploadedPicture(
        int index, int part, boolean archive, String file, Content content, @Nullable String caption, List<String> tags)
        implements PictureSource {
    /// Where the bytes come from.
    @FunctionalInterface
    interface Content {
        /// @throws RequestException saying why the file is not taken
        byte[] read() throws IOException;
    }

    /// The index: several files of one upload may have one name.
    @Override
    public String name() {
        return String.valueOf(index);
    }

    @Override
    public PictureUpload read() throws IOException {
        try {
            return new PictureUpload(content.read(), file, caption, tags);
        } catch (RequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
