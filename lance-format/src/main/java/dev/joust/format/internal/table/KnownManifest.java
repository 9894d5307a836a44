// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.Objects;

import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// A manifest that the session remembers. Its name is not enough to know it by: a table that is dropped and created again
/// has the same versions.
///
/// @param identity of the file it was read from
public record KnownManifest(String identity, Manifest manifest) {
    private static final int MAX_FILE_BYTES = 1 << 30;
    /// What a fragment takes beside what is in its messages, about.
    private static final int FRAGMENT_BYTES = 600;

    /// The manifest of a version: remembered, or read now, where the location tells which file it is; read otherwise.
    static Manifest of(TableContext table, ManifestStore.Location location) throws IOException {
        String identity = location.identity();
        if (identity == null) {
            return RowCounts.corrected(table, table.manifests().readManifest(location));
        }
        Session session = table.session();
        ObjectPath path = location.path();
        KnownManifest known = session.metadataCache().getIfPresent(table.store(), path, KnownManifest.class);
        if (known != null && known.identity.equals(identity)) {
            return known.manifest;
        }
        Manifest read = session.hasCacheFolder() && table.store().isRemote()
                ? table.manifests()
                        .parseManifest(location, session.readWhole(table.store(), path, identity, MAX_FILE_BYTES))
                : table.manifests().readManifest(location);
        Manifest manifest = RowCounts.corrected(table, read);
        session.metadataCache()
                .put(
                        table.store(),
                        path,
                        KnownManifest.class,
                        new KnownManifest(identity, manifest),
                        4096 + (long) FRAGMENT_BYTES * manifest.fragments().size());
        return manifest;
    }

    /// Whether both say that the same commit made them.
    public static boolean isSameCommit(Manifest one, Manifest other) {
        return one.version() == other.version()
                && Objects.equals(one.timestamp(), other.timestamp())
                && one.transactionFile().equals(other.transactionFile());
    }
}
