// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// One partition of an index in memory, as searches like it. Immutable.
///
/// @param rowIds  of its rows
/// @param vectors in the form of the index's {@link VectorStorage}
/// @param graph   through its rows; null in kinds without
@SuppressWarnings("ArrayRecordComponent") // for scans
public record Partition(long[] rowIds, VectorStorage.Vectors vectors, @Nullable Graph graph) {
    /// A graph, and the vectors that it compares.
    public record Graph(HnswGraph graph, HnswRows nodes) {}

    /// Memory held, about.
    long sizeBytes() {
        long bytes = 64 + 8L * rowIds.length + vectors.sizeBytes();
        if (graph == null) {
            return bytes;
        }
        for (HnswGraph.Level level : graph.graph.levels()) {
            bytes += 4L * (2L * level.nodes().length + level.neighbors().length);
        }
        return bytes + vectors.sizeBytes();
    }
}
