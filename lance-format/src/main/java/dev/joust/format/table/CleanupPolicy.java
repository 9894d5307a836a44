// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.cleanup.DurationText;

/// Which versions go, and which files that no version needs (spec: table format 8.3). A version goes if every condition
/// that is set says so; without any, all go but the newest. Versions that tags or branches need always stay. Immutable;
/// each `with` answers a changed copy.
///
/// @param olderThan        versions committed longer ago than this; null sets no condition
/// @param beforeVersion    versions below this one; null sets no condition
/// @param retainVersions   all but so many newest versions, at least 1; null sets no condition
/// @param versions         these versions; null sets no condition
/// @param deleteUnverified whether files that no version ever named go even if they are younger than 7 days. Only where
///                         nobody writes to the table: they may be of a commit that is under way
/// @param errorIfTagged    whether a version that would go but for its tag is an error; otherwise it stays silently
/// @param deletesAtOnce    delete requests under way at once
/// @param deletesPerSecond delete requests per second at most; null is any number
public record CleanupPolicy(
        @Nullable Duration olderThan,
        @Nullable Long beforeVersion,
        @Nullable Integer retainVersions,
        @Nullable Set<Long> versions,
        boolean deleteUnverified,
        boolean errorIfTagged,
        int deletesAtOnce,
        @Nullable Integer deletesPerSecond) {
    private static final int DELETES_AT_ONCE = 32;

    /// Versions older than two weeks.
    public static final CleanupPolicy DEFAULT = olderThan(Duration.ofDays(14));

    public CleanupPolicy {
        versions = versions == null ? null : Set.copyOf(versions);
        if (retainVersions != null && retainVersions < 1) {
            throw new IllegalArgumentException("at least 1 version is retained, not " + retainVersions);
        }
        if (olderThan != null && olderThan.isNegative()) {
            throw new IllegalArgumentException("versions older than " + olderThan);
        }
        if (deletesAtOnce < 1 || (deletesPerSecond != null && deletesPerSecond < 1)) {
            throw new IllegalArgumentException(
                    deletesAtOnce + " deletes at once, " + deletesPerSecond + " deletes per second");
        }
    }

    private static CleanupPolicy none() {
        return new CleanupPolicy(null, null, null, null, false, true, DELETES_AT_ONCE, null);
    }

    /// An age in words, as a table's config and the command line give it: `14d`, `1h 30m`.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Duration age(String text) {
        return DurationText.parse(text);
    }

    public static CleanupPolicy olderThan(Duration age) {
        return none().withOlderThan(age);
    }

    public static CleanupPolicy beforeVersion(long version) {
        return none().withBeforeVersion(version);
    }

    /// All but the newest ones.
    public static CleanupPolicy retainVersions(int count) {
        return none().withRetainVersions(count);
    }

    public static CleanupPolicy ofVersions(Set<Long> versions) {
        return new CleanupPolicy(null, null, null, versions, false, true, DELETES_AT_ONCE, null);
    }

    public CleanupPolicy withOlderThan(@Nullable Duration age) {
        return new CleanupPolicy(
                age, beforeVersion, retainVersions, versions, deleteUnverified, errorIfTagged, deletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withBeforeVersion(@Nullable Long version) {
        return new CleanupPolicy(
                olderThan, version, retainVersions, versions, deleteUnverified, errorIfTagged, deletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withRetainVersions(@Nullable Integer count) {
        return new CleanupPolicy(
                olderThan, beforeVersion, count, versions, deleteUnverified, errorIfTagged, deletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withDeleteUnverified(boolean newDeleteUnverified) {
        return new CleanupPolicy(
                olderThan, beforeVersion, retainVersions, versions, newDeleteUnverified, errorIfTagged, deletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withErrorIfTagged(boolean newErrorIfTagged) {
        return new CleanupPolicy(
                olderThan, beforeVersion, retainVersions, versions, deleteUnverified, newErrorIfTagged, deletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withDeletesAtOnce(int newDeletesAtOnce) {
        return new CleanupPolicy(
                olderThan, beforeVersion, retainVersions, versions, deleteUnverified, errorIfTagged, newDeletesAtOnce,
                deletesPerSecond);
    }

    public CleanupPolicy withDeletesPerSecond(@Nullable Integer newDeletesPerSecond) {
        return new CleanupPolicy(
                olderThan, beforeVersion, retainVersions, versions, deleteUnverified, errorIfTagged, deletesAtOnce,
                newDeletesPerSecond);
    }
}
