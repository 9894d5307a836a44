// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

/// Chooses a row's neighbours: from the nearest on, each that is nearer to the row than to all that are chosen already,
/// so that links go in all directions. Where that leaves fewer than may be, the nearest of the others fill up. For one thread.
final class NeighborChoice {
    /// So many chosen ones are compared at a time: the first ones turn most candidates down.
    private static final int STEP = 4;

    private final HnswRows.Scorer scorer;
    private final int[] chosen;
    private final int[] others;
    private final int[] some = new int[STEP];
    private final float[] distances = new float[STEP];

    /// @param scorer whose row is changed
    NeighborChoice(HnswRows.Scorer scorer, int mostCandidates) {
        this.scorer = scorer;
        chosen = new int[mostCandidates];
        others = new int[mostCandidates];
    }

    /// The rows chosen last, at the front.
    int[] chosen() {
        return chosen;
    }

    /// Chooses at most `most` of the candidates, which come nearest first, and returns how many.
    int choose(int[] rows, float[] rowDistances, int count, int most) {
        int taken = 0;
        int left = 0;
        for (int i = 0; i < count && taken < most; i++) {
            if (isApart(rows[i], rowDistances[i], taken)) {
                chosen[taken++] = rows[i];
            } else {
                others[left++] = rows[i];
            }
        }
        // as the reference does: with fewer, its searches find less in our graphs than in its own
        for (int i = 0; i < left && taken < most; i++) {
            chosen[taken++] = others[i];
        }
        return taken;
    }

    private boolean isApart(int row, float distance, int taken) {
        if (taken == 0) {
            return true;
        }
        scorer.row(row);
        for (int first = 0; first < taken; first += STEP) {
            int count = Math.min(STEP, taken - first);
            System.arraycopy(chosen, first, some, 0, count);
            scorer.score(some, count, distances);
            for (int i = 0; i < count; i++) {
                if (distances[i] <= distance) {
                    return false;
                }
            }
        }
        return true;
    }
}
