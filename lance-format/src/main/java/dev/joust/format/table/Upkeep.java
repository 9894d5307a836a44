// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.cleanup.CleanupPlanner;
import dev.joust.format.internal.table.cleanup.FileRemoval;
import dev.joust.format.internal.table.compact.Compaction;
import dev.joust.format.internal.table.compact.CompactionCommit;
import dev.joust.format.internal.table.compact.CompactionPlanner;
import dev.joust.format.internal.table.compact.FragmentRewriter;

/// What keeps a table small and fast: compaction, and the end of old versions. The rules of {@link Dataset} hold. Thread-safe.
public final class Upkeep {
    private final Dataset dataset;

    Upkeep(Dataset dataset) {
        this.dataset = dataset;
    }

    /// Merges small fragments and writes those with many deleted rows anew, as the table's config and the reference's
    /// defaults say. Nothing is committed if there is nothing to do.
    public Compacted compact() throws IOException {
        return compact(CompactionOptions.ofConfig(dataset.config()));
    }

    /// Plans, does all tasks, several at once, and commits. Rows keep their order in each run of fragments; indices that
    /// know rows by address, and that nobody remaps, no longer cover what was rewritten.
    ///
    /// @throws dev.joust.format.CommitConflictException if others keep changing the same fragments
    public Compacted compact(CompactionOptions compactionOptions) throws IOException {
        Compaction compaction = new Compaction(dataset.session(), compactionOptions);
        return dataset.redone(compaction::of);
    }

    /// What a compaction of this version would do. Reads nothing.
    public CompactionPlan planCompaction(CompactionOptions compactionOptions) {
        FeatureFlags.checkWritable(dataset.manifest());
        return CompactionPlanner.plan(dataset.counted(), compactionOptions);
    }

    /// Does one task of a plan, whoever made it: writes new fragments, which nobody sees before they are committed.
    ///
    /// @throws IllegalArgumentException if the plan is of another version
    public CompactionPlan.Result executeCompaction(CompactionPlan plan, CompactionPlan.Task task) throws IOException {
        if (plan.readVersion() != dataset.version()) {
            throw new IllegalArgumentException(
                    "a plan of version " + plan.readVersion() + " for version " + dataset.version());
        }
        FileVersion asked = plan.options().fileVersion();
        return new FragmentRewriter(
                        dataset.context(), dataset.counted(), asked == null ? dataset.tableFileVersion() : asked, plan.options(), dataset.options(),
                        Compaction.batchBytes(dataset.session(), plan.options()), dataset.memory())
                .rewrite(task);
    }

    /// Commits tasks that were done for this version, here or elsewhere, all in one.
    ///
    /// @throws dev.joust.format.CommitConflictException if others changed the fragments meanwhile
    public Dataset commitCompaction(List<CompactionPlan.Result> results, CompactionOptions compactionOptions)
            throws IOException {
        WriteOptions options = dataset.options();
        Map<String, String> properties = new HashMap<>(options.properties());
        properties.putAll(compactionOptions.properties());
        return new CompactionCommit(dataset.context(), compactionOptions)
                .commit(dataset.withOptions(options.withProperties(properties)), results)
                .withOptions(options);
    }

    /// Deletes old versions, and the files that no version needs any more. The newest version stays, and every version
    /// that a tag or branch needs.
    ///
    /// @throws IllegalArgumentException naming tags of versions that would go, where the policy asks for that
    public CleanupStats cleanup(CleanupPolicy policy) throws IOException {
        return new FileRemoval(dataset.context(), policy).remove(planCleanup(policy));
    }

    /// What {@link #cleanup} would delete now. Reads every manifest and lists the table's folders.
    public CleanupPlan planCleanup(CleanupPolicy policy) throws IOException {
        FeatureFlags.checkWritable(dataset.manifest());
        return new CleanupPlanner(dataset.context(), dataset.refs(), dataset.manifest(), policy, Instant.now()).plan();
    }
}
