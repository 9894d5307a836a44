// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.refs.BranchFolders;
import dev.joust.format.internal.refs.RefFiles;
import dev.joust.format.internal.refs.RefPaths;
import dev.joust.format.internal.refs.VersionFiles;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Tags and branches of one table. They lie below the table's own folder, also those that belong to a branch.
/// Thread-safe.
public final class Refs {
    private final Tags tags;
    private final Branches branches;

    /// @param root the table's own folder, not that of a branch
    public Refs(Session session, ObjectStore root) {
        VersionFiles versions = new VersionFiles(root);
        tags = new Tags(new RefFiles(root, session.ioExecutor(), RefPaths.TAGS, "tag"), versions);
        branches = new Branches(this, new BranchFolders(session, root));
    }

    public Tags tags() {
        return tags;
    }

    public Branches branches() {
        return branches;
    }

    /// Versions of a branch that others depend on, and who does: tags (`tag 'v1'`), and branches that start there or
    /// further on in a branch that starts there (`branch 'try'`). Their files must stay.
    ///
    /// @param branch null for the main one
    public SortedMap<Long, List<String>> referencedVersions(@Nullable String branch) throws IOException {
        String asked = Branch.nullForMain(branch);
        SortedMap<Long, List<String>> users = new TreeMap<>();
        for (Tag tag : tags.list().values()) {
            if (Objects.equals(Branch.nullForMain(tag.branch()), asked)) {
                users.computeIfAbsent(tag.version(), _ -> new ArrayList<>()).add("tag '" + tag.name() + "'");
            }
        }
        SortedMap<String, Branch> all = branches.list();
        Branch own = asked == null ? null : all.get(asked);
        BranchIdentifier identifier =
                asked == null ? BranchIdentifier.MAIN : own == null ? null : own.identifier();
        for (Branch other : all.values()) {
            OptionalLong version =
                    identifier == null ? OptionalLong.empty() : other.identifier().versionUsedOf(identifier);
            version.ifPresent(used -> addBranch(users, used, other));
            // Files of old writers name the parent only.
            if (Objects.equals(Branch.nullForMain(other.parentBranch()), asked)) {
                addBranch(users, other.parentVersion(), other);
            }
        }
        return users;
    }

    private static void addBranch(SortedMap<Long, List<String>> users, long version, Branch branch) {
        List<String> ofVersion = users.computeIfAbsent(version, _ -> new ArrayList<>());
        String user = "branch '" + branch.name() + "'";
        if (!ofVersion.contains(user)) {
            ofVersion.add(user);
        }
    }

    /// The version that a reference names.
    ///
    /// @param branch that the one who asks is on; null for the main one
    /// @throws NoSuchRefException if there is no such tag or branch
    public Resolved resolve(Ref ref, @Nullable String branch) throws IOException {
        return switch (ref) {
            case Ref.VersionNumber(long version) -> new Resolved(Branch.nullForMain(branch), version);
            case Ref.TagName(String name) -> {
                Tag tag = tags.get(name);
                yield new Resolved(Branch.nullForMain(tag.branch()), tag.version());
            }
            case Ref.OnBranch(String name, Long version) -> {
                if (name != null) {
                    branches.get(name);
                }
                yield new Resolved(name, version);
            }
        };
    }

    /// @param branch  null for the main one
    /// @param version null for the newest
    public record Resolved(@Nullable String branch, @Nullable Long version) {}

    public static NoSuchRefException noVersion(@Nullable String branch, long version) {
        return new NoSuchRefException("no version " + Long.toUnsignedString(version)
                + (branch == null ? "" : " on branch '" + branch + "'"));
    }
}
