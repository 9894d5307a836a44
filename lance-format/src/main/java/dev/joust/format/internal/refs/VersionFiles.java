// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.IOException;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.refs.Branch;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;

/// Finds the versions that references are to name, on any branch of a table.
///
/// @param root of the table
public record VersionFiles(ObjectStore root) {
    /// The table's folder, or that of a branch of it.
    public ObjectStore branchStore(@Nullable String branch) {
        String name = Branch.nullForMain(branch);
        return name == null ? root : ObjectStores.below(root, RefPaths.branchFolder(name));
    }

    /// The branch's newest version; empty where there is no such branch.
    public OptionalLong latest(@Nullable String branch) throws IOException {
        return new ManifestStore(branchStore(branch))
                .latest()
                .map(location -> OptionalLong.of(location.version()))
                .orElseGet(OptionalLong::empty);
    }

    /// Length of a version's manifest file; empty where there is no such version.
    public OptionalLong manifestSizeBytes(@Nullable String branch, long version) throws IOException {
        return new ManifestStore(branchStore(branch))
                .find(version)
                .map(ObjectMeta::sizeBytes)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }
}
