// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.index.RowMask;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.HnswSearcher;
import dev.joust.index.internal.vector.hnsw.HnswSearchers;

/// One search through partitions of one index, until it is closed. Not thread-safe.
public final class PartitionSearch implements AutoCloseable {
    private final VectorStorage.Scan scan;
    private final @Nullable RowMask mask;
    private final float lower;
    private final float upper;
    private final int candidates;
    private final int ef;

    /// @param candidates of a partition with a graph, at most
    /// @param ef         width of a search in a graph
    /// @param mask  rows that count; null where all do
    /// @param lower distances from here on count, up to but without `upper`
    public PartitionSearch(
            VectorStorage.Scan scan, @Nullable RowMask mask, float lower, float upper, int candidates, int ef) {
        this.scan = scan;
        this.mask = mask;
        this.lower = lower;
        this.upper = upper;
        this.candidates = candidates;
        this.ef = ef;
    }

    /// Offers the partition's rows that count.
    public void search(int partitionId, Partition partition, TopK nearest) {
        long[] rowIds = partition.rowIds();
        long[] counted = mask == null ? null : mask.of(partitionId, rowIds);
        Partition.Graph graph = partition.graph();
        if (graph == null) {
            scan.search(partitionId, partition.vectors(), rowIds, counted, lower, upper, nearest);
        } else {
            walk(partitionId, graph, rowIds, counted, nearest);
        }
    }

    private void walk(
            int partitionId, Partition.Graph graph, long[] rowIds, long @Nullable [] counted, TopK nearest) {
        HnswRows.Scorer scorer = graph.nodes().newScorer();
        scorer.query(scan.target(partitionId));
        HnswSearcher walker = HnswSearchers.take();
        try {
            int found = walker.search(graph.graph(), scorer, candidates, ef, counted, lower, upper);
            Set<Long> rows = graph.repeatsRows() ? new HashSet<>() : null;
            for (int i = 0; i < found; i++) {
                long rowId = rowIds[walker.row(i)];
                if (rows == null || rows.add(rowId)) {
                    nearest.offer(walker.distance(i), rowId);
                }
            }
        } finally {
            HnswSearchers.giveBack(walker);
        }
    }

    /// Leaves to the next search what that may use.
    @Override
    public void close() {
        scan.close();
    }
}
