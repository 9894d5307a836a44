// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bytes of a part: in memory, or in a temporary file where they may be more than belongs there.
public sealed interface PartContent extends AutoCloseable {
    record InMemory(byte[] bytes) implements PartContent {}

    /// An archive, in a file that goes when this is closed.
    record Archived(Path file) implements PartContent {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Thrown away as it came, because it was longer than a file may be.
    record TooLong(long limitBytes) implements PartContent {}

    @Override
    default void close() {
        // what is in memory goes by itself
    }
}
