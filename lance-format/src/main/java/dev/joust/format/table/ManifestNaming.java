// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Optional;
import java.util.OptionalLong;

/// How manifests are named below `_versions/` (spec: table format 1.2).
public enum ManifestNaming {
    /// `{version}.manifest`: found in old tables, and kept there.
    V1,
    /// `{2^64 - 1 - version, 20 digits}.manifest`: the newest comes first in a listing.
    V2;

    private static final String SUFFIX = ".manifest";
    private static final int INVERTED_DIGITS = 20;

    public String fileName(long version) {
        return switch (this) {
            case V1 -> version + SUFFIX;
            case V2 -> {
                String digits = Long.toUnsignedString(-1L - version);
                yield "0".repeat(INVERTED_DIGITS - digits.length()) + digits + SUFFIX;
            }
        };
    }

    /// The naming that the file name follows; empty if it is no version of the table: another file, a temporary one,
    /// or a detached version (`d...`).
    public static Optional<ManifestNaming> of(String fileName) {
        if (!fileName.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String stem = fileName.substring(0, fileName.length() - SUFFIX.length());
        if (stem.isEmpty() || stem.length() > INVERTED_DIGITS || !stem.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(stem.length() == INVERTED_DIGITS ? V2 : V1);
    }

    /// The version that a manifest of that name holds; empty as in {@link #of}, or for a number out of range.
    public static OptionalLong versionOf(String fileName) {
        Optional<ManifestNaming> naming = of(fileName);
        if (naming.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseUnsignedLong(fileName.substring(0, fileName.length() - SUFFIX.length()));
            long version = naming.get() == V2 ? -1L - number : number;
            return version > 0 ? OptionalLong.of(version) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
