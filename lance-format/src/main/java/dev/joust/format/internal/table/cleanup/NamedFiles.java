// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.util.HashSet;
import java.util.Set;

import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// Files that some versions name. Files of other tables, at base paths, are named too: they hurt nobody, since no file
/// here has their random names. Not thread-safe.
final class NamedFiles {
    private final Set<String> data = new HashSet<>();
    private final Set<String> deletions = new HashSet<>();
    private final Set<String> transactions = new HashSet<>();
    private final Set<String> indices = new HashSet<>();

    void add(Manifest manifest) {
        for (Fragment fragment : manifest.fragments()) {
            for (DataFile file : fragment.files()) {
                data.add(file.path());
            }
            if (fragment.deletionFile() != null) {
                deletions.add(fragment.deletionFile().fileName(fragment.id()));
            }
        }
        if (!manifest.transactionFile().isEmpty()) {
            transactions.add(manifest.transactionFile());
        }
        for (IndexMetadata index : manifest.indices()) {
            indices.add(index.uuid().toString());
        }
    }

    /// @param path below `data/`
    boolean hasData(String path) {
        return data.contains(path);
    }

    boolean hasDeletions(String name) {
        return deletions.contains(name);
    }

    boolean hasTransaction(String name) {
        return transactions.contains(name);
    }

    boolean hasIndex(String uuid) {
        return indices.contains(uuid);
    }
}
