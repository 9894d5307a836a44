// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.joust.format.internal.refs.RefCodec;
import dev.joust.format.internal.refs.RefFiles;

/// The branches of a table but the main one. Thread-safe.
public final class Branches {
    private final RefFiles files;

    Branches(RefFiles files) {
        this.files = files;
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

    private static NoSuchRefException missing(String name) {
        return new NoSuchRefException("no branch '" + name + "'");
    }
}
