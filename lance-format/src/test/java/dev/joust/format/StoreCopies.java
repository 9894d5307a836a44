// SPDX-License-Identifier: Apache-2.0
package dev.joust.format;

import java.io.IOException;
import java.io.UncheckedIOException;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// What many tests begin with, written once: each takes a copy of its own, and changes that as it likes.
public final class StoreCopies {
    private StoreCopies() {}

    /// Copies every object of one store into another, below the same path.
    ///
    /// @throws UncheckedIOException if either store fails
    public static void copy(ObjectStore from, ObjectStore to) {
        try {
            for (ObjectMeta object : from.list(ObjectPath.ROOT)) {
                to.put(object.path(), from.readAll(object.path(), Math.toIntExact(object.sizeBytes())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
