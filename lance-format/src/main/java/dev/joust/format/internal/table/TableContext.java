// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.refs.RefPaths;
import dev.joust.format.internal.refs.VersionFiles;
import dev.joust.format.refs.Branch;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// One table's folder, or that of a branch of it: what all its versions share. Thread-safe.
///
/// @param store rooted at the table or branch
/// @param root  rooted at the table; null for a folder that may turn out to be a branch's, see {@link #root(Manifest)}
public record TableContext(
        Session session, ObjectStore store, ManifestStore manifests, @Nullable ObjectStore root) {
    public TableContext(Session session, ObjectStore store) {
        this(session, store, new ManifestStore(store, session.fileTails()), null);
    }

    /// The folder of a branch.
    ///
    /// @param branch null for the main one
    public static TableContext ofBranch(Session session, ObjectStore root, @Nullable String branch) {
        ObjectStore store = new VersionFiles(root).branchStore(branch);
        return new TableContext(session, store, new ManifestStore(store, session.fileTails()), root);
    }

    /// The table's own folder, where its tags and branches are. A branch may be opened by the folder that it lies in, and
    /// says in its manifests what it is.
    public ObjectStore root(Manifest manifest) throws IOException {
        if (root != null) {
            return root;
        }
        String branch = Branch.nullForMain(manifest.branch());
        if (branch == null) {
            return store;
        }
        String folder = "/" + RefPaths.branchFolder(branch);
        String name = ObjectStores.nameOf(store);
        String path = name.replace('\\', '/');
        if (!path.endsWith(folder)) {
            throw new IllegalArgumentException(
                    name + " holds branch '" + branch + "' of a table, but does not lie in its folder " + folder);
        }
        return BaseStores.of(session).open(name.substring(0, name.length() - folder.length()), store);
    }

    /// The manifest of a version, remembered where the location tells which file it is in.
    public Manifest manifest(ManifestStore.Location location) throws IOException {
        return KnownManifest.of(this, location);
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
        return DeletionFiles.read(session, folder.store(), folder.path(), fragment);
    }

    /// Where a folder of the table lies, for files that say which base they are at.
    ///
    /// @param baseId null for the table itself
    /// @param folder such as `data`, below bases that are tables
    public FileLocation folder(Manifest manifest, @Nullable Integer baseId, ObjectPath folder) throws IOException {
        if (baseId == null) {
            return new FileLocation(store, folder);
        }
        for (BasePath base : manifest.basePaths()) {
            if (base.id() == baseId) {
                ObjectStore baseStore = BaseStores.of(session).open(base.path(), store);
                return new FileLocation(baseStore, base.isDatasetRoot() ? folder : ObjectPath.ROOT);
            }
        }
        throw new CorruptFileException("version " + manifest.version() + ": a file lies at base path "
                + Integer.toUnsignedString(baseId) + ", which the manifest does not list");
    }
}
