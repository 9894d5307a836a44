// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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

/// Merges runs of small fragments, class by class: a fragment is of class k if it has about `fanIn` to the k-th power
/// rows, and a run is merged once `fanIn` neighbours are of one class or a lower one. So each row is written again once
/// per class, and a table of n rows has at most about `fanIn` fragments per class, log n of them.
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
        return version.manifest().fragments().size() >= fanIn && !runs(version).isEmpty();
    }

    @Override
    public Optional<Outcome> prepare(Dataset version) throws IOException {
        List<List<Fragment>> runs = runs(version);
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        CompactionOptions options = CompactionOptions.ofConfig(version.config());
        CompactionPlan plan = new CompactionPlan(
                version.version(),
                options,
                runs.stream().map(CompactionPlan.Task::new).toList());
        List<CompactionPlan.Result> results = new ArrayList<>();
        for (CompactionPlan.Task task : plan.tasks()) {
            results.add(version.executeCompaction(plan, task));
        }
        return Optional.of(on -> on.commitCompaction(results, options));
    }

    /// Neighbours to be merged, by the lowest class that has enough of them.
    private List<List<Fragment>> runs(Dataset version) {
        Manifest manifest = version.manifest();
        if (manifest.indices().stream().anyMatch(index -> index.name().equals(IndexMetadata.FRAGMENT_REUSE))) {
            return List.of();
        }
        long target = CompactionOptions.ofConfig(version.config()).targetRowsPerFragment();
        List<Candidate> candidates = candidates(manifest);
        for (long limit = fanIn; ; limit = Math.min(target, Math.multiplyExact(limit, fanIn))) {
            List<List<Fragment>> runs = runsBelow(candidates, Math.min(limit, target));
            if (!runs.isEmpty() || limit >= target) {
                return runs;
            }
        }
    }

    /// @param limit rows that a fragment of the class has not
    private List<List<Fragment>> runsBelow(List<Candidate> candidates, long limit) {
        List<List<Fragment>> runs = new ArrayList<>();
        List<Fragment> run = new ArrayList<>();
        BitSet covering = NONE;
        for (Candidate candidate : candidates) {
            boolean small = candidate.fragment().physicalRowCount() < limit && !candidate.stays();
            if (!small || !candidate.covering().equals(covering)) {
                addIfWorth(run, runs);
                run = new ArrayList<>();
            }
            covering = candidate.covering();
            if (small) {
                run.add(candidate.fragment());
            }
        }
        addIfWorth(run, runs);
        return runs;
    }

    private void addIfWorth(List<Fragment> run, List<List<Fragment>> runs) {
        if (run.size() >= fanIn) {
            runs.add(run);
        }
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
