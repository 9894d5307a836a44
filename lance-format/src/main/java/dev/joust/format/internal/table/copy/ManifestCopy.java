// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.joust.format.internal.table.ManifestFile;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TransactionCodec;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;

/// Copies manifests as they are, but for those of branches: they name the table's own folder as the place of older files, and
/// are made to name the copy's. Thread-safe.
final class ManifestCopy {
    private static final int MAX_MANIFEST_BYTES = 1 << 30;

    private final ObjectStore source;
    private final ObjectStore target;
    private final String sourceName;
    private final String targetName;
    private final Set<String> basesElsewhere = new TreeSet<>();

    ManifestCopy(ObjectStore source, ObjectStore target) {
        this.source = source;
        this.target = target;
        sourceName = ObjectStores.nameOf(source);
        targetName = ObjectStores.nameOf(target);
    }

    /// Other tables that the copied versions have files of, which were not copied.
    synchronized List<String> basesElsewhere() {
        return List.copyOf(basesElsewhere);
    }

    /// @return whether it was there already
    /// @throws IllegalArgumentException if there is another version of that number
    boolean copy(ObjectMeta from) throws IOException {
        byte[] bytes = bytesFor(from);
        if (target.putIfAbsent(from.path(), bytes)) {
            return false;
        }
        if (!Arrays.equals(bytes, target.readAll(from.path(), MAX_MANIFEST_BYTES))) {
            throw new IllegalArgumentException(target.root() + " holds another table: its " + from.path() + " differs");
        }
        return true;
    }

    byte[] bytesFor(ObjectMeta from) throws IOException {
        ObjectPath path = from.path();
        String folder = path.value().substring(0, path.value().length() - path.fileName().length() - 1);
        ObjectPath tableFolder = ObjectPath.of(folder.equals("_versions") ? "" : folder.substring(0, folder.length() - "/_versions".length()));
        ManifestStore manifests = new ManifestStore(
                tableFolder.equals(ObjectPath.ROOT) ? source : ObjectStores.below(source, tableFolder));
        ManifestStore.Loaded loaded = manifests.read(new ManifestStore.Location(
                ManifestNaming.versionOf(path.fileName()).orElseThrow(), ManifestNaming.of(path.fileName()).orElseThrow()));
        Manifest manifest = loaded.manifest();
        List<BasePath> moved = new ArrayList<>();
        boolean isMoved = false;
        for (BasePath base : manifest.basePaths()) {
            String there = moved(base.path());
            isMoved |= !there.equals(base.path());
            moved.add(new BasePath(base.id(), base.name(), base.isDatasetRoot(), there, base.unmodelled()));
        }
        if (!isMoved) {
            return source.readAll(path, MAX_MANIFEST_BYTES);
        }
        Manifest relocated = manifest.relocated(manifest.fragments(), moved, manifest.indices());
        byte[] transaction = loaded.transaction() == null ? null : TransactionCodec.toBytes(loaded.transaction());
        return ManifestFile.toBytes(relocated, transaction);
    }

    private String moved(String base) {
        if (base.equals(sourceName) || base.startsWith(sourceName + "/")) {
            return targetName + base.substring(sourceName.length());
        }
        synchronized (this) {
            basesElsewhere.add(base);
        }
        return base;
    }
}
