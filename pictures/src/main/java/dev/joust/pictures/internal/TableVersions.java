// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.joust.format.table.VersionInfo;
import dev.joust.pictures.PictureQuery;
import dev.joust.search.NoSuchTableException;
import dev.joust.search.Table;

/// Finds the version that a query asks for.
public final class TableVersions {
    private TableVersions() {}

    /// @param latest empty where there is no table
    /// @throws NoSuchTableException if a version is asked for that is not there
    static Optional<Table> of(Optional<Table> latest, PictureQuery query) {
        Long version = query.version();
        Instant at = query.at();
        if (version == null && at == null) {
            return latest;
        }
        Table table = latest.orElseThrow(() -> new NoSuchTableException("there is no table yet, so no version of it"));
        return Optional.of(table.at(version == null ? versionAt(table, at) : version));
    }

    /// The newest version that was there at a time. Clocks of writers may differ: the newest of those that say so counts.
    private static long versionAt(Table table, Instant at) {
        List<Long> versions = table.versionNumbers();
        int low = 0;
        int high = versions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (table.at(versions.get(middle)).versionInfo().timestamp().isAfter(at)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low == 0) {
            throw new NoSuchTableException("no version of the table is as old as " + at);
        }
        return versions.get(low - 1);
    }

    /// What the newest versions are, newest first.
    public static List<VersionInfo> newest(Table table, int most) {
        List<Long> versions = table.versionNumbers();
        return versions.subList(Math.max(0, versions.size() - most), versions.size()).reversed().stream()
                .map(version -> info(table, version))
                .flatMap(Optional::stream)
                .toList();
    }

    /// Empty where it was cleaned up meanwhile.
    private static Optional<VersionInfo> info(Table table, long version) {
        try {
            return Optional.of(table.at(version).versionInfo());
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }
}
