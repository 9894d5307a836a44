// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        Set<Long> left = coveredByAddress(manifest);
        for (long limit = fanIn; ; limit = Math.min(target, Math.multiplyExact(limit, fanIn))) {
            List<List<Fragment>> runs = runsBelow(manifest, Math.min(limit, target), left);
            if (!runs.isEmpty() || limit >= target) {
                return runs;
            }
        }
    }

    /// @param limit rows that a fragment of the class has not
    private List<List<Fragment>> runsBelow(Manifest manifest, long limit, Set<Long> left) {
        List<List<Fragment>> runs = new ArrayList<>();
        List<Fragment> run = new ArrayList<>();
        Set<Integer> covering = Set.of();
        for (Fragment fragment : manifest.fragments()) {
            boolean small = fragment.physicalRowCount() < limit && !left.contains(fragment.id());
            Set<Integer> itsCovering = covering(manifest, fragment);
            if (!small || !itsCovering.equals(covering)) {
                addIfWorth(run, runs);
                run = new ArrayList<>();
            }
            covering = itsCovering;
            if (small) {
                run.add(fragment);
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

    /// Fragments whose rows an index knows by address: it would lose them.
    private static Set<Long> coveredByAddress(Manifest manifest) {
        Set<Long> covered = new HashSet<>();
        for (IndexMetadata index : manifest.indices()) {
            if (index.isSystem() || (manifest.hasStableRowIds() && index.knowsRowsById())) {
                continue;
            }
            RoaringBitmap fragments = IndexSegments.fragmentsOf(index);
            for (Fragment fragment : manifest.fragments()) {
                if (fragments == null || fragments.contains((int) fragment.id())) {
                    covered.add(fragment.id());
                }
            }
        }
        return covered;
    }

    /// Which indices cover the fragment: only fragments of the same ones are merged, so that coverage stays whole.
    private static Set<Integer> covering(Manifest manifest, Fragment fragment) {
        if (manifest.indices().isEmpty()) {
            return Set.of();
        }
        Set<Integer> covering = new HashSet<>();
        for (int i = 0; i < manifest.indices().size(); i++) {
            IndexMetadata index = manifest.indices().get(i);
            RoaringBitmap fragments = index.isSystem() ? null : IndexSegments.fragmentsOf(index);
            if (fragments != null && fragments.contains((int) fragment.id())) {
                covering.add(i);
            }
        }
        return covering;
    }
}
