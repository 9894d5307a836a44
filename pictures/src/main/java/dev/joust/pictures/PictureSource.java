// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;

/// A picture that is read when it is its turn.
public interface PictureSource {
    /// What to call it in reports: a file's path, an entry of a zip.
    String name();

    /// Reads it. Called once, by any thread.
    ///
    /// @throws IllegalArgumentException saying why it is refused, as is done with the rest
    /// @throws IOException              if it cannot be read; it is refused then
    PictureUpload read() throws IOException;

    /// A picture whose bytes are there.
    static PictureSource of(String name, PictureUpload upload) {
        record Loaded(String name, PictureUpload upload) implements PictureSource {
            @Override
            public PictureUpload read() {
                return upload;
            }
        }
        return new Loaded(name, upload);
    }
}
