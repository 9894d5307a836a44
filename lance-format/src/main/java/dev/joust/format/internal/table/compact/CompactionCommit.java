// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.commit.Operation;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.CompactionPlan;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.IndexRemapper;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowMoves;

/// Makes the operation that puts new fragments in place of old ones. Where an index is remapped, the ids of the new
/// fragments are needed before: they are reserved, in a version of its own (spec: table format 8.1).
public final class CompactionCommit {
    private final TableContext table;
    private final CompactionOptions options;

    public CompactionCommit(TableContext table, CompactionOptions options) {
        this.table = table;
        this.options = options;
    }

    /// Commits tasks that were done.
    ///
    /// @param version that the plan was made from
    public Dataset commit(Dataset version, List<CompactionPlan.Result> results) throws IOException {
        for (CompactionPlan.Result result : results) {
            if (result.readVersion() != version.version()) {
                throw new IllegalArgumentException("a result of version " + result.readVersion()
                        + " among those of version " + version.version());
            }
        }
        if (remappings(version.manifest(), results).isEmpty()) {
            return version.commit(rewrite(groups(results), List.of()));
        }
        int count = results.stream().mapToInt(result -> result.newFragments().size()).sum();
        Dataset reserved =
                count == 0 ? version : version.commit(new Operation.ReserveFragments(count, Bytes.EMPTY));
        checkUnchanged(reserved.manifest(), results);
        List<Operation.Rewrite.Group> groups = identified(reserved.manifest(), count, results);
        RowMoves moves = moves(reserved.manifest(), groups);
        List<Operation.Rewrite.RewrittenIndex> rewritten = new ArrayList<>();
        for (Remapping remapping : remappings(reserved.manifest(), results)) {
            remapping.remapper().remap(reserved, remapping.index(), moves).ifPresent(rewritten::add);
        }
        return reserved.commit(rewrite(groups, rewritten));
    }

    /// What goes on from the reservation may have passed other changes on the way to it.
    private static void checkUnchanged(Manifest reserved, List<CompactionPlan.Result> results) {
        for (CompactionPlan.Result result : results) {
            for (Fragment old : result.oldFragments()) {
                if (!old.equals(reserved.fragment(old.id()).orElse(null))) {
                    throw new CommitConflictException(
                            "Rewrite on version " + result.readVersion() + " conflicts with what was committed up to version "
                                    + reserved.version() + ": fragment " + old.id() + " was changed",
                            true);
                }
            }
        }
    }

    private static Operation.Rewrite rewrite(
            List<Operation.Rewrite.Group> groups, List<Operation.Rewrite.RewrittenIndex> rewritten) {
        return new Operation.Rewrite(groups, rewritten, Bytes.EMPTY);
    }

    private record Remapping(IndexMetadata index, IndexRemapper remapper) {}

    /// Indices that cover moved rows, know them by address, and can be remapped.
    private List<Remapping> remappings(Manifest manifest, List<CompactionPlan.Result> results) {
        List<Remapping> remappings = new ArrayList<>();
        for (IndexMetadata index : manifest.indices()) {
            boolean follows = manifest.hasStableRowIds() && index.knowsRowsById();
            IndexRemapper remapper = remapperOf(index);
            if (!index.isSystem() && !follows && remapper != null && coversAnyOf(index, results)) {
                remappings.add(new Remapping(index, remapper));
            }
        }
        return remappings;
    }

    private @Nullable IndexRemapper remapperOf(IndexMetadata index) {
        return options.indexRemappers().stream()
                .filter(remapper -> remapper.canRemap(index))
                .findFirst()
                .orElse(null);
    }

    private static boolean coversAnyOf(IndexMetadata index, List<CompactionPlan.Result> results) {
        RoaringBitmap covered = IndexSegments.fragmentsOf(index);
        return covered != null
                && results.stream()
                        .flatMap(result -> result.oldFragments().stream())
                        .anyMatch(fragment -> covered.contains((int) fragment.id()));
    }

    private static List<Operation.Rewrite.Group> groups(List<CompactionPlan.Result> results) {
        return results.stream()
                .map(result -> new Operation.Rewrite.Group(result.oldFragments(), result.newFragments(), Bytes.EMPTY))
                .toList();
    }

    /// @param count how many ids were reserved, the highest of the table
    private static List<Operation.Rewrite.Group> identified(
            Manifest reserved, int count, List<CompactionPlan.Result> results) {
        Long highest = reserved.maxFragmentId();
        long nextId = highest == null ? 0 : highest - count + 1;
        List<Operation.Rewrite.Group> groups = new ArrayList<>();
        for (CompactionPlan.Result result : results) {
            List<Fragment> identified = new ArrayList<>();
            for (Fragment fragment : result.newFragments()) {
                identified.add(fragment.withId(nextId++));
            }
            groups.add(new Operation.Rewrite.Group(result.oldFragments(), identified, Bytes.EMPTY));
        }
        return groups;
    }

    private RowMoves moves(Manifest manifest, List<Operation.Rewrite.Group> groups) throws IOException {
        RowMoves.Builder moves = new RowMoves.Builder();
        for (Operation.Rewrite.Group group : groups) {
            List<DeletionVector> deletions = new ArrayList<>();
            for (Fragment old : group.oldFragments()) {
                deletions.add(table.deletions(manifest, old));
            }
            moves.add(group.oldFragments(), deletions, group.newFragments());
        }
        return moves.build();
    }
}
