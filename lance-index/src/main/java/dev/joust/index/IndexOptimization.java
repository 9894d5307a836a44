// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// How far an index is brought up to date. Immutable; each `with` answers a changed copy.
///
/// @param segmentsToMerge so many of the newest segments become one with the rows that no segment covers; 0 makes a segment
///                        of its own of these rows; {@link #AS_NEEDED} merges those that are not much larger than what is
///                        added, splits partitions that have become too large and joins those that have become too small
/// @param retrain         whether the index is trained and built anew
/// @param build           listener, cancellation and memory
public record IndexOptimization(int segmentsToMerge, Retrain retrain, IndexBuildOptions build) {
    public static final int AS_NEEDED = -1;

    public static final IndexOptimization DEFAULT =
            new IndexOptimization(AS_NEEDED, Retrain.IF_MOVED, IndexBuildOptions.DEFAULT);

    /// Whether an index is trained and built anew.
    public enum Retrain {
        /// Only one that was never trained.
        NEVER,
        /// Where vectors that are added are so far from the centroids that those would gather them badly: if the mean distance of
        /// all rows to their centroids, by samples, is more than a quarter above that of the rows that are there. Looked at
        /// where nothing is said about which segments are merged, and one row in ten is new.
        IF_MOVED,
        ALWAYS
    }

    public IndexOptimization {
        if (segmentsToMerge < AS_NEEDED) {
            throw new IllegalArgumentException("merging " + segmentsToMerge + " segments");
        }
    }

    public IndexOptimization withSegmentsToMerge(int count) {
        return new IndexOptimization(count, retrain, build);
    }

    public IndexOptimization withRetrain(Retrain newRetrain) {
        return new IndexOptimization(segmentsToMerge, newRetrain, build);
    }

    public IndexOptimization withBuild(IndexBuildOptions newBuild) {
        return new IndexOptimization(segmentsToMerge, retrain, newBuild);
    }
}
