// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.ArrayDistanceKernels;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.ScalarDistanceKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// Looks for the nearest among the rows of partitions, by their elements. For one thread.
final class FlatScan {
    private static final int BLOCK_ROWS = 1024;

    private final DistanceType type;
    private final float[] query;
    private final float queryNorm;
    private final float[] distances = new float[BLOCK_ROWS];
    private final float[] more = new float[BLOCK_ROWS];
    private final int[] near = new int[BLOCK_ROWS];
    private final int[] ids = new int[BLOCK_ROWS];

    FlatScan(DistanceType type, float[] query) {
        this.type = type;
        this.query = query;
        queryNorm = type == DistanceType.COSINE ? ScalarDistanceKernels.norm(query) : 0;
    }

    /// Offers rows as {@link VectorStorage.Scan#search} does.
    void search(FlatRows rows, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
        ArrayDistanceKernels kernels = VectorKernels.arrayDistances((long) rows.rowCount() * query.length);
        boolean l2 = type == DistanceType.L2;
        FlatRows.@Nullable Pieces pieces = l2 ? rows.pieces() : null;
        float[] squares = type == DistanceType.COSINE ? squares(rows, kernels) : distances;
        for (int start = 0; start < rowIds.length; start += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, rowIds.length - start);
            float limit = Math.min(upper, nearest.threshold());
            int found;
            if (pieces != null) {
                found = near(pieces, start, count, limit, kernels);
            } else {
                kernels.dots(query, 0, rows.rows(), start * query.length, count, query.length, distances);
                toDistances(squares, start, count);
                found = VectorKernels.selection(count).selectAtMost(distances, count, limit, near);
            }
            for (int i = 0; i < found; i++) {
                int row = start + near[i];
                float distance = distances[near[i]];
                if (distance >= lower
                        && distance < upper
                        && (mask == null || (mask[row / Long.SIZE] >>> row & 1) != 0)) {
                    nearest.offer(distance, rowIds[row]);
                }
            }
        }
    }

    /// Fills `near` with the rows of a block, counted from its start, that are at most so far, and their `distances`.
    private int near(FlatRows.Pieces pieces, int start, int count, float limit, ArrayDistanceKernels kernels) {
        DistanceKernels selection = VectorKernels.selection(count);
        int width = pieces.width(0);
        kernels.squaredL2(query, 0, pieces.values()[0], start * width, count, width, distances);
        int found = selection.selectAtMost(distances, count, limit, near);
        for (int p = 1; p < pieces.count() && found > 0; p++) {
            int from = pieces.starts()[p];
            width = pieces.width(p);
            for (int i = 0; i < found; i++) {
                ids[i] = start + near[i];
            }
            kernels.squaredL2Of(query, from, pieces.values()[p], width, ids, found, more);
            int left = 0;
            for (int i = 0; i < found; i++) {
                int row = near[i];
                float sum = distances[row] + more[i];
                distances[row] = sum;
                near[left] = row;
                left += sum <= limit ? 1 : 0;
            }
            found = left;
        }
        return found;
    }

    private void toDistances(float[] squares, int start, int count) {
        if (type == DistanceType.COSINE) {
            for (int i = 0; i < count; i++) {
                distances[i] = ScalarDistanceKernels.cosine(
                        distances[i], queryNorm * (float) Math.sqrt(squares[start + i]));
            }
        } else {
            for (int i = 0; i < count; i++) {
                distances[i] = 1 - distances[i];
            }
        }
    }

    private float[] squares(FlatRows rows, ArrayDistanceKernels kernels) {
        float[] known = rows.squares();
        if (known == null) {
            known = new float[rows.rowCount()];
            kernels.squares(rows.rows(), 0, rows.rowCount(), query.length, known);
            rows.keepSquares(known);
        }
        return known;
    }
}
