// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;

/// What a reader or writer of a table must know, one bit each (spec: table format 2.6).
public final class FeatureFlags {
    public static final long DELETION_FILES = 1L;
    public static final long STABLE_ROW_IDS = 1L << 1;
    /// Obsolete; says of a table that names no version of its data files, and has none, that they will not be 0.1.
    public static final long V2_FORMAT = 1L << 2;
    public static final long TABLE_CONFIG = 1L << 3;
    public static final long BASE_PATHS = 1L << 4;
    public static final long NO_TRANSACTION_FILE = 1L << 5;
    public static final long MIXED_FILE_VERSIONS = 1L << 8;
    public static final long NON_REUSABLE_FIELD_IDS = 1L << 15;

    private static final long READABLE =
            DELETION_FILES | STABLE_ROW_IDS | V2_FORMAT | TABLE_CONFIG | BASE_PATHS | NO_TRANSACTION_FILE
                    | MIXED_FILE_VERSIONS | NON_REUSABLE_FIELD_IDS;
    private static final long WRITABLE = READABLE;
    /// Set in both words or in neither.
    private static final long PAIRS = 1L << 8 | 1L << 10 | 1L << 14 | 1L << 16;
    /// Kept from version to version.
    private static final long STICKY = PAIRS | NON_REUSABLE_FIELD_IDS;

    private static final String[] NAMES = {
        "deletion files",
        "stable row ids",
        "v2 format",
        "table config",
        "base paths",
        "no transaction file",
        "data overlays",
        "covering index",
        "mixed file versions",
        "fragment reuse with stable row ids",
        "tagged fragment reuse",
        "spilled row lineage",
        "fragment tree",
        "independent covering fields",
        "managed blobs",
        "non-reusable field ids",
        "zone seeds",
        "object metadata"
    };

    private FeatureFlags() {}

    /// @throws UnsupportedFormatException if the table needs its readers to know something that we don't
    public static void checkReadable(Manifest manifest, String where) {
        if (((manifest.readerFeatureFlags() ^ manifest.writerFeatureFlags()) & PAIRS) != 0) {
            throw new CorruptFileException(where + ": feature flags for readers and writers differ: "
                    + describe(manifest.readerFeatureFlags()) + " and " + describe(manifest.writerFeatureFlags()));
        }
        long unknown = manifest.readerFeatureFlags() & ~READABLE;
        if (unknown != 0) {
            throw new UnsupportedFormatException(
                    where + ": reading this table needs " + describe(unknown) + ", not known here");
        }
    }

    /// @throws UnsupportedFormatException if the table needs its writers to know something that we don't, or is of 0.1
    ///     files: their dictionaries lie beside the manifest, and a new one would have to bring them along
    public static void checkWritable(Manifest manifest) {
        if (manifest.isLegacy()) {
            throw new UnsupportedFormatException(
                    "version " + manifest.version() + ": tables of file 0.1 are read, but not written to");
        }
        long unknown = manifest.writerFeatureFlags() & ~WRITABLE;
        if (unknown != 0) {
            throw new UnsupportedFormatException("version " + manifest.version() + ": writing to this table needs "
                    + describe(unknown) + ", not known here");
        }
    }

    /// The flags that go over into the next version.
    public static long sticky(long flags) {
        return flags & STICKY;
    }

    /// `feature flag 6 (data overlays), ...`
    public static String describe(long flags) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((flags >>> bit & 1) != 0) {
                names.add("feature flag " + bit + (bit < NAMES.length ? " (" + NAMES[bit] + ")" : ""));
            }
        }
        return names.isEmpty() ? "no feature flag" : String.join(", ", names);
    }
}
