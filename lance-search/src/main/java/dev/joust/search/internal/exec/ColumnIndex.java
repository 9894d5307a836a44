// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.Fragment;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorIndex;

/// The index that searches of one column of one version use. Immutable.
///
/// @param name      of the index; null where the column has none that can be used
/// @param metric    of the index; null as the name is
/// @param segments  opened
/// @param uncovered fragments that none of them covers
/// @param notes     on what is not used, for people
/// @param vectors   of the column, for a look at those that the index proposes
record ColumnIndex(
        @Nullable String name,
        @Nullable DistanceType metric,
        List<Segment> segments,
        List<Fragment> uncovered,
        List<String> notes,
        CandidateVectors vectors) {
    ColumnIndex {
        segments = List.copyOf(segments);
        uncovered = List.copyOf(uncovered);
        notes = List.copyOf(notes);
    }

    record Segment(VectorIndex index, LiveRows rows) {}

    /// Whether every distance it reports is that of the vectors themselves.
    boolean isExact() {
        return segments.stream().allMatch(segment -> segment.index.isExact());
    }
}
