// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/// What a listing or a head request tells about one object.
///
/// @param path         below the store's root
/// @param sizeBytes    length of the object
/// @param lastModified by the store's clock
/// @param identity     tells this object from others that had or will have its name, such as an entity tag; null where
///                     the store can't
public record ObjectMeta(ObjectPath path, long sizeBytes, Instant lastModified, @Nullable String identity) {
    public ObjectMeta(ObjectPath path, long sizeBytes, Instant lastModified) {
        this(path, sizeBytes, lastModified, null);
    }
}
