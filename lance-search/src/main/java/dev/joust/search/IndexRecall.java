// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

/// How well an index finds the nearest rows, and how fast, for some ways to search.
///
/// @param index       as the manifest has it
/// @param metric      of the index
/// @param sampleCount rows whose vectors were looked for; each of them is left out of what is found for it
/// @param k           rows looked for
/// @param exactMillis mean time of a search that looks at every vector
/// @param points      one for each way to search
public record IndexRecall(
        IndexInfo index, String metric, int sampleCount, int k, double exactMillis, List<Point> points) {
    public IndexRecall {
        points = List.copyOf(points);
    }

    /// One way to search.
    ///
    /// @param probes      partitions of a segment that are looked at
    /// @param ef          width of a search in a graph; 0 where there are none
    /// @param refine      as many times k rows were compared by their vectors; 0 where none were
    /// @param recall      share of the nearest rows that were found, from 0 to 1
    /// @param meanMillis  of a search that follows others like it
    /// @param p95Millis   that one search in twenty takes longer than
    public record Point(int probes, int ef, int refine, double recall, double meanMillis, double p95Millis) {}
}
