// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// A line of versions of its own that starts from one version of another branch. The files of that version stay where
/// they are, and are kept from being cleaned up.
///
/// @param parentBranch      that it was made from; null for the main one
/// @param identifier        tells whose child it is, also after names were used again
/// @param parentVersion     that it was made from, and the number of its own first version
/// @param createdAt         in whole seconds
/// @param manifestSizeBytes of the parent version's manifest file
/// @param metadata          of the user's
public record Branch(
        String name,
        @Nullable String parentBranch,
        BranchIdentifier identifier,
        long parentVersion,
        Instant createdAt,
        long manifestSizeBytes,
        Map<String, String> metadata) {
    /// What the main branch is called where a branch has to be named. Files leave it out.
    public static final String MAIN = "main";

    public Branch {
        metadata = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metadata));
    }

    /// The branch as files name it: null for the main one.
    public static @Nullable String nullForMain(@Nullable String name) {
        return MAIN.equals(name) ? null : name;
    }
}
