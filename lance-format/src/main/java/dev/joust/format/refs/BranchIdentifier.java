// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/// Where a branch comes from, fork by fork. A branch is below another if that one's forks are the first of its own.
///
/// @param forks from the main branch down; none for the main branch itself
public record BranchIdentifier(List<Fork> forks) {
    public static final BranchIdentifier MAIN = new BranchIdentifier(List.of());

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long SECOND_SEED = 0x9e3779b97f4a7c15L;

    /// @param version of the parent; 0 where it is not known
    /// @param uuid    32 hexadecimal digits, new for each branch
    public record Fork(long version, String uuid) {}

    public BranchIdentifier {
        forks = List.copyOf(forks);
    }

    /// Of a new branch, made from a version of this one.
    public BranchIdentifier child(long version) {
        List<Fork> all = new ArrayList<>(forks);
        all.add(new Fork(version, UUID.randomUUID().toString().replace("-", "")));
        return new BranchIdentifier(all);
    }

    /// The version of `ancestor` from which this branch, or the one that it comes from, was made; empty if it does not
    /// come from there.
    public OptionalLong versionUsedOf(BranchIdentifier ancestor) {
        int depth = ancestor.forks.size();
        if (forks.size() <= depth || !forks.subList(0, depth).equals(ancestor.forks)) {
            return OptionalLong.empty();
        }
        long version = forks.get(depth).version();
        return version > 0 ? OptionalLong.of(version) : OptionalLong.empty();
    }

    /// Of a branch whose file does not say: the one that the reference works out for it, so that both mean the same.
    public static BranchIdentifier ofFileWithout(
            String name, @Nullable String parentBranch, long parentVersion, long createdAtSeconds) {
        String input = "branch_name=" + name
                + "\nparent_branch=" + (parentBranch == null ? "" : parentBranch)
                + "\nparent_version=" + Long.toUnsignedString(parentVersion)
                + "\ncreate_at=" + Long.toUnsignedString(createdAtSeconds);
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        ByteBuffer hash = ByteBuffer.allocate(16)
                .putLong(fnv(bytes, FNV_OFFSET))
                .putLong(fnv(bytes, FNV_OFFSET ^ SECOND_SEED));
        return new BranchIdentifier(List.of(new Fork(0, HexFormat.of().formatHex(hash.array()))));
    }

    private static long fnv(byte[] bytes, long seed) {
        long hash = seed;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }
}
