// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.internal.table.Parallel;
import dev.joust.format.table.Compacted;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.CompactionPlan;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.io.Session;

/// A whole compaction, perhaps over several attempts: a task whose fragments are as they were is not done again. Not
/// thread-safe.
public final class Compaction {
    /// Tasks at once at most, however many cores there are: each holds several batches.
    private static final int MAX_TASKS_AT_ONCE = 8;
    /// Of the session's batch memory, what a batch may take: a task holds several.
    private static final int BATCH_SHARE = 32;

    private final Session session;
    private final CompactionOptions options;
    private final Map<List<Fragment>, CompactionPlan.Result> done = new HashMap<>();

    public Compaction(Session session, CompactionOptions options) {
        this.session = session;
        this.options = options;
    }

    /// One attempt. Commits nothing if there is nothing to do.
    public Compacted of(Dataset version) throws IOException {
        CompactionPlan plan = version.upkeep().planCompaction(options);
        if (plan.isEmpty()) {
            return new Compacted(version, CompactionMetrics.NONE);
        }
        List<CompactionPlan.Task> missing = plan.tasks().stream()
                .filter(task -> !done.containsKey(task.fragments()))
                .toList();
        List<CompactionPlan.Result> added = Parallel.map(
                session, missing, tasksAtOnce(session, options), task -> version.upkeep().executeCompaction(plan, task));
        added.forEach(result -> done.put(result.oldFragments(), result));
        List<CompactionPlan.Result> results = new ArrayList<>();
        for (CompactionPlan.Task task : plan.tasks()) {
            CompactionPlan.Result result = done.get(task.fragments());
            results.add(new CompactionPlan.Result(
                    plan.readVersion(), result.oldFragments(), result.newFragments(), result.metrics()));
        }
        Dataset committed = version.upkeep().commitCompaction(results, options);
        return new Compacted(committed, FragmentRewriter.sum(results));
    }

    private static int tasksAtOnce(Session session, CompactionOptions options) {
        return options.maxTasksAtOnce() > 0
                ? options.maxTasksAtOnce()
                : Math.min(MAX_TASKS_AT_ONCE, session.workerCount());
    }

    /// What a batch of one task may take, so that all tasks together stay within the session's memory.
    public static long batchBytes(Session session, CompactionOptions options) {
        return Math.max(1, session.batchMemoryBytes() / BATCH_SHARE / tasksAtOnce(session, options));
    }
}
