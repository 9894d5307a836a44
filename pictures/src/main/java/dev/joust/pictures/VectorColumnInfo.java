// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import org.jspecify.annotations.Nullable;

/// A column of vectors of the table.
///
/// @param name      of the column
/// @param source    what its vectors are of
/// @param dimension floats per vector
/// @param model     name of the model that made them, null where that is not recorded
/// @param isOpen    whether the library has that model, so that pictures that are added get a vector and words can be
///                  searched for
public record VectorColumnInfo(String name, Source source, int dimension, @Nullable String model, boolean isOpen) {
    /// What vectors are of.
    public enum Source {
        PICTURE,
        /// Null where there is no caption.
        CAPTION
    }
}
