// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.time.Instant;

/// What a listing or a head request tells about one object.
///
/// @param path         below the store's root
/// @param sizeBytes    length of the object
/// @param lastModified by the store's clock
public record ObjectMeta(ObjectPath path, long sizeBytes, Instant lastModified) {}
