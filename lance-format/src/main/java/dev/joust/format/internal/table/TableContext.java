// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// One table's folder: what all its versions share. Thread-safe.
///
/// @param store rooted at the table
public record TableContext(Session session, ObjectStore store, ManifestStore manifests) {
    public TableContext(Session session, ObjectStore store) {
        this(session, store, new ManifestStore(store));
    }

    /// Where a file lies.
    public record FileLocation(ObjectStore store, ObjectPath path) {}

    public FileLocation locate(Manifest manifest, DataFile file) throws IOException {
        FileLocation folder = folder(manifest, file.baseId(), TablePaths.DATA);
        try {
            return new FileLocation(folder.store(), folder.path().resolve(file.path()));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(
                    "version " + manifest.version() + ": data file '" + file.path() + "' is no path below the table", e);
        }
    }

    /// The fragment's deleted rows; no request where there are none.
    public DeletionVector deletions(Manifest manifest, Fragment fragment) throws IOException {
        if (fragment.deletionFile() == null) {
            return DeletionVector.EMPTY;
        }
        FileLocation folder = folder(manifest, fragment.deletionFile().baseId(), TablePaths.DELETIONS);
        return DeletionFiles.read(session.metadataCache(), folder.store(), folder.path(), fragment);
    }

    private FileLocation folder(Manifest manifest, @Nullable Integer baseId, ObjectPath folder) throws IOException {
        if (baseId == null) {
            return new FileLocation(store, folder);
        }
        for (BasePath base : manifest.basePaths()) {
            if (base.id() == baseId) {
                ObjectStore baseStore = BaseStores.of(session).open(base.path());
                return new FileLocation(baseStore, base.isDatasetRoot() ? folder : ObjectPath.ROOT);
            }
        }
        throw new CorruptFileException("version " + manifest.version() + ": a file lies at base path "
                + Integer.toUnsignedString(baseId) + ", which the manifest does not list");
    }
}
