// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.refs.BranchFolders;
import dev.joust.format.internal.refs.RefCodec;
import dev.joust.format.internal.refs.RefFiles;

/// The branches of a table but the main one. They are made by {@link dev.joust.format.table.Dataset#createBranch}.
/// Thread-safe.
public final class Branches {
    private final Refs refs;
    private final BranchFolders folders;
    private final RefFiles files;

    Branches(Refs refs, BranchFolders folders) {
        this.refs = refs;
        this.folders = folders;
        this.files = folders.files();
    }

    /// All branches by name. One listing, and a get for each.
    public SortedMap<String, Branch> list() throws IOException {
        SortedMap<String, Branch> branches = new TreeMap<>();
        files.list().forEach((name, object) -> branches.put(name, RefCodec.branch(files.path(name), name, object)));
        return branches;
    }

    /// One get.
    ///
    /// @throws IllegalArgumentException if no branch can have that name
    public Optional<Branch> find(String name) throws IOException {
        RefNames.checkBranch(name);
        return files.find(name).map(object -> RefCodec.branch(files.path(name), name, object));
    }

    /// @throws NoSuchRefException if there is no such branch
    public Branch get(String name) throws IOException {
        return find(name).orElseThrow(() -> missing(name));
    }

    /// Puts other metadata in place of all that a branch has.
    ///
    /// @throws NoSuchRefException if there is no such branch
    public Branch replaceMetadata(String name, Map<String, String> metadata) throws IOException {
        RefNames.checkBranch(name);
        JsonValue.Obj previous = files.find(name).orElseThrow(() -> missing(name));
        Branch before = RefCodec.branch(files.path(name), name, previous);
        Branch branch = new Branch(
                name,
                before.parentBranch(),
                before.identifier(),
                before.parentVersion(),
                before.createdAt(),
                before.manifestSizeBytes(),
                metadata);
        files.put(name, RefCodec.toJson(branch, previous));
        return branch;
    }

    /// Deletes a branch with its versions, and the files that it alone has. Branches that lie in its folder, because their
    /// names go on from its own, stay.
    ///
    /// @throws NoSuchRefException   if there is no such branch
    /// @throws RefConflictException if tags name versions of it, or other branches start from it
    public void delete(String name) throws IOException {
        get(name);
        deleteUnused(name);
    }

    /// As {@link #delete}, but also what was left of a branch that was not made, or not deleted, to its end.
    ///
    /// @throws RefConflictException if tags name versions of it, or other branches start from it
    public void deleteByForce(String name) throws IOException {
        RefNames.checkBranch(name);
        deleteUnused(name);
    }

    private void deleteUnused(String name) throws IOException {
        SortedMap<Long, List<String>> users = refs.referencedVersions(name);
        if (!users.isEmpty()) {
            throw new RefConflictException("branch '" + name + "' is needed by "
                    + String.join(", ", users.values().stream().flatMap(List::stream).distinct().toList()));
        }
        files.delete(name);
        folders.deleteFiles(name);
    }

    private static NoSuchRefException missing(String name) {
        return new NoSuchRefException("no branch '" + name + "'");
    }
}
