// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.refs.Branch;
import dev.joust.format.refs.Refs;
import dev.joust.format.refs.Tag;
import dev.joust.format.table.CleanupPlan;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;

/// Decides what a cleanup deletes: reads every manifest, then lists the table's folders. A file that any version that
/// stays names is never among them. Used once.
public final class CleanupPlanner {
    /// Files that no version names may be of a commit under way for so long.
    private static final Duration UNVERIFIED_AGE = Duration.ofDays(7);

    /// Manifests in memory at once.
    private static final int READ_AT_ONCE = 32;

    private static final ObjectPath INDICES = ObjectPath.of("_indices");

    private final TableContext table;
    private final Refs refs;
    private final Manifest current;
    private final CleanupPolicy policy;
    private final Instant now;

    /// @param refs    of the table, also where `current` is of a branch
    /// @param current the version that stays, with all after it
    public CleanupPlanner(TableContext table, Refs refs, Manifest current, CleanupPolicy policy, Instant now) {
        this.table = table;
        this.refs = refs;
        this.current = current;
        this.policy = policy;
        this.now = now;
    }

    /// @throws IllegalArgumentException naming tags of versions that would go, where the policy asks for that
    public CleanupPlan plan() throws IOException {
        List<ManifestStore.Location> locations = table.manifests().list();
        long firstKept = firstKept(locations);
        Set<Long> needed = refs.referencedVersions(current.branch()).keySet();
        NamedFiles retained = new NamedFiles();
        NamedFiles expired = new NamedFiles();
        Set<ObjectPath> expiredManifests = new HashSet<>();
        Set<Long> neededAll = new TreeSet<>();
        for (int start = 0; start < locations.size(); start += READ_AT_ONCE) {
            List<ManifestStore.Location> some =
                    locations.subList(start, Math.min(locations.size(), start + READ_AT_ONCE));
            for (ManifestStore.Loaded loaded : table.manifests().readAll(some, table.session().ioExecutor())) {
                FeatureFlags.checkWritable(loaded.manifest());
                boolean asked = isAsked(loaded.manifest(), firstKept);
                boolean goes = asked && !needed.contains(loaded.manifest().version());
                (goes ? expired : retained).add(loaded.manifest());
                if (goes) {
                    expiredManifests.add(loaded.location().path());
                } else if (asked) {
                    neededAll.add(loaded.manifest().version());
                }
            }
        }
        retained.add(current);
        checkTags(neededAll);
        return new CleanupPlan(
                current.version(),
                files(
                        new UnneededFiles(
                                retained, expired, policy.deleteUnverified() ? null : now.minus(UNVERIFIED_AGE)),
                        expiredManifests));
    }

    /// All versions below may go, as far as their numbers tell.
    private long firstKept(List<ManifestStore.Location> locations) {
        long firstKept = current.version();
        if (policy.beforeVersion() != null) {
            firstKept = Math.min(firstKept, policy.beforeVersion());
        }
        if (policy.retainVersions() != null && !locations.isEmpty()) {
            int index = Math.max(0, locations.size() - policy.retainVersions());
            firstKept = Math.min(firstKept, locations.get(index).version());
        }
        return firstKept;
    }

    private boolean isAsked(Manifest manifest, long firstKept) {
        Duration olderThan = policy.olderThan();
        return manifest.version() < firstKept
                && (policy.versions() == null || policy.versions().contains(manifest.version()))
                && (olderThan == null || manifest.timestamp().isBefore(now.minus(olderThan)));
    }

    private void checkTags(Set<Long> needed) throws IOException {
        if (!policy.errorIfTagged() || needed.isEmpty()) {
            return;
        }
        List<String> tags = new ArrayList<>();
        for (Tag tag : refs.tags().list().values()) {
            boolean ofBranch = Objects.equals(Branch.nullForMain(tag.branch()), current.branch());
            if (ofBranch && needed.contains(tag.version())) {
                tags.add("'" + tag.name() + "' of version " + tag.version());
            }
        }
        if (!tags.isEmpty()) {
            throw new IllegalArgumentException("versions that would be cleaned up are tagged: "
                    + String.join(", ", tags) + "; delete the tags, or let tagged versions stay");
        }
    }

    /// Manifests come last: as long as one is there, it proves what its files were.
    private List<CleanupPlan.File> files(UnneededFiles unneeded, Set<ObjectPath> expiredManifests)
            throws IOException {
        List<CleanupPlan.File> files = new ArrayList<>();
        collect(TablePaths.DATA, unneeded::ofData, files);
        collect(TablePaths.DELETIONS, unneeded::ofDeletions, files);
        collect(INDICES, unneeded::ofIndices, files);
        collect(TablePaths.TRANSACTIONS, unneeded::ofTransactions, files);
        collectUnfinished(TablePaths.DATA, CleanupPlan.Kind.DATA, unneeded, files);
        collectUnfinished(TablePaths.DELETIONS, CleanupPlan.Kind.DELETION, unneeded, files);
        collectUnfinished(INDICES, CleanupPlan.Kind.INDEX, unneeded, files);
        collectUnfinished(TablePaths.TRANSACTIONS, CleanupPlan.Kind.TRANSACTION, unneeded, files);
        collectUnfinished(TablePaths.VERSIONS, CleanupPlan.Kind.TEMPORARY_MANIFEST, unneeded, files);
        List<CleanupPlan.File> manifests = new ArrayList<>();
        collect(
                TablePaths.VERSIONS,
                (file, name) -> expiredManifests.contains(file.path())
                        ? new CleanupPlan.File(
                                file.path().value(), CleanupPlan.Kind.MANIFEST, false, file.sizeBytes())
                        : unneeded.ofVersions(file, name),
                manifests);
        files.addAll(manifests);
        return files;
    }

    private void collectUnfinished(
            ObjectPath folder, CleanupPlan.Kind kind, UnneededFiles unneeded, List<CleanupPlan.File> target)
            throws IOException {
        for (ObjectMeta file : table.store().unfinished(folder)) {
            CleanupPlan.File old = unneeded.ofUnfinished(file, kind);
            if (old != null) {
                target.add(old);
            }
        }
    }

    /// Whether a file of a folder goes.
    @FunctionalInterface
    private interface Judge {
        CleanupPlan.@Nullable File of(ObjectMeta file, String nameInFolder);
    }

    private void collect(ObjectPath folder, Judge judge, List<CleanupPlan.File> target) throws IOException {
        for (ObjectMeta file : table.store().list(folder)) {
            CleanupPlan.File unneeded =
                    judge.of(file, file.path().value().substring(folder.value().length() + 1));
            if (unneeded != null) {
                target.add(unneeded);
            }
        }
    }
}
