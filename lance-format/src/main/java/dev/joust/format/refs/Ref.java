// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import org.jspecify.annotations.Nullable;

/// What names a version of a table.
public sealed interface Ref {
    /// A version of the branch that the one who asks is on.
    record VersionNumber(long version) implements Ref {}

    /// The version that a tag names, on whatever branch.
    record TagName(String name) implements Ref {}

    /// A version of a branch.
    ///
    /// @param branch  null (or `main`) for the main one
    /// @param version null for the newest
    record OnBranch(@Nullable String branch, @Nullable Long version) implements Ref {
        public OnBranch {
            branch = Branch.nullForMain(branch);
        }
    }

    static Ref version(long version) {
        return new VersionNumber(version);
    }

    static Ref tag(String name) {
        return new TagName(name);
    }

    /// The newest version of a branch.
    static Ref branch(String branch) {
        return new OnBranch(branch, null);
    }
}
