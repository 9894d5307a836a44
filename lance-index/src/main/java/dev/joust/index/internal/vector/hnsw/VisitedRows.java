// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.Arrays;

/// Which rows a walk has seen. To forget them all costs nothing. Not thread-safe.
final class VisitedRows {
    private int[] epochs = {};
    private int epoch;

    /// Forgets all, and makes room for so many rows.
    void start(int count) {
        if (epochs.length < count) {
            epochs = new int[Math.max(count, Math.min(2 * epochs.length, Integer.MAX_VALUE - 8))];
            epoch = 0;
        }
        if (++epoch == 0) {
            Arrays.fill(epochs, 0);
            epoch = 1;
        }
    }

    /// Marks the row, and says whether it was not yet.
    boolean add(int row) {
        if (epochs[row] == epoch) {
            return false;
        }
        epochs[row] = epoch;
        return true;
    }
}
