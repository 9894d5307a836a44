// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Sees to it that every row can be reached from the entry point on level 0.
final class Reachability {
    private static final int WALK_ROWS = 32;

    private final MutableLinks links;
    private final int entryPoint;
    private final boolean[] reached;
    private final int[] queue;
    private final int[] ids;
    private final float[] distances;
    private final HnswRows.Scorer scorer;
    private final VisitedRows visited = new VisitedRows();
    private final NearestPool pool = new NearestPool();

    Reachability(HnswRows rows, MutableLinks links, int entryPoint) {
        this.links = links;
        this.entryPoint = entryPoint;
        reached = new boolean[links.count()];
        queue = new int[links.count()];
        ids = new int[links.most(0) + 1];
        distances = new float[ids.length];
        scorer = rows.newBuildScorer();
    }

    /// The links that are missing: pairs of a row that can be reached and one that could not, ordered by the former.
    List<int[]> repair() {
        List<int[]> missing = new ArrayList<>();
        reach(entryPoint);
        for (int row = 0; row < reached.length; row++) {
            if (!reached[row]) {
                missing.add(new int[] {nearestReached(row), row});
                reach(row);
            }
        }
        missing.sort(Comparator.comparingInt(link -> link[0]));
        return missing;
    }

    private void reach(int start) {
        int end = 0;
        queue[end++] = start;
        reached[start] = true;
        for (int i = 0; i < end; i++) {
            int count = links.copy(queue[i], 0, ids);
            for (int j = 0; j < count; j++) {
                if (!reached[ids[j]]) {
                    reached[ids[j]] = true;
                    queue[end++] = ids[j];
                }
            }
        }
    }

    /// The nearest row that a walk from the entry point finds.
    private int nearestReached(int row) {
        scorer.row(row);
        visited.start(links.count());
        pool.start(WALK_ROWS);
        ids[0] = entryPoint;
        scorer.score(ids, 1, distances);
        visited.add(entryPoint);
        pool.offer(distances[0], entryPoint);
        for (int next = pool.expandNext(); next >= 0; next = pool.expandNext()) {
            int count = links.copy(next, 0, ids);
            int unseen = 0;
            for (int i = 0; i < count; i++) {
                if (visited.add(ids[i])) {
                    ids[unseen++] = ids[i];
                }
            }
            scorer.score(ids, unseen, distances);
            for (int i = 0; i < unseen; i++) {
                pool.offer(distances[i], ids[i]);
            }
        }
        return pool.row(0);
    }
}
