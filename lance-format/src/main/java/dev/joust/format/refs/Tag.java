// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// A name for one version, which keeps that version from being cleaned up.
///
/// @param branch            that the version is one of; null for the main one
/// @param createdAt         null where an old writer left it out
/// @param updatedAt         when it was last pointed at another version; null where an old writer left it out
/// @param manifestSizeBytes of the version's manifest file
/// @param metadata          of the user's
public record Tag(
        String name,
        @Nullable String branch,
        long version,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        long manifestSizeBytes,
        Map<String, String> metadata) {
    public Tag {
        metadata = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metadata));
    }
}
