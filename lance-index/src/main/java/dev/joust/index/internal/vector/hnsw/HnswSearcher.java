// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.MaskBits;

/// Walks through graphs towards a query (spec: index format B.8). What is found stays until the next search:
///
///     int found = searcher.search(graph, rows.newScorer() that was given the query, k, ef, mask, lower, upper);
///     for (int i = 0; i < found; i++) use(searcher.row(i), searcher.distance(i));     // nearest first
///
/// For one thread; of any number of graphs, one after the other.
public final class HnswSearcher {
    /// If a mask leaves fewer rows than one in so many, they are looked at one by one.
    private static final int SPARSE = 10;

    private static final int SCAN_ROWS = 256;

    private final VisitedRows visited = new VisitedRows();
    private final NearestPool pool = new NearestPool();
    private final LongHeap open = new LongHeap();
    private final LongHeap kept = new LongHeap();
    private int[] ids = new int[SCAN_ROWS];
    private float[] distances = new float[SCAN_ROWS];
    private long[] found = {};

    /// Looks for the k nearest rows.
    ///
    /// @param scorer of the rows the graph goes through, measuring from the query
    /// @param ef     how many rows the walk keeps in view, at least k
    /// @param mask   bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    /// @param lower  rows qualify whose distance d is `lower <= d`; minus infinity for no bound
    /// @param upper  and `d < upper`; infinity for no bound
    /// @return how many were found
    public int search(
            HnswGraph graph,
            HnswRows.Scorer scorer,
            int k,
            int ef,
            long @Nullable [] mask,
            float lower,
            float upper) {
        if (k < 1 || ef < k) {
            throw new IllegalArgumentException("ef must be greater than or equal to k, but is " + ef + " for k " + k);
        }
        int count = graph.count();
        if (count == 0) {
            return 0;
        }
        int wanted = Math.min(k, count);
        int beam = Math.min(ef, count);
        boolean bounded = lower > Float.NEGATIVE_INFINITY || upper < Float.POSITIVE_INFINITY;
        int allowed = mask == null ? count : Math.min(count, cardinality(mask, count));
        if (allowed == count && !bounded) {
            walk(graph, scorer, beam);
            int size = Math.min(wanted, pool.size());
            start(size);
            for (int i = 0; i < size; i++) {
                found[i] = NearestPool.key(pool.distance(i), pool.row(i));
            }
            return size;
        }
        if (mask != null && allowed < count / SPARSE) {
            return scan(scorer, count, wanted, mask, lower, upper);
        }
        return walkFiltered(graph, scorer, beam, wanted, allowed == count ? null : mask, lower, upper);
    }

    /// The row found at that place, the nearest at 0.
    public int row(int index) {
        return NearestPool.row(found[index]);
    }

    public float distance(int index) {
        return NearestPool.distance(found[index]);
    }

    private void walk(HnswGraph graph, HnswRows.Scorer scorer, int beam) {
        HnswGraph.Level level = graph.levels().getFirst();
        int[] offsets = level.offsets();
        int[] neighbors = level.neighbors();
        pool.start(beam);
        int entry = descend(graph, scorer);
        visited.start(graph.count());
        visited.add(entry);
        pool.offer(distances[0], entry);
        for (int row = pool.expandNext(); row >= 0; row = pool.expandNext()) {
            int unseen = unseen(neighbors, offsets[row], offsets[row + 1]);
            scorer.score(ids, unseen, distances);
            for (int i = 0; i < unseen; i++) {
                pool.offer(distances[i], ids[i]);
            }
        }
    }

    /// All rows are walked through, but only those that qualify are kept.
    private int walkFiltered(
            HnswGraph graph,
            HnswRows.Scorer scorer,
            int beam,
            int wanted,
            long @Nullable [] mask,
            float lower,
            float upper) {
        HnswGraph.Level level = graph.levels().getFirst();
        int[] offsets = level.offsets();
        int[] neighbors = level.neighbors();
        open.clear();
        kept.clear();
        int entry = descend(graph, scorer);
        visited.start(graph.count());
        visited.add(entry);
        open.add(NearestPool.key(distances[0], entry));
        keep(distances[0], entry, beam, mask, lower, upper);
        while (open.size() > 0) {
            long nearest = open.removeFirst();
            if (kept.size() == beam && NearestPool.distance(nearest) > NearestPool.distance(~kept.first())) {
                break;
            }
            int row = NearestPool.row(nearest);
            int unseen = unseen(neighbors, offsets[row], offsets[row + 1]);
            scorer.score(ids, unseen, distances);
            for (int i = 0; i < unseen; i++) {
                if (kept.size() < beam || distances[i] < NearestPool.distance(~kept.first())) {
                    open.add(NearestPool.key(distances[i], ids[i]));
                    keep(distances[i], ids[i], beam, mask, lower, upper);
                }
            }
        }
        return take(wanted);
    }

    /// Keeps the row, if it qualifies, in a heap whose first is the farthest: keys are complemented.
    private void keep(float distance, int row, int most, long @Nullable [] mask, float lower, float upper) {
        if (distance >= lower && distance < upper && (mask == null || MaskBits.isSet(mask, row))) {
            kept.add(~NearestPool.key(distance, row));
            if (kept.size() > most) {
                kept.removeFirst();
            }
        }
    }

    private int scan(HnswRows.Scorer scorer, int count, int wanted, long[] mask, float lower, float upper) {
        kept.clear();
        int next = 0;
        while (next < count) {
            int filled = 0;
            for (; next < count && filled < SCAN_ROWS; next++) {
                if (MaskBits.isSet(mask, next)) {
                    ids[filled++] = next;
                }
            }
            scorer.score(ids, filled, distances);
            for (int i = 0; i < filled; i++) {
                keep(distances[i], ids[i], wanted, null, lower, upper);
            }
        }
        return take(wanted);
    }

    /// Makes what was kept the result.
    private int take(int wanted) {
        while (kept.size() > wanted) {
            kept.removeFirst();
        }
        int size = kept.size();
        start(size);
        for (int i = size - 1; i >= 0; i--) {
            found[i] = ~kept.removeFirst();
        }
        return size;
    }

    private void start(int size) {
        if (found.length < size) {
            found = new long[size];
        }
    }

    /// Goes down to level 0, on each level to the nearest row that neighbours lead to. Its distance is left in
    /// `distances[0]`.
    private int descend(HnswGraph graph, HnswRows.Scorer scorer) {
        int top = graph.levels().size() - 1;
        int[] nodes = graph.levels().get(top).nodes();
        int slot = Arrays.binarySearch(nodes, graph.entryPoint());
        if (slot < 0) {
            slot = 0; // the entry point is on a lower level than the highest
        }
        ids[0] = nodes[slot];
        scorer.score(ids, 1, distances);
        float best = distances[0];
        // what was not nearer before is not nearer now, on whatever level
        visited.start(graph.count());
        visited.add(ids[0]);
        for (int i = top; i > 0; i--) {
            HnswGraph.Level level = graph.levels().get(i);
            boolean nearer = true;
            while (nearer) {
                nearer = false;
                int count = unseen(level.neighbors(), level.offsets()[slot], level.offsets()[slot + 1]);
                scorer.score(ids, count, distances);
                int nearest = -1;
                for (int j = 0; j < count; j++) {
                    if (distances[j] < best) {
                        best = distances[j];
                        nearest = ids[j];
                    }
                }
                if (nearest >= 0) {
                    slot = Arrays.binarySearch(level.nodes(), nearest);
                    nearer = true;
                }
            }
            slot = graph.slotsBelow(i)[slot];
        }
        distances[0] = best;
        return slot;
    }

    /// Gathers the neighbours that were not met before.
    private int unseen(int[] neighbors, int from, int to) {
        reserve(to - from);
        int unseen = 0;
        for (int i = from; i < to; i++) {
            int neighbor = neighbors[i];
            if (visited.add(neighbor)) {
                ids[unseen++] = neighbor;
            }
        }
        return unseen;
    }

    private void reserve(int count) {
        if (ids.length < count) {
            ids = new int[2 * count];
            distances = new float[2 * count];
        }
    }

    private static int cardinality(long[] mask, int count) {
        int words = count / Long.SIZE;
        int cardinality = 0;
        for (int i = 0; i < words; i++) {
            cardinality += Long.bitCount(mask[i]);
        }
        if (words * Long.SIZE < count) {
            cardinality += Long.bitCount(mask[words] & ((1L << count) - 1));
        }
        return cardinality;
    }
}
