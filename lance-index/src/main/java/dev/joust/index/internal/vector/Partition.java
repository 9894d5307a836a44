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
    ///
    /// @param repeatsRows whether some are of one row, which is then found once
    public record Graph(HnswGraph graph, HnswRows nodes, boolean repeatsRows) {
        /// @param rowIds of the nodes; vectors of one row follow each other
        public static Graph of(HnswGraph graph, HnswRows nodes, long[] rowIds) {
            boolean repeats = false;
            for (int i = 1; i < rowIds.length && !repeats; i++) {
                repeats = rowIds[i] == rowIds[i - 1];
            }
            return new Graph(graph, nodes, repeats);
        }
    }

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
