// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.Map;

import dev.joust.embed.PreparedPicture;
import dev.joust.pictures.PictureMetadata;

/// A picture that was decoded, and what is left of it: its pixels are let go.
///
/// @param thumbnail a small JPEG
/// @param prepared  for the model of each column of pictures' vectors
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReadPicture(PictureMetadata metadata, byte[] thumbnail, Map<String, PreparedPicture> prepared) {
    public ReadPicture {
        prepared = Map.copyOf(prepared);
    }

    private static final byte[] NO_BYTES = {};

    /// What waits for the model.
    ReadPicture withoutThumbnail() {
        return new ReadPicture(metadata, NO_BYTES, prepared);
    }
}
