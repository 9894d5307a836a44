// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.IndexSegments;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.CompactionPlan;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.search.MaintenanceTask;

/// Merges small fragments, class by class: a fragment is of class k if it has about `fanIn` to the k-th power rows, and
/// those of a class are merged once there are `fanIn` of them. So each row is written again once per class, and a table of
/// n rows has at most about `fanIn` fragments per class, log n of them.
///
/// Fragments of other classes may lie between those that are merged, and do: what is added while others are merged comes
/// to lie before the result. To wait for neighbours would leave them, or write the large ones again with each few of them.
public final class SmallFragments implements MaintenanceTask {
    private static final BitSet NONE = new BitSet(); // never set

    private final int fanIn;

    /// @param fanIn fragments that are merged into one, at least 2
    public SmallFragments(int fanIn) {
        this.fanIn = fanIn;
    }

    @Override
    public String name() {
        return "merge small fragments";
    }

    @Override
    public boolean isDue(Dataset version) {
        return version.manifest().fragments().size() >= fanIn && !groups(version).isEmpty();
    }

    @Override
    public Optional<Outcome> prepare(Dataset version) throws IOException {
        List<List<Fragment>> groups = groups(version);
        if (groups.isEmpty()) {
            return Optional.empty();
        }
        CompactionOptions options = CompactionOptions.ofConfig(version.config());
        CompactionPlan plan = new CompactionPlan(
                version.version(),
                options,
                groups.stream().map(CompactionPlan.Task::new).toList());
        List<CompactionPlan.Result> results = new ArrayList<>();
        for (CompactionPlan.Task task : plan.tasks()) {
            results.add(version.upkeep().executeCompaction(plan, task));
        }
        return Optional.of(on -> on.upkeep().commitCompaction(results, options));
    }

    /// What is merged, of the lowest class that has enough.
    private List<List<Fragment>> groups(Dataset version) {
        Manifest manifest = version.manifest();
        if (manifest.indices().stream().anyMatch(index -> index.name().equals(IndexMetadata.FRAGMENT_REUSE))) {
            return List.of();
        }
        long target = CompactionOptions.ofConfig(version.config()).targetRowsPerFragment();
        List<Candidate> candidates = candidates(manifest);
        long least = 0;
        while (true) {
            long limit = Math.min(target, Math.multiplyExact(Math.max(1, least), fanIn));
            List<List<Fragment>> groups = groupsOfClass(candidates, least, limit);
            if (!groups.isEmpty() || limit >= target) {
                return groups;
            }
            least = limit;
        }
    }

    /// @param least rows that a fragment of the class has
    /// @param limit rows that none of them has
    private List<List<Fragment>> groupsOfClass(List<Candidate> candidates, long least, long limit) {
        Map<BitSet, List<Fragment>> byCovering = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            long rowCount = candidate.fragment().physicalRowCount();
            if (rowCount >= least && rowCount < limit && !candidate.stays()) {
                byCovering
                        .computeIfAbsent(candidate.covering(), _ -> new ArrayList<>())
                        .add(candidate.fragment());
            }
        }
        return byCovering.values().stream().filter(group -> group.size() >= fanIn).toList();
    }

    /// A fragment of a version.
    ///
    /// @param covering positions of the indices that cover it: only fragments of the same ones are merged, so that coverage
    ///                 stays whole
    /// @param stays    an index knows its rows by address, and would lose them
    private record Candidate(Fragment fragment, BitSet covering, boolean stays) {}

    private static List<Candidate> candidates(Manifest manifest) {
        List<IndexMetadata> indices = manifest.indices();
        if (indices.isEmpty()) {
            return manifest.fragments().stream()
                    .map(fragment -> new Candidate(fragment, NONE, false))
                    .toList();
        }
        List<Coverage> coverages = indices.stream().map(index -> Coverage.of(manifest, index)).toList();
        List<Candidate> candidates = new ArrayList<>(manifest.fragments().size());
        for (Fragment fragment : manifest.fragments()) {
            BitSet covering = new BitSet(indices.size());
            boolean stays = false;
            for (int i = 0; i < coverages.size(); i++) {
                Coverage coverage = coverages.get(i);
                covering.set(i, coverage.covers(fragment));
                stays |= coverage.byAddress() && coverage.mayCover(fragment);
            }
            candidates.add(new Candidate(fragment, covering, stays));
        }
        return candidates;
    }

    /// Which fragments an index covers.
    ///
    /// @param fragments null where it does not say
    /// @param byAddress whether it knows their rows by address
    private record Coverage(@Nullable RoaringBitmap fragments, boolean byAddress) {
        static Coverage of(Manifest manifest, IndexMetadata index) {
            return index.isSystem()
                    ? new Coverage(null, false)
                    : new Coverage(
                            IndexSegments.fragmentsOf(index),
                            !(manifest.hasStableRowIds() && index.knowsRowsById()));
        }

        boolean covers(Fragment fragment) {
            return fragments != null && fragments.contains((int) fragment.id());
        }

        boolean mayCover(Fragment fragment) {
            return fragments == null || covers(fragment);
        }
    }
}
