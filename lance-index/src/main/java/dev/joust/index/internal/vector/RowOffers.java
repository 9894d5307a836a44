// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// Distances of some rows on their way to the nearest: those that are not near enough are left behind many at a time.
/// For one thread.
public final class RowOffers {
    private final float[] distances;
    private final int[] candidates;

    /// @param capacity how many rows are offered at a time at most
    public RowOffers(int capacity) {
        distances = new float[capacity];
        candidates = new int[capacity];
    }

    /// To be filled before rows are offered.
    public float[] distances() {
        return distances;
    }

    /// Offers the rows `first .. first + count`, whose distances are at the front of {@link #distances()}, if they are
    /// in the mask and `lower <= distance < upper`.
    ///
    /// @param rowIds of row r at `rowIds[firstRowId + r]`
    /// @param mask   bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    public void offer(
            int first,
            int count,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        DistanceKernels kernels = VectorKernels.selection(count);
        int found = kernels.selectAtMost(distances, count, Math.min(upper, nearest.threshold()), candidates);
        for (int i = 0; i < found; i++) {
            int row = first + candidates[i];
            float distance = distances[candidates[i]];
            if (distance <= nearest.threshold()
                    && distance >= lower
                    && distance < upper
                    && (mask == null || MaskBits.isSet(mask, row))) {
                nearest.offer(distance, rowIds[firstRowId + row]);
            }
        }
    }
}
