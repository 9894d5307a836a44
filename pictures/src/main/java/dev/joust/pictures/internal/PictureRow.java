// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.Map;

import dev.joust.pictures.PictureMetadata;

/// A row of the table.
///
/// @param vectors of length 1 (L2), by their column; columns that are not named are null
public record PictureRow(String id, String path, Map<String, float[]> vectors, PictureMetadata metadata) {
    public PictureRow {
        vectors = Map.copyOf(vectors);
    }

    /// With the vector of the library's own model and nothing else.
    public PictureRow(String id, String path, float[] vector) {
        this(id, path, Map.of(PictureTable.VECTOR, vector), PictureMetadata.NONE);
    }
}
