// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.compact;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.schema.Field;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.CompactionPlan;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// Chooses the fragments that a compaction writes anew (spec: table format 8.1): those with many deleted rows, and
/// neighbours that are small. What the manifest says is enough. Used once.
public final class CompactionPlanner {
    private final Manifest manifest;
    private final CompactionOptions options;
    private final List<@Nullable RoaringBitmap> coverages = new ArrayList<>();
    private final Set<Integer> liveFields = new HashSet<>();

    private CompactionPlanner(Manifest manifest, CompactionOptions options) {
        this.manifest = manifest;
        this.options = options;
        for (IndexMetadata index : manifest.indices()) {
            if (!index.isSystem()) {
                coverages.add(IndexSegments.fragmentsOf(index));
            }
        }
        for (Field field : manifest.schema().preOrder()) {
            liveFields.add(field.id());
        }
    }

    /// @throws UnsupportedFormatException for a table whose indices know rows through a map of earlier moves
    public static CompactionPlan plan(Manifest manifest, CompactionOptions options) {
        for (IndexMetadata index : manifest.indices()) {
            if (index.name().equals(IndexMetadata.FRAGMENT_REUSE)) {
                throw new UnsupportedFormatException("compacting a table with a fragment-reuse index ('" + index.name()
                        + "'), whose indices know rows by addresses of earlier compactions");
            }
        }
        return new CompactionPlanner(manifest, options).plan();
    }

    /// Neighbours that may be written anew together.
    ///
    /// @param coveringIndices which indices cover all of them
    private record Bin(List<Fragment> fragments, Set<Integer> coveringIndices, boolean worthAlone) {}

    private CompactionPlan plan() {
        List<CompactionPlan.Task> tasks = new ArrayList<>();
        Bin bin = null;
        for (Fragment fragment : manifest.fragments()) {
            boolean excluded = options.excludedFragmentIds().contains(fragment.id());
            boolean alone = !excluded && isWorthAlone(fragment);
            if (excluded || !(alone || fragment.physicalRowCount() < options.targetRowsPerFragment())) {
                addTasks(bin, tasks);
                bin = null;
                continue;
            }
            Set<Integer> covering = coveringIndices(fragment);
            if (bin != null && bin.coveringIndices().equals(covering)) {
                bin.fragments().add(fragment);
            } else {
                addTasks(bin, tasks);
                bin = new Bin(new ArrayList<>(List.of(fragment)), covering, alone);
            }
        }
        addTasks(bin, tasks);
        return new CompactionPlan(manifest.version(), options, withinBudget(tasks));
    }

    private boolean isWorthAlone(Fragment fragment) {
        if (!options.materializeDeletions() || fragment.physicalRowCount() == 0) {
            return false;
        }
        // As the reference: in floats, so that both decide alike at the threshold.
        float share = (float) fragment.deletedRowCount() / (float) fragment.physicalRowCount();
        return share > (float) options.deletionsThreshold();
    }

    private Set<Integer> coveringIndices(Fragment fragment) {
        Set<Integer> covering = new HashSet<>();
        for (int i = 0; i < coverages.size(); i++) {
            RoaringBitmap coverage = coverages.get(i);
            if (coverage == null || coverage.contains((int) fragment.id())) {
                covering.add(i);
            }
        }
        return covering;
    }

    /// Cuts a bin where a whole new fragment is full and another one can be filled with what is left.
    private void addTasks(@Nullable Bin bin, List<CompactionPlan.Task> tasks) {
        if (bin == null || (bin.fragments().size() == 1 && !bin.worthAlone())) {
            return;
        }
        long target = options.targetRowsPerFragment();
        long remaining = bin.fragments().stream().mapToLong(Fragment::liveRowCount).sum();
        List<Fragment> current = new ArrayList<>();
        long rows = 0;
        for (Fragment fragment : bin.fragments()) {
            current.add(fragment);
            rows += fragment.liveRowCount();
            remaining -= fragment.liveRowCount();
            if (rows >= target && remaining >= target) {
                tasks.add(new CompactionPlan.Task(current));
                current = new ArrayList<>();
                rows = 0;
            }
        }
        tasks.add(new CompactionPlan.Task(current));
    }

    /// The first tasks that stay below what one run may read.
    private List<CompactionPlan.Task> withinBudget(List<CompactionPlan.Task> tasks) {
        long fragments = 0;
        long rows = 0;
        long bytes = 0;
        for (int i = 0; i < tasks.size(); i++) {
            CompactionPlan.Task task = tasks.get(i);
            fragments += task.fragments().size();
            rows += task.liveRowCount();
            bytes += sourceBytes(task);
            if (exceeds(fragments, options.maxSourceFragments())
                    || exceeds(rows, options.maxSourceRows())
                    || exceeds(bytes, options.maxSourceBytes())) {
                return tasks.subList(0, i);
            }
        }
        return tasks;
    }

    private static boolean exceeds(long count, @Nullable Long most) {
        return most != null && count > most;
    }

    /// Bytes of files that hold anything of the table; those of which the length is not known count as nothing.
    private long sourceBytes(CompactionPlan.Task task) {
        long bytes = 0;
        for (Fragment fragment : task.fragments()) {
            for (DataFile file : fragment.files()) {
                if (file.fieldIds().stream().anyMatch(liveFields::contains)) {
                    bytes += file.sizeBytes();
                }
            }
        }
        return bytes;
    }
}
