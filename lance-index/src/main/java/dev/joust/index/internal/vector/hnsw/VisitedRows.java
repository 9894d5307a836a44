// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.Arrays;

/// Which rows a walk has seen. To forget them all costs next to nothing: one time in 255 the marks are wiped. A byte a
/// row, so that the marks of many rows fit in the cache. Not thread-safe.
final class VisitedRows {
    private byte[] epochs = {};
    private byte epoch;

    /// Forgets all, and makes room for so many rows.
    void start(int count) {
        if (epochs.length < count) {
            epochs = new byte[Math.max(count, Math.min(2 * epochs.length, Integer.MAX_VALUE - 8))];
            epoch = 0;
        }
        if (++epoch == 0) {
            Arrays.fill(epochs, (byte) 0);
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
