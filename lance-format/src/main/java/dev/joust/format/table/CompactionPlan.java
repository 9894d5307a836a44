// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.List;

/// What a compaction is to do: tasks that depend on nothing but one version of the table, and may be done anywhere, in any
/// order, by whoever can open that version ({@link Upkeep#executeCompaction}). Committed together
/// ({@link Upkeep#commitCompaction}).
///
/// @param readVersion of the table
public record CompactionPlan(long readVersion, CompactionOptions options, List<Task> tasks) {
    public CompactionPlan {
        tasks = List.copyOf(tasks);
    }

    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /// Neighbouring fragments to be written anew as one run of rows.
    ///
    /// @param fragments ascending by id
    public record Task(List<Fragment> fragments) {
        public Task {
            fragments = List.copyOf(fragments);
        }

        public long liveRowCount() {
            return fragments.stream().mapToLong(Fragment::liveRowCount).sum();
        }
    }

    /// A task done: new fragments that nobody sees before they are committed.
    ///
    /// @param readVersion  of the plan
    /// @param oldFragments of the task
    /// @param newFragments without ids
    public record Result(
            long readVersion, List<Fragment> oldFragments, List<Fragment> newFragments, CompactionMetrics metrics) {
        public Result {
            oldFragments = List.copyOf(oldFragments);
            newFragments = List.copyOf(newFragments);
        }
    }
}
