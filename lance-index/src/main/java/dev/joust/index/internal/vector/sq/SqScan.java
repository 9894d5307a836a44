// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.sq;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.SqKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.RowOffers;

/// Looks for the nearest among the scalar-quantized rows of partitions. For one thread.
public final class SqScan {
    private static final int CHUNK_ROWS = 1024;

    private final SqQuery query;
    private final RowOffers offers = new RowOffers(CHUNK_ROWS);

    /// @param type DOT; any other for L2
    public SqScan(ScalarQuantizer quantizer, int dimension, DistanceType type) {
        query = new SqQuery(quantizer, dimension, type);
    }

    /// What rows searched from now on are compared with.
    public void target(float[] vector) {
        query.target(vector);
    }

    /// Offers the rows that are in the mask and whose distance d is `lower <= d < upper`.
    ///
    /// @param codes  `byte[rowCount * dimension]` from byte `start` on
    /// @param rowIds of row r at `rowIds[firstRowId + r]`
    /// @param mask   bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    public void search(
            byte[] codes,
            int start,
            int rowCount,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        SqKernels kernels = VectorKernels.sq((long) rowCount * query.dimension());
        for (int first = 0; first < rowCount; first += CHUNK_ROWS) {
            int count = Math.min(CHUNK_ROWS, rowCount - first);
            query.distances(kernels, codes, start + first * query.dimension(), count, offers.distances());
            offers.offer(first, count, rowIds, firstRowId, mask, lower, upper, nearest);
        }
    }
}
