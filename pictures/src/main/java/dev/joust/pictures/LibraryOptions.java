// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.HashMap;
import java.util.Map;

import dev.joust.embed.TextModel;

/// How a library is opened. Immutable; each `with` answers a changed copy.
///
/// @param models       the models of further columns of vectors, by column; the caller's to close, after the library
/// @param leastIndexed rows from which on columns of vectors get an index, in the background of a library that is
///                     written to; 0 for never
/// @param cacheBytes   of answers that are kept for who asks the same again; 0 for none
public record LibraryOptions(Map<String, TextModel> models, long leastIndexed, long cacheBytes) {
    public static final LibraryOptions DEFAULT = new LibraryOptions(Map.of(), 1500, 32L << 20);

    public LibraryOptions {
        models = Map.copyOf(models);
        if (leastIndexed < 0 || cacheBytes < 0) {
            throw new IllegalArgumentException(
                    "an index from " + leastIndexed + " rows on, a cache of " + cacheBytes + " bytes");
        }
        if (models.containsKey(PictureQuery.DEFAULT_COLUMN)) {
            throw new IllegalArgumentException(
                    "column '" + PictureQuery.DEFAULT_COLUMN + "' belongs to the library's own model");
        }
    }

    /// With the model that made, or is to make, the vectors of a column.
    public LibraryOptions withModel(String column, TextModel model) {
        Map<String, TextModel> more = new HashMap<>(models);
        more.put(column, model);
        return new LibraryOptions(more, leastIndexed, cacheBytes);
    }

    public LibraryOptions withLeastIndexed(long newLeastIndexed) {
        return new LibraryOptions(models, newLeastIndexed, cacheBytes);
    }

    public LibraryOptions withCacheBytes(long newCacheBytes) {
        return new LibraryOptions(models, leastIndexed, newCacheBytes);
    }
}
