// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import org.jspecify.annotations.Nullable;

/// Who wrote a manifest (spec: table format 2.7).
public record WriterVersion(
        String library, String version, @Nullable String prerelease, @Nullable String buildMetadata) {
    /// Joust itself. Any library but `lance` tells the reference that no old bug is to be worked around.
    public static final WriterVersion JOUST = new WriterVersion("joust", "0.1.0", null, null);
}
