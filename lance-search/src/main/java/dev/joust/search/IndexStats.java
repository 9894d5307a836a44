// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/// What the files of an index say about it.
///
/// @param segments of vectors; those that can't be opened here are left out
public record IndexStats(IndexInfo index, List<Segment> segments) {
    public IndexStats {
        segments = List.copyOf(segments);
    }

    /// @param partitionSizes rows of each partition
    /// @param imbalance      rows of the largest partition by the mean; 1 where all are equal
    /// @param loss           sum of the distances of the training sample to its centroids; null where not recorded
    public record Segment(
            UUID uuid, String metric, int dimension, List<Integer> partitionSizes, double imbalance, @Nullable Double loss) {
        public Segment {
            partitionSizes = List.copyOf(partitionSizes);
        }

        public long rowCount() {
            return partitionSizes.stream().mapToLong(size -> size).sum();
        }
    }
}
