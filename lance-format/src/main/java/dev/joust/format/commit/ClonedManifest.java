// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// The content of a table that is made out of a version of another, or of a branch (spec: table format 9). The version
/// keeps its number.
///
/// A shallow clone leaves the files where they are, and names the other table as their base: those that lie in the other
/// table itself get the new base's id, those that it has from elsewhere keep theirs. A deep clone has all files in its
/// own folders.
final class ClonedManifest {
    private ClonedManifest() {}

    /// What the clone's first version starts from; its flags are those of the source.
    static Manifest of(Manifest source, Operation.Clone clone) {
        if (!clone.isShallow()) {
            return with(source, List.of(), null, true);
        }
        Set<Integer> used = new HashSet<>();
        source.basePaths().forEach(base -> used.add(base.id()));
        int newId = 0;
        while (used.contains(newId)) {
            newId++;
        }
        List<BasePath> bases = new ArrayList<>(source.basePaths());
        bases.add(new BasePath(newId, clone.refName(), true, clone.refPath(), Bytes.EMPTY));
        return with(source, bases, newId, false);
    }

    private static Manifest with(
            Manifest source, List<BasePath> bases, @Nullable Integer newBase, boolean moveAll) {
        List<Fragment> fragments = source.fragments().stream()
                .map(fragment -> moved(fragment, newBase, moveAll))
                .toList();
        List<IndexMetadata> indices = source.indices().stream()
                .map(index -> moveAll || index.baseId() == null ? index.withBaseId(newBase) : index)
                .toList();
        return source.relocated(fragments, bases, indices);
    }

    private static Fragment moved(Fragment fragment, @Nullable Integer newBase, boolean moveAll) {
        Fragment moved = fragment.withFiles(fragment.files().stream()
                .map(file -> moveAll || file.baseId() == null ? file.withBaseId(newBase) : file)
                .toList());
        DeletionFile deletions = fragment.deletionFile();
        return deletions == null || (!moveAll && deletions.baseId() != null)
                ? moved
                : moved.withDeletionFile(deletions.withBaseId(newBase));
    }
}
