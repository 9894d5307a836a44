// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.HexFormat;
import java.util.UUID;

import dev.joust.io.ObjectPath;

/// Names of the folders and files of a table (spec: table format 1.1, 1.3).
public final class TablePaths {
    public static final ObjectPath VERSIONS = ObjectPath.of("_versions");
    public static final ObjectPath TRANSACTIONS = ObjectPath.of("_transactions");
    public static final ObjectPath DELETIONS = ObjectPath.of("_deletions");
    public static final ObjectPath INDICES = ObjectPath.of("_indices");
    public static final ObjectPath DATA = ObjectPath.of("data");
    public static final ObjectPath VERSION_HINT = VERSIONS.resolve("latest_version_hint.json");

    private static final int BITS_OF_NAME = 24;

    private TablePaths() {}

    /// A new name for a data file: the first 24 bits of a random UUID as binary digits, which spread the names over
    /// the key space of object stores, the rest as hexadecimal ones.
    public static String newDataFileName() {
        UUID uuid = UUID.randomUUID();
        long high = uuid.getMostSignificantBits();
        StringBuilder name = new StringBuilder(64);
        for (int bit = 0; bit < BITS_OF_NAME; bit++) {
            name.append((high >>> (63 - bit)) & 1);
        }
        HexFormat hex = HexFormat.of();
        String digits = hex.toHexDigits(high) + hex.toHexDigits(uuid.getLeastSignificantBits());
        return name.append(digits, BITS_OF_NAME / 4, digits.length())
                .append(".lance")
                .toString();
    }
}
